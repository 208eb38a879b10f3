"""Pullers: functions that take due rows and work on them, called by each worker in turn.

`puller` is declared in `quartier.lib.background`, below the rooms; it is offered here by its usual name. What
can wait is pulled, not enqueued: the due row itself says what is to be done.

A puller asks several tables each time, and nearly always in vain. So a worker at rest asks once for the rest of the
minute: it calls each puller as if the minute were at its end already, without letting it write. Those that would find
nothing then are left alone until something is written or the next minute begins. No minute is crossed, because hours
and days begin with one: what is due at 21:59 may be put off at 22:00.
"""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import close_old_connections

from quartier.lib import background, clock
from quartier.lib.background import puller
from quartier.lib.only_reading import would_write

__all__ = ["Pullers", "puller"]

log = logging.getLogger(__name__)
LONGEST_PAUSE = 60.0
_MINUTE, _MOMENT = timedelta(minutes=1), timedelta(milliseconds=1)


class Pullers:
    """The pullers as one worker calls them. One that raises is logged and left alone for a while."""

    def __init__(self, functions: Sequence[Callable[[], bool]] | None = None) -> None:
        if functions is None:
            functions = [each.function for each in background.PULLERS.values()]
        self._functions = list(functions)
        self._pauses: dict[int, float] = {}
        self._not_before: dict[int, float] = {}
        # At rest: until when, and who is called nevertheless.
        self._rests_until: datetime | None = None
        self._awake: set[int] = set()

    @property
    def knows_quiet(self) -> bool:
        """Whether nothing was written or done since it was found that this minute, or one before, is quiet."""
        return self._rests_until is not None

    @property
    def rests(self) -> bool:
        """Whether it is known what falls due in this minute. A clock that was set says nothing of that."""
        now = clock.now()
        return self._rests_until is not None and now < self._rests_until <= now + _MINUTE

    def wake(self) -> None:
        """Something was written, or done: all of them have their turn again."""
        self._rests_until = None

    def rest(self) -> None:
        """Find out who has nothing to do until this minute ends, if nothing is written: that the caller must notice."""
        ends = clock.now().replace(second=0, microsecond=0) + _MINUTE
        elsewhere = {each.function for each in background.PULLERS.values() if each.looks_elsewhere}
        self._awake = set()
        with clock.as_if(ends - _MOMENT):
            for number, function in enumerate(self._functions):
                if function in elsewhere or number in self._pauses or self._has_something(function):
                    self._awake.add(number)
        self._rests_until = ends

    @staticmethod
    def _has_something(function: Callable[[], bool]) -> bool:
        try:
            return would_write(function)
        except Exception:
            # Called again when its time comes, it fails again, and that is logged.
            close_old_connections()
            return True

    def pull(self, go_on: Callable[[], bool] = lambda: True) -> bool:
        """Call each puller once, at rest only those awake, while `go_on()`; true when one of them did something."""
        found, rests = False, self.rests
        for number, function in enumerate(self._functions):
            if not go_on():
                break
            if rests and number not in self._awake:
                continue
            if time.monotonic() < self._not_before.get(number, 0):
                continue
            try:
                found |= bool(function())
                self._pauses.pop(number, None)
            except Exception:
                pause = min(self._pauses.get(number, 0.5) * 2, LONGEST_PAUSE)
                self._pauses[number], self._not_before[number] = pause, time.monotonic() + pause
                log.exception("%s failed; again in %s s", getattr(function, "__qualname__", function), pause)
                close_old_connections()
                # What it has committed before nobody else reports, and SQLite's new connection knows of no write
                # before it.
                self.wake()
        return found
