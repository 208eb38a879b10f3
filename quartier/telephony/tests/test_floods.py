"""Floods of invented numbers: one row, cleared in one press and put back; whoever is real stands by themselves."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from quartier.audit.models import Entry
from quartier.lib import clock
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.team.access import of_account
from quartier.telephony import actions, queries
from quartier.telephony.actions import floods as acting
from quartier.telephony.models import Call, Callback
from quartier.telephony.queries import floods
from quartier.telephony.queries.floods import FoldCandidate, fold
from quartier.telephony.rules import number_block
from quartier.telephony.tests.room import SPOKEN_PEAK, Line, wav


@pytest.fixture
def line(tuesday, organisation):
    return Line(organisation)


@pytest.fixture
def operator(lotte):
    return of_account(lotte)


def flood(line, count=60, apart=timedelta(seconds=1), number="+32200010{:02}", waited=5.0):
    """So many invented numbers of one block call, and hang up."""
    for place in range(count):
        line.missed(number.format(place), waited_s=waited)
        clock.advance(apart)


def shown(line):
    return queries.callback_list(line.organisation, None, clock.now())


@pytest.mark.parametrize(
    ("number", "block"),
    [
        ("+3220001427", "+32200014"),
        ("+32470123456", "+32470123"),
        ("+4915112345678", "+4915112345"),
        ("", "withheld"),
        ("+321", "+321"),
    ],
)
def test_a_block_is_the_beginning_of_a_number(number, block):
    assert number_block(number) == block


@pytest.mark.django_db
def test_sixty_invented_callers_are_one_row(line):
    flood(line)
    found = shown(line)
    assert (found.due, found.due_count, len(found.folds)) == ([], 0, 1)
    (one,) = found.folds
    assert len(one.callbacks) == 60
    assert one.last_at - one.first_at == timedelta(seconds=59)
    assert not one.is_rush
    # None of them is lost: each is counted, and listed inside.
    assert Callback.objects.filter(ended_at=None).count() == 60
    assert len(queries.folded_rows(line.organisation, one, clock.now())) == 60


@pytest.mark.django_db
def test_numbers_from_everywhere_that_are_gone_at_once_are_a_rush(line):
    flood(line, floods.MIN_FOLDED_OF_RUSH - 1, number="+32470{:02}3456")
    assert not shown(line).folds
    line.missed("+3225123456", waited_s=29)
    (one,) = shown(line).folds
    assert (one.is_rush, len(one.callbacks)) == (True, floods.MIN_FOLDED_OF_RUSH)


@pytest.mark.django_db
def test_a_crowd_that_waits_in_the_queue_is_no_rush(line):
    flood(line, 60, number="+32470{:02}3456", waited=90)
    assert not shown(line).folds
    assert shown(line).due_count == 60


@pytest.mark.django_db
def test_those_of_one_block_are_fewer_and_need_not_be_as_quick(line):
    flood(line, floods.MIN_FOLDED_OF_BLOCK - 1, timedelta(minutes=2), waited=200)
    assert not shown(line).folds
    line.missed("+3220001099", waited_s=100)
    (one,) = shown(line).folds
    assert not one.is_rush
    assert shown(line).numbers[one.callbacks[0]].startswith("+32200010")


@pytest.mark.django_db
def test_whoever_is_real_is_never_folded(line, organisation, operator):
    flood(line, 30)
    people.record_person(organisation=organisation, who=Who("Marie", phone="+3220001501"))
    line.missed("+3220001501")
    line.missed("+3220001502", outcome="callback", why="asked")
    call = line.rings("+3220001503")
    line.leaves(call, wav(2.0, peak=SPOKEN_PEAK))
    line.ends(call, "voicemail", False, number="+3220001503")
    line.missed("+3220001504")
    taken = Callback.objects.latest("wanted_at", "id")
    actions.claim(actor=operator, callback_id=taken.pk)
    actions.tried(actor=operator, callback_id=taken.pk)
    line.missed("+3220001505", talked_s=90.0, why="cut_off", outcome="answered")
    flood(line, 10)
    alone = {row.callback.number for row in [*shown(line).due, *shown(line).later]}
    assert alone == {f"+322000150{digit}" for digit in range(1, 6)}
    # One of a flood who calls again and asks for it stands by themselves.
    line.missed("+3220001011", outcome="callback", why="asked")
    assert "+3220001011" in {row.callback.number for row in shown(line).due}


@pytest.mark.django_db
def test_cleared_in_one_press_and_put_back(line, operator):
    flood(line)
    line.missed("+32470123456", waited_s=90)
    (one,) = shown(line).folds
    # In the moment in between, one of them asks to be called.
    line.missed("+3220001007", outcome="callback", why="asked")
    assert actions.clear_fold(actor=operator, callbacks=one.callbacks) == 59
    assert {row.callback.number for row in shown(line).due} == {"+32470123456", "+3220001007"}
    assert Call.objects.filter(outcome="abandoned").count() == 61
    entry = Entry.objects.get(verb="callback.clear")
    assert (entry.actor_id, entry.details) == (operator.id, {"rows": 59})
    (cleared,) = shown(line).cleared
    assert (cleared.rows, cleared.by, cleared.at) == (59, "Lotte", clock.now())
    # Pressed again, nothing more happens.
    assert actions.clear_fold(actor=operator, callbacks=one.callbacks) == 0
    # Whoever calls again meanwhile is listed, and is there once when the press is undone.
    line.missed("+3220001003", waited_s=90)
    assert actions.restore_cleared(actor=operator, batch=cleared.batch) == 58
    assert Callback.objects.filter(ended_at=None).count() == 61
    assert actions.restore_cleared(actor=operator, batch=cleared.batch) == 0


@pytest.mark.django_db
def test_who_was_spoken_with_or_is_known_meanwhile_is_not_cleared(line, operator, organisation, monkeypatch):
    flood(line, 20)
    (one,) = shown(line).folds
    spoken, noted, known, *_others = Callback.objects.order_by("wanted_at")
    marie = people.record_person(organisation=organisation, who=Who("Marie", phone=known.number))

    def in_between():
        """After what is to be cleared was looked up, before it is locked."""
        Call.objects.filter(pk=spoken.call_id).update(talked_s=60)
        noted.note = "a neighbour"
        noted.save()
        Callback.objects.filter(pk=known.pk).update(person=marie)
        return clock.now()

    monkeypatch.setattr(acting, "clock", SimpleNamespace(now=in_between))
    assert actions.clear_fold(actor=operator, callbacks=one.callbacks) == 17
    assert set(Callback.objects.filter(ended_at=None)) == {spoken, noted, known}


@pytest.mark.django_db
def test_a_number_that_was_blocked_meanwhile_does_not_come_back(line, operator, thomas):
    flood(line, 10)
    actions.clear_fold(actor=operator, callbacks=shown(line).folds[0].callbacks)
    batch = shown(line).cleared[0].batch
    (cleared,) = [row for row in Callback.objects.all() if row.number == "+3220001003"]
    actions.block_number(actor=of_account(thomas), about=cleared, reason="insults")
    assert actions.restore_cleared(actor=operator, batch=batch) == 9
    assert "+3220001003" not in {row.number for row in line.listed()}


@pytest.mark.django_db
def test_who_calls_in_the_moment_of_putting_back_stops_nobody_else(line, operator, monkeypatch):
    flood(line, 10)
    actions.clear_fold(actor=operator, callbacks=shown(line).folds[0].callbacks)
    batch = shown(line).cleared[0].batch
    read = acting._listed_again

    def and_one_calls(organisation):
        known = read(organisation)
        line.missed("+3220001003", waited_s=90)
        return known

    monkeypatch.setattr(acting, "_listed_again", and_one_calls)
    assert actions.restore_cleared(actor=operator, batch=batch) == 9
    assert len(line.listed()) == 10


@pytest.mark.django_db
def test_after_a_day_it_cannot_be_put_back(line, operator):
    flood(line, 20)
    actions.clear_fold(actor=operator, callbacks=shown(line).folds[0].callbacks)
    batch = shown(line).cleared[0].batch
    clock.advance(timedelta(hours=25))
    assert not shown(line).cleared
    assert actions.restore_cleared(actor=operator, batch=batch) == 0


@pytest.mark.django_db
def test_others_clear_and_restore_nothing(line, bram, operator):
    flood(line, 20)
    stranger = of_account(bram)
    (one,) = shown(line).folds
    assert actions.clear_fold(actor=stranger, callbacks=one.callbacks) == 0
    actions.clear_fold(actor=operator, callbacks=one.callbacks)
    assert actions.restore_cleared(actor=stranger, batch=shown(line).cleared[0].batch) == 0


@pytest.mark.django_db
def test_many_of_a_block_within_a_minute_are_flooding_and_a_known_one_is_not(line, organisation):
    people.record_person(organisation=organisation, who=Who("Marie", phone="+3220001077"))
    for place in range(floods.MAX_CALLS_OF_BLOCK):
        line.missed(f"+32200010{place:02}")
        assert not line.known.flooding
        clock.advance(timedelta(seconds=2))
    line.missed("+3220001050")
    assert line.known.flooding
    line.rings("+3220001077")
    assert not line.known.flooding
    line.rings("+3220002099")
    assert not line.known.flooding
    clock.advance(timedelta(minutes=1))
    line.rings("+3220001051")
    assert not line.known.flooding


@pytest.mark.django_db
def test_a_number_that_is_known_by_our_own_text_alone_is_an_invention_still(line, organisation):
    for place in {*range(10)} - {3, 4}:
        who = Who("", phone=f"+32200010{place:02}", channel="text")
        people.record_person(organisation=organisation, who=who)
    named = people.record_person(organisation=organisation, who=Who("Marie", phone="+3220001003"))
    mail = Who("", phone="+3220001004", email="m@example.org")
    asker = people.record_person(organisation=organisation, who=mail)
    for place in range(10):
        line.missed(f"+32200010{place:02}")
    (one,) = shown(line).folds
    assert len(one.callbacks) == 8
    assert {row.callback.person_id for row in shown(line).due} == {named.pk, asker.pk}
    line.rings("+3220001002")
    assert line.known.flooding
    for somebody in (named, asker):
        line.rings(somebody.phone)
        assert not line.known.flooding


@pytest.mark.django_db
def test_withheld_numbers_are_a_block_and_calls_out_are_none(line):
    for _place in range(floods.MAX_CALLS_OF_BLOCK + 3):
        line.rings("+32470123456", "out")
    line.rings("+32470123499")
    assert not line.known.flooding
    for _place in range(floods.MAX_CALLS_OF_BLOCK + 1):
        line.rings("")
    assert line.known.flooding


@pytest.mark.django_db
def test_the_list_asks_the_same_with_ten_thousand_rows(line, organisation, django_assert_max_num_queries):
    now = clock.now()
    calls = [
        Call(
            id=UUID(int=place + 1),
            organisation=organisation,
            number_index=f"n{place}",
            block_index=f"b{place // 100}",
            began_at=now - timedelta(seconds=place),
            ended_at=now,
            outcome="abandoned",
            state="ended",
        )
        for place in range(10_000)
    ]
    Call.objects.bulk_create(calls, batch_size=1000)
    Callback.objects.bulk_create(
        [
            Callback(
                organisation=organisation,
                call=call,
                number_index=call.number_index,
                why="asked" if place % 2 else "missed",
                wanted_at=call.began_at,
                due_at=call.began_at,
            )
            for place, call in enumerate(calls)
        ],
        batch_size=1000,
    )
    if connection.vendor == "postgresql":
        # As its housekeeping does within a minute: not knowing how many there are, it takes a hundred times longer.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    with django_assert_max_num_queries(17):
        found = shown(line)
    assert (found.due_count, len(found.due), found.pages) == (5000, 50, 100)
    assert len({callback for each in found.folds for callback in each.callbacks}) == 5000
    last = queries.callback_list(organisation, None, now, page=10**6)
    assert (last.page, len(last.due)) == (100, 50)


# Pure

START = datetime(2026, 11, 28, 16, tzinfo=UTC)
candidates = st.lists(
    st.tuples(
        st.sampled_from(["", "a", "b", "c"]),
        st.integers(0, 3600),
        st.sampled_from([0.0, 20.0, 31.0, 400.0]),
    ),
    max_size=120,
).map(
    lambda rows: [
        FoldCandidate(UUID(int=place), block, START + timedelta(seconds=second), waited)
        for place, (block, second, waited) in enumerate(rows)
    ]
)


@given(candidates)
@settings(deadline=None)
def test_each_row_is_in_one_fold_at_most_and_a_fold_is_a_crowd(rows):
    by_id = {row.callback: row for row in rows}
    found = fold(rows)
    folded = [callback for each in found for callback in each.callbacks]
    assert len(folded) == len(set(folded))
    assert set(folded) <= set(by_id)
    for each in found:
        inside = [by_id[callback] for callback in each.callbacks]
        gap = floods.MAX_RUSH_GAP if each.is_rush else floods.MAX_BLOCK_GAP
        least = floods.MIN_FOLDED_OF_RUSH if each.is_rush else floods.MIN_FOLDED_OF_BLOCK
        assert len(inside) >= least
        assert [row.at for row in inside] == sorted(row.at for row in inside)
        assert all(later.at - one.at <= gap for one, later in pairwise(inside))
        assert (each.first_at, each.last_at) == (inside[0].at, inside[-1].at)
        if each.is_rush:
            assert all(row.waited_s <= floods.MAX_RUSH_WAIT_S for row in inside)
        else:
            assert {row.block for row in inside} == {each.block}


@given(candidates, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_in_which_rows_are_read_does_not_matter(rows, random):
    mixed = list(rows)
    random.shuffle(mixed)
    assert fold(mixed) == fold(rows)
