"""The time, as one function that a simulation can set. All times are aware; the database keeps UTC.

`now` is for what is written down. What waits for a while measures with `steady`, which no change of the machine's clock
moves.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_set_to: datetime | None = None
# What this thread or task takes for the time, of whatever it asks.
_as_if: ContextVar[datetime | None] = ContextVar("as_if", default=None)
# Unix seconds at which the clock that only goes on stood at 0, as far as was known when this process began.
_steady_from = time.time() - time.monotonic()


def now() -> datetime:
    """The current time in UTC, or the time that a simulation has set."""
    return _as_if.get() or _set_to or datetime.now(UTC)


def steady() -> float:
    """Seconds that only go on, at the pace of real ones: never back, and without a leap, when the machine's clock is
    set. About Unix seconds, but no time of day; and as set, in a simulation."""
    return _steady_from + time.monotonic() if _set_to is None else _set_to.timestamp()


def moment(steady_s: float) -> datetime:
    """What the time was, by the clock as it is now, when `steady` stood at this."""
    return now() - timedelta(seconds=steady() - steady_s)


def set_time(moment: datetime | None) -> None:
    """Stop the clock at `moment` (aware) for this process; `None` lets it run again. Only `sim` and tests do this."""
    if moment is not None and moment.tzinfo is None:
        raise ValueError("the clock needs an aware time")
    global _set_to
    _set_to = moment


@contextmanager
def stopped_at(moment: datetime) -> Iterator[None]:
    """Stop the clock at `moment` inside the block."""
    before = _set_to
    set_time(moment)
    try:
        yield
    finally:
        set_time(before)


@contextmanager
def as_if(moment: datetime) -> Iterator[None]:
    """`now` is `moment` inside the block, for this thread alone: to ask what will be, and write nothing."""
    token = _as_if.set(moment)
    try:
        yield
    finally:
        _as_if.reset(token)


def is_asked_ahead() -> bool:
    """Whether it is only asked what will be: then nothing is remembered by the process either."""
    return _as_if.get() is not None


def advance(by: timedelta) -> None:
    """Move a stopped clock on."""
    if _set_to is None:
        raise RuntimeError("only a stopped clock can be moved")
    set_time(_set_to + by)
