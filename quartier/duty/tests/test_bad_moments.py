"""Moments at which a word is easily broken: the last minute before a closed day, and a yes that comes too late."""

from datetime import timedelta

import pytest

from quartier.cases.models import Request
from quartier.duty import actions, jobs
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.promises.models import Promise, PromiseNotice
from quartier.team.access import of_account, system
from quartier.telephony.models import LineSettings
from quartier.visits import actions as visits
from quartier.visits.actions.accept import Result

pytestmark = pytest.mark.django_db


def live_until(end, minutes=10):
    while clock.now() < end:
        clock.set_time(min(clock.now() + timedelta(minutes=minutes), end))
        while jobs.promises():
            pass


@pytest.fixture
def last_minute(tuesday, organisation):
    """The evening before Easter Monday, on which the line is closed: one minute before it closes."""
    LineSettings.objects.create(organisation=organisation, open_on_holidays=False)
    evening = tuesday.astimezone(organisation.zone).replace(month=3, day=28, hour=19, minute=59)
    clock.set_time(evening)
    return evening


@pytest.mark.parametrize("urgency", ["now", "day"])
def test_at_the_last_minute_before_a_closed_day(asked, last_minute, thomas, urgency):
    opened = asked("other", urgency=urgency)
    promise = Promise.objects.get(outcome="")
    due_at = promise.due_at.astimezone(last_minute.tzinfo)
    assert (due_at.day, due_at.hour, due_at.minute) == (30, 9, 0)
    # Nobody hears that it was broken on the day on which nobody is there.
    live_until(last_minute + timedelta(days=1, hours=10), minutes=30)
    promise.refresh_from_db()
    assert promise.outcome == ""
    assert PromiseNotice.objects.filter(promise=promise, person=thomas.person).exists()
    late = Message.objects.filter(person=opened.case.person, template__startswith="late")
    assert not late.exists()
    live_until(promise.due_at + timedelta(minutes=5))
    assert PromiseNotice.objects.filter(promise=promise, step="soon").exists()
    assert late.count() == 1 or Message.objects.filter(template__startswith="still_needed").exists()


def test_over_a_holiday_the_word_of_the_day_and_of_the_search_say_that_we_are_closed(
    asked, youssef, last_minute, thomas
):
    evening = last_minute.replace(hour=17, minute=30)
    clock.set_time(evening - timedelta(hours=10))
    person = asked("papers", urgency="week").case.person
    nele = asked("groceries", name="Nele", urgency="week").case.person
    after = evening + timedelta(days=1, hours=16)
    Promise.objects.filter(person=person).update(due_at=after, next_at=after, needs_team=True)
    search = Promise.objects.filter(person=nele)
    search.update(due_at=evening, next_at=evening, needs_team=False)
    clock.set_time(evening)
    while actions.watch_promises(clock.now()):
        pass
    actions.write_letters(clock.now())
    closed = "Fermé "
    assert closed in Message.objects.get(template__startswith="waits_", person=person).body
    # These come on the holiday too: only the number does not answer.
    search_word = Message.objects.get(template="still_looking", person=nele).body
    assert "Personne ne répond au téléphone" in search_word
    assert closed not in search_word


@pytest.fixture
def offers(asked, volunteer, thomas, tuesday):
    """Two neighbours are asked, and nobody has answered when the search gives it to one of the team."""
    volunteer("Youssef")
    volunteer("Bram")
    opened = asked("groceries", urgency="day")
    found = list(matching.send_wave(request_id=opened.requests[0].pk))
    while (request := Request.objects.get(pk=opened.requests[0].pk)).state == "open":
        clock.set_time(max(request.next_at, clock.now() + timedelta(minutes=1)))
        found += matching.send_wave(request_id=request.pk)
    assert (request.state, len(found)) == ("human", 2)
    return found


def say_yes(offer):
    actor = of_account(offer.volunteer.person.account)
    return visits.accept_offer(actor=actor, offer=offer).result


def test_two_neighbours_say_yes_after_the_search_has_ended(offers, thomas):
    request = Request.objects.get(pk=offers[0].request_id)
    promise = Promise.objects.get(outcome="")
    assert promise.kind == "call"
    assert [say_yes(each) for each in offers] == [Result.YOURS, Result.COVERED]
    promise.refresh_from_db()
    assert promise.outcome == "kept"
    assert Message.objects.filter(person=request.case.person, template="someone_comes").count() == 1
    # Neither the team nor whoever waits hears afterwards that a word was broken.
    live_until(promise.due_at + timedelta(hours=3), minutes=30)
    assert not Message.objects.filter(template__in=["late_call", "team_broken"]).exists()


def test_two_neighbours_say_yes_after_it_was_given_up(offers):
    request = Request.objects.get(pk=offers[0].request_id)
    visits.end_request(actor=system(request.organisation), request=request, closure=Request.Closure.NEGLECTED)
    before = Message.objects.filter(person=request.case.person).count()
    assert [say_yes(each) for each in offers] == [Result.OVER, Result.OVER]
    assert Message.objects.filter(person=request.case.person).count() == before
    request.refresh_from_db()
    assert (request.state, request.accepted) == ("closed", 0)
