"""A lift that is moved more than once: nobody reads one of its former hours, and each move is told."""

from datetime import timedelta

import pytest
from django.urls import reverse

from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.public.tests.test_ride import driven as driven
from quartier.team.access import system
from quartier.visits import actions as visits
from quartier.visits.actions import ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def move(client, driven):
    """Whoever waits chooses another hour on their page, a minute after the last time."""
    request, _visit, token = driven

    def to(hour):
        clock.advance(timedelta(minutes=1))
        page = reverse("status_time", args=[token, request.pk])
        client.post(page, {"urgency": "date", "chip": "2027-01-15", "at": hour})

    return to


def told(template, **state):
    """What is sent of these words, the last one at the end."""
    rows = Message.objects.filter(template=template, **state).exclude(state=Message.State.CANCELLED)
    return [each.body.replace("\xa0", " ") for each in rows.order_by("created_at", "pk")]


def test_a_move_that_nobody_has_read_yet_is_not_sent(move):
    move("16 h")
    move("10 h 15")
    (only,) = told("visit_moved")
    assert "entre 9 h 15 et 10 h 15" in only


def test_each_move_is_told_also_back_to_an_hour_of_before(move):
    for hour in ("16 h", "10 h 15", "16 h"):
        move(hour)
        Message.objects.update(state=Message.State.SENT)
    words = told("visit_moved")
    assert ["15 h et 16 h" in each for each in words] == [True, False, True]


def test_that_it_goes_elsewhere_is_told_with_the_last_hour(client, driven, move):
    request, _visit, token = driven
    client.post(
        reverse("status_list", args=[token, request.pk]), {"transport_to": "Namur", "transport_at": "16 h"}
    )
    move("10 h 15")
    (only,) = told("visit_changed")
    assert "10 h 15" in only


def test_whoever_waits_does_not_read_the_former_hour_of_who_comes(driven, move):
    _request, visit, _token = driven
    person = ledger.whom_to_tell(visit)
    person.email, person.channel = "marie@example.org", "email"
    person.save()
    ledger.tell_who_comes(visit, again="first")
    assert "14 h 30" in told("someone_comes")[-1]
    move("16 h")
    (only,) = told("someone_comes")
    assert "16 h" in only
    visit.refresh_from_db()
    assert not ledger.person_knew(visit)
    Message.objects.filter(template="someone_comes", state="due").update(state="sent", sent_at=clock.now())
    assert ledger.person_knew(visit)


def test_how_it_went_is_asked_after_the_new_hour_too(driven):
    request, visit, _token = driven
    clock.set_time(visit.comes_until + timedelta(hours=3))
    visits.remind_late(clock.now())
    window = (clock.now() + timedelta(hours=1), clock.now() + timedelta(hours=2))
    actor = system(request.organisation)
    visits.move_request(actor=actor, request=request, window=window, urgency="day")
    clock.set_time(window[1] + timedelta(hours=3))
    visits.remind_late(clock.now())
    assert len(told("visit_reminder")) == 2
