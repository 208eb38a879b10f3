"""The callback list, step by step: taken, tried, tried again by rule, done, given up by a person."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from quartier.audit.models import Entry
from quartier.lib import clock
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.team.access import Actor, of_account, system
from quartier.telephony import actions, jobs
from quartier.telephony.models import Callback, LineSettings
from quartier.telephony.rules import NotPossible
from quartier.telephony.tests.room import JEAN, MARIE, Line

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(tuesday, organisation):
    return Line(organisation)


@pytest.fixture
def operator(lotte):
    return of_account(lotte)


@pytest.fixture
def other(account):
    return of_account(account("Emma", "operator"))


@pytest.fixture
def coordinator(thomas):
    return of_account(thomas)


@pytest.fixture
def row(line):
    line.missed()
    return line.listed()[0]


def test_missed_taken_and_done(row, operator, line):
    taken = actions.claim(actor=operator, callback_id=row.id)
    assert (taken.state, taken.claimed_until) == ("claimed", clock.now() + timedelta(minutes=10))
    over = actions.done(actor=operator, callback_id=row.id, note="needs bread")
    assert (over.state, over.ended_at, over.note) == ("done", clock.now(), "needs bread")
    assert actions.done(actor=operator, callback_id=row.id).note == "needs bread"
    assert not line.listed()


def test_one_has_it(row, operator, other):
    actions.claim(actor=operator, callback_id=row.id)
    with pytest.raises(NotPossible):
        actions.claim(actor=other, callback_id=row.id)
    clock.advance(timedelta(minutes=9))
    # Whoever has it may have it longer.
    actions.claim(actor=operator, callback_id=row.id)
    clock.advance(timedelta(minutes=9))
    with pytest.raises(NotPossible):
        actions.claim(actor=other, callback_id=row.id)
    clock.advance(timedelta(minutes=1))
    actions.claim(actor=other, callback_id=row.id)
    with pytest.raises(NotPossible):
        actions.done(actor=operator, callback_id=row.id)
    assert actions.tried(actor=operator, callback_id=row.id).tries == 0


def test_a_claim_that_ran_out_waits_again_and_may_still_be_reported(row, operator, line):
    actions.claim(actor=operator, callback_id=row.id)
    clock.advance(timedelta(minutes=10))
    jobs.release_expired()
    (waiting,) = line.listed()
    assert (waiting.state, waiting.claimed_until) == ("waiting", None)
    assert actions.tried(actor=operator, callback_id=row.id).tries == 1
    assert actions.tried(actor=operator, callback_id=row.id).tries == 1


def test_tried_is_due_again_by_rule_then_a_coordinator_decides(row, operator, coordinator, line):
    waits = []
    for _ in range(3):
        actions.claim(actor=operator, callback_id=row.id)
        now = clock.now()
        waits.append(actions.tried(actor=operator, callback_id=row.id, note="no answer").due_at - now)
        if waits[-1] < timedelta(hours=2):
            clock.advance(waits[-1])
    assert waits[:2] == [timedelta(minutes=15), timedelta(hours=1)]
    (given_up,) = line.listed()
    assert (given_up.state, given_up.tries, given_up.ended_at) == ("given_up", 3, None)
    assert given_up.note == "no answer\nno answer\nno answer"
    with pytest.raises(NotPossible):
        actions.claim(actor=operator, callback_id=row.id)
    with pytest.raises(NotPossible):
        actions.done(actor=operator, callback_id=row.id)
    for decide in (actions.give_up, actions.try_again):
        with pytest.raises(Http404):
            decide(actor=operator, callback_id=row.id)
    assert actions.try_again(actor=coordinator, callback_id=row.id).state == "waiting"
    with pytest.raises(NotPossible):
        actions.give_up(actor=coordinator, callback_id=row.id)


def test_given_up_leaves_the_list_by_a_coordinator_alone(row, operator, coordinator, line):
    LineSettings.objects.create(organisation=line.organisation, tries=1)
    actions.claim(actor=operator, callback_id=row.id)
    actions.tried(actor=operator, callback_id=row.id)
    over = actions.give_up(actor=coordinator, callback_id=row.id, note="moved away")
    assert (over.state, over.ended_at) == ("given_up", clock.now())
    assert actions.give_up(actor=coordinator, callback_id=row.id).note == "moved away"
    assert not line.listed()
    line.missed()
    assert len(line.listed()) == 1


def test_a_coordinator_may_say_that_a_given_up_one_was_reached(row, operator, coordinator, line):
    LineSettings.objects.create(organisation=line.organisation, tries=1)
    actions.claim(actor=operator, callback_id=row.id)
    actions.tried(actor=operator, callback_id=row.id)
    assert actions.done(actor=coordinator, callback_id=row.id).state == "done"


def test_who_was_given_up_and_calls_again_is_tried_again(row, operator, line):
    LineSettings.objects.create(organisation=line.organisation, tries=1)
    actions.claim(actor=operator, callback_id=row.id)
    actions.tried(actor=operator, callback_id=row.id)
    line.missed()
    (again,) = line.listed()
    assert (again.pk, again.state, again.tries, again.calls) == (row.pk, "waiting", 0, 2)
    assert again.due_at == clock.now()


def test_who_calls_again_keeps_the_place_and_is_due_at_once(row, operator, line, tuesday):
    actions.claim(actor=operator, callback_id=row.id)
    actions.tried(actor=operator, callback_id=row.id)
    clock.advance(timedelta(minutes=5))
    line.missed()
    (again,) = line.listed()
    assert (again.wanted_at, again.due_at, again.tries) == (tuesday, clock.now(), 0)


def test_a_call_while_somebody_has_it_leaves_it_with_them(row, operator, line):
    actions.claim(actor=operator, callback_id=row.id)
    line.missed()
    (again,) = line.listed()
    assert (again.state, again.claimed_by_id, again.calls) == ("claimed", operator.id, 2)


def test_done_is_not_for_who_called_again_meanwhile(row, operator, line):
    actions.claim(actor=operator, callback_id=row.id)
    clock.advance(timedelta(minutes=2))
    line.missed()
    actions.claim(actor=operator, callback_id=row.id)
    kept = actions.done(actor=operator, callback_id=row.id, note="all well")
    assert (kept.state, kept.ended_at, kept.due_at, kept.note) == ("waiting", None, clock.now(), "all well")
    with pytest.raises(NotPossible):
        actions.done(actor=operator, callback_id=row.id)
    actions.claim(actor=operator, callback_id=row.id)
    assert actions.done(actor=operator, callback_id=row.id).state == "done"


def test_done_is_done_when_they_were_spoken_to_after_they_called_again(row, operator, line, lotte):
    actions.claim(actor=operator, callback_id=row.id)
    clock.advance(timedelta(minutes=2))
    line.missed()
    clock.advance(timedelta(minutes=2))
    out = line.rings(direction="out")
    line.moves(out, "bridged", lotte)
    assert actions.done(actor=operator, callback_id=row.id).state == "done"


def test_tried_in_vain_while_they_called_is_due_at_once(row, operator, line):
    LineSettings.objects.create(organisation=line.organisation, tries=1)
    actions.claim(actor=operator, callback_id=row.id)
    line.missed()
    again = actions.tried(actor=operator, callback_id=row.id)
    assert (again.state, again.due_at, again.tries) == ("waiting", clock.now(), 1)


def test_handed_back(row, operator, other, coordinator):
    actions.claim(actor=operator, callback_id=row.id)
    assert actions.release(actor=other, callback_id=row.id).state == "claimed"
    assert actions.release(actor=operator, callback_id=row.id).state == "waiting"
    actions.claim(actor=other, callback_id=row.id)
    assert actions.release(actor=coordinator, callback_id=row.id).claimed_by is None


def test_a_page_that_is_old_ends_nothing(row, operator, line):
    actions.claim(actor=operator, callback_id=row.id)
    actions.promise(actor=operator, call=row.call, due_at=clock.now() + timedelta(hours=3))
    with pytest.raises(NotPossible):
        actions.done(actor=operator, callback_id=row.id)
    (promised,) = line.listed()
    assert (promised.state, promised.why) == ("waiting", "promised")
    assert promised.due_at == clock.now() + timedelta(hours=3)


def test_a_promise_to_a_person_without_a_call(line, operator, organisation):
    marie = people.record_person(organisation=organisation, who=Who("Marie", phone=MARIE, language="nl"))
    marie.phone_is_shared = True
    marie.save()
    tomorrow = clock.now() + timedelta(hours=13)  # midnight
    row = actions.promise(actor=operator, person=marie, due_at=tomorrow, note="about the pills")
    assert (row.number, row.calls, row.language, row.person) == (MARIE, 0, "nl", marie)
    assert row.due_at == clock.now() + timedelta(hours=21)  # at eight
    line.rings()
    line.missed(why="asked", outcome="callback")
    assert [each.calls for each in line.listed()] == [1]


def test_no_promise_without_a_number(line, operator, organisation, bram):
    jean = people.record_person(organisation=organisation, who=Who("Jean", email="jean@example.org"))
    with pytest.raises(NotPossible):
        actions.promise(actor=operator, person=jean, due_at=clock.now())
    with pytest.raises(NotPossible):
        actions.promise(actor=operator, call=line.missed(""), due_at=clock.now())
    for who in (of_account(bram), Actor(organisation, "link")):
        with pytest.raises(Http404):
            actions.promise(actor=who, person=jean, due_at=clock.now())
    with pytest.raises(Http404):
        actions.promise(actor=operator, due_at=clock.now())


@pytest.mark.parametrize("what", [actions.claim, actions.tried, actions.done, actions.release])
def test_only_the_team_of_the_organisation(row, what, bram, volunteer, organisation):
    youssef = volunteer("Youssef").person.account
    for actor in (of_account(bram), of_account(youssef), system(organisation)):
        with pytest.raises(Http404):
            what(actor=actor, callback_id=row.id)
    with pytest.raises(Http404):
        what(actor=of_account(bram), callback_id=uuid4())


def test_each_step_is_written_down(row, operator):
    actions.claim(actor=operator, callback_id=row.id)
    actions.tried(actor=operator, callback_id=row.id, note="call +32470123456")
    said = [(each.verb, each.actor_id) for each in Entry.objects.filter(subject_id=row.id).order_by("id")]
    assert said == [("callback.list", None), ("callback.claim", operator.id), ("callback.tried", operator.id)]
    assert "32470" not in str(list(Entry.objects.values_list("details", flat=True)))


def test_the_database_keeps_one_row_for_a_number_and_no_end_without_a_state(row):
    with pytest.raises(IntegrityError), transaction.atomic():
        Callback.objects.create(
            organisation=row.organisation, number=MARIE, number_index=row.number_index, why="missed",
            wanted_at=row.wanted_at, due_at=row.due_at,
        )  # fmt: skip
    for wrong in ({"state": "done"}, {"ended_at": row.due_at}, {"state": "claimed"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Callback.objects.filter(pk=row.pk).update(**wrong)


def test_the_same_number_of_two_organisations_is_two(line, elsewhere):
    line.missed()
    Line(elsewhere).missed()
    assert Callback.objects.count() == 2


def test_a_voicemail_makes_more_of_a_missed_call(line):
    call = line.rings()
    line.ends(call, "voicemail", ring_back=False)
    assert [(row.why, row.calls) for row in line.listed()] == [("missed", 1)]
    line.leaves(call)
    line.leaves(call)
    assert [(row.why, row.calls) for row in line.listed()] == [("message", 1)]


def test_two_people_are_two_rows(line):
    line.missed()
    line.missed(JEAN)
    assert {row.number for row in line.listed()} == {MARIE, JEAN}


def test_whoever_was_called_back_in_vain_and_calls_again_is_known_by_it(line, operator):
    line.missed(MARIE)
    line.rings(MARIE)
    assert not line.known.returns
    # We try, and nobody comes to the telephone: nothing has to be noted for that.
    out = line.rings(MARIE, direction="out")
    line.ends(out, "unreached", False)
    again = line.rings(MARIE)
    assert (line.known.returns, line.call(again).returns_our_call) == (True, True)
    line.rings(JEAN)
    assert not line.known.returns
    # Spoken with, they call like anybody.
    row = Callback.objects.get(ended_at=None)
    actions.claim(actor=operator, callback_id=row.pk)
    actions.done(actor=operator, callback_id=row.pk)
    line.rings(MARIE)
    assert not line.known.returns
