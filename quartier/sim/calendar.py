"""Local days and hours of a simulation in minutes since its beginning, with the change to summer time."""

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Brussels")


class Calendar:
    """Minutes since local midnight of `first`, for `days` days and a month after them."""

    def __init__(self, first: date, days: int, zone: ZoneInfo = ZONE) -> None:
        self.zone = zone
        self.dates = [first + timedelta(days=day) for day in range(days + 32)]
        midnights = [datetime(each.year, each.month, each.day, tzinfo=zone) for each in self.dates]
        self.start = midnights[0].astimezone(UTC)
        self.midnights = [self.minute(moment) for moment in midnights]

    def minute(self, moment: datetime) -> float:
        """Minutes from the beginning to an aware moment."""
        return (moment - self.start).total_seconds() / 60.0

    def moment(self, minute: float) -> datetime:
        """The moment so many minutes after the beginning, in UTC."""
        return self.start + timedelta(minutes=minute)

    def day(self, minute: float) -> int:
        """Which day it is: 0 is the first."""
        return bisect_right(self.midnights, minute) - 1

    def at(self, day: int, hour: float) -> float:
        """The minute at which local clocks show this hour on that day."""
        each = self.dates[day]
        whole = datetime(each.year, each.month, each.day, tzinfo=self.zone) + timedelta(hours=hour)
        return self.minute(whole.astimezone(UTC))

    def between(self, start: time, end: time) -> "Hours":
        """The part of each day from `start` to `end`, which may pass over midnight; equal: nothing."""
        return Hours(self, start, end)


class Hours:
    """Hours that return every day, on local clocks: quiet hours, opening hours."""

    def __init__(self, calendar: Calendar, start: time, end: time) -> None:
        self._calendar, self._over_midnight = calendar, start > end
        self._starts, self._ends = (
            [calendar.at(day, each.hour + each.minute / 60) for day in range(len(calendar.dates) - 1)]
            for each in (start, end)
        )
        self._outside = [0.0]
        for day, midnight in enumerate(calendar.midnights[1:]):
            self._outside.append(self._outside[-1] + self._rest(day, midnight))

    def hold(self, minute: float) -> bool:
        """Whether the minute lies in them."""
        day = self._calendar.day(minute)
        start, end = self._starts[day], self._ends[day]
        return minute >= start or minute < end if self._over_midnight else start <= minute < end

    def outside(self, minute: float) -> float:
        """Minutes from the beginning until this one that did not lie in them."""
        day = self._calendar.day(minute)
        return self._outside[day] + self._rest(day, minute)

    def _rest(self, day: int, minute: float) -> float:
        """Minutes of this day until then that did not lie in them."""
        midnight, start, end = self._calendar.midnights[day], self._starts[day], self._ends[day]
        if self._over_midnight:
            return max(0.0, min(minute, start) - end)
        return min(minute, start) - midnight + max(0.0, minute - end)

    def after(self, minute: float) -> float:
        """The minute itself, or the end of the hours in which it lies."""
        if not self.hold(minute):
            return minute
        day = self._calendar.day(minute)
        return self._ends[day] if minute < self._ends[day] else self._ends[day + 1]

    def next_start(self, minute: float) -> float:
        """When they begin next, not before this minute."""
        day = self._calendar.day(minute)
        return self._starts[day] if minute <= self._starts[day] else self._starts[day + 1]
