"""The ways of asking at work: what `send_wave` does of each, on the database."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from quartier.cases.models import Request
from quartier.lib import clock
from quartier.matching import actions
from quartier.matching.actions import waves
from quartier.matching.models import Offer
from quartier.messaging import saying
from quartier.people.models import Volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture
def street(tuesday, volunteer):
    """Thirty volunteers around the corner."""
    return [volunteer(f"V{number}") for number in range(30)]


def ask(organisation, policy, **columns):
    for name, value in {"policy": policy, **columns}.items():
        setattr(organisation, name, value)
    organisation.save()


def likely_of(volunteers, likelihood):
    Volunteer.objects.filter(pk__in=[each.pk for each in volunteers]).update(likelihood=likelihood)


def test_nearest_asks_one_at_a_time_and_goes_on_to_the_next(organisation, street, asked, tuesday):
    ask(organisation, "nearest")
    request = asked("groceries").requests[0]
    (first,) = actions.send_wave(request_id=request.pk)
    assert actions.send_wave(request_id=request.pk) == []
    request.refresh_from_db()
    assert request.next_at == tuesday + timedelta(minutes=15)
    with clock.stopped_at(request.next_at):
        (second,) = actions.send_wave(request_id=request.pk)
    assert first.volunteer_id != second.volunteer_id


def test_adaptive_asks_fewer_where_people_say_yes_more_often(organisation, street, asked, tuesday):
    ask(organisation, "adaptive", learns=True)
    usual = actions.send_wave(request_id=asked("groceries").requests[0].pk)
    likely_of(street, 0.9)
    Volunteer.objects.update(asked_count=0)
    ready = actions.send_wave(request_id=asked("pharmacy").requests[0].pk)
    assert 1 <= len(ready) < len(usual) <= 24
    assert ready[0].likelihood == pytest.approx(0.9 * 2.718281828 ** (-1000 / 6000), rel=1e-6)
    # Only those who are asked have used up a place of their budget.
    assert Volunteer.objects.filter(asked_count=1).count() == len(ready)


def test_without_learning_nobody_is_judged_by_past_answers(organisation, street, asked):
    ask(organisation, "adaptive", learns=False)
    likely_of(street, 0.9)
    offers = actions.send_wave(request_id=asked("groceries").requests[0].pk)
    assert {round(offer.likelihood, 4) for offer in offers} == {round(1.2 / 8.2 * 0.846482, 4)}


def test_adaptive_asks_nobody_while_answers_are_to_come_and_tops_up_later(
    organisation, street, asked, tuesday
):
    ask(organisation, "adaptive", wave_size=30)
    request = asked("groceries").requests[0]
    first = actions.send_wave(request_id=request.pk)
    request.refresh_from_db()
    assert (request.wave, request.next_at) == (1, tuesday + timedelta(minutes=5))
    likely = Offer.objects.filter(request=request)
    likely.update(likelihood=0.5)
    with clock.stopped_at(request.next_at):
        assert actions.send_wave(request_id=request.pk) == []
    request.refresh_from_db()
    assert (request.wave, request.state) == (2, Request.State.OPEN)
    assert request.next_at == tuesday + timedelta(minutes=10)
    likely.update(likelihood=0.01)
    with clock.stopped_at(request.next_at):
        more = actions.send_wave(request_id=request.pk)
    assert more
    assert not {offer.volunteer_id for offer in more} & {offer.volunteer_id for offer in first}


def test_offers_keep_the_circumstances_in_which_they_were_made(organisation, street, asked, tuesday):
    ask(organisation, "waves", daily_budget=3)
    Volunteer.objects.update(open_count=1, asked_on=tuesday.date(), asked_count=1)
    offer = actions.send_wave(request_id=asked("groceries").requests[0].pk)[0]
    offer.refresh_from_db()
    assert (offer.load, offer.asked_before) == (1, 1)
    assert offer.likelihood == pytest.approx(1.2 / 8.2 * 0.846482 * 0.7 * 0.8, rel=1e-5)


def test_broadcast_asks_everybody_in_several_transactions_within_what_each_agreed_to(
    organisation, street, asked, tuesday, monkeypatch
):
    monkeypatch.setattr(waves, "AT_ONCE", 10)
    ask(organisation, "broadcast", daily_budget=1)
    Volunteer.objects.update(asked_on=tuesday.date(), asked_count=1)
    full = street[7]
    Volunteer.objects.filter(pk=full.pk).update(asked_count=2)
    request = asked("groceries").requests[0]
    sizes = []
    while offers := actions.send_wave(request_id=request.pk):
        sizes.append(len(offers))
        assert {offer.wave for offer in offers} == {1}
    assert sizes == [10, 10, 9]
    request.refresh_from_db()
    assert (request.wave, request.next_at) == (1, tuesday + timedelta(minutes=60))
    # Two a day is what each has agreed to, though the organisation's own cap is left out.
    assert not Offer.objects.filter(request=request, volunteer=full).exists()


def test_a_large_wave_ends_at_its_size_also_when_that_is_a_whole_number_of_transactions(
    organisation, street, asked, monkeypatch
):
    monkeypatch.setattr(waves, "AT_ONCE", 4)
    for size in (8, 12):
        ask(organisation, "waves", wave_size=size)
        Volunteer.objects.update(asked_count=0)
        request = asked("groceries").requests[0]
        while actions.send_wave(request_id=request.pk):
            pass
        request.refresh_from_db()
        assert (Offer.objects.filter(request=request).count(), request.wave) == (size, 1)


@pytest.mark.parametrize(("policy", "most"), [("waves", 26), ("nearest", 26), ("adaptive", 28)])
def test_a_wave_takes_few_statements(
    organisation, street, asked, django_assert_max_num_queries, monkeypatch, policy, most
):
    # Names of places are looked up once in a process where the gazetteer is loaded.
    # Once in ten minutes a process counts who is free in each neighbourhood: that is one of them. Once in an hour,
    # how many offers there can be for each request: three. One asks who knows the person.
    monkeypatch.setattr(saying, "place_called", lambda _country, _postcode, name: name)
    ask(organisation, policy)
    request = asked("groceries").requests[0]
    with django_assert_max_num_queries(most):
        assert actions.send_wave(request_id=request.pk)


def test_a_way_of_asking_that_is_gone_gives_way_to_the_usual_one(organisation, street, asked):
    ask(organisation, "unheard_of")
    assert len(actions.send_wave(request_id=asked("groceries").requests[0].pk)) == 14


def test_a_human_is_called_when_the_ladder_ends(organisation, youssef, asked, tuesday):
    for policy in ("waves", "adaptive", "nearest", "broadcast"):
        ask(organisation, policy)
        Volunteer.objects.update(asked_count=0)
        request = asked("groceries", urgency="week").requests[0]
        until = tuesday + timedelta(days=8)
        while request.state == Request.State.OPEN and request.next_at < until:
            with clock.stopped_at(max(request.next_at, tuesday)):
                actions.send_wave(request_id=request.pk)
                actions.expire_offers(clock.now())
            request.refresh_from_db()
        assert (request.state, request.why_human) == (Request.State.HUMAN, Request.Why.NOBODY), policy


def test_the_behaviour_file_of_the_installation_says_how_many_it_takes(
    organisation, street, asked, settings, tmp_path
):
    ask(organisation, "adaptive")
    usual = actions.send_wave(request_id=asked("groceries").requests[0].pk)
    file = tmp_path / "behaviour.toml"
    file.write_text(
        "[answering]\nready_a = 5\nready_b = 5\ndistance_m = 6000\nload_factor = 0.7\nfatigue_factor = 0.8\n"
        "reply_median_min = 10\nreply_sigma = 1.1\n"
    )
    settings.BEHAVIOUR = str(file)
    Volunteer.objects.update(asked_count=0)
    readier = actions.send_wave(request_id=asked("pharmacy").requests[0].pk)
    assert 1 <= len(readier) < len(usual)
    assert readier[0].likelihood == pytest.approx(0.5 * 0.846482, rel=1e-5)


def test_a_behaviour_file_that_is_none_is_said_at_the_start(settings, tmp_path):
    settings.BEHAVIOUR = str(tmp_path / "nothing.toml")
    with pytest.raises(ImproperlyConfigured, match=r"nothing\.toml"):
        apps.get_app_config("matching").ready()
