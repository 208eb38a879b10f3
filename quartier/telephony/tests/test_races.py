"""Many at the same moment, on a real database: a wish is taken once, one has the callback, a number is listed once."""

import threading
from uuid import uuid4

import pytest
from django.db import connections

from quartier.lib import clock
from quartier.lib.tests.databases import own_database
from quartier.team.access import of_account
from quartier.telephony import actions
from quartier.telephony.models import BlockedNumber, Call, Callback, Wish
from quartier.telephony.rules import NotPossible
from quartier.telephony.tests.room import MARIE, Line

RACERS = 12


@pytest.fixture(autouse=True)
def real_database(db, tmp_path):
    """A database on which commits are real, whatever the other tests run on."""
    with own_database(tmp_path):
        yield


def race(*runs):
    """All at once; the result of each, or what went wrong."""
    gate, results = threading.Barrier(len(runs)), [None] * len(runs)

    def go(place, run):
        try:
            gate.wait(timeout=60)
            results[place] = run()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=each) for each in enumerate(runs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return results


def test_each_wish_is_taken_once(tuesday, lotte):
    actor = of_account(lotte)
    wishes = {actions.wish(actor=actor, what="on").pk for _ in range(40)}

    def take():
        found = []
        while some := actions.take_wishes(limit=5):
            found += [each.pk for each in some]
        return found

    results = race(*[take] * RACERS)
    taken = [pk for each in results for pk in each]
    assert sorted(taken) == sorted(wishes)
    assert not Wish.objects.filter(taken_at=None).exists()


def test_one_has_the_callback(tuesday, organisation, account):
    line = Line(organisation)
    line.missed()
    (row,) = line.listed()
    actors = [of_account(account(f"Operator{number}", "operator")) for number in range(RACERS)]
    results = race(*[lambda who=who: actions.claim(actor=who, callback_id=row.pk) for who in actors])
    won = [each for each in results if isinstance(each, Callback)]
    assert len(won) == 1
    assert sum(isinstance(each, NotPossible) for each in results) == RACERS - 1
    row.refresh_from_db()
    assert row.claimed_by_id == won[0].claimed_by_id


def test_one_number_is_listed_once(tuesday, organisation):
    line = Line(organisation)
    calls = [uuid4() for _ in range(RACERS)]

    def whole(call):
        line.rings(call=call)
        return line.ends(call)

    results = race(*[lambda call=call: whole(call) for call in calls * 2])
    assert all(isinstance(each, Call) for each in results), results
    (row,) = line.listed()
    assert (row.calls, row.number) == (RACERS, MARIE)
    assert Call.objects.filter(callback=row).count() == RACERS


def test_done_while_they_call_again_leaves_them_on_the_list(tuesday, organisation, lotte):
    line, actor = Line(organisation), of_account(lotte)
    for _ in range(RACERS):
        line.missed()
        (row,) = line.listed()
        actions.claim(actor=actor, callback_id=row.pk)
        over, call = race(
            lambda row=row: actions.done(actor=actor, callback_id=row.pk), lambda: line.ends(uuid4())
        )
        assert (over.state, call.outcome) == ("done" if over.ended_at else "waiting", "abandoned")
        # The call was counted on the row, which therefore stays, or made a new one.
        listed = line.listed()
        assert [each.pk for each in listed] == [Call.objects.get(pk=call.pk).callback_id]
        for each in listed:
            actions.claim(actor=actor, callback_id=each.pk)
            actions.done(actor=actor, callback_id=each.pk)


def test_clicked_twice_by_many_one_calls_once(tuesday, organisation, account):
    line = Line(organisation)
    line.missed()
    (row,) = line.listed()
    actors = [of_account(account(f"Operator{number}", "operator")) for number in range(RACERS // 2)]
    results = race(
        *[
            lambda who=who: actions.call_back(actor=who, callback_id=row.pk)
            for who in actors
            for _twice in "ab"
        ]
    )
    (wish,) = Wish.objects.filter(what="dial")
    assert {each.pk for each in results if isinstance(each, Wish)} == {wish.pk}
    assert sum(isinstance(each, NotPossible) for each in results) == RACERS - 2, results
    row.refresh_from_db()
    assert row.claimed_by_id == wish.account_id


def test_a_flood_is_cleared_while_some_of_it_are_taken(tuesday, organisation, account):
    line = Line(organisation)
    for place in range(40):
        line.missed(f"+322000{1000 + place}")
    rows = line.listed()
    clearer = of_account(account("Clara", "coordinator"))
    actors = [of_account(account(f"Operator{number}", "operator")) for number in range(RACERS)]
    keys = [row.pk for row in rows]
    results = race(
        lambda: actions.clear_fold(actor=clearer, callbacks=keys),
        lambda: actions.clear_fold(actor=clearer, callbacks=keys),
        *[
            lambda who=who, at=at: actions.claim(actor=who, callback_id=keys[at])
            for at, who in enumerate(actors)
        ],
    )
    cleared = [each for each in results if isinstance(each, int)]
    taken = [each for each in results if isinstance(each, Callback)]
    assert not [each for each in results if isinstance(each, Exception) and not isinstance(each, NotPossible)]
    assert sum(cleared) + len(taken) == 40
    assert {row.pk for row in line.listed()} == {row.pk for row in taken}


def test_a_number_is_blocked_once(tuesday, organisation, thomas):
    line = Line(organisation)
    call = line.call(line.rings())
    results = race(
        *[lambda: actions.block_number(actor=of_account(thomas), about=call, reason="menace")] * RACERS
    )
    assert not [each for each in results if isinstance(each, Exception)], results
    assert BlockedNumber.objects.filter(ended_at=None).count() == 1


def test_a_message_and_the_end_of_its_call_at_once(tuesday, organisation):
    line = Line(organisation)
    call = line.rings()
    results = race(*[lambda: line.ends(call, "voicemail", False)] * 3, *[lambda: line.leaves(call)] * 3)
    assert not [each for each in results if isinstance(each, Exception)], results
    (row,) = line.listed()
    assert (row.calls, row.why) == (1, "message")
    assert clock.now() == tuesday
