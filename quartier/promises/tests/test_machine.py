"""Whatever is promised, kept, broken or given on, in whatever order: one open promise, and no row that is lost."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from quartier.lib import clock
from quartier.people.actions import Who, record_person
from quartier.promises import actions, queries
from quartier.promises.models import Promise
from quartier.promises.rules import PromiseSpec

KINDS = st.sampled_from(Promise.Kind.values)


class Words(RuleBasedStateMachine):
    world: dict

    @initialize()
    def begin(self):
        self.organisation = self.world["organisation"]
        self.person = record_person(organisation=self.organisation, who=Who("Marie", email="m@example.org"))
        self.subject = {"subject_kind": "request", "subject_id": uuid4()}
        self.ended = {}

    @rule(kind=KINDS, hours=st.integers(1, 48), needs_team=st.booleans())
    def promise(self, kind, hours, needs_team):
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
            if row.outcome in {"kept", "renewed"}:
                assert row.ended_at <= row.due_at
        self.ended = {row.pk: row.outcome for row in rows if not row.is_open}


@pytest.mark.django_db
def test_a_promise_ends_once_whatever_happens(tuesday, organisation):
    from django.db import transaction

    class Fresh(Words):
        world = {"organisation": organisation}

        def __init__(self):
            super().__init__()
            clock.set_time(tuesday)
            self.block = transaction.atomic()
            self.block.__enter__()

        def teardown(self):
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)
            clock.set_time(tuesday)

    run_state_machine_as_test(
        Fresh,
        settings=settings(
            max_examples=25,
            stateful_step_count=15,
            deadline=None,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_an_hour_that_is_past_cannot_be_promised(organisation, tuesday):
    spec = PromiseSpec("call", "request", uuid4(), None, tuesday)
    with pytest.raises(ValueError, match="still to come"):
        actions.make_promise(organisation=organisation, spec=spec)
