"""Whoever heard on the phone that somebody comes is called when they do not: the board keeps that step until it is
done."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils.html import strip_tags

from quartier.audit.models import Entry
from quartier.cases.actions.promising import CALL_OFF
from quartier.cases.models import Request
from quartier.console import rules
from quartier.console.queries import board as read
from quartier.console.queries import lanes
from quartier.console.rules import Filters, Lane
from quartier.duty.queries import waiting_of
from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.people.models import Volunteer
from quartier.promises.queries import open_about
from quartier.team.access import link, of_account, system
from quartier.visits import actions as visits
from quartier.visits.models import Assignment

pytestmark = pytest.mark.django_db
BOARD, CALLS = "/en/console/", "/en/console/calls/"


@pytest.fixture
def by_phone(asked, tuesday, youssef, nadia):
    """A request of somebody who can only be called."""
    return asked("groceries", name="Anna", channel="call").requests[0]


def page_of(request):
    return f"/en/console/requests/{request.pk}/"


def do(client, request, **given):
    if given.get("do") in {"could_not", "contact"}:
        given.setdefault("sure", "1")
    return client.post(f"{page_of(request)}do/", given, follow=True).content.decode()


@pytest.fixture
def told(desk, by_phone, youssef):
    """Youssef said yes on the phone, and Anna was called and told so."""
    do(desk, by_phone, do="accept", volunteer=youssef.pk)
    visit = Assignment.objects.get()
    do(desk, by_phone, do="told", assignment=visit.pk)
    return visit


def is_in_lane(organisation, request, lane):
    shown = read.board(organisation, None, Filters(), clock.now()).lanes[lane]
    return request.pk in [card.request.pk for card in shown.cards]


def test_a_yes_that_is_undone_is_called_off(desk, told, by_phone, organisation):
    text = do(desk, by_phone, do="undo", assignment=told.pk)
    assert "Youssef is not coming" in text
    assert "Call Anna:" in text
    assert is_in_lane(organisation, by_phone, Lane.TELL)
    assert "Youssef is not coming" in desk.get(BOARD).content.decode()
    owed = open_about(CALL_OFF, by_phone.pk)
    assert (owed.kind, owed.needs_team, owed.told_by) == ("call", True, "nobody")
    [waiting] = waiting_of([owed])
    assert (waiting.name, waiting.page) == ("Anna", ("request_page", str(by_phone.pk)))
    # Neighbours are asked all the while.
    by_phone.refresh_from_db()
    assert by_phone.state == "open"
    [(waits, _late, helped, _past)] = lanes.count_by_area(organisation, clock.now()).values()
    assert (waits, helped) == (1, 0)


def test_once_they_are_called_it_is_off_the_board_and_the_history_says_by_whom(
    desk, told, by_phone, organisation, tuesday
):
    do(desk, by_phone, do="could_not", failure="cannot_go", assignment=told.pk)
    assert is_in_lane(organisation, by_phone, Lane.TELL)
    text = do(desk, by_phone, do="called_off")
    assert "They were told on the phone that the visit is not taking place, by Thomas" in text
    assert "Youssef is not coming" not in text
    assert open_about(CALL_OFF, by_phone.pk) is None
    assert is_in_lane(organisation, by_phone, Lane.FIND)
    do(desk, by_phone, do="called_off")
    assert Entry.objects.filter(verb="request.call_off").count() == 1


def test_the_volunteer_gives_it_back_and_it_is_called_off_too(told, by_phone, organisation, youssef):
    visits.could_not(actor=of_account(youssef.person.account), assignment=told, failure="cannot_go")
    assert open_about(CALL_OFF, by_phone.pk) is not None
    assert is_in_lane(organisation, by_phone, Lane.TELL)


def test_who_knew_nothing_yet_is_not_called_about_it(desk, by_phone, youssef):
    do(desk, by_phone, do="accept", volunteer=youssef.pk)
    do(desk, by_phone, do="undo", assignment=Assignment.objects.get().pk)
    assert open_about(CALL_OFF, by_phone.pk) is None


def test_who_reads_is_written_to_instead(desk, request_, youssef):
    do(desk, request_, do="accept", volunteer=youssef.pk)
    Message.objects.update(state="sent")
    do(desk, request_, do="undo", assignment=Assignment.objects.get().pk)
    assert Message.objects.filter(template="looking_again").count() == 1
    assert open_about(CALL_OFF, request_.pk) is None


def test_told_of_the_next_one_they_know_both(desk, told, by_phone, nadia, organisation):
    do(desk, by_phone, do="could_not", failure="cannot_go", assignment=told.pk)
    do(desk, by_phone, do="accept", volunteer=nadia.pk)
    assert "Youssef is not coming" in desk.get(page_of(by_phone)).content.decode()
    do(desk, by_phone, do="told", assignment=Assignment.objects.get(volunteer=nadia).pk)
    assert open_about(CALL_OFF, by_phone.pk) is None
    assert is_in_lane(organisation, by_phone, Lane.COMES)


def test_a_visit_at_another_hour_is_a_call_that_somebody_owes(told, by_phone, organisation, youssef):
    assert open_about("request", by_phone.pk) is None
    start = told.comes_from + timedelta(hours=1)
    visits.set_time(
        actor=of_account(youssef.person.account), assignment=told, start=start, end=start + timedelta(hours=1)
    )
    assert is_in_lane(organisation, by_phone, Lane.TELL)
    owed = open_about("request", by_phone.pk)
    assert (owed.needs_team, owed.told_by) == (True, "nobody")


def test_the_rule_in_python_and_in_the_database_agree(desk, told, by_phone, organisation, tuesday):
    do(desk, by_phone, do="undo", assignment=told.pk)
    by_phone.refresh_from_db()
    [row] = lanes.board_rows(organisation, None, clock.now())
    wait = rules.wait_of(rules.Open.of(by_phone, asked=False, call_off=True), [], clock.now())
    assert lanes.LANE_OF_PLACE[row[0]] == wait.lane == Lane.TELL
    assert row[0] in lanes.NEED_PLACES
    assert lanes.count_rows_by_area([row]) == lanes.count_by_area(organisation, clock.now())


def test_the_map_counts_as_the_board_where_another_one_comes(desk, told, by_phone, nadia, organisation):
    do(desk, by_phone, do="could_not", failure="cannot_go", assignment=told.pk)
    do(desk, by_phone, do="accept", volunteer=nadia.pk)
    # They were told of the next one; that the first is not coming, they were not.
    Assignment.objects.update(told_at=clock.now())
    Request.objects.update(promised_at=clock.now() - timedelta(minutes=1))
    for ends in ({}, {"state": "cancelled"}):
        Assignment.objects.filter(volunteer=nadia).update(**ends) if ends else None
        rows = lanes.board_rows(organisation, None, clock.now())
        assert [lanes.LANE_OF_PLACE[row[0]] for row in rows] == [Lane.TELL]
        counted = lanes.count_by_area(organisation, clock.now())
        assert counted == lanes.count_rows_by_area(rows)
        assert list(counted.values()) == [(0, 1, 1, 0)]


def test_who_says_yes_again_is_not_said_to_stay_away(desk, told, by_phone, organisation, youssef):
    do(desk, by_phone, do="could_not", failure="cannot_go", assignment=told.pk)
    text = do(desk, by_phone, do="accept", volunteer=youssef.pk)
    assert "Youssef is not coming" not in text
    assert is_in_lane(organisation, by_phone, Lane.TELL)


def test_told_of_an_hour_that_changed_and_then_fell_away(desk, told, by_phone, youssef):
    start, me = told.comes_from + timedelta(hours=1), of_account(youssef.person.account)
    visits.set_time(actor=me, assignment=told, start=start, end=start + timedelta(hours=1))
    visits.could_not(actor=me, assignment=told, failure="cannot_go")
    assert open_about(CALL_OFF, by_phone.pk) is not None


# ---- more than one, and more than one list ----


@pytest.fixture
def told_of_two(desk, by_phone, youssef, nadia):
    """Two neighbours said yes on the phone, and Anna was called and told of both."""
    Request.objects.filter(pk=by_phone.pk).update(needed=2)
    for volunteer in (youssef, nadia):
        do(desk, by_phone, do="accept", volunteer=volunteer.pk)
        visit = Assignment.objects.get(volunteer=volunteer)
        do(desk, by_phone, do="told", assignment=visit.pk)
    return list(Assignment.objects.order_by("accepted_at"))


def test_two_who_do_not_come_are_both_named(desk, told_of_two, by_phone):
    for visit in told_of_two:
        do(desk, by_phone, do="could_not", failure="cannot_go", assignment=visit.pk)
    for address in (page_of(by_phone), BOARD, CALLS):
        text = strip_tags(desk.get(address).content.decode())
        assert "Youssef is not coming" in text
        assert "Nadia is not coming" in text


def test_of_whom_they_were_called_before_nothing_is_said_again(desk, told_of_two, by_phone, tuesday):
    do(desk, by_phone, do="could_not", failure="cannot_go", assignment=told_of_two[0].pk)
    do(desk, by_phone, do="called_off")
    with clock.stopped_at(tuesday + timedelta(minutes=30)):
        do(desk, by_phone, do="could_not", failure="cannot_go", assignment=told_of_two[1].pk)
        text = strip_tags(desk.get(page_of(by_phone)).content.decode())
    assert "Call Anna: Nadia is not coming" in text
    assert "Call Anna: Youssef is not coming" not in text


def test_a_second_one_who_falls_away_moves_no_hour(desk, told_of_two, by_phone, tuesday):
    do(desk, by_phone, do="could_not", failure="cannot_go", assignment=told_of_two[0].pk)
    first = open_about(CALL_OFF, by_phone.pk)
    later = first.due_at - timedelta(minutes=30)
    with clock.stopped_at(later):
        do(desk, by_phone, do="could_not", failure="cannot_go", assignment=told_of_two[1].pk)
    second = open_about(CALL_OFF, by_phone.pk)
    assert (second.pk, second.due_at) == (first.pk, first.due_at)


def test_it_is_among_the_calls_to_make_in_the_order_of_the_board(
    desk, asked, youssef, nadia, tuesday, organisation
):
    names = ["Anna", "Berta", "Clara"]
    rows = [asked("groceries", name=name, channel="call").requests[0] for name in names]
    for row, urgency, since in zip(rows, ("day", "day", "now"), (1, 2, 0), strict=True):
        Volunteer.objects.update(open_count=0)
        do(desk, row, do="accept", volunteer=youssef.pk)
        visit = Assignment.objects.get(request=row)
        do(desk, row, do="told", assignment=visit.pk)
        do(desk, row, do="could_not", failure="cannot_go", assignment=visit.pk)
        promised, waits = tuesday + timedelta(hours=4), tuesday - timedelta(hours=since)
        Request.objects.filter(pk=row.pk).update(urgency=urgency, promised_at=promised, waiting_since=waits)
    text = strip_tags(desk.get(CALLS).content.decode())
    assert sorted(names, key=text.index) == ["Clara", "Berta", "Anna"]
    shown = read.board(organisation, None, Filters(), clock.now()).lanes[Lane.TELL]
    assert [card.request.pk for card in shown.cards] == [rows[2].pk, rows[1].pk, rows[0].pk]
    answer = desk.post(f"{page_of(rows[2])}do/", {"do": "called_off", "next": CALLS}, follow=True)
    assert answer.redirect_chain[-1][0] == CALLS
    assert "Clara" not in strip_tags(answer.content.decode())


def test_of_many_calls_to_make_it_is_said_how_many_more(desk, asked, youssef, tuesday, monkeypatch):
    monkeypatch.setattr("quartier.console.calls.SHOWN", 1)
    for name in ("Anna", "Berta"):
        row = asked("groceries", name=name, channel="call").requests[0]
        Volunteer.objects.update(open_count=0)
        do(desk, row, do="accept", volunteer=youssef.pk)
        visit = Assignment.objects.get(request=row)
        do(desk, row, do="told", assignment=visit.pk)
        do(desk, row, do="could_not", failure="cannot_go", assignment=visit.pk)
    whole = f"{CALLS}?all=call-offs"
    page = desk.get(CALLS).content.decode()
    assert f'href="{whole}#call-offs">and 1 more</a>' in page
    assert (page.count("is not coming"), desk.get(whole).content.decode().count("is not coming")) == (1, 2)


@pytest.mark.parametrize("closure", ["withdrawn", "impossible", "duplicate"])
def test_closed_they_still_wait_until_somebody_has_called(desk, told, by_phone, closure):
    do(desk, by_phone, do="could_not", failure="cannot_go", assignment=told.pk)
    desk.post(f"{page_of(by_phone)}close/", {"closure": closure})
    by_phone.refresh_from_db()
    assert by_phone.state == "closed"
    assert "Anna: Youssef is not coming" in strip_tags(desk.get(CALLS).content.decode())
    do(desk, by_phone, do="called_off")
    assert open_about(CALL_OFF, by_phone.pk) is None
    assert "Anna" not in strip_tags(desk.get(CALLS).content.decode())


def test_who_ends_it_herself_or_has_died_is_not_called_about_it(told, by_phone, organisation, youssef):
    visits.could_not(actor=of_account(youssef.person.account), assignment=told, failure="cannot_go")
    me, case = link(organisation, by_phone.case.person_id), by_phone.case
    daughter = link(organisation, youssef.person_id)
    with transaction.atomic():
        visits.end_request(actor=daughter, request=by_phone, closure="withdrawn")
        assert open_about(CALL_OFF, by_phone.pk) is not None
        transaction.set_rollback(True)
    with transaction.atomic():
        visits.end_request(actor=me, request=by_phone, closure="withdrawn")
        assert open_about(CALL_OFF, by_phone.pk) is None
        transaction.set_rollback(True)
    visits.person_died(actor=system(organisation), case=case)
    assert open_about(CALL_OFF, by_phone.pk) is None


def test_that_they_were_called_can_be_taken_back_for_ten_minutes(desk, told_of_two, by_phone, tuesday):
    for visit in told_of_two:
        do(desk, by_phone, do="could_not", failure="cannot_go", assignment=visit.pk)
    first = open_about(CALL_OFF, by_phone.pk)
    with clock.stopped_at(tuesday + timedelta(minutes=5)):
        assert "Not told yet: undo" in do(desk, by_phone, do="called_off")
    with clock.stopped_at(tuesday + timedelta(minutes=14)):
        text = do(desk, by_phone, do="undo_called_off")
        assert "Not told yet after all: undone, by Thomas" in text
        assert "Not told yet: undo" not in text
        assert "Nadia is not coming" in text
        assert "Youssef is not coming" in text
    again = open_about(CALL_OFF, by_phone.pk)
    assert (again.due_at, again.waiting_since) == (first.due_at, first.waiting_since)
    with clock.stopped_at(tuesday + timedelta(minutes=15)):
        do(desk, by_phone, do="called_off")
    with clock.stopped_at(tuesday + timedelta(minutes=26)):
        assert "Not told yet: undo" not in desk.get(page_of(by_phone)).content.decode()
        assert "Nothing was changed" in do(desk, by_phone, do="undo_called_off")
    assert open_about(CALL_OFF, by_phone.pk) is None


def test_who_fell_away_while_they_were_called_is_still_to_be_told(desk, told_of_two, by_phone):
    first, second = told_of_two
    do(desk, by_phone, do="could_not", failure="cannot_go", assignment=first.pk)
    assert f'name="off" value="{first.pk}"' in desk.get(CALLS).content.decode()
    do(desk, by_phone, do="could_not", failure="cannot_go", assignment=second.pk)
    assert "Nothing was changed" in do(desk, by_phone, do="called_off", off=[first.pk])
    assert open_about(CALL_OFF, by_phone.pk) is not None
    do(desk, by_phone, do="called_off", off=[first.pk, second.pk])
    assert open_about(CALL_OFF, by_phone.pk) is None
