"""Times of the week for many requests at once, as `lib.choices.slots_between` gives them for one."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from quartier.lib.choices import ALL_SLOTS, PARTS

SLOTS = 7 * len(PARTS)
# The hours at which the parts of a day open, and at which they close.
OPENS, CLOSES = 0, 1
_BOUNDS = tuple([int(part[column]) for part in PARTS] for column in (1, 2))
# In microseconds. After seven days every slot is touched, so nothing later has to be looked at.
WEEK = 7 * 24 * 3600 * 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def slots(start: NDArray[np.int64], end: NDArray[np.int64], zone: ZoneInfo) -> NDArray[np.int32]:
    """int32[m]: the slots of the week that each time from `start` to `end` (microseconds since 1970) touches.

    Parts of days stand in one row, in their order; a window touches a run of them, and a run is so many bits, turned
    to where it begins in the week.
    """
    if not len(start):
        return np.empty(0, dtype=np.int32)
    monday, midnights = _midnights(int(start.min()), int(min(end.max(), start.max() + WEEK)), zone)
    opens = (midnights[:-1, None] + _hours(OPENS)).ravel()
    closes = (midnights[:-1, None] + _hours(CLOSES)).ravel()
    # Hours of the clock, also on the two days a year that have one more or one less.
    opens, closes = _by_clock(midnights, OPENS, zone, opens), _by_clock(midnights, CLOSES, zone, closes)
    first = np.searchsorted(closes, start, side="right")
    behind = np.searchsorted(opens, end, side="left")
    first_day = np.searchsorted(midnights, start, side="right") - 1
    last_day = np.searchsorted(midnights, end, side="right") - 1
    night = behind <= first
    begin = np.where(night, first_day * len(PARTS), first)
    count = np.where(night, (last_day - first_day + 1) * len(PARTS), behind - first)
    bits = _turned(np.clip(count, 0, SLOTS), (begin + monday * len(PARTS)) % SLOTS)
    return np.where((end - start >= WEEK) | (count >= SLOTS), ALL_SLOTS, bits).astype(np.int32)


def _turned(count: NDArray[np.int64], begin: NDArray[np.int64]) -> NDArray[np.int64]:
    run = (np.int64(1) << count) - 1
    return ((run << begin) | (run >> (SLOTS - begin))) & ALL_SLOTS


def _hours(column: int) -> NDArray[np.int64]:
    return np.array(_BOUNDS[column], dtype=np.int64) * 3_600_000_000


def _midnights(first: int, last: int, zone: ZoneInfo) -> tuple[int, NDArray[np.int64]]:
    """The weekday of the first day, and where each day begins, from the one before the first moment on."""
    day = (EPOCH + timedelta(microseconds=first)).astimezone(zone).date() - timedelta(days=1)
    end = (EPOCH + timedelta(microseconds=last)).astimezone(zone).date() + timedelta(days=2)
    days = [day + timedelta(days=number) for number in range((end - day).days + 1)]
    moments = [datetime(each.year, each.month, each.day, tzinfo=zone) for each in days]
    return day.weekday(), np.array([_microseconds(each) for each in moments], dtype=np.int64)


def _by_clock(
    midnights: NDArray[np.int64], column: int, zone: ZoneInfo, usual: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The moments of each day's parts; on a day of 23 or 25 hours they are looked up one by one."""
    moments = usual.reshape(-1, len(PARTS))
    for day in np.flatnonzero(np.diff(midnights) != 24 * 3_600_000_000):
        midnight = (EPOCH + timedelta(microseconds=int(midnights[day]))).astimezone(zone)
        for place, hour in enumerate(_BOUNDS[column]):
            moments[day, place] = _microseconds(midnight + timedelta(hours=hour))
    return moments.ravel()


def _microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)
