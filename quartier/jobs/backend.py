"""Django's tasks over our own table: what was enqueued stands in the database, and nowhere else.

`enqueue` is an INSERT in the caller's transaction, so that a job exists exactly when what it belongs to does.
A task runs in one transaction together with the note that it is done; on SQLite nobody else writes meanwhile,
so it is short. Work that talks to the network must not
hold that transaction: such a task says `atomic=False, takes_context=True`, talks first, and writes down what
came of it inside `with context.effects():`, which is that one transaction. It may be called again when the
worker dies in between, so the other side must bear a repetition (or the row belongs in an outbox).
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.tasks.backends.base import BaseTaskBackend
from django.tasks.base import Task, TaskContext, TaskError, TaskResult, TaskResultStatus
from django.tasks.exceptions import TaskResultDoesNotExist
from django.utils.json import normalize_json
from django.utils.module_loading import import_string

from quartier.jobs.models import OPEN, Job, State
from quartier.lib import background, clock

if TYPE_CHECKING:
    AnyTask = Task[..., Any]
    AnyContext = TaskContext[..., Any]
    AnyResult = TaskResult[..., Any]
else:
    AnyTask, AnyContext, AnyResult = Task, TaskContext, TaskResult

STATUS = {
    State.READY: TaskResultStatus.READY,
    State.RUNNING: TaskResultStatus.RUNNING,
    State.DONE: TaskResultStatus.SUCCESSFUL,
    State.FAILED: TaskResultStatus.FAILED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseTask(AnyTask):
    """A task that knows how often it is tried, whether it is atomic, and what it is unique by.

    While a job with the same `unique_key` is open (ready or running), enqueueing gives that job. What must
    see changes made after its start is therefore not a unique job, but a puller.
    """

    unique_key: str | None = None
    tries: int = 5
    atomic: bool = True

    def using(self, *, unique_key: str | None = None, **changes: Any) -> "DatabaseTask":
        changed = AnyTask.using(self, **changes)
        assert isinstance(changed, DatabaseTask)
        return replace(changed, unique_key=unique_key) if unique_key is not None else changed


def task(
    *,
    priority: int = 0,
    queue_name: str = "default",
    unique_key: str | None = None,
    tries: int = 5,
    atomic: bool = True,
    takes_context: bool = False,
) -> Callable[[Callable[..., Any]], DatabaseTask]:
    """`django.tasks.task` with what this backend adds. Higher priorities (-100 to 100) go first."""

    def make(function: Callable[..., Any]) -> DatabaseTask:
        return DatabaseTask(
            func=function,
            priority=priority,
            queue_name=queue_name,
            unique_key=unique_key,
            tries=tries,
            atomic=atomic,
            takes_context=takes_context,
        )

    return make


@dataclass(frozen=True, slots=True, kw_only=True)
class JobContext(AnyContext):  # type: ignore[misc]  # the stubs do not know that it is frozen
    """What a task with `takes_context` gets."""

    effects_once: Callable[[], AbstractContextManager[None]]

    def effects(self) -> AbstractContextManager[None]:
        """The one transaction in which a task that is not atomic writes; the job is done when it commits.

        Raises `LeaseLost` when another worker has taken the job over: what was written is rolled back.
        """
        return self.effects_once()


def resolve(path: str) -> DatabaseTask:
    """The task, or the function on a schedule, behind the path that a job keeps; raises `ImportError`."""
    for schedule in background.SCHEDULES.values():
        if schedule.path == path:
            return DatabaseTask(func=schedule.function, atomic=schedule.atomic)
    found = import_string(path)
    if not isinstance(found, DatabaseTask):
        raise ImportError(f"{path} is not a task")
    return found


class DatabaseBackend(BaseTaskBackend):
    """The backend that `TASKS` names. Option `LEASE_SECONDS`: how long a silent worker keeps a job (30)."""

    task_class = DatabaseTask
    supports_defer = True
    supports_async_task = True
    supports_get_result = True
    supports_priority = True

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> Any:
        """Store the job, or find the open one with the same `unique_key`."""
        self.validate_task(task)
        kwargs = normalize_json(kwargs)
        now = clock.now()
        job = Job(
            organisation_id=kwargs.get("organisation_id"),
            task=task.module_path,
            args=normalize_json(list(args)),
            kwargs=kwargs,
            queue=task.queue_name,
            priority=task.priority,
            unique_key=getattr(task, "unique_key", None),
            enqueued_at=now,
            due_at=task.run_after or now,
        )
        if job.unique_key is None:
            job.save(force_insert=True)
        else:
            job = _insert_or_find(job)
        return self._result(job, task)

    def get_result(self, result_id: str) -> AnyResult:
        """The state of a job; raises `TaskResultDoesNotExist` when it is unknown or was pruned."""
        try:
            job = Job.objects.get(pk=result_id)
        except (Job.DoesNotExist, ValidationError, ValueError) as error:
            raise TaskResultDoesNotExist(result_id) from error
        return self._result(job, resolve(job.task))

    def _result(self, job: Job, task: Any) -> AnyResult:
        result: AnyResult = TaskResult(
            task=task,
            id=str(job.pk),
            status=STATUS[State(job.state)],
            enqueued_at=job.enqueued_at,
            started_at=job.started_at,
            finished_at=job.finished_at,
            last_attempted_at=job.tried_at,
            args=job.args,
            kwargs=job.kwargs,
            backend=self.alias,
            errors=[
                TaskError(exception_class_path=e["class"], traceback=e["traceback"]) for e in job.errors or []
            ],
            worker_ids=list(job.workers),
        )
        object.__setattr__(result, "_return_value", job.result)
        return result

    def context(
        self, job: Job, task: DatabaseTask, effects: Callable[[], AbstractContextManager[None]]
    ) -> JobContext:
        """What the running task gets to know about its job."""
        return JobContext(task_result=self._result(job, task), effects_once=effects)


def _insert_or_find(job: Job) -> Job:
    """Insert the job unless one with its key is open; both may happen between two looks, so look again."""
    while True:
        Job.objects.bulk_create([job], ignore_conflicts=True)
        stored = Job.objects.filter(unique_key=job.unique_key, state__in=OPEN).first()
        if stored is not None:
            return stored


@contextmanager
def no_effects() -> Iterator[None]:
    """For tasks that are atomic: they are in their transaction already."""
    with transaction.atomic():
        yield
