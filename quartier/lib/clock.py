"""The time, as one function that a simulation can set. All times are aware; the database keeps UTC."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

_set_to: datetime | None = None


def now() -> datetime:
    """The current time in UTC, or the time that a simulation has set."""
    return _set_to or datetime.now(UTC)


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


def advance(by: timedelta) -> None:
    """Move a stopped clock on."""
    if _set_to is None:
        raise RuntimeError("only a stopped clock can be moved")
    set_time(_set_to + by)
