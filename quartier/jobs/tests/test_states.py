"""Whatever happens in whatever order, a job is in one state and its effects are there once."""

from collections import Counter
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from quartier.jobs import actions, rules
from quartier.jobs.models import OPEN, Job, State
from quartier.jobs.tests.work import add, stumble
from quartier.lib import clock


def machine(own):
    class Jobs(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            Job.objects.all().delete()
            own.run("DELETE FROM effect")
            clock.set_time(clock.now())
            self.enqueued: set[str] = set()
            self.held: list[Job] = []
            self.fenced: set[object] = set()

        def teardown(self) -> None:
            clock.set_time(None)

        @rule(bad=st.booleans(), key=st.sampled_from([None, "a", "b"]), wait=st.integers(0, 90))
        def enqueue(self, bad: bool, key: str | None, wait: int) -> None:
            task = (stumble if bad else add).using(
                unique_key=key, run_after=clock.now() + timedelta(seconds=wait)
            )
            self.enqueued.add(task.enqueue(len(self.enqueued)).id)

        @rule(seconds=st.integers(0, 400))
        def time_passes(self, seconds: int) -> None:
            clock.advance(timedelta(seconds=seconds))

        @rule()
        def claim(self) -> None:
            job = actions.claim(worker="w")
            if job is not None:
                assert job.due_at <= clock.now()
                self.fenced |= {other.lease for other in self.held if other.pk == job.pk}
                self.held.append(job)

        @precondition(lambda self: self.held)
        @rule(which=st.randoms(use_true_random=False))
        def run(self, which) -> None:
            job = which.choice(self.held)
            self.held.remove(job)
            before = Job.objects.get(pk=job.pk)
            after = actions.run(job=job)
            if job.lease in self.fenced or before.lease != job.lease:
                assert after == State.RUNNING
                assert Job.objects.get(pk=job.pk).state == before.state
            else:
                assert after in {State.DONE, State.READY, State.FAILED}

        @precondition(lambda self: self.held)
        @rule(which=st.randoms(use_true_random=False))
        def lose(self, which) -> None:
            past = clock.now() - timedelta(days=1)
            Job.objects.filter(lease=which.choice(self.held).lease).update(leased_until=past)

        @precondition(lambda self: self.held)
        @rule(which=st.randoms(use_true_random=False))
        def renew(self, which) -> None:
            job = which.choice(self.held)
            assert actions.renew(job=job) == Job.objects.filter(lease=job.lease).exists()

        @invariant()
        def nothing_is_lost_or_doubled(self) -> None:
            jobs = list(Job.objects.all())
            assert {str(job.pk) for job in jobs} == self.enqueued
            done = Counter(job.args[0] for job in jobs if job.state == State.DONE)
            assert Counter(number for (number,) in own.rows("SELECT number FROM effect")) == done

        @invariant()
        def one_open_job_a_key(self) -> None:
            keys = Job.objects.filter(state__in=OPEN, unique_key__isnull=False)
            found = list(keys.values_list("unique_key", flat=True))
            assert len(found) == len(set(found))

        @invariant()
        def what_is_given_up_has_failed_often_enough(self) -> None:
            for job in Job.objects.all():
                assert (job.state == State.FAILED) == rules.given_up(job.failures, 3, job.losses)

    return Jobs


def test_states(own):
    run_state_machine_as_test(
        machine(own),
        settings=settings(
            max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_waits_grow_to_an_hour():
    waits = [rules.delay(failures) for failures in range(1, 40)]
    assert waits[0] == timedelta(seconds=5)
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=1)
