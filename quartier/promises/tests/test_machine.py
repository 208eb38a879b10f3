"""Whatever is promised, kept, broken or given on, in whatever order: one open promise, and no row that is lost."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from quartier.lib import clock
from quartier.people.actions import Who, record_person
from quartier.promises import actions, queries
from quartier.promises.models import Promise
from quartier.promises.rules import WORKER_TAKES, PromiseSpec

KINDS = st.sampled_from(Promise.Kind.values)
LATE_MINUTES = st.sampled_from([0, 1, 90])


def _latest(row):
    """When it is kept at the latest: what the search says of itself takes the worker some moments."""
    return row.due_at if row.needs_team else row.due_at + WORKER_TAKES


class Words(RuleBasedStateMachine):
    world: dict
    # How often an example came where.
    reached: Counter

    @initialize()
    def begin(self):
        self.organisation = self.world["organisation"]
        self.person = record_person(organisation=self.organisation, who=Who("Marie", email="m@example.org"))
        self.subject = {"subject_kind": "request", "subject_id": uuid4()}
        self.ended = {}
        self._promise("news", 2, needs_team=False)

    @rule(kind=KINDS, hours=st.integers(1, 48), needs_team=st.booleans())
    def promise(self, kind, hours, needs_team):
        self._promise(kind, hours, needs_team=needs_team)

    def _promise(self, kind, hours, *, needs_team):
        due_at = clock.now() + timedelta(hours=hours)
        spec = PromiseSpec(kind, **self.subject, person=self.person, due_at=due_at, needs_team=needs_team)
        made = actions.make_promise(organisation=self.organisation, spec=spec)
        assert actions.make_promise(organisation=self.organisation, spec=spec).pk == made.pk

    @rule()
    def keep(self):
        actions.keep_promises(**self.subject)

    @rule()
    def withdraw(self):
        actions.withdraw_promises(**self.subject)

    @rule()
    def to_team(self):
        actions.give_to_team(**self.subject)

    @rule()
    def to_search(self):
        actions.give_to_search(**self.subject)

    @rule(kind=KINDS)
    def break_it(self, kind):
        self._break(kind)

    def _break(self, kind):
        promise = queries.open_about(**self.subject)
        if promise is None:
            return
        renewal = actions.break_promise(promise=promise, due_at=clock.now() + timedelta(hours=3), kind=kind)
        # Only what is past is broken, and once.
        assert (renewal is not None) == (promise.due_at <= clock.now())
        if renewal is not None:
            assert (
                actions.break_promise(promise=promise, due_at=clock.now() + timedelta(hours=3), kind=kind)
                is None
            )
            assert renewal.times_broken == promise.times_broken + 1
            assert renewal.waiting_since == promise.waiting_since

    @rule()
    def renew(self):
        promise = queries.open_about(**self.subject)
        if promise is not None:
            renewal = actions.renew_promise(promise=promise, due_at=clock.now() + timedelta(hours=3))
            # What is late is broken, and not renewed.
            assert (renewal is not None) == (promise.due_at >= clock.now())
            assert actions.renew_promise(promise=promise, due_at=clock.now() + timedelta(hours=3)) is None

    @rule(minutes=st.sampled_from([1, 30, 200, 1500]))
    def time_passes(self, minutes):
        clock.set_time(clock.now() + timedelta(minutes=minutes))

    # Without these hardly a row is ever late: time would have to pass, by as much, just before something ends it.
    @precondition(lambda self: self.is_promised())
    @rule(late=LATE_MINUTES, times=st.integers(1, 3))
    def break_when_late(self, late, times):
        for _ in range(times):
            promise, _due_at = self._hour_passes(late)
            self._break(promise.kind)

    @precondition(lambda self: self.is_promised())
    @rule(late=LATE_MINUTES)
    def keep_when_late(self, late):
        self._hour_passes(late)
        actions.keep_promises(**self.subject)

    @precondition(lambda self: self.is_promised())
    @rule(late=LATE_MINUTES, called_in_time=st.booleans())
    def follow_when_late(self, late, called_in_time):
        promise, due_at = self._hour_passes(late)
        self._follow(promise, called_at=due_at if called_in_time else clock.now())

    @precondition(lambda self: self.is_promised())
    @rule(late=LATE_MINUTES, kind=KINDS)
    def promise_when_late(self, late, kind):
        self._hour_passes(late)
        self._promise(kind, 3, needs_team=True)

    def _hour_passes(self, late):
        promise = queries.open_about(**self.subject)
        # It may be late already: then nobody had called before its hour.
        due_at = promise.due_at
        clock.set_time(max(due_at, clock.now()) + timedelta(minutes=late))
        return promise, due_at

    def _follow(self, promise, called_at):
        """It is seen at its hour, or after it, that a call was made in vain."""
        following = actions.follow_promise(
            promise=promise, due_at=clock.now() + timedelta(hours=3), kept_at=called_at
        )
        promise.refresh_from_db()
        assert promise.outcome == ("kept" if called_at <= _latest(promise) else "broken")
        assert (following.renewed_from_id, following.told_by) == (promise.pk, "nobody")

    def is_promised(self):
        return hasattr(self, "subject") and queries.open_about(**self.subject) is not None

    @invariant()
    def at_most_one_is_open_and_what_has_ended_stays_so(self):
        if not hasattr(self, "subject"):
            return
        rows = list(Promise.objects.filter(subject_id=self.subject["subject_id"]))
        assert sum(row.is_open for row in rows) <= 1
        for row in rows:
            if row.is_open:
                assert row.next_at is not None
                assert row.next_at <= row.due_at
            assert self.ended.get(row.pk, row.outcome) == row.outcome
            assert (row.broken_at is not None) == (row.outcome == "broken")
            if row.outcome == "broken":
                assert row.due_at <= row.broken_at
                next_one = Promise.objects.filter(renewed_from=row).first()
                assert next_one is None or next_one.made_at == row.broken_at
                assert next_one is None or next_one.times_broken == row.times_broken + 1
            if row.outcome == "renewed":
                assert row.ended_at <= row.due_at
            if row.outcome == "kept":
                assert row.kept_at <= _latest(row)
        self.ended = {row.pk: row.outcome for row in rows if not row.is_open}

    def teardown(self):
        self.reached["examples"] += 1
        if not hasattr(self, "subject"):
            return
        rows = Promise.objects.filter(subject_id=self.subject["subject_id"])
        self.reached.update(rows.exclude(outcome="").values_list("outcome", flat=True))
        self.reached["with late rows"] += rows.filter(outcome="broken").exists()
        self.reached["broken twice in a row"] += rows.filter(times_broken__gte=2).exists()


@pytest.mark.django_db
def test_a_promise_ends_once_whatever_happens(tuesday, organisation):
    from django.db import transaction

    class Fresh(Words):
        world = {"organisation": organisation}
        reached = Counter()

        def __init__(self):
            super().__init__()
            clock.set_time(tuesday)
            self.block = transaction.atomic()
            self.block.__enter__()

        def teardown(self):
            super().teardown()
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)
            clock.set_time(tuesday)

    run_state_machine_as_test(
        Fresh,
        settings=settings(
            max_examples=25,
            # How often it comes where is looked at below: that must not depend on luck.
            derandomize=True,
            stateful_step_count=15,
            deadline=None,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    # A machine that never is late shows nothing of what is late.
    reached = Fresh.reached
    assert reached["with late rows"] >= reached["examples"] / 3, reached
    assert reached["broken twice in a row"] > 0, reached
    assert min(reached[each] for each in ("kept", "renewed", "withdrawn")) > 0, reached


@pytest.mark.django_db
def test_an_hour_that_is_past_cannot_be_promised(organisation, tuesday):
    spec = PromiseSpec("call", "request", uuid4(), None, tuesday)
    with pytest.raises(ValueError, match="still to come"):
        actions.make_promise(organisation=organisation, spec=spec)
