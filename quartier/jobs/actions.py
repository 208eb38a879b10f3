"""Taking a job, running it, and writing down what came of it.

A worker holds a job by a lease: a token, and a time by the database's clock until which nobody else may take
it. Every write about a running job is conditional on the token, and shares its transaction with the effects
of the task. So a worker that was thought dead and was not cannot do the work a second time.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from traceback import format_exception
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import DateTimeField, ExpressionWrapper
from django.db.models.functions import Now
from django.tasks import task_backends
from django.utils.json import normalize_json

from quartier.jobs import queries, rules
from quartier.jobs.backend import DatabaseBackend, DatabaseTask, no_effects, resolve
from quartier.jobs.models import Job, State
from quartier.lib import clock
from quartier.lib.only_reading import noticing_writes

log = logging.getLogger(__name__)
KEPT_ERRORS = 5


class LeaseLost(Exception):
    """Another worker has taken the job over; nothing of this run may stay."""


def _backend() -> DatabaseBackend:
    backend = task_backends["default"]
    assert isinstance(backend, DatabaseBackend)
    return backend


def _lease_seconds() -> float:
    return float(_backend().options.get("LEASE_SECONDS", 30))


def _lease_end() -> Any:
    return ExpressionWrapper(Now() + timedelta(seconds=_lease_seconds()), output_field=DateTimeField())


def claim(*, worker: str, queues: tuple[str, ...] = ()) -> Job | None:
    """Take the most urgent due job, or one whose worker is lost; `None` when there is nothing to do.

    Looks without locks first, so that idle workers never take SQLite's write lock.
    """
    if not queries.due(clock.now(), queues).exists() and not queries.lost(queues).exists():
        return None
    with transaction.atomic():
        for found, was_lost in ((queries.lost(queues), True), (queries.due(clock.now(), queues), False)):
            if connection.features.has_select_for_update_skip_locked:
                found = found.select_for_update(skip_locked=True)
            job = found.first()
            if job is not None:
                job.losses += was_lost
                if was_lost and rules.given_up(0, 1, job.losses):
                    _close(job, State.FAILED, ["errors"], _error(LeaseLost("every worker was lost")))
                    return None
                return _take(job, worker)
    return None


def _take(job: Job, worker: str) -> Job:
    now = clock.now()
    job.state, job.lease = State.RUNNING, uuid4()
    job.tried_at = now
    job.started_at = job.started_at or now
    job.workers = [*job.workers, worker][-rules.MOST_LOSSES :]
    # The expression stays out of the object that the worker goes on with.
    Job.objects.filter(pk=job.pk).update(
        state=job.state,
        lease=job.lease,
        leased_until=_lease_end(),
        tried_at=job.tried_at,
        started_at=job.started_at,
        workers=job.workers,
        losses=job.losses,
    )
    return job


def run(*, job: Job) -> State:
    """Run a claimed job to its end, a new try, or its failure; returns the state that it is left in."""
    try:
        task = resolve(job.task)
        if task.atomic:
            _run_atomic(job, task)
        else:
            _run_with_heartbeat(job, task)
    except LeaseLost:
        log.warning("job %s was taken over by another worker", job.pk)
        return State.RUNNING
    except Exception as error:
        log.exception("job %s failed: %s", job.pk, job.task)
        return fail(job=job, error=error)
    log.info("job %s done: %s", job.pk, job.task)
    return State.DONE


def _call(job: Job, task: DatabaseTask, effects: Any) -> Any:
    context = [_backend().context(job, task, effects)] if task.takes_context else []
    with noticing_writes() as noticed:
        value = normalize_json(task.call(*context, *job.args, **job.kwargs))
    job.has_written = noticed.writes
    return value


def _run_atomic(job: Job, task: DatabaseTask) -> None:
    with transaction.atomic():
        # Holds the row, so that nobody takes the job over meanwhile, however long it takes.
        _hold(job.pk, job.lease)
        complete(job=job, value=_call(job, task, no_effects))


def _run_with_heartbeat(job: Job, task: DatabaseTask) -> None:
    written = False

    @contextmanager
    def effects() -> Iterator[None]:
        nonlocal written
        with transaction.atomic():
            _hold(job.pk, job.lease)
            yield
            complete(job=job, value=None)
        written = True

    with _heartbeat(job):
        value = _call(job, task, effects)
        if not written:
            with transaction.atomic():
                complete(job=job, value=value)


def _hold(pk: UUID, lease: UUID | None) -> Job:
    """The row of a running job, locked; raises `LeaseLost` when the lease is no longer ours."""
    held = Job.objects.select_for_update().filter(pk=pk, state=State.RUNNING, lease=lease).first()
    if held is None:
        raise LeaseLost(pk)
    return held


@contextmanager
def _heartbeat(job: Job) -> Iterator[None]:
    """Renew the lease from a thread of its own for as long as the block lasts."""
    over = threading.Event()

    def beat() -> None:
        try:
            while not over.wait(_lease_seconds() / 3):
                try:
                    if not renew(job=job):
                        return
                except Exception:
                    log.exception("no heartbeat for job %s", job.pk)
                    connection.close()
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name=f"heartbeat {job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def renew(*, job: Job) -> bool:
    """Lengthen the lease of a running job; false when it is no longer ours."""
    ours = Job.objects.filter(pk=job.pk, state=State.RUNNING, lease=job.lease)
    return ours.update(leased_until=_lease_end()) == 1


def complete(*, job: Job, value: Any) -> None:
    """Note that a running job is done, in the transaction of its effects; raises `LeaseLost`."""
    ours = Job.objects.filter(pk=job.pk, state=State.RUNNING, lease=job.lease)
    changed = ours.update(
        state=State.DONE, lease=None, leased_until=None, finished_at=clock.now(), result=value
    )
    if changed != 1:
        raise LeaseLost(job.pk)


def fail(*, job: Job, error: Exception) -> State:
    """Note that a try failed: the job is tried again later, or given up and left for a human."""
    try:
        tries = resolve(job.task).tries
    except ImportError:
        tries = 5  # A worker of the next version may know the task.
    try:
        with transaction.atomic():
            held = _hold(job.pk, job.lease)
            held.failures += 1
            if rules.given_up(held.failures, tries, held.losses):
                return _close(held, State.FAILED, ["errors", "failures"], _error(error))
            held.due_at = clock.now() + rules.delay(held.failures)
            return _close(held, State.READY, ["errors", "failures", "due_at"], _error(error))
    except LeaseLost:
        return State.RUNNING


def _error(error: Exception) -> dict[str, str]:
    kind = type(error)
    return {
        "class": f"{kind.__module__}.{kind.__qualname__}",
        # UTF-8 has no half of a surrogate pair, and somebody will print this.
        "traceback": "".join(format_exception(error))[-4000:].encode(errors="replace").decode(),
    }


def _close(job: Job, state: State, fields: list[str], error: dict[str, str]) -> State:
    job.state, job.lease, job.leased_until = state, None, None
    job.finished_at = clock.now() if state == State.FAILED else None
    job.errors = [*(job.errors or []), error][-KEPT_ERRORS:]
    job.save(update_fields=["state", "lease", "leased_until", "finished_at", "losses", *fields])
    return state


def work_one(*, worker: str, queues: tuple[str, ...] = ()) -> bool:
    """Take one job and run it; false when there was none."""
    return work_next(worker=worker, queues=queues) is not None


def work_next(*, worker: str, queues: tuple[str, ...] = ()) -> Job | None:
    """The same; gives the job."""
    job = claim(worker=worker, queues=queues)
    if job is not None:
        run(job=job)
    return job


def retry(*, job_id: UUID) -> bool:
    """Let a job that was given up start afresh; false when it is not there, or its like is open again."""
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=job_id, state=State.FAILED).first()
        if job is None:
            return False
        open_again = Job.objects.filter(unique_key=job.unique_key, state__in=[State.READY, State.RUNNING])
        if job.unique_key is not None and open_again.exists():
            return False
        job.state, job.failures, job.losses = State.READY, 0, 0
        job.due_at, job.finished_at = clock.now(), None
        job.save(update_fields=["state", "failures", "losses", "due_at", "finished_at"])
        return True
