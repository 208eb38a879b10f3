"""Help that comes again: every Tuesday, every second week, the last Friday of the month. Pure.

A rhythm is kept as the value of an iCalendar RRULE (RFC 5545), restricted to what a person can say in one sentence.
Days are counted on the local calendar, and hours on the local clock: a visit at ten stays at ten when clocks change.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from quartier.lib.choices import DAYS
from quartier.lib.days import calendar_day

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST = -1
# Which of the weekdays of a month; `LAST` is the last one, be it the fourth or the fifth.
WHICH: dict[int, str | Promise] = {
    1: pgettext_lazy("which weekday of the month", "first"),
    2: pgettext_lazy("which weekday of the month", "second"),
    3: pgettext_lazy("which weekday of the month", "third"),
    4: pgettext_lazy("which weekday of the month", "fourth"),
    LAST: pgettext_lazy("which weekday of the month", "last"),
}
EVERY_MOST = {"day": 31, "week": 12, "month": 12, "year": 1}
# No month is shorter: later days of a month move to its last one where it has no such day.
SHORTEST_MONTH = 28
SHORTEST_VISIT = timedelta(minutes=30)


class Unit(StrEnum):
    """What is counted between one time and the next."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


_FREQUENCY = {Unit.DAY: "DAILY", Unit.WEEK: "WEEKLY", Unit.MONTH: "MONTHLY", Unit.YEAR: "YEARLY"}


@dataclass(frozen=True)
class Rhythm:
    """How often. `days`: weekdays, 0 to 6 (of a week, or the one of a month); `on`: day of the month, as wished;
    `which`: 1 to 4 or `LAST`, for "the second Tuesday", else 0; `month`: of a year.

    Raises `ValueError` for what makes no sense.
    """

    unit: Unit
    every: int = 1
    days: tuple[int, ...] = ()
    on: int = 0
    which: int = 0
    month: int = 0

    def __post_init__(self) -> None:
        by_weekday = self.unit == Unit.WEEK or (self.unit == Unit.MONTH and self.which)
        by_date = self.unit == Unit.YEAR or (self.unit == Unit.MONTH and not self.which)
        fine = (
            1 <= self.every <= EVERY_MOST[self.unit]
            and bool(self.days) == bool(by_weekday)
            and all(0 <= day <= 6 for day in self.days)
            and (self.unit != Unit.MONTH or not self.which or len(self.days) == 1)
            and (not self.which or (self.unit == Unit.MONTH and self.which in WHICH))
            and (1 <= self.on <= 31 if by_date else not self.on)
            and (1 <= self.month <= 12 if self.unit == Unit.YEAR else not self.month)
        )
        if not fine:
            raise ValueError("no such rhythm")

    @property
    def rule(self) -> str:
        """The value of its RRULE."""
        parts = [f"FREQ={_FREQUENCY[self.unit]}"]
        if self.every > 1:
            parts.append(f"INTERVAL={self.every}")
        if self.month:
            parts.append(f"BYMONTH={self.month}")
        if self.unit == Unit.WEEK:
            parts.append("BYDAY=" + ",".join(CODES[day] for day in sorted(set(self.days))))
        elif self.which:
            parts.append(f"BYDAY={self.which}{CODES[self.days[0]]}")
        elif self.on > SHORTEST_MONTH:
            # The 31st, or the last day of a shorter month; 29 February, or the 28th.
            possible = ",".join(str(day) for day in range(SHORTEST_MONTH, self.on + 1))
            parts += [f"BYMONTHDAY={possible}", "BYSETPOS=-1"]
        elif self.on:
            parts.append(f"BYMONTHDAY={self.on}")
        return ";".join(parts)

    def after(self, first: date, day: date | None = None, until: date | None = None) -> Iterator[date]:
        """The days of this rhythm from `first` on, those after `day` only, `until` the last one possible."""
        start = datetime.combine(first, time())
        found = rrulestr(self.rule, dtstart=start)
        for each in found.xafter(datetime.combine(day, time()), inc=False) if day else found:
            if until and each.date() > until:
                return
            yield each.date()

    def __str__(self) -> str:
        return said(self)


