"""Pullers: functions that take due rows and work on them, called by each worker in turn.

`puller` is declared in `quartier.lib.background`, below the rooms; it is offered here by its usual name. What
can wait is pulled, not enqueued: the due row itself says what is to be done.
"""

import logging
import time
from collections.abc import Callable, Sequence

from django.db import close_old_connections

from quartier.lib import background
from quartier.lib.background import puller

__all__ = ["Pullers", "puller"]

log = logging.getLogger(__name__)
LONGEST_PAUSE = 60.0


class Pullers:
    """The pullers as one worker calls them. One that raises is logged and left alone for a while."""

    def __init__(self, functions: Sequence[Callable[[], bool]] | None = None) -> None:
        if functions is None:
            functions = [puller.function for puller in background.PULLERS.values()]
        self._functions = list(functions)
        self._pauses: dict[int, float] = {}
        self._not_before: dict[int, float] = {}

    def pull(self, go_on: Callable[[], bool] = lambda: True) -> bool:
        """Call each puller once, while `go_on()`; true when one of them did something."""
        found = False
        for number, function in enumerate(self._functions):
            if not go_on():
                break
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
        return found
