"""Whoever has heard that we ring back is owed it: a row of the list and a promise, which keeps its hour."""

from datetime import timedelta
from uuid import uuid4

import pytest

from quartier.lib import clock
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.promises.models import Promise
from quartier.team.access import of_account
from quartier.telephony import actions, queries
from quartier.telephony.desk.journal import Entry
from quartier.telephony.desk.said import Said
from quartier.telephony.models import LineSettings
from quartier.telephony.tests.room import JEAN, MARIE, Line

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(tuesday, organisation):
    return Line(organisation)


@pytest.fixture
def operator(lotte):
    return of_account(lotte)


def owed():
    return list(Promise.objects.filter(subject_kind="callback", outcome="").order_by("made_at"))


@pytest.mark.parametrize("shared", [True, False])
def test_whoever_heard_it_while_our_side_was_down_is_owed_it(line, organisation, shared):
    people.record_person(
        organisation=organisation, who=Who("Marie", phone=MARIE, phone_is_shared=shared, noted_by_team=True)
    )
    line.missed(outcome="callback", why="trouble")
    (row,), (promise,) = line.listed(), owed()
    assert (row.why, promise.subject_id, promise.told_by) == ("trouble", row.pk, "voice")


def test_it_is_owed_also_where_the_row_weighs_more(line):
    line.missed(why="cut_off")
    assert not owed()
    line.missed(outcome="callback", why="trouble")
    (row,), (promise,) = line.listed(), owed()
    assert (row.why, promise.subject_id) == ("cut_off", row.pk)


def told(line, call, number=""):
    """The entry of a call control that has said it, of a call of the one before."""
    words = {"call": call, "number": number, "organisation": str(line.organisation.pk)}
    Said.entry(Entry(1, "promised", words | {"at": clock.now().isoformat()}))


@pytest.mark.parametrize("by", ["call", "number"])
def test_whose_call_was_cut_off_is_owed_it_once_it_was_said(line, by):
    call = line.missed(why="cut_off")
    assert not owed()
    for _ in range(2):
        told(line, str(call.pk) if by == "call" else "", "" if by == "call" else MARIE)
    (row,), (promise,) = line.listed(), owed()
    assert (row.why, row.calls, promise.subject_id) == ("cut_off", 1, row.pk)


@pytest.mark.parametrize("by", ["call", "number"])
def test_a_concern_stands_on_no_list_whatever_its_caller_has_heard(line, organisation, by):
    call = line.rings(MARIE)
    actions.call_worried(organisation=organisation, call_id=call, at=clock.now())
    actions.sweep(organisation=organisation, alive=None, at=clock.now())
    told(line, str(call) if by == "call" else "", "" if by == "call" else MARIE)
    assert not line.listed()
    assert not owed()


def test_what_was_said_of_no_call_of_ours_is_nothing(line, operator):
    told(line, str(uuid4()))
    told(line, "", JEAN)
    told(line, "", "")
    withheld = line.ends(line.rings(""), number="")
    told(line, str(withheld.pk))
    assert not line.listed()
    call = line.missed(why="cut_off")
    (row,) = line.listed()
    actions.claim(actor=operator, callback_id=row.pk)
    actions.done(actor=operator, callback_id=row.pk)
    told(line, str(call.pk))
    assert not line.listed()


# A word keeps its hour


def given_up(line, operator, why="asked"):
    """Somebody who was tried as often as the group wants."""
    LineSettings.objects.update_or_create(organisation=line.organisation, defaults={"tries": 1})
    line.missed(why=why, outcome="callback")
    (row,) = line.listed()
    actions.claim(actor=operator, callback_id=row.pk)
    return actions.tried(actor=operator, callback_id=row.pk)


def to_human(line):
    """The line was to read a message to them, and could not."""
    person = people.record_person(organisation=line.organisation, who=Who("Marie", phone=MARIE))
    message = actions.ToRead(uuid4(), person, MARIE, "fr", "Sofia vient demain.")
    actions.read_aloud(organisation=line.organisation, message=message, at=clock.now())
    assert actions.give_up_unread(clock.now() + timedelta(hours=1)) == 1


def test_what_a_human_must_say_is_said_also_to_whom_nobody_reached_before(line, operator):
    row = given_up(line, operator)
    assert (row.state, owed()) == ("given_up", [])
    to_human(line)
    (row,), (promise,) = line.listed(), owed()
    assert (row.state, row.tries, row.note) == ("waiting", 0, "Sofia vient demain.")
    assert promise.subject_id == row.pk


