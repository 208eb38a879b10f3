"""Dates worth remembering, worked out from what was done: no points, no ranks. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quartier.visits.queries import Deed

# Days on which a winter begins and ends, by the calendar.
WINTER_FROM, WINTER_UNTIL = (12, 21), (3, 20)


@dataclass(frozen=True)
class Milestone:
    """A name, a drawing of the sprite, and the day on which it came true."""

    name: str | Promise
    icon: str
    on: date


def milestones(deeds: Sequence[Deed], zone: ZoneInfo) -> list[Milestone]:
    """Those that came true, the newest first. `deeds`: the first first."""
    found = [*_counted(deeds, zone), *_firsts(deeds, zone)]
    return sorted(found, key=lambda one: (one.on, str(one.icon)), reverse=True)


def _counted(deeds: Sequence[Deed], zone: ZoneInfo) -> Iterator[Milestone]:
    doors = [deed for deed in deeds if not deed.remote]
    calls = [deed for deed in deeds if deed.remote]
    for rows, number, name, icon in (
        (doors, 1, _("First visit"), "home"),
        (doors, 10, _("Ten visits"), "home"),
        (doors, 50, _("Fifty visits"), "home"),
        (doors, 100, _("A hundred visits"), "home"),
        (calls, 1, _("First call"), "phone"),
        (calls, 10, _("Ten calls"), "phone"),
        (calls, 50, _("Fifty calls"), "phone"),
    ):
        if len(rows) >= number:
            yield Milestone(name, icon, _day(rows[number - 1].at, zone))


def _firsts(deeds: Sequence[Deed], zone: ZoneInfo) -> Iterator[Milestone]:
    neighbours: dict[int, set[object]] = {}
    winter = three = year = False
    for deed in deeds:
        day = _day(deed.at, zone)
        if not winter and _is_winter(day):
            winter = True
            yield Milestone(_("First winter"), "flake", day)
        if not deed.remote:
            there = neighbours.setdefault(deed.area, set())
            there.add(deed.person)
            if not three and len(there) == 3:
                three = True
                yield Milestone(_("Three neighbours, one neighbourhood"), "pin", day)
        if not year and day >= _day(deeds[0].at, zone) + timedelta(days=365):
            year = True
            yield Milestone(_("A year later"), "calendar", day)
    thanked = next((deed for deed in deeds if deed.thanks), None)
    if thanked is not None:
        yield Milestone(_("First thank-you"), "heart", _day(thanked.at, zone))


def _is_winter(day: date) -> bool:
    return (day.month, day.day) >= WINTER_FROM or (day.month, day.day) <= WINTER_UNTIL


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def longest_run(days: Sequence[date]) -> int:
    """The most weeks in a row, from Monday, in each of which something was done."""
    weeks = sorted({day - timedelta(days=day.weekday()) for day in days})
    best = run = 0
    before: date | None = None
    for week in weeks:
        run = run + 1 if before is not None and week - before == timedelta(days=7) else 1
        best, before = max(best, run), week
    return best


def months(days: Sequence[date], today: date, count: int = 12) -> list[tuple[date, int]]:
    """The last months, each by its first day, with how much was done in it; the oldest first."""
    firsts = []
    first = today.replace(day=1)
    for _month in range(count):
        firsts.append(first)
        first = (first - timedelta(days=1)).replace(day=1)
    done = [day.replace(day=1) for day in days]
    return [(month, done.count(month)) for month in reversed(firsts)]
