"""A number that somebody asks to have blocked: once, decided once, and read by whoever asked."""

from datetime import timedelta

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from quartier.audit.models import Entry
from quartier.lib import clock
from quartier.team.access import of_account
from quartier.telephony import actions, queries
from quartier.telephony.actions.block_requests import BLOCK_REQUEST_RETENTION
from quartier.telephony.actions.blocking import AlreadyBlocked, NoReason
from quartier.telephony.models import BlockedNumber, BlockRequest
from quartier.telephony.rules import NotPossible
from quartier.telephony.tests.room import JEAN, MARIE, Line

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(tuesday, organisation):
    return Line(organisation)


@pytest.fixture
def ask(line, lotte):
    def do(call=None, account=lotte, reason="menace"):
        about = line.call(call or line.rings())
        return actions.ask_to_block(actor=of_account(account), about=about, reason=reason)

    return do


def open_count(account):
    return queries.block_request_counts(of_account(account), decides=True).open


def answered(account):
    return queries.block_request_counts(of_account(account), decides=False).answered


def test_what_is_asked_is_blocked_with_its_reason_and_read(line, ask, lotte, sara, thomas):
    row = ask()
    other = ask(account=sara, reason="insultes")
    ask(line.rings(JEAN))
    # Two who ask for one number are one thing to decide.
    assert open_count(thomas) == 2
    assert [len(each.requests) for each in queries.asked_blocks(line.organisation)] == [2, 1]
    assert queries.asked_blocks(line.organisation)[0].first.reason == "menace"
    line.rings()
    assert not line.known.blocked
    actions.grant_block_request(actor=of_account(thomas), block_request_id=row.pk)
    line.rings()
    assert line.known.blocked
    found = BlockedNumber.objects.get()
    assert (found.number, found.reason, found.blocked_by) == (MARIE, "menace", thomas)
    assert (open_count(thomas), answered(lotte), answered(sara)) == (1, 1, 1)
    other.refresh_from_db()
    assert (other.outcome, other.decided_by, other.blocked_until) == ("blocked", thomas, found.until)
    actions.settle_own_block_request(actor=of_account(sara), block_request_id=other.pk, takes_back=False)
    assert (answered(lotte), answered(sara)) == (1, 0)


def test_asked_again_the_reason_is_new(line, ask, lotte):
    first = ask()
    second = ask(reason="encore")
    assert (second.pk, second.reason) == (first.pk, "encore")
    assert BlockRequest.objects.count() == 1


def test_a_block_by_hand_answers_what_was_asked(line, ask, lotte, thomas):
    row = ask()
    actions.block_number(actor=of_account(thomas), about=line.call(row.call_id), reason="menace", days=3)
    assert (open_count(thomas), answered(lotte)) == (0, 1)
    row.refresh_from_db()
    assert row.blocked_until == clock.now() + timedelta(days=3)


def test_what_is_decided_is_not_decided_again(ask, lotte, sara, thomas):
    row = ask()
    actions.dismiss_block_request(actor=of_account(thomas), block_request_id=row.pk, answer="Une voisine.")
    late = actions.grant_block_request(actor=of_account(sara), block_request_id=row.pk)
    assert (late.outcome, late.answer, late.decided_by) == ("dismissed", "Une voisine.", thomas)
    assert not BlockedNumber.objects.exists()
    assert Entry.objects.filter(verb="number.block_dismiss").count() == 1
    # Another call may be the reason to ask anew.
    assert ask().pk != row.pk
    assert open_count(thomas) == 1


def test_whoever_asked_takes_it_back(ask, lotte, thomas):
    row = ask()
    actions.settle_own_block_request(actor=of_account(lotte), block_request_id=row.pk, takes_back=True)
    assert (open_count(thomas), answered(lotte)) == (0, 0)
    assert not queries.own_block_requests(of_account(lotte))
    late = actions.grant_block_request(actor=of_account(thomas), block_request_id=row.pk)
    assert late.outcome == "withdrawn"
    assert not BlockedNumber.objects.exists()


def test_what_cannot_be_asked_and_by_whom_it_is_not_decided(line, ask, lotte, thomas, bram):
    with pytest.raises(NotPossible):
        ask(line.rings(""))
    with pytest.raises(NotPossible):
        ask(line.rings(line.organisation.phone))
    with pytest.raises(NoReason):
        ask(reason=" ")
    with pytest.raises(Http404):
        ask(account=bram)
    row = ask()
    for account in (lotte, bram):
        for decide in (actions.grant_block_request, actions.dismiss_block_request):
            with pytest.raises(Http404):
                decide(actor=of_account(account), block_request_id=row.pk)
    for account in (thomas, bram):
        with pytest.raises(Http404):
            actions.settle_own_block_request(
                actor=of_account(account), block_request_id=row.pk, takes_back=True
            )
    row.refresh_from_db()
    assert (row.outcome, row.seen_at) == ("", None)


