"""What is said of a promise is true: of a call that was made in vain, to who was told no hour, at night."""

from datetime import timedelta
from uuid import uuid4

import pytest

from quartier.duty import jobs
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.promises.models import Promise
from quartier.team.access import of_account
from quartier.telephony.actions import callbacks
from quartier.telephony.actions.listing import Need, put
from quartier.telephony.models import Call, Callback

pytestmark = pytest.mark.django_db


def watch():
    while jobs.promises():
        pass


def live(until, minutes=10):
    while clock.now() < until:
        clock.set_time(min(clock.now() + timedelta(minutes=minutes), until))
        watch()


def told(person, *templates):
    rows = Message.objects.filter(person=person).order_by("created_at", "pk")
    rows = rows.filter(template__in=templates) if templates else rows
    return list(rows.values_list("template", flat=True))


@pytest.fixture
def given_up(asked, thomas, tuesday):
    """Nobody near was found, and a call was promised."""
    opened = asked("groceries")
    matching.send_wave(request_id=opened.requests[0].pk)
    return opened


@pytest.fixture
def callback(asked, organisation, thomas, tuesday):
    need = Need("+32470123456", "index", asked().case.person, "fr", Callback.Why.ASKED)
    return put(organisation=organisation, need=need, at=clock.now())


def test_who_was_rung_back_in_vain_never_reads_that_nobody_called(callback, lotte, thomas, tuesday):
    for minutes in (10, 40, 110):
        live(tuesday + timedelta(minutes=minutes))
        callbacks.claim(actor=of_account(lotte), callback_id=callback.pk)
        callbacks.tried(actor=of_account(lotte), callback_id=callback.pk)
    callback.refresh_from_db()
    assert callback.state == Callback.State.GIVEN_UP
    assert Promise.objects.get(subject_kind="callback").outcome == "kept"
    live(tuesday + timedelta(days=2), 60)
    assert told(callback.person, "late_call") == []
    callbacks.try_again(actor=of_account(thomas), callback_id=callback.pk)
    promise = Promise.objects.get(subject_kind="callback", outcome="")
    assert (promise.kind, promise.told_by) == ("call", "nobody")


def test_who_was_tried_once_waits_for_the_next_try_without_that_word(callback, lotte, tuesday):
    clock.set_time(tuesday + timedelta(minutes=10))
    callbacks.claim(actor=of_account(lotte), callback_id=callback.pk)
    callbacks.tried(actor=of_account(lotte), callback_id=callback.pk)
    first = Promise.objects.get(subject_kind="callback")
    live(first.due_at + timedelta(minutes=10))
    assert told(callback.person, "late_call") == []
    following = Promise.objects.get(subject_kind="callback", outcome="")
    assert (following.kind, following.renewed_from_id) == ("call", first.pk)
    assert following.waiting_since == first.waiting_since


@pytest.mark.parametrize("is_called", [True, False])
def test_of_a_call_to_who_waits_only_what_is_true_is_said(given_up, thomas, organisation, tuesday, is_called):
    person, promise = given_up.case.person, Promise.objects.get(outcome="")
    begins = tuesday + timedelta(minutes=20)
    if is_called:
        Call.objects.create(
            id=uuid4(),
            organisation=organisation,
            direction="out",
            number=person.phone,
            number_index=person.phone_index,
            person=person,
            operator=thomas,
            began_at=begins,
            ended_at=begins + timedelta(seconds=40),
            state="ended",
            outcome="no_answer",
        )
    live(promise.due_at + timedelta(minutes=10))
    assert told(person, "late_call") == ([] if is_called else ["late_call"])
    promise.refresh_from_db()
    assert promise.outcome == ("kept" if is_called else "broken")
    assert Promise.objects.filter(outcome="", kind="call", needs_team=True).count() == 1
