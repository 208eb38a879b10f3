"""What waits, what is lost, what failed."""

from datetime import datetime, timedelta

from django.db.models import Min, QuerySet
from django.db.models.functions import Now

from quartier.jobs.models import Job, State


def due(now: datetime, queues: tuple[str, ...] = ()) -> QuerySet[Job]:
    """Jobs that may start, the most urgent first; only of `queues` when some are named."""
    jobs = Job.objects.filter(state=State.READY, due_at__lte=now).order_by("-priority", "due_at", "id")
    return jobs.filter(queue__in=queues) if queues else jobs


def lost(queues: tuple[str, ...] = ()) -> QuerySet[Job]:
    """Running jobs whose worker has not been heard of: its lease has run out by the database's clock."""
    jobs = Job.objects.filter(state=State.RUNNING, leased_until__lt=Now()).order_by("leased_until")
    return jobs.filter(queue__in=queues) if queues else jobs


def failed() -> QuerySet[Job]:
    """Jobs that were given up, the newest first: a human must look at them (`actions.retry`)."""
    return Job.objects.filter(state=State.FAILED).order_by("-finished_at")


def last_done_at() -> datetime | None:
    """When work was last done: nothing for long means that no worker is there. One query, of an index."""
    done = Job.objects.filter(state=State.DONE).order_by("-finished_at")
    return done.values_list("finished_at", flat=True).first()


def behind(now: datetime) -> timedelta:
    """How long the oldest due job has been waiting: zero when the workers keep up."""
    oldest = Job.objects.filter(state=State.READY, due_at__lte=now).aggregate(at=Min("due_at"))["at"]
    return now - oldest if oldest else timedelta(0)
