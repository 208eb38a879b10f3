"""A message waits for its hour, is read, tried again, and never lost: at the end a human has it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quartier.lib import clock
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.telephony import actions, rules
from quartier.telephony.models import Call, LineSettings, Reading
from quartier.telephony.rules import Hours
from quartier.telephony.tests.room import LANDLINE, MOBILE, PREMIUM, Line

pytestmark = pytest.mark.django_db
TEXT = "Sofia vient demain entre 10 h et 11 h et vous dira ce mot : tulipe."


@pytest.fixture
def line(tuesday, organisation):
    return Line(organisation)


@pytest.fixture
def reads(line):
    """Have a message read: `reads()`; gives its row."""

    def read(number=LANDLINE, message=None, **more):
        person = people.record_person(organisation=line.organisation, who=Who("Marie", phone=number))
        to_read = actions.ToRead(message or uuid4(), person, number, "fr", TEXT, **more)
        actions.read_aloud(organisation=line.organisation, message=to_read, at=clock.now())
        return Reading.objects.get(message=to_read.message)

    return read


def over(row, *, heard=False, answer="", at=None):
    actions.reading_ended(
        organisation=row.organisation, call_id=row.call, heard=heard, answer=answer, at=at or clock.now()
    )
    row.refresh_from_db()
    return row


def taken(at=None):
    return actions.take_readings(at or clock.now())


def test_it_is_taken_once_and_heard_once(reads):
    row = reads()
    (mine,) = taken()
    assert (mine.pk, mine.tries, mine.text) == (row.pk, 1, TEXT)
    assert mine.call
    assert taken() == []
    over(mine, heard=True, answer="yes")
    over(mine, heard=False)
    over(mine, heard=True, answer="no")
    row.refresh_from_db()
    assert (row.state, row.answer) == ("heard", "yes")


def test_the_same_message_is_put_down_once(reads):
    message = uuid4()
    assert reads(message=message).pk == reads(message=message).pk
    assert len(taken()) == 1


def test_nobody_there_after_five_minutes_after_twenty_and_then_a_human(reads, line):
    row, at = reads(), clock.now()
    for pause in (5, 20):
        (mine,) = taken(at)
        over(mine, at=at)
        assert taken(at + timedelta(minutes=pause, seconds=-1)) == []
        at += timedelta(minutes=pause)
    (mine,) = taken(at)
    over(mine, at=at)
    (entry,) = line.listed()
    assert (entry.why, entry.person_id, entry.note) == ("promised", row.person_id, TEXT)
    row.refresh_from_db()
    assert row.state == "given_up"
    # What is said again changes nothing.
    over(mine, at=at)
    assert len(line.listed()) == 1


def test_an_offer_that_is_over_is_nobody_s_any_more(reads, line):
    row = reads(not_after=clock.now() + timedelta(minutes=3))
    (mine,) = taken()
    over(mine)
    assert row.pk == mine.pk
    assert len(line.listed()) == 1
    late = reads(MOBILE, not_after=clock.now() - timedelta(seconds=1))
    assert taken() == []
    late.refresh_from_db()
    assert late.state == "too_late"


@pytest.mark.parametrize(("urgent", "waits"), [(False, True), (True, False)])
def test_at_night_only_what_cannot_wait(reads, tuesday, urgent, waits):
    night = clock.now().replace(hour=22)
    row = reads(urgent=urgent)
    Reading.objects.update(due_at=night)
    assert (taken(night) == []) == waits
    row.refresh_from_db()
    assert (row.due_at > night) == waits


def test_when_it_is_read(line):
    when = Hours.of(line.organisation, LineSettings(organisation=line.organisation))
    night = clock.now().replace(hour=22)
    assert rules.read_from(night, when, urgent=True) == night
    assert when.may_ring(rules.read_from(night, when, urgent=False))
    assert rules.read_again(3, clock.now(), when, urgent=True) is None


def test_not_two_at_a_time_to_one_phone_and_few_at_once(reads):
    reads(), reads()
    assert len(taken()) == 1
    for last in "3456":
        reads(f"+3247012345{last}")
    assert len(taken()) == rules.READ_AT_ONCE - 1


def test_not_while_they_are_on_the_line(reads, line):
    call = line.rings(LANDLINE)
    reads()
    assert taken() == []
    line.ends(call, number=LANDLINE, ring_back=False)
    assert len(taken(clock.now() + rules.READ_PAUSE)) == 1


def test_a_call_whose_end_nobody_saw_keeps_no_message_unread_for_ever(reads, line):
    line.rings(LANDLINE)
    clock.advance(timedelta(hours=5, minutes=1))
    reads()
    assert len(taken()) == 1


@pytest.mark.parametrize("why", ["dear", "spent"])
def test_what_may_not_be_dialled_goes_to_a_human(reads, line, why):
    if why == "spent":
        LineSettings.objects.create(organisation=line.organisation, daily_cents=0)
    reads(PREMIUM if why == "dear" else LANDLINE)
    assert taken() == []
    assert [each.note for each in line.listed()] == [TEXT]


def test_call_control_that_begins_anew_has_read_nothing(reads):
    row = reads()
    (mine,) = taken()
    actions.calls_were_cut_off(clock.now() + timedelta(seconds=1))
    row.refresh_from_db()
    assert row.state == "waiting"
    # What the journal still says of it comes too late.
    over(mine, heard=True)
    assert row.state == "waiting"
    assert taken(row.due_at)[0].call != mine.call


def test_what_was_being_read_while_the_clock_stood_ahead_is_read_again(reads):
    row = reads()
    clock.advance(timedelta(hours=3))
    taken()
    # It was set back, and call control begins anew.
    clock.advance(timedelta(hours=-3))
    actions.calls_were_cut_off(clock.now())
    row.refresh_from_db()
    assert row.state == "waiting"


@pytest.mark.parametrize("began", [True, False])
def test_without_call_control_a_human_calls(reads, line, began):
    reads()
    if began:
        taken()
    assert actions.give_up_unread(clock.now() + timedelta(minutes=29)) == 0
    assert actions.give_up_unread(clock.now() + timedelta(minutes=31)) == 1
    assert len(line.listed()) == 1
    assert actions.give_up_unread(clock.now() + timedelta(minutes=31)) == 0


def test_its_calls_are_paid(reads, line):
    reads()
    (mine,) = taken()
    line.rings(LANDLINE, direction="out", call=mine.call)
    line.ends(mine.call, "answered", False, LANDLINE, talked_s=61.0)
    over(mine, heard=True)
    assert mine.cents > 0
    assert Call.objects.get(pk=mine.call).callback is None


def test_what_was_said_is_not_kept(reads):
    row = reads()
    over(taken()[0], heard=True)
    (told,) = actions.to_tell()
    actions.told(told, clock.now())
    row.refresh_from_db()
    assert row.text == ""
    assert actions.to_tell() == []
    assert actions.forget_readings(clock.now() + timedelta(days=31)) == 1


def test_idle_it_only_looks(line):
    with CaptureQueriesContext(connection) as queries:
        assert taken() == []
    assert len(queries) == 1
