"""A worry that was told to the line becomes a concern by itself."""

from quartier.concerns import by_phone
from quartier.jobs.pull import puller
from quartier.jobs.schedule import every
from quartier.lib import clock


@puller("concerns.by_phone")
def from_the_line() -> bool:
    """Make a concern of a call whose caller was worried. True when there was one."""
    return by_phone.take_next(clock.now())


@every(3600, "concerns.forget_what_was_said")
def forget_what_was_said() -> None:
    """Recordings of concerns that are closed are deleted on their day."""
    by_phone.forget_what_was_said(clock.now())
