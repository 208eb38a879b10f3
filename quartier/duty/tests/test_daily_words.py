"""Whoever waits hears a word each day, until it ends: a true one."""

from datetime import timedelta
from uuid import uuid4

import pytest

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.duty import actions
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.people.models import Person
from quartier.promises.models import Promise
from quartier.team.access import of_account, system
from quartier.telephony.models import Call

pytestmark = pytest.mark.django_db


def watch():
    while actions.watch_promises(clock.now()):
        pass


def live(until, minutes=30):
    while clock.now() < until:
        clock.set_time(min(clock.now() + timedelta(minutes=minutes), until))
        watch()
        actions.write_letters(clock.now())


def days_heard(person):
    rows = Message.objects.filter(person=person).order_by("created_at")
    return {each.created_at.date().isoformat() for each in rows}


def templates(person):
    rows = Message.objects.filter(person=person).order_by("created_at", "pk")
    return list(rows.values_list("template", flat=True))


@pytest.fixture
def given_up(asked, thomas, tuesday):
    opened = asked("groceries", window_until=tuesday + timedelta(days=9))
    matching.send_wave(request_id=opened.requests[0].pk)
    return opened


def rings(organisation, operator, person, at):
    Call.objects.create(
        id=uuid4(),
        organisation=organisation,
        direction="out",
        number=person.phone,
        number_index=person.phone_index,
        person=person,
        operator=operator,
        began_at=at,
        ended_at=at + timedelta(seconds=40),
        state="ended",
        outcome="no_answer",
    )


def test_a_silent_team_leaves_no_day_without_a_word(given_up, tuesday):
    """Over a weekend, on which no call is promised."""
    person = given_up.case.person
    live(tuesday + timedelta(days=7))
    assert days_heard(person) == {f"2027-01-{day}" for day in range(12, 20)}
    assert {"late_call", "waits_call"} <= set(templates(person))
    # One a day, where nothing else is to be said.
    by_day = [each.created_at.date() for each in Message.objects.filter(person=person, template="waits_call")]
    assert len(by_day) == len(set(by_day))


def test_whose_number_is_gone_is_not_told_that_we_call(given_up, tuesday):
    person = given_up.case.person
    assert Promise.objects.get(outcome="").kind == "call"
    Promise.objects.filter(outcome="").update(due_at=tuesday + timedelta(days=3))
    Person.objects.filter(pk=person.pk).update(phone="", phone_index="")
    live(tuesday + timedelta(days=2))
    assert "waits_news" in templates(person)
    request = Request.objects.select_related("organisation", "case__person").get()
    cases.change_request(actor=system(request.organisation), request=request, urgency="now")
    assert templates(person).count("waits_news") >= 2
    assert "waits_call" not in templates(person)


def test_whoever_was_spoken_with_and_told_no_hour_hears_the_next_day(given_up, thomas, tuesday):
    person, request = given_up.case.person, given_up.requests[0]
    clock.set_time(tuesday + timedelta(hours=1))
    cases.record_contact_made(actor=of_account(thomas), request=request)
    live(tuesday + timedelta(days=3))
    assert {f"2027-01-{day}" for day in (13, 14)} <= days_heard(person)
    # Of an hour that they were not told, they never hear that it was broken.
    first = Message.objects.filter(person=person).exclude(template__in=["received", "nobody_yet"]).first()
    assert first.template == "waits_news"


@pytest.mark.parametrize("kind", ["call", "news"])
@pytest.mark.parametrize("seconds", [0, 20])
def test_after_a_vain_call_they_hear_of_it_and_the_board_has_the_new_hour(
    given_up, organisation, thomas, tuesday, kind, seconds
):
    person, request = given_up.case.person, given_up.requests[0]
    promise = Promise.objects.get(outcome="")
    Promise.objects.filter(pk=promise.pk).update(kind=kind)
    rings(organisation, thomas, person, tuesday + timedelta(minutes=20))
    # The worker looks a while after the hour, too.
    clock.set_time(promise.due_at + timedelta(seconds=seconds))
    watch()
    promise.refresh_from_db()
    request.refresh_from_db()
    following = Promise.objects.get(outcome="")
    assert (promise.outcome, promise.kept_at) == ("kept", tuesday + timedelta(minutes=20))
    assert (following.kind, following.times_broken, following.told_by) == (kind, 0, "message")
    assert request.promised_at == following.due_at > clock.now()
    assert templates(person)[-1] == f"vain_{kind}"
    assert not Message.objects.filter(template__startswith="late_").exists()


def test_who_can_only_be_called_gets_none_of_it(asked, thomas, tuesday):
    opened = asked("groceries", channel="call", window_until=tuesday + timedelta(days=9))
    matching.send_wave(request_id=opened.requests[0].pk)
    live(tuesday + timedelta(days=2), minutes=60)
    assert templates(opened.case.person) == []


def test_what_is_reopened_shows_the_hour_that_is_owed(given_up, thomas, organisation, tuesday):
    request = given_up.requests[0]
    owed = Promise.objects.get(outcome="")
    clock.set_time(tuesday + timedelta(minutes=90))
    cases.reopen_request(actor=of_account(thomas), request=request, human="asked")
    request.refresh_from_db()
    assert Promise.objects.get(outcome="").pk == owed.pk
    assert request.promised_at == owed.due_at


@pytest.mark.parametrize("asked_at", ["00:08", "05:47"])
def test_whoever_asks_in_the_small_hours_hears_a_word_on_that_day_too(asked, thomas, tuesday, asked_at):
    """Of the receipt at night nobody knows whether it was read; the next word would come a day and a half later."""
    hour, minute = map(int, asked_at.split(":"))
    clock.set_time(tuesday.replace(hour=hour, minute=minute) - timedelta(hours=1))
    opened = asked("other", window_until=tuesday + timedelta(days=9))
    Promise.objects.update(due_at=tuesday + timedelta(days=2))
    receipt = Message.objects.get(person=opened.case.person)
    assert receipt.template == "received_read"
    assert "lira" in receipt.body
    assert "112" in receipt.body
    live(tuesday.replace(hour=20))
    assert templates(opened.case.person) == ["received_read", "waits_news"]


def test_what_was_kept_for_the_morning_is_a_word_of_that_day(given_up, thomas, tuesday):
    person = given_up.case.person
    Promise.objects.filter(outcome="").update(due_at=tuesday + timedelta(days=3))
    tomorrow = tuesday + timedelta(days=1)
    Message.objects.filter(person=person).update(
        created_at=tomorrow.replace(hour=3), sent_at=tomorrow.replace(hour=8)
    )
    live(tomorrow.replace(hour=20))
    assert "waits_call" not in templates(person)