def parse(rule: str) -> Rhythm:
    """The rhythm of an RRULE that `Rhythm.rule` has written. Raises `ValueError` for any other."""
    parts = dict(part.split("=", 1) for part in rule.upper().split(";") if "=" in part)
    units = {code: unit for unit, code in _FREQUENCY.items()}
    try:
        unit = units[parts["FREQ"]]
        by_day = parts.get("BYDAY", "")
        which = int(by_day[:-2]) if by_day and len(by_day.split(",")) == 1 and by_day[:-2] else 0
        days = tuple(CODES.index(code[-2:]) for code in by_day.split(",") if code)
        on = int(parts.get("BYMONTHDAY", "0").split(",")[-1])
        found = Rhythm(unit, int(parts.get("INTERVAL", 1)), days, on, which, int(parts.get("BYMONTH", 0)))
    except (KeyError, ValueError) as error:
        raise ValueError(f"no rhythm of ours: {rule[:80]}") from error
    if found.rule != rule.upper():
        raise ValueError(f"no rhythm of ours: {rule[:80]}")
    return found


def simple(code: str, first: date) -> Rhythm:
    """What most people mean: `day`, `week`, `weeks2`, `month` (by the date) or `month_day` (by the weekday), begun on
    `first`. Raises `ValueError` for any other code."""
    match code:
        case "day":
            return Rhythm(Unit.DAY)
        case "week" | "weeks2":
            return Rhythm(Unit.WEEK, 2 if code == "weeks2" else 1, (first.weekday(),))
        case "month":
            return Rhythm(Unit.MONTH, on=first.day)
        case "month_day":
            which = (first.day - 1) // 7 + 1
            return Rhythm(Unit.MONTH, days=(first.weekday(),), which=which if which <= 4 else LAST)
        case "year":
            return Rhythm(Unit.YEAR, on=first.day, month=first.month)
    raise ValueError(f"no rhythm is called {code[:20]!r}")


def times(day: date, starts: time, ends: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From when until when, in UTC, on a day of the local calendar.

    An hour that does not exist that day (clocks go forward) begins when the clocks have gone; and a visit lasts half
    an hour at least, also when the hour of its end comes twice or never.
    """
    start, end = _real(day, starts, zone), _real(day, ends, zone)
    return start, max(end, start + SHORTEST_VISIT)


def _real(day: date, at: time, zone: ZoneInfo) -> datetime:
    # `at` may come from a day on which this hour was there twice, and know which of the two it was.
    return datetime.combine(day, at.replace(fold=0), tzinfo=zone).astimezone(UTC)


def said(rhythm: Rhythm) -> str:
    """The rhythm in the reader's language: "every Tuesday"."""
    n = rhythm.every
    if rhythm.unit == Unit.DAY:
        return pgettext("rhythm", "every day") if n == 1 else _("every %(n)s days") % {"n": n}
    if rhythm.unit == Unit.YEAR:
        day = calendar_day(date(2024, rhythm.month, min(rhythm.on, 29)))
        words = _("every year on %(day)s") % {"day": day}
        return _or_last(words) if rhythm.month == 2 and rhythm.on > SHORTEST_MONTH else words
    names = [str(DAYS[day]) for day in sorted(set(rhythm.days))]
    if rhythm.unit == Unit.WEEK:
        if n == 1:
            if len(names) == 7:
                return pgettext("rhythm", "every day")
            return _and([_("every %(day)s") % {"day": name} for name in names])
        return _("every %(n)s weeks on %(days)s") % {"n": n, "days": _and(names)}
    if rhythm.which:
        values = {"which": WHICH[rhythm.which], "day": names[0], "n": n}
        if n == 1:
            return _("the %(which)s %(day)s of the month") % values
        return _("every %(n)s months, the %(which)s %(day)s") % values
    values = {"day": rhythm.on, "n": n}
    words = _("every month on day %(day)s") if n == 1 else _("every %(n)s months on day %(day)s")
    return _or_last(words % values) if rhythm.on > SHORTEST_MONTH else words % values


def _or_last(words: str) -> str:
    return _("%(rhythm)s, or on the last day") % {"rhythm": words}


def _and(names: list[str]) -> str:
    if len(names) < 2:
        return names[0] if names else ""
    return pgettext("rhythm", "%(names)s and %(last)s") % {
        "names": ", ".join(names[:-1]),
        "last": names[-1],
    }
