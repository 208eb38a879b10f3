"""When a job is tried again, and when it is given up. Pure."""

from datetime import datetime, timedelta

# A task that takes its worker down each time must not do so for ever; a machine that restarts a few times in
# an hour must not lose a job.
MOST_LOSSES = 20


def delay(failures: int) -> timedelta:
    """How long to wait after the failure of this number (from 1): 5 s, then four times as long, up to 1 h."""
    return timedelta(seconds=min(5 * 4 ** min(failures - 1, 6), 3600))


def given_up(failures: int, tries: int, losses: int) -> bool:
    """Whether a job that failed `failures` times and lost its worker `losses` times is not tried again."""
    return failures >= tries or losses > MOST_LOSSES


def tick(now: datetime, seconds: int) -> int:
    """The number of the tick that `now` falls into, for a schedule of one tick in every `seconds` seconds."""
    return int(now.timestamp()) // seconds
