"""Hours of an organisation: quiet hours, in which nobody is disturbed, and opening hours. Pure functions."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


def is_within(moment: datetime, start: time, end: time, zone: ZoneInfo) -> bool:
    """Whether the local time of `moment` lies in [start, end), which may pass over midnight. Equal: never."""
    local = moment.astimezone(zone).time()
    if start <= end:
        return start <= local < end
    return local >= start or local < end


def next_time(moment: datetime, at: time, zone: ZoneInfo) -> datetime:
    """The first moment, not before `moment`, at which local clocks show `at`."""
    local = moment.astimezone(zone)
    candidate = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    if candidate < local:
        day = local.date() + timedelta(days=1)
        candidate = datetime.combine(day, at, tzinfo=zone)
    return candidate.astimezone(moment.tzinfo)


def after_quiet(moment: datetime, quiet_from: time, quiet_until: time, zone: ZoneInfo) -> datetime:
    """`moment` itself, or the end of the quiet hours in which it lies."""
    if is_within(moment, quiet_from, quiet_until, zone):
        return next_time(moment, quiet_until, zone)
    return moment


def outside(start: datetime, end: datetime, quiet_from: time, quiet_until: time, zone: ZoneInfo) -> timedelta:
    """How much of the time from `start` to `end` lies outside the quiet hours of each day; nothing if it is over."""
    if quiet_from == quiet_until:
        return max(end - start, timedelta())
    awake = timedelta()
    while start < end:
        wakes = after_quiet(start, quiet_from, quiet_until, zone)
        sleeps = min(next_time(wakes, quiet_from, zone), end)
        awake += max(sleeps - wakes, timedelta())
        start = max(sleeps, wakes)
    return awake


def after_awake(
    start: datetime, length: timedelta, quiet_from: time, quiet_until: time, zone: ZoneInfo
) -> datetime:
    """When so much time outside the quiet hours has passed since `start`."""
    if quiet_from == quiet_until:
        return start + length
    while True:
        wakes = after_quiet(start, quiet_from, quiet_until, zone)
        sleeps = next_time(wakes, quiet_from, zone)
        if wakes + length <= sleeps:
            return wakes + length
        start, length = sleeps, length - (sleeps - wakes)
