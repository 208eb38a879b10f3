"""Schedules without a scheduler: each worker sees that a tick is due, and one of them stores it.

`every` is declared in `quartier.lib.background`, below the rooms; it is offered here by its usual name.
A tick that no worker saw (all were down) is not made up for.
"""

from django.db import transaction

from quartier.jobs import rules
from quartier.jobs.models import Job, Tick
from quartier.lib import background, clock
from quartier.lib.background import every
from quartier.lib.only_reading import would_write

__all__ = ["Timetable", "every"]

# What is called more often than this is called without a job where it has nothing to do: the job would cost ten times
# as much. The others leave their jobs behind, by which it is seen that a worker is there.
_TRACE_S = 60


def leaves_trace(schedule: background.Schedule) -> bool:
    """Whether each of its ticks leaves a job behind, also where there was nothing to do."""
    return not schedule.atomic or schedule.seconds >= _TRACE_S


class Timetable:
    """The schedules as one worker sees them. It remembers its last ticks, and so asks the database seldom."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def enqueue_due(self) -> bool:
        """Enqueue a job for each schedule whose tick is new; true when there was one."""
        found = False
        now = clock.now()
        for schedule in list(background.SCHEDULES.values()):
            number = rules.tick(now, schedule.seconds)
            if self._seen.get(schedule.name) != number:
                found |= _enqueue(schedule, number)
                self._seen[schedule.name] = number
        return found


def _enqueue(schedule: background.Schedule, number: int) -> bool:
    """Store tick and job together, unless the tick is stored. A job still open from before does for both."""
    if not leaves_trace(schedule) and not _has_something(schedule):
        return False
    if Tick.objects.filter(name=schedule.name, number=number).exists():
        return False
    now = clock.now()
    with transaction.atomic():
        tick = Tick(name=schedule.name, number=number, at=now)
        Tick.objects.bulk_create([tick], ignore_conflicts=True)
        if not Tick.objects.filter(pk=tick.pk).exists():
            return False  # Another worker was first.
        job = Job(
            task=schedule.path,
            unique_key=f"every {schedule.name}",
            enqueued_at=now,
            due_at=now,
            queue="default",
        )
        Job.objects.bulk_create([job], ignore_conflicts=True)
    return True


def _has_something(schedule: background.Schedule) -> bool:
    try:
        return would_write(schedule.function)
    except Exception:
        # The job fails too, and that is logged and tried again.
        return True
