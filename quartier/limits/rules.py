"""How much is too much: a window that slides. Pure."""

from datetime import UTC, datetime, timedelta


def window(now: datetime, seconds: int) -> tuple[int, float]:
    """The number of the window that `now` falls into, and how much of it is over (0 to 1)."""
    number, over = divmod(now.timestamp(), seconds)
    return int(number), over / seconds


def ends(number: int, seconds: int) -> datetime:
    """When a window no longer counts: at the end of the next one."""
    return datetime.fromtimestamp(0, UTC) + timedelta(seconds=(number + 2) * seconds)


def too_many(before: int, here: int, over: float, limit: int) -> bool:
    """Whether `here` in this window, and what still counts of the one before, are more than `limit`."""
    return here + before * (1 - over) > limit
