"""Whatever comes in whatever order: who is to be rung back is on the list, once, until somebody says how it ended."""

import contextlib
import random
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from quartier.lib import clock
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.team.access import of_account
from quartier.telephony import actions, jobs, queries, rules
from quartier.telephony.models import Audio, Call, Callback, LineSettings
from quartier.telephony.rules import NotPossible
from quartier.telephony.tests.room import JEAN, MARIE, Line, wav

SHARED, WITHHELD = "+3220001440", ""
NUMBERS = (MARIE, JEAN, SHARED, WITHHELD)
NUMBER, WHO = st.sampled_from(NUMBERS), st.sampled_from([0, 1, 2])
PLACE = st.integers(0, 4)
OUTCOME = st.sampled_from(["answered", "voicemail", "callback", "abandoned", "left", "unreached"])
WHY = st.sampled_from(["", "asked", "missed", "cut_off", "trouble", "message", "nonsense"])
# From which state a row may come to which, while it is the same row.
STEPS = {
    "waiting": {"waiting", "claimed", "done", "given_up"},
    "claimed": {"waiting", "claimed", "done", "given_up"},
    "given_up": {"waiting", "given_up", "done"},
    "done": {"done"},
}
SOUND = wav(1.0)


class Evening(RuleBasedStateMachine):
    """Some numbers call, two operators and a coordinator work on the list, words come late and twice."""

    world: dict

    @initialize(tries=st.integers(1, 3))
    def begin(self, tries):
        self.line = Line(self.world["organisation"])
        LineSettings.objects.create(organisation=self.line.organisation, tries=tries)
        self.marie = people.record_person(organisation=self.line.organisation, who=Who("Marie", phone=MARIE))
        people.record_person(
            organisation=self.line.organisation,
            who=Who("Paul", phone=SHARED, phone_is_shared=True, noted_by_team=True),
        )
        self.actors = self.world["actors"]
        self.needs, self.calls, self.ended, self.left, self.before = set(), {}, {}, set(), {}

    def row(self, place):
        """One of those on the list."""
        listed = self.line.listed()
        return listed[place % len(listed)] if listed else None

    def some(self, place):
        """One of the last calls."""
        return list(self.calls)[-1 - place % len(self.calls)] if self.calls else None

    def wants(self, number, why):
        if rules.is_rung_back(why, number=number, is_shared=number == SHARED):
            self.needs.add(number)

    @rule(number=NUMBER)
    def rings(self, number):
        call = self.line.rings(number)
        self.calls[call] = number

    @rule(number=st.sampled_from([MARIE, JEAN]), outcome=st.sampled_from(["abandoned", "callback"]))
    def missed(self, number, outcome):
        call = self.line.rings(number)
        self.calls[call], self.ended[call] = number, (outcome, True, "")
        self.line.ends(call, outcome, number=number)
        self.needs.add(number)

    @rule(place=PLACE, state=st.sampled_from(["menu", "queued", "offering", "bridged", "voicemail"]))
    def moves(self, place, state):
        if call := self.some(place):
            self.line.moves(call, state)

    @rule(
        number=NUMBER,
        place=PLACE,
        new=st.booleans(),
        outcome=OUTCOME,
        back=st.booleans(),
        why=WHY,
    )
    def closed(self, number, place, new, outcome, back, why):
        call = uuid4() if new or not self.calls else self.some(place)
        number = self.calls.setdefault(call, number)
        if call not in self.ended:
            self.ended[call] = (outcome, back, why)
            said = Audio.objects.filter(call=call).exists()
            if outcome == "voicemail" and (not back or why == "message"):
                self.wants(number, "message" if said else "missed")
            elif back and outcome != "unreached":
                self.wants(number, rules.why_of(rules.Ended(outcome, why=why)))
        outcome, back, why = self.ended[call]
        self.line.ends(call, outcome, back, number=number, why=why)
        if (outcome, why) == ("abandoned", "cut_off") and self.line.call(call).answered_at:
            # What nobody saw end is counted by what was known of it.
            self.ended[call] = ("answered", back, why)

    @rule(place=PLACE)
    def closed_again(self, place):
        if (call := self.some(place)) in self.ended:
            outcome, back, why = self.ended[call]
            self.line.ends(call, outcome, back, number=self.calls[call], why=why)

    @rule(place=PLACE, said=st.booleans())
    def message(self, place, said):
        call = self.some(place)
        if call is None:
            return
        known = self.line.call(call)
        if said and call not in self.left:
            self.left.add(call)
            self.wants(known.number, "message")
        elif not said and call not in self.left and known.callback_id is None:
            self.wants(known.number, "missed")
        self.line.leaves(call, SOUND if said else b"", 1.0 if said else 0.0)

    @rule(place=PLACE, who=WHO)
    def claim(self, place, who):
        if row := self.row(place):
            with contextlib.suppress(NotPossible):
                actions.claim(actor=self.actors[who], callback_id=row.id)

    @rule(place=PLACE, who=WHO, twice=st.booleans())
    def tried(self, place, who, twice):
        if row := self.row(place):
            tries = actions.tried(actor=self.actors[who], callback_id=row.id).tries
            assert tries <= row.tries + 1
            if twice:
                assert actions.tried(actor=self.actors[who], callback_id=row.id).tries == tries

    @rule(place=PLACE, who=WHO)
    def done(self, place, who):
        if row := self.row(place):
            with contextlib.suppress(NotPossible):
                over = actions.done(actor=self.actors[who], callback_id=row.id)
                assert row.claimed_by_id == self.actors[who].id or row.state == "given_up"
                # Whoever called again while somebody had it is still to be rung.
                assert (over.ended_at is None) <= row.again
                if over.ended_at is not None:
                    self.needs.discard(row.number)

    @rule(place=PLACE, who=WHO)
    def claim_and_done(self, place, who):
        self.claim(place, who)
        self.done(place, who)

    @rule(place=PLACE, who=WHO)
    def claim_and_tried(self, place, who):
        self.claim(place, who)
        self.tried(place, who, False)

    @rule(place=PLACE, who=WHO)
    def release(self, place, who):
        if row := self.row(place):
            actions.release(actor=self.actors[who], callback_id=row.id)

    @rule(place=PLACE)
    def coordinator_gives_up(self, place):
        if row := self.row(place):
            with contextlib.suppress(NotPossible):
                actions.give_up(actor=self.actors[2], callback_id=row.id)
                assert row.state == "given_up"
                self.needs.discard(row.number)

    @rule(place=PLACE)
    def coordinator_tries_again(self, place):
        if row := self.row(place):
            actions.try_again(actor=self.actors[2], callback_id=row.id)

    @rule(who=WHO, hours=st.integers(-1, 30), place=PLACE, to_call=st.booleans())
    def promise(self, who, hours, place, to_call):
        due = clock.now() + timedelta(hours=hours)
        call = self.some(place)
        if not to_call or call is None:
            actions.promise(actor=self.actors[who], person=self.marie, due_at=due)
            self.needs.add(MARIE)
            return
        with contextlib.suppress(NotPossible):
            row = actions.promise(actor=self.actors[who], call=self.line.call(call), due_at=due)
            self.needs.add(row.number)

    @rule(minutes=st.sampled_from([1, 9, 11, 60, 700]), expire=st.booleans())
    def time_passes(self, minutes, expire):
        clock.set_time(clock.now() + timedelta(minutes=minutes))
        if expire:
            jobs.release_expired()

    @rule(keep=PLACE)
    def call_control_falls(self, keep):
        live = [
            call for call in Call.objects.filter(ended_at=None).order_by("id") if call.began_at < clock.now()
        ]
        alive = {live[keep % len(live)].pk} if live and keep % 3 == 0 else set()
        for call in live:
            if call.pk not in alive:
                self.ended[call.pk] = ("answered" if call.answered_at else "abandoned", True, "cut_off")
                self.wants(call.number, "cut_off")
        actions.sweep(organisation=self.line.organisation, alive=alive, at=clock.now())

    @invariant()
    def everybody_is_on_the_list_once(self):
        if not hasattr(self, "needs"):
            return
        listed = self.line.listed()
        assert sorted(row.number for row in listed) == sorted(self.needs)
        hours = queries.hours_of(self.line.organisation)
        for row in listed:
            assert row.state in {"waiting", "claimed", "given_up"}
            assert hours.may_ring(row.due_at)
            linked = Call.objects.filter(callback=row).count()
            assert row.calls == linked
            if row.number == SHARED:
                assert row.why in rules.ON_REQUEST
        shown = queries.callbacks(self.line.organisation, clock.now())
        assert {each.callback.pk for each in shown} == {row.pk for row in listed}

    @invariant()
    def states_are_as_documented(self):
        if not hasattr(self, "needs"):
            return
        for row in Callback.objects.all():
            before, over = self.before.get(row.pk, ("waiting", False))
            assert row.state in STEPS[before]
            assert (row.ended_at is not None) >= over
            assert (row.ended_at is not None) <= (row.state in {"done", "given_up"})
            assert (row.claimed_until is not None) == (row.state == "claimed")
            self.before[row.pk] = (row.state, row.ended_at is not None)

    @invariant()
    def every_call_has_one_outcome(self):
        if not hasattr(self, "needs"):
            return
        calls = list(Call.objects.all())
        assert {call.pk for call in calls} == set(self.calls)
        for call in calls:
            assert (call.outcome != "") == (call.pk in self.ended)
            assert call.outcome == self.ended.get(call.pk, ("",))[0]