def test_nobody_hears_an_apology_for_a_call_that_was_promised_to_nobody(line):
    to_human(line)
    assert [each.told_by for each in owed()] == ["nobody"]
    # Who asks for a call afterwards was promised one.
    line.missed(outcome="callback", why="asked")
    assert [each.told_by for each in owed()] == ["voice"]


@pytest.mark.parametrize("why", ["missed", "asked", "trouble", "message"])
def test_whoever_calls_again_moves_no_hour_that_was_given_to_them(line, why):
    line.missed(outcome="callback", why="asked")
    (before,) = owed()
    for _ in range(3):
        clock.advance(timedelta(minutes=20))
        line.missed(outcome="abandoned" if why == "missed" else "callback", why=why)
    (promise,) = owed()
    assert (promise.pk, promise.due_at) == (before.pk, before.due_at)
    assert line.listed()[0].calls == 4


def test_another_hour_that_is_agreed_takes_its_place(line, operator):
    call = line.missed(outcome="callback", why="asked")
    (before,) = owed()
    for hours in (3, 5):
        at = clock.now() + timedelta(hours=hours)
        actions.promise(actor=operator, call=call, due_at=at)
        (promise,) = owed()
        assert promise.due_at == at + timedelta(minutes=15)
    assert promise.pk != before.pk


def test_tried_before_the_hour_that_was_named_no_word_is_kept(line, operator):
    tomorrow = clock.now() + timedelta(days=1)
    actions.promise(actor=operator, call=line.call(line.rings()), due_at=tomorrow)
    (word,) = owed()
    line.missed()
    (row,) = line.listed()
    assert row.due_at == clock.now()  # They are there now, and may be rung.
    for _ in range(3):
        actions.claim(actor=operator, callback_id=row.pk)
        row = actions.tried(actor=operator, callback_id=row.pk)
        assert row.state == "waiting"
        clock.advance(timedelta(minutes=1))
    assert (row.due_at, row.tries) == (tomorrow, 0)
    assert owed() == [word]


def test_tried_at_the_hour_it_is_kept(line, operator):
    LineSettings.objects.create(organisation=line.organisation, tries=1)
    at = clock.now() + timedelta(hours=2)
    actions.promise(actor=operator, call=line.call(line.rings()), due_at=at)
    (word,), (row,) = owed(), line.listed()
    clock.advance(timedelta(hours=2))
    actions.claim(actor=operator, callback_id=row.pk)
    assert actions.tried(actor=operator, callback_id=row.pk).state == "given_up"
    word.refresh_from_db()
    assert word.outcome == "kept"


@pytest.mark.parametrize("decides", [False, True])
def test_asked_again_after_it_was_kept_no_hour_is_named(line, operator, thomas, decides):
    LineSettings.objects.create(organisation=line.organisation, tries=1)
    at = clock.now() + timedelta(hours=1)
    actions.promise(actor=operator, call=line.call(line.rings()), due_at=at)
    (row,) = line.listed()
    clock.advance(timedelta(hours=1))
    actions.claim(actor=operator, callback_id=row.pk)
    assert actions.tried(actor=operator, callback_id=row.pk).state == "given_up"
    if decides:
        # They know nothing of it when they press the key.
        actions.try_again(actor=of_account(thomas), callback_id=row.pk)
    line.missed(outcome="callback", why="asked")
    (row,), (word,) = line.listed(), owed()
    assert (row.state, row.why, queries.named_hour(row, word)) == ("waiting", "asked", None)
    actions.claim(actor=operator, callback_id=row.pk)
    assert actions.tried(actor=operator, callback_id=row.pk).state == "given_up", (
        "it was tried when they asked"
    )
    assert not owed()


def test_what_another_result_of_the_call_takes_off_the_list_is_owed_no_more(line, operator, lotte):
    call = line.rings()
    line.moves(call, "bridged", lotte)
    actions.promise(actor=operator, call=line.call(call), due_at=clock.now() + timedelta(hours=3))
    (word,) = owed()
    assert actions.withdraw_promise(actor=operator, call=line.call(call))
    word.refresh_from_db()
    assert word.outcome == "withdrawn"


def test_a_number_that_is_blocked_is_owed_no_call(line, thomas):
    call = line.missed(outcome="callback", why="asked")
    (word,) = owed()
    actions.block_number(actor=of_account(thomas), about=call, reason="menace")
    word.refresh_from_db()
    assert word.outcome == "withdrawn"
