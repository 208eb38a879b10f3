"""A day of the model case: two runs with one seed agree, and the sums hold."""

import pytest

from quartier.cases.models import Request
from quartier.lib import clock
from quartier.matching.models import Offer
from quartier.messaging.models import Message
from quartier.people.models import Person
from quartier.sim import replay
from quartier.team.models import Organisation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.either]
SMALL = {"requests": 10, "volunteers": 1500}


def empty_the_database():
    from django.core.management import call_command

    call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)


@pytest.mark.long
def test_two_runs_with_one_seed_agree_and_another_seed_differs():
    first = replay.play_day(3, **SMALL)
    sums = sum(first["states"].values())
    assert first["created"] == sums == SMALL["requests"] == Request.objects.count()
    assert first["offers"] == Offer.objects.count()
    assert sum(first["closures"].values()) == first["states"]["closed"]
    assert 0 <= first["served_1h"] <= first["served_24h"] <= 1
    assert first["served_24h"] > 0
    assert 0 < first["median_min"] <= first["p95_min"]
    sent = Message.objects.filter(state=Message.State.SENT).count()
    assert first["messages_per_served"] == round(sent / round(first["served_24h"] * SMALL["requests"]), 2)
    # Whoever is accepted was asked; nobody was given more places than there were.
    assert not Request.objects.filter(accepted__gt=1)
    empty_the_database()
    assert replay.play_day(3, **SMALL) == first
    empty_the_database()
    assert replay.play_day(4, **SMALL) != {**first, "seed": 4}


def test_the_clock_runs_again_afterwards_even_if_it_fails(monkeypatch):
    def broken(*_words, **_named):
        raise RuntimeError

    monkeypatch.setattr(replay, "_set_up", broken)
    with pytest.raises(RuntimeError):
        replay.play_day(1)
    assert clock.now().year > 2020


def test_nobody_real_can_be_reached():
    from quartier.lib import phone

    replay.play_day(5, requests=4, volunteers=60)
    for person in Person.objects.all():
        assert not person.phone or phone.is_fictitious(person.phone)
        assert not person.email or person.email.endswith("@example.org")
    assert Organisation.objects.get().phone.startswith("+32800000")


def test_figures_of_nobody(organisation):
    found = replay.figures(organisation)
    assert found["created"] == 0
    assert found["median_min"] is None
    assert found["messages_per_served"] is None