def test_what_was_asked_is_sealed_and_forgotten(line, ask, lotte, thomas):
    row = ask(reason="menace de mort")
    waits = ask(line.rings(JEAN))
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, reason FROM telephony_blockrequest WHERE reason <> ''")
        for number, reason in cursor.fetchall():
            assert MARIE not in number
            assert "mort" not in reason
    actions.dismiss_block_request(actor=of_account(thomas), block_request_id=row.pk)
    actions.forget_block_requests(clock.now() + BLOCK_REQUEST_RETENTION)
    assert BlockRequest.objects.count() == 2
    BlockRequest.objects.filter(pk=waits.pk).update(asked_at=clock.now() + timedelta(days=1))
    actions.forget_block_requests(clock.now() + BLOCK_REQUEST_RETENTION + timedelta(seconds=1))
    assert BlockRequest.objects.get() == waits
    # One that nobody decides is not kept for ever either.
    actions.forget_block_requests(clock.now() + BLOCK_REQUEST_RETENTION + timedelta(days=1, seconds=1))
    assert not BlockRequest.objects.exists()


def test_an_answer_that_comes_while_it_is_taken_back_is_not_read(ask, lotte, thomas):
    row = ask()
    actions.dismiss_block_request(
        actor=of_account(thomas), block_request_id=row.pk, answer="Une dame malade."
    )
    late = actions.settle_own_block_request(actor=of_account(lotte), block_request_id=row.pk, takes_back=True)
    assert (late.outcome, late.seen_at, answered(lotte)) == ("dismissed", None, 1)


def test_a_longer_block_is_not_shortened_by_one_press(line, ask, lotte, sara, thomas):
    row = ask()
    call = line.call(row.call_id)
    now = clock.now()
    BlockedNumber.objects.create(
        organisation=line.organisation, number=MARIE, number_index=call.number_index, reason="menace",
        blocked_by=sara, blocked_at=now, until=now + timedelta(days=300),
    )  # fmt: skip
    granted = actions.grant_block_request(actor=of_account(thomas), block_request_id=row.pk)
    assert granted.blocked_until == BlockedNumber.objects.get().until == now + timedelta(days=300)
    with pytest.raises(AlreadyBlocked) as refused:
        ask()
    assert refused.value.until == now + timedelta(days=300)
    # By hand it may be.
    actions.block_number(actor=of_account(thomas), about=call, reason="menace", days=3)
    assert BlockedNumber.objects.get().until == now + timedelta(days=3)
    clock.advance(timedelta(days=4))
    assert ask().outcome == ""


def test_asked_in_the_instant_in_which_the_one_before_is_decided(line, ask, monkeypatch):
    manager, create, rows = type(BlockRequest.objects), type(BlockRequest.objects).bulk_create, []
    call = line.rings()

    def meanwhile(self, new, **more):
        rows.extend(each for each in new if isinstance(each, BlockRequest))
        return [] if len(rows) == 1 else create(self, new, **more)

    monkeypatch.setattr(manager, "bulk_create", meanwhile)
    assert ask(call).outcome == ""
    assert len(rows) == 2


@pytest.mark.parametrize("what", ["grant", "dismiss", "block"])
def test_whoever_decides_takes_all_of_the_number_first_and_in_one_order(line, ask, lotte, sara, thomas, what):
    """Two who decide at once never wait for each other, each for what the other one has."""
    row, _other = ask(), ask(account=sara)
    decide = {
        "grant": lambda actor: actions.grant_block_request(actor=actor, block_request_id=row.pk),
        "dismiss": lambda actor: actions.dismiss_block_request(actor=actor, block_request_id=row.pk),
        "block": lambda actor: actions.block_number(actor=actor, about=line.call(row.call_id), reason="x"),
    }[what]
    with CaptureQueriesContext(connection) as said:
        decide(of_account(thomas))
    asked = [
        each["sql"] for each in said if "_blockrequest" in each["sql"] or "_blockednumber" in each["sql"]
    ]
    taken = next(at for at, sql in enumerate(asked) if "\"outcome\" = ''" in sql and "ORDER BY" in sql)
    changed = next(at for at, sql in enumerate(asked) if not sql.startswith("SELECT"))
    assert taken < changed
    assert all("LIMIT 1" in sql for sql in asked[:taken])
