"""A number that is blocked: by whom, for how long, and what becomes of its calls."""

from datetime import timedelta

import pytest
from django.http import Http404

from quartier.audit.models import Entry
from quartier.lib import clock
from quartier.team.access import of_account
from quartier.telephony import actions, queries
from quartier.telephony.actions.blocking import NoReason
from quartier.telephony.models import BlockedNumber
from quartier.telephony.rules import NotPossible
from quartier.telephony.tests.room import JEAN, MARIE, Line

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(tuesday, organisation):
    return Line(organisation)


@pytest.fixture
def coordinator(thomas):
    return of_account(thomas)


@pytest.fixture
def block(line, coordinator):
    def do(call, **more):
        given = {"reason": "menace", **more}
        return actions.block_number(actor=coordinator, about=line.call(call), **given)

    return do


def test_a_blocked_number_is_counted_and_on_no_list(line, block):
    line.missed()
    row = block(line.listed()[0].call_id)
    assert not line.listed()
    assert (row.number, row.until) == (MARIE, clock.now() + timedelta(days=30))
    call = line.rings()
    assert (line.known.blocked, line.known.ring_back) == (True, False)
    line.ends(call, "blocked", False)
    line.ends(call, "blocked", False)
    # Cut off before we knew, or a message left: no list either.
    line.missed(why="cut_off")
    other = line.rings()
    line.leaves(other)
    assert not line.listed()
    row.refresh_from_db()
    assert (row.calls, row.last_call_at) == (1, clock.now())
    line.rings(JEAN)
    assert not line.known.blocked


def test_it_ends_by_itself_or_by_hand(line, block, coordinator):
    row = block(line.rings(), days=2)
    line.rings()
    assert line.known.blocked
    clock.advance(timedelta(days=2, seconds=1))
    line.rings()
    assert not line.known.blocked
    row = block(line.rings(), days=3)
    assert queries.blocked_numbers(line.organisation, clock.now()) == [row]
    actions.unblock_number(actor=coordinator, blocked_id=row.pk)
    actions.unblock_number(actor=coordinator, blocked_id=row.pk)
    line.rings()
    assert not line.known.blocked
    assert not queries.blocked_numbers(line.organisation, clock.now())
    verbs = list(Entry.objects.filter(subject_kind="blocked_number").values_list("verb", flat=True))
    assert verbs.count("number.unblock") == 1


def test_blocked_again_the_reason_and_the_end_are_new(line, block):
    first = block(line.rings())
    second = block(line.rings(), reason="encore", days=90)
    assert (second.pk, second.reason) == (first.pk, "encore")
    assert BlockedNumber.objects.count() == 1


def test_what_is_no_block(line, block, lotte, elsewhere):
    with pytest.raises(NotPossible):
        block(line.rings(""))
    with pytest.raises(NotPossible):
        block(line.rings(line.organisation.phone))
    with pytest.raises(NoReason):
        block(line.rings(), reason="  ")
    for days in (0, 366):
        with pytest.raises(ValueError, match="days"):
            block(line.rings(), days=days)
    with pytest.raises(Http404):
        actions.block_number(actor=of_account(lotte), about=line.call(line.rings()), reason="menace")
    theirs = Line(elsewhere)
    with pytest.raises(Http404):
        block(theirs.rings())
    assert not BlockedNumber.objects.exists()


def test_others_do_not_unblock(line, block, lotte, bram):
    row = block(line.rings())
    for account in (lotte, bram):
        with pytest.raises(Http404):
            actions.unblock_number(actor=of_account(account), blocked_id=row.pk)


def test_a_colleague_who_is_about_to_call_keeps_the_row(line, block, lotte):
    line.missed()
    (row,) = line.listed()
    actions.claim(actor=of_account(lotte), callback_id=row.pk)
    block(row.call_id)
    assert [each.pk for each in line.listed()] == [row.pk]


def test_the_number_and_the_reason_are_sealed(line, block):
    from django.db import connection

    row = block(line.rings(), reason="menace de mort")
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, reason FROM telephony_blockednumber")
        number, reason = cursor.fetchone()
    assert MARIE not in number
    assert "mort" not in reason
    row.refresh_from_db()
    assert row.reason == "menace de mort"
