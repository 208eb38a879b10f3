"""What operators want of call control: only what makes sense, taken once, answered once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.http import Http404

from quartier.audit.models import Entry
from quartier.lib import clock
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.team.access import of_account, system
from quartier.telephony import actions, jobs
from quartier.telephony.actions.wishes import NEEDS
from quartier.telephony.models import Operator, Wish
from quartier.telephony.tests.room import MARIE, MOBILE, Line

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(tuesday, lotte):
    return of_account(lotte)


def test_taken_once_the_oldest_first(operator):
    wishes = []
    for what in ("on", "pause", "resume", "off"):
        wishes.append(actions.wish(actor=operator, what=what).pk)
        clock.advance(timedelta(seconds=1))
    assert [each.pk for each in actions.take_wishes(limit=3)] == wishes[:3]
    assert [each.pk for each in actions.take_wishes()] == wishes[3:]
    assert actions.take_wishes() == []


def test_what_comes_on_says_the_languages(operator, lotte):
    actions.wish(
        actor=operator, what="on", details={"languages": ["nl", "fr", "nl", "xx"], "own_phone": 1, "n": MARIE}
    )
    (taken,) = actions.take_wishes()
    assert taken.details == {"languages": ["nl", "fr"], "own_phone": True}
    row = Operator.objects.get()
    assert (row.account, row.languages, row.standing) == (lotte, ["nl", "fr"], "offline")
    # The first word of call control counts all the same.
    actions.operator_moved(
        organisation=operator.organisation, account_id=lotte.pk, stands=actions.OperatorStanding("available"),
        call_id=None, own_phone=True, version=1, at=clock.now(),
    )  # fmt: skip
    row.refresh_from_db()
    assert (row.languages, row.standing) == (["nl", "fr"], "available")


def test_the_first_answer_counts(operator):
    wish = actions.wish(actor=operator, what="on")
    actions.answer_wish(wish.pk, "")
    actions.answer_wish(wish.pk, "busy")
    assert Wish.objects.get().answer == "done"
    actions.answer_wish(uuid4(), "done")
    other = actions.wish(actor=operator, what="off")
    actions.answer_wish(other.pk, "x" * 50)
    assert Wish.objects.get(pk=other.pk).answer == "x" * 20


def test_a_wish_that_nobody_took_in_time_is_late(operator):
    wish = actions.wish(actor=operator, what="on")
    clock.advance(timedelta(seconds=61))
    fresh = actions.wish(actor=operator, what="pause")
    assert [each.pk for each in actions.take_wishes()] == [fresh.pk]
    assert Wish.objects.get(pk=wish.pk).answer == "late"


def test_whoever_has_left_is_off_however_late_that_is_taken(operator):
    wish = actions.wish(actor=operator, what="off")
    clock.advance(timedelta(hours=2))
    again = actions.wish(actor=operator, what="on")
    # Whoever says afterwards that they are there again is there.
    assert [each.pk for each in actions.take_wishes()] == [wish.pk, again.pk]
    assert Wish.objects.get(pk=wish.pk).answer == ""


def test_idle_it_only_looks(operator, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert actions.take_wishes() == []


def test_a_reason_carries_no_number(operator):
    said = actions.wish(
        actor=operator, what="pause", details={"reason": "call 0470 12 34 56 back\n" + "x" * 90}
    )
    assert said.details["reason"].startswith("call … back")
    assert len(said.details["reason"]) <= 40
    assert actions.wish(actor=operator, what="off", details={"number": MARIE}).details == {}


@pytest.mark.parametrize("what", NEEDS)
def test_what_belongs_to_a_wish_must_be_there_and_nothing_more(operator, thomas, what):
    coordinator = of_account(thomas)
    needs_call, target = NEEDS[what]
    marie = people.record_person(organisation=operator.organisation, who=Who("Marie", phone=MARIE))
    call = Line(operator.organisation).rings()
    to = {"account": thomas.pk, "somebody": marie.pk, "": None}[target]
    right = {"call": call if needs_call else None, "to": to}
    assert actions.wish(actor=coordinator, what=what, **right).what == what
    for wrong in (
        right | {"call": None if needs_call else call},
        right | {"to": None if target else thomas.pk},
    ):
        with pytest.raises(ValueError, match="missing, or too much"):
            actions.wish(actor=coordinator, what=what, **wrong)


def test_only_the_team_and_only_its_own(operator, bram, volunteer, organisation, elsewhere):
    theirs = people.record_person(organisation=elsewhere, who=Who("Jan", phone=MARIE))
    for actor in (of_account(volunteer("Youssef").person.account), system(organisation)):
        with pytest.raises(Http404):
            actions.wish(actor=actor, what="on")
    for what, call, to in (
        ("dial", None, theirs.pk),
        ("dial", None, uuid4()),
        ("transfer", uuid4(), bram.pk),
        ("listen", uuid4(), None),
    ):
        with pytest.raises(Http404):
            actions.wish(actor=operator, what=what, call=call, to=to)
    with pytest.raises(ValueError, match="eat"):
        actions.wish(actor=operator, what="eat")


def test_calling_out_and_listening_in_are_written_down(operator, thomas):
    marie = people.record_person(organisation=operator.organisation, who=Who("Marie", phone=MARIE))
    call = Line(operator.organisation).rings()
    actions.wish(actor=operator, what="dial", to=marie.pk)
    actions.wish(actor=of_account(thomas), what="listen", call=call)
    said = [(each.verb, each.actor_id, each.subject_id) for each in Entry.objects.order_by("id")]
    assert said[-2:] == [("call.dial", operator.id, marie.pk), ("call.listen", thomas.pk, call)]


def test_nobody_listens_to_a_worry(operator, thomas):
    call = Line(operator.organisation).rings()
    actions.call_worried(organisation=operator.organisation, call_id=call, at=clock.now())
    with pytest.raises(ValueError, match="worry"):
        actions.wish(actor=of_account(thomas), what="listen", call=call)
    assert not Wish.objects.exists()
    assert not Entry.objects.filter(verb="call.listen").exists()


@pytest.mark.parametrize(("answer", "state"), [("edge", "waiting"), ("busy", "claimed"), ("done", "claimed")])
def test_whom_no_phone_could_reach_is_nobody_s(operator, lotte, answer, state):
    line = Line(operator.organisation)
    line.missed(MOBILE)
    (row,) = line.listed()
    wish = actions.call_back(actor=operator, callback_id=row.pk)
    assert line.listed()[0].claimed_by == lotte
    actions.answer_wish(wish.pk, answer)
    (row,) = line.listed()
    assert (row.state, row.claimed_by) == (state, lotte if state == "claimed" else None)
    assert (row.tries, row.tried_at) == (0, None)
    again = actions.call_back(actor=operator, callback_id=row.pk)
    assert (again.pk != wish.pk) == (answer == "edge"), "pressed again, it is tried again"


def test_wishes_of_yesterday_are_forgotten(operator):
    actions.wish(actor=operator, what="on")
    clock.advance(timedelta(hours=25))
    kept = actions.wish(actor=operator, what="off")
    jobs.forget_wishes()
    assert list(Wish.objects.all()) == [kept]


@pytest.mark.parametrize("pressed_again", [True, False])
def test_whom_nobody_could_call_in_time_is_nobody_s_again(operator, organisation, pressed_again):
    line = Line(organisation)
    line.missed(MOBILE)
    (row,) = line.listed()
    actions.call_back(actor=operator, callback_id=row.pk)
    clock.advance(timedelta(seconds=61))
    if pressed_again:
        actions.call_back(actor=operator, callback_id=row.pk)
    assert len(actions.take_wishes()) == pressed_again
    row.refresh_from_db()
    assert (row.state, row.claimed_by_id) == (
        ("claimed", operator.id) if pressed_again else ("waiting", None)
    )