@pytest.fixture
def evening(tuesday, organisation, lotte, thomas, account):
    """The class of an evening whose rows are gone when it is over."""
    actors = [of_account(each) for each in (lotte, account("Emma", "operator"), thomas)]

    class Fresh(Evening):
        world = {"organisation": organisation, "actors": actors}

        def __init__(self):
            super().__init__()
            clock.set_time(tuesday)
            self.block = transaction.atomic()
            self.block.__enter__()

        def teardown(self):
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)
            clock.set_time(tuesday)

    return Fresh


@pytest.mark.either
@pytest.mark.django_db
def test_nobody_is_lost_whatever_happens(evening):
    run_state_machine_as_test(
        evening,
        settings=settings(
            max_examples=30,
            stateful_step_count=30,
            deadline=None,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.either
@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(12))
def test_nobody_is_lost_in_a_long_evening(evening, seed):
    """The same steps, each as likely as the others: the rare ones meet, as a message that comes after "done"."""
    draw = random.Random(seed)
    one = evening()
    one.begin(draw.randint(1, 3))

    def place():
        return draw.randint(0, 4)

    def who():
        return draw.randint(0, 2)

    def yes():
        return draw.random() < 0.5

    def number():
        return draw.choice(NUMBERS)

    def closed():
        outcome = draw.choice(["answered", "voicemail", "callback", "abandoned", "left", "unreached"])
        why = draw.choice(["", "asked", "cut_off", "trouble", "message"])
        one.closed(number(), place(), yes(), outcome, yes(), why)

    steps = [
        lambda: one.rings(number()),
        lambda: one.missed(draw.choice([MARIE, JEAN]), "abandoned"),
        lambda: one.moves(place(), draw.choice(["queued", "bridged", "voicemail"])),
        closed,
        lambda: one.closed_again(place()),
        lambda: one.message(place(), yes()),
        lambda: one.message(place(), True),
        lambda: one.claim(place(), who()),
        lambda: one.tried(place(), who(), yes()),
        lambda: one.claim_and_tried(place(), who()),
        lambda: one.done(place(), who()),
        lambda: one.claim_and_done(place(), who()),
        lambda: one.release(place(), who()),
        lambda: one.coordinator_gives_up(place()),
        lambda: one.coordinator_tries_again(place()),
        lambda: one.promise(who(), draw.randint(-1, 30), place(), yes()),
        lambda: one.time_passes(draw.choice([1, 9, 11, 60, 700]), yes()),
        lambda: one.call_control_falls(place()),
    ]
    try:
        for _ in range(120):
            draw.choice(steps)()
            one.everybody_is_on_the_list_once()
            one.states_are_as_documented()
        one.every_call_has_one_outcome()
    finally:
        one.teardown()


def test_whom_we_called_and_lost_is_on_the_list_by_the_number_that_we_called(db, organisation):
    line = Line(organisation)
    call = line.rings(JEAN, direction="out")
    line.moves(call, "bridged")
    line.ends(call, "answered", number="", why="missed")
    (row,) = line.listed()
    assert (row.number, row.why) == (JEAN, "missed")
