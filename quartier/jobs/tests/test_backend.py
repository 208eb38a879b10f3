"""Enqueueing, taking, running, failing: through Django's tasks API, in one process."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.tasks import TaskResultStatus
from django.tasks.exceptions import TaskResultDoesNotExist

from quartier.jobs import actions, queries, rules
from quartier.jobs.models import Job, State
from quartier.jobs.tests.work import add, count_tries, stumble, talk
from quartier.jobs.worker import work_off
from quartier.lib import clock
from quartier.lib.tests.databases import OwnDatabase


def numbers(own: OwnDatabase) -> list[object]:
    return [number for (number,) in own.rows("SELECT number FROM effect ORDER BY number")]


def lose(job: Job) -> None:
    """Let the lease of a running job run out."""
    Job.objects.filter(pk=job.pk).update(leased_until=clock.now() - timedelta(minutes=1))


def test_a_job_runs_and_its_result_can_be_read(own):
    result = add.enqueue(7)
    assert result.status == TaskResultStatus.READY
    work_off([])
    result.refresh()
    assert (result.status, result.return_value, numbers(own)) == (TaskResultStatus.SUCCESSFUL, 7, [7])
    assert add.get_result(result.id).attempts == 1


def test_an_unknown_result_is_said_to_be_unknown(own):
    for wrong in (str(uuid4()), "nonsense"):
        with pytest.raises(TaskResultDoesNotExist):
            add.get_result(wrong)


def test_a_job_exists_exactly_when_its_transaction_does(own):
    with transaction.atomic():
        add.enqueue(1)
        transaction.set_rollback(True)
    assert not Job.objects.exists()


def test_urgent_jobs_go_first_and_deferred_ones_wait(own):
    with clock.stopped_at(clock.now()):
        later = add.using(run_after=clock.now() + timedelta(hours=1), priority=100).enqueue(1)
        slow, fast = add.using(priority=-5).enqueue(2), add.using(priority=5).enqueue(3)
        order = [str(actions.claim(worker="w").pk) for _ in range(2)]
        assert order == [fast.id, slow.id]
        assert actions.claim(worker="w") is None
        clock.advance(timedelta(hours=1))
        assert str(actions.claim(worker="w").pk) == later.id


def test_a_worker_can_be_told_to_keep_to_some_queues(own):
    add.using(queue_name="slow").enqueue(1)
    assert actions.claim(worker="w", queues=("default",)) is None
    assert actions.claim(worker="w", queues=("slow", "default")) is not None


def test_one_open_job_for_a_unique_key(own):
    unique = add.using(unique_key="count 5")
    first, second = unique.enqueue(1), unique.enqueue(2)
    assert first.id == second.id
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(task="x", unique_key="count 5", enqueued_at=clock.now(), due_at=clock.now())
    work_off([])
    assert unique.enqueue(3).id != first.id


def test_a_failure_leaves_no_effects_is_tried_again_and_is_seen_in_the_end(own):
    result = stumble.enqueue(1)
    with clock.stopped_at(clock.now()):
        for failures in (1, 2, 3):
            assert actions.work_one(worker="w")
            assert not actions.work_one(worker="w"), "not again at once"
            clock.advance(rules.delay(failures))
    result.refresh()
    assert result.status == TaskResultStatus.FAILED
    assert (result.attempts, len(result.errors), numbers(own)) == (3, 3, [])
    assert result.errors[0].exception_class is ValueError
    assert [str(job.pk) for job in queries.failed()] == [result.id]
    assert "no good" not in str(own.rows("SELECT errors FROM jobs_job")), "what went wrong is sealed"
    assert actions.retry(job_id=queries.failed()[0].pk)
    assert not queries.failed()


def test_a_worker_that_was_thought_dead_cannot_finish(own):
    add.enqueue(1)
    slow = actions.claim(worker="slow")
    lose(slow)
    quick = actions.claim(worker="quick")
    assert quick.pk == slow.pk
    assert actions.run(job=slow) == State.RUNNING
    assert numbers(own) == []
    assert actions.run(job=quick) == State.DONE
    assert actions.run(job=slow) == State.RUNNING
    assert not actions.renew(job=slow)
    assert actions.fail(job=slow, error=ValueError()) == State.RUNNING
    assert numbers(own) == [1]


def test_work_on_the_network_holds_no_transaction_and_is_fenced_too(own):
    talk.enqueue(1)
    work_off([])
    assert numbers(own) == [1]
    talk.enqueue(2)
    slow = actions.claim(worker="slow")
    lose(slow)
    assert actions.run(job=actions.claim(worker="quick")) == State.DONE
    assert actions.run(job=slow) == State.RUNNING
    assert numbers(own) == [1, 2]


def test_a_heartbeat_keeps_the_lease(own, settings):
    settings.TASKS = {
        "default": {
            "BACKEND": "quartier.jobs.backend.DatabaseBackend",
            "QUEUES": [],
            "OPTIONS": {"LEASE_SECONDS": 0.3},
        }
    }
    talk.enqueue(1, pause=1.0)
    assert actions.run(job=actions.claim(worker="w")) == State.DONE
    assert numbers(own) == [1]


def test_a_job_that_takes_every_worker_down_is_given_up(own):
    add.enqueue(1)
    for _ in range(rules.MOST_LOSSES + 1):
        lose(actions.claim(worker="w"))
    assert actions.claim(worker="w") is None
    assert queries.failed().get().losses == rules.MOST_LOSSES + 1


def test_a_task_that_is_gone_fails_visibly(own):
    job = Job.objects.create(task="quartier.gone.task", enqueued_at=clock.now(), due_at=clock.now())
    with clock.stopped_at(clock.now()):
        for failures in range(1, 6):
            actions.work_one(worker="w")
            clock.advance(rules.delay(failures))
    job.refresh_from_db()
    assert job.state == State.FAILED


def test_the_context_says_which_try_it_is(own):
    result = count_tries.enqueue()
    work_off([])
    result.refresh()
    assert result.return_value == 1


def test_an_idle_worker_only_reads(own, django_assert_num_queries):
    with django_assert_num_queries(2, connection=own.connection) as asked:
        assert actions.claim(worker="w") is None
    assert all(query["sql"].startswith("SELECT") for query in asked.captured_queries)


def test_how_far_behind_the_workers_are(own):
    with clock.stopped_at(clock.now()):
        assert queries.behind(clock.now()) == timedelta(0)
        add.enqueue(1)
        clock.advance(timedelta(minutes=5))
        assert queries.behind(clock.now()) == timedelta(minutes=5)


def test_old_jobs_are_forgotten(own):
    from quartier.jobs.jobs import prune

    with clock.stopped_at(clock.now()):
        add.enqueue(1)
        work_off([])
        clock.advance(timedelta(days=6))
        add.enqueue(2)
        prune()
        assert Job.objects.filter(task__endswith="add").count() == 2
        clock.advance(timedelta(days=2))
        prune()
        assert list(Job.objects.filter(task__endswith="add").values_list("args", flat=True)) == [[2]]
