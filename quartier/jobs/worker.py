"""The worker's loop. (A file of its own beside the usual ones, since it is neither an action nor a job.)

Workers are alike: any number of them, on any machine that reaches the database, share what there is to do.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Sequence

from django.db import close_old_connections, connection

from quartier.jobs import actions
from quartier.jobs.models import Job
from quartier.jobs.pull import LONGEST_PAUSE, Pullers
from quartier.jobs.schedule import Timetable
from quartier.lib.ids import spoken
from quartier.lib.write_mark import write_mark

log = logging.getLogger(__name__)
# How often an idle worker asks whether anything was written; then it looks at everything. Rows fall due by time too:
# how often it looks when nothing was written, at all that can have (`Pullers.rest`).
WRITE_POLL_INTERVAL_S = 0.2
ROUND_INTERVAL_S = 2.0
FIRST_RETRY_PAUSE_S = 0.25
# So many jobs in a row, then the pullers have their turn again.
STRETCH = 20
# SQLite gives its write lock to whoever asks at the right moment: leave the others a moment after each job.
BREATH = 0.003


def run_worker(
    stop: threading.Event,
    pullers: Sequence[Callable[[], bool]] | None = None,
    queues: tuple[str, ...] = (),
) -> None:
    """Work until `stop` is set; what is under way is finished first. `pullers`: by default those declared.

    The caller sets `stop` from its handler of SIGTERM. Survives a database that goes away and comes back.
    """
    name = f"{socket.gethostname()}:{os.getpid()}:{spoken(4)}"
    rounds, timetable, pause = Pullers(pullers), Timetable(), FIRST_RETRY_PAUSE_S
    seen: object = None
    log.info("worker %s begins", name)
    while not stop.is_set():
        try:
            before, seen = seen, write_mark()
            pause = FIRST_RETRY_PAUSE_S
            if seen != before:
                rounds.wake()
            elif rounds.knows_quiet and not rounds.rests:
                # A new minute has begun, and that is all.
                rounds.rest()
            is_changed = rounds.pull(lambda: not stop.is_set())
            is_time = not stop.is_set() and timetable.enqueue_due()
            ran = _work(stop, name, queues)
            if is_changed or any(job.has_written for job in ran):
                rounds.wake()
            if is_changed or is_time or ran or _wait_for_write(stop, seen):
                continue
            if not rounds.rests:
                rounds.rest()
        except Exception:
            rounds.wake()
            log.exception("worker %s could not work; again in %s s", name, pause)
            close_old_connections()
            stop.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE / 4)
    log.info("worker %s ends", name)


def _wait_for_write(stop: threading.Event, before: object) -> bool:
    """Wait until something was written since `before`, or the next round is due by time; whether it was."""
    end = time.monotonic() + ROUND_INTERVAL_S
    while not stop.wait(WRITE_POLL_INTERVAL_S):
        if write_mark() != before:
            return True
        if time.monotonic() >= end:
            return False
    return True


def _work(stop: threading.Event, name: str, queues: tuple[str, ...]) -> list[Job]:
    found: list[Job] = []
    for _ in range(STRETCH):
        if stop.is_set() or (job := actions.work_next(worker=name, queues=queues)) is None:
            break
        found.append(job)
        if connection.vendor == "sqlite":
            stop.wait(BREATH)
    return found


def work_off(pullers: Sequence[Callable[[], bool]] | None = None, seconds: float = 60) -> int:
    """Do here and now all that is due, until nothing is left: for simulations and tests. Returns the rounds.

    Raises `TimeoutError` when there is no end to it.
    """
    rounds, timetable, count = Pullers(pullers), Timetable(), 0
    end = time.monotonic() + seconds
    while rounds.pull() | timetable.enqueue_due() | actions.work_one(worker="here"):
        count += 1
        if time.monotonic() > end:
            raise TimeoutError(f"still not done after {count} rounds")
    return count
