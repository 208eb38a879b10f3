"""Local days and hours of a simulation in minutes since its beginning, with the change to summer time."""

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
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

    def hour(self, minute: float) -> float:
        """Hours on local clocks, with fraction."""
        local = self.moment(minute).astimezone(self.zone)
        return local.hour + local.minute / 60 + local.second / 3600
