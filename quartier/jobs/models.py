"""Jobs that wait, run or are over, and the ticks of schedules.

A job belongs to an organisation when its task was given `organisation_id`; the others are the installation's
own. It is a plain column, since this room stands beside `team` and knows nothing of it. Arguments hold
identifiers, never personal data; what went wrong may quote some, so it is sealed.
"""

from django.db import models
from django.db.models import Q

from quartier.lib.fields import SealedJSON
from quartier.lib.ids import uuid7


class State(models.TextChoices):
    """Ready and running jobs are open. A failed job has used up its tries and waits for a human."""

    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


OPEN = (State.READY, State.RUNNING)


class Job(models.Model):
    """One call of a task. While it runs, `lease` is the token of the worker that may finish it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.UUIDField(null=True, db_index=True)
    task = models.CharField(max_length=200)
    args = models.JSONField(default=list)
    kwargs = models.JSONField(default=dict)
    queue = models.CharField(max_length=40, default="default")
    priority = models.SmallIntegerField(default=0)
    unique_key = models.CharField(max_length=200, null=True)  # noqa: DJ001 (nothing is not equal to nothing)
    state = models.CharField(max_length=8, choices=State, default=State.READY)
    enqueued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    losses = models.PositiveSmallIntegerField(default=0)
    workers = models.JSONField(default=list)
    lease = models.UUIDField(null=True)
    # By the database's clock, which all workers share.
    leased_until = models.DateTimeField(null=True)
    result = models.JSONField(null=True)
    errors = SealedJSON(null=True)

    # No column: whether what it did changed anything, as far as is known. Said by the worker that has run it.
    has_written = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unique_key"], condition=Q(state__in=["ready", "running"]), name="jobs_one_open_a_key"
            ),
            models.CheckConstraint(
                condition=Q(state="running", lease__isnull=False, leased_until__isnull=False)
                | (~Q(state="running") & Q(lease__isnull=True, leased_until__isnull=True)),
                name="jobs_lease_while_running",
            ),
        ]
        indexes = [
            models.Index(fields=["-priority", "due_at", "id"], condition=Q(state="ready"), name="jobs_ready"),
            models.Index(fields=["leased_until"], condition=Q(state="running"), name="jobs_running"),
            models.Index(fields=["finished_at"], condition=Q(state="done"), name="jobs_done"),
            models.Index(fields=["finished_at"], condition=Q(state="failed"), name="jobs_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.task} ({self.state})"


class Tick(models.Model):
    """One time at which a schedule was due. Whoever stores the row enqueues the job, in one transaction."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=100)
    number = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "number"], name="jobs_one_tick")]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"
