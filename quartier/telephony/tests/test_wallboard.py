"""What the room sees at a glance, in as many queries for one call as for many."""

from datetime import timedelta

import pytest

from quartier.lib import clock
from quartier.team.access import of_account
from quartier.telephony import actions, queries
from quartier.telephony.models import Call
from quartier.telephony.tests.room import MARIE, Line

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(tuesday, organisation):
    return Line(organisation)


def stands(organisation, account, standing, languages):
    actions.wish(actor=of_account(account), what="on", details={"languages": languages})
    actions.take_wishes()
    actions.operator_moved(
        organisation=organisation, account_id=account.pk, stands=actions.OperatorStanding(standing), call_id=None,
        own_phone=False, version=1, at=clock.now(),
    )  # fmt: skip


def test_now_and_today(line, organisation, lotte, thomas, elsewhere, bram):
    yesterday = line.missed("+3220001450").pk
    Call.objects.filter(pk=yesterday).update(began_at=clock.now() - timedelta(days=1))
    Line(elsewhere).missed()
    stands(organisation, lotte, "available", ["nl", "fr"])
    stands(organisation, thomas, "paused", ["fr"])
    stands(elsewhere, bram, "available", ["nl"])
    first, second = line.rings("+3220001431"), line.rings("+3220001432")
    line.moves(first, "queued", language="nl")
    clock.advance(timedelta(minutes=2))
    line.moves(second, "offering", language="fr")
    line.rings("+3220001433")  # still in the menu
    talking = line.rings("+3220001434")
    line.moves(talking, "held", lotte)
    line.moves(line.rings("+3220001435", "out"), "bridged", lotte)
    clock.advance(timedelta(hours=1))
    line.missed(MARIE)
    line.missed("+3220001436", outcome="callback", why="asked")
    line.missed("+3220001437", outcome="left", ring_back=False)
    line.missed("+3220001438", outcome="answered", ring_back=False)
    actions.claim(actor=of_account(lotte), callback_id=line.listed()[0].pk)
    actions.tried(actor=of_account(lotte), callback_id=line.listed()[0].pk)
    board = queries.wallboard(organisation, clock.now())
    assert [(each.call, each.language, each.place) for each in board.waiting] == [
        (first, "nl", 1),
        (second, "fr", 2),
    ]
    assert board.longest_s == 62 * 60
    assert dict(board.by_language) == {"nl": 1, "fr": 1}
    assert board.talking == 1
    assert [(each.account, each.standing, each.languages) for each in board.operators] == [
        (lotte, "available", ("nl", "fr")),
        (thomas, "paused", ("fr",)),
    ]
    assert dict(board.by_standing) == {"available": 1, "paused": 1}
    assert dict(board.there_by_language) == {"nl": 1, "fr": 2}
    assert (board.calls, board.answered, board.missed) == (4, 1, 2)
    assert {hour: dict(counts) for hour, counts in board.by_hour.items()} == {
        11: {"": 4},
        12: {"abandoned": 1, "callback": 1, "left": 1, "answered": 1},
    }
    assert (board.listed, board.not_called_back, board.is_open) == (3, 2, True)
    assert board.oldest_due is not None
    assert board.due == 2


def test_whose_turn_has_not_come_was_not_left_waiting(line, organisation, lotte):
    folded, missed, given_up = (line.missed(f"+322000145{digit}").callback for digit in (1, 2, 3))
    later = line.missed("+3220001454").callback
    type(later).objects.filter(pk=later.pk).update(due_at=clock.now() + timedelta(hours=3))
    type(later).objects.filter(pk=given_up.pk).update(state="given_up")
    now = clock.now()
    assert queries.wallboard(organisation, now, [folded.pk]).not_called_back == 1
    assert queries.not_called_back(organisation, now, [folded.pk], 5) == [missed]


def test_an_empty_room(tuesday, organisation):
    board = queries.wallboard(organisation, tuesday)
    assert (board.waiting, board.operators, board.calls, board.longest_s, board.oldest_due) == (
        [],
        [],
        0,
        0,
        None,
    )


def fill(line, count, account):
    for number in range(count):
        line.missed(f"+3220001{number:03}", outcome="callback")
        line.leaves(line.rings(f"+3220002{number:03}"))
        line.moves(line.rings(f"+3220003{number:03}"), "queued")
        operator = account(f"Operator{number}", "operator")
        stands(line.organisation, operator, "available", ["fr"])
        actions.claim(actor=of_account(operator), callback_id=line.listed()[0].pk)
        clock.advance(timedelta(minutes=11))


@pytest.mark.parametrize("count", [1, 7])
def test_as_many_queries_for_one_as_for_many(line, organisation, account, django_assert_num_queries, count):
    fill(line, count, account)
    now = clock.now()
    with django_assert_num_queries(5):
        board = queries.wallboard(organisation, now)
        assert [each.account.name for each in board.operators]
    with django_assert_num_queries(2):
        rows = queries.callbacks(organisation, now)
        assert [
            (row.callback.number, row.callback.person, row.callback.claimed_by, row.message) for row in rows
        ]
    with django_assert_num_queries(1):
        messages = queries.messages(organisation)
        assert [(each.call.number, each.call.callback.state, each.organisation.zone) for each in messages]
    assert (len(board.waiting), len(rows), len(messages)) == (count, 2 * count, count)


def test_the_list_in_the_order_of_turns(line, organisation, lotte):
    line.missed("+3220001441")
    clock.advance(timedelta(minutes=1))
    line.missed("+3220001442")
    first = line.listed()[0]
    actor = of_account(lotte)
    actions.claim(actor=actor, callback_id=first.pk)
    found = queries.callbacks(organisation, clock.now())
    assert [(each.callback.pk == first.pk, each.is_due, each.is_free) for each in found] == [
        (True, True, False),
        (False, True, True),
    ]
    clock.advance(timedelta(minutes=11))
    assert [each.is_free for each in queries.callbacks(organisation, clock.now())] == [True, True]
    actions.tried(actor=actor, callback_id=first.pk)
    found = queries.callbacks(organisation, clock.now())
    assert [(each.callback.pk == first.pk, each.is_due) for each in found] == [(False, True), (True, False)]
