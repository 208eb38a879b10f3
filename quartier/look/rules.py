"""How times, days, distances, waits and phone numbers are said, in the active language.

All times given are aware; they are told in the current time zone. A no-break space (U+00A0) stands between a
number and its unit, so that a line never begins with "h 30".
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from quartier.lib import choices, days
from quartier.lib import phone as lib_phone

NBSP = "\u00a0"
NOON = 12
# At night "tomorrow" is not the same day for everybody, and "1 am tomorrow" is tonight.
NIGHT_ENDS_HOUR, TOMORROW_BEGINS_HOUR = 5, 4
A_NIGHT = timedelta(hours=12)
MAX_MAPS_KEPT = 64
KILOMETRES = ((1, 2), (2, 3), (3, 5), (5, 10), (10, 20), (20, 50))


def _language() -> str:
    return (get_language() or "en").split("-")[0]


def clock_time(moment: datetime | time, unit: bool = True) -> str:
    """`16 h 30`, `16.30 uur`, `16.30 Uhr`, `4.30 pm`. Without `unit`: `16.30`, `4.30`. A time of the day is
    one of the local clock."""
    local = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    hour, minute = local.hour, local.minute
    if _language() == "fr":
        return f"{hour}{NBSP}h" + (f"{NBSP}{minute:02}" if minute else "")
    if _language() in {"nl", "de"}:
        name = "uur" if _language() == "nl" else "Uhr"
        return f"{hour}" + (f".{minute:02}" if minute else "") + (f"{NBSP}{name}" if unit else "")
    if minute == 0 and hour in {0, 12}:
        return "noon" if hour else "midnight"
    short = f"{hour % 12 or 12}" + (f".{minute:02}" if minute else "")
    return short + (f"{NBSP}{'am' if hour < 12 else 'pm'}" if unit else "")


def is_today(moment: datetime, now: datetime) -> bool:
    """Whether it is on the same day of the group."""
    return timezone.localtime(moment).date() == timezone.localtime(now).date()


def since_time(moment: datetime, now: datetime) -> str:
    """A time of the clock after a word like "since", written as every other one: `16 h 30`, `16.30 uur`. In a French
    morning `2 h 15 du matin`, where `2 h 15` would be read as how long. Of another day with the day."""
    if not is_today(moment, now):
        return day_time(moment, now)
    is_morning = timezone.localtime(moment).hour < NOON
    return clock_time(moment) + (f"{NBSP}du matin" if _language() == "fr" and is_morning else "")


def day(moment: datetime | date, now: datetime) -> str:
    """`today`, `tomorrow`, `yesterday`, `Tuesday 12 January`; with the year beyond half a year."""
    that = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    away = (that - timezone.localtime(now).date()).days
    if away == 0:
        return _("today")
    # Said after midnight: whoever has not slept yet means another day by it.
    if away == 1 and timezone.localtime(now).hour >= TOMORROW_BEGINS_HOUR:
        return _("tomorrow")
    if away == -1:
        return _("yesterday")
    return full_day(that, year=abs(away) > 180)


def full_day(moment: datetime | date, *, year: bool = False) -> str:
    """`Tuesday 12 January`, whatever day it is now."""
    that = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    language = _language()
    form = {"de": "l, j. F"}.get(language, "l j F")
    if language == "fr" and that.day == 1:
        form = r"l j\e\r F"
    return format_date(that, form + (" Y" if year else ""))


def pause(first: date | None, until: date | None) -> str:
    """A pause in a sentence: from a day (`None`: it has begun) until it goes on (`None`: nobody knows yet)."""
    if first and until:
        last = until - timedelta(days=1)
        return _("Pause from %(first)s to %(last)s.") % {"first": full_day(first), "last": full_day(last)}
    if first:
        return _("Pause from %(day)s on, until further notice.") % {"day": full_day(first)}
    if until:
        return _("Pause. Starts again %(day)s.") % {"day": full_day(until)}
    return _("Pause, until further notice.")


def calendar_day(that: datetime | date, year: bool = False) -> str:
    """`lib.days.calendar_day`, of a moment too: its day in the current time zone."""
    that = timezone.localtime(that).date() if isinstance(that, datetime) else that
    return days.calendar_day(that, year=year)


def day_time(moment: datetime, now: datetime) -> str:
    """`tomorrow at 4.30 pm`, `demain à 16 h 30`."""
    return _("%(day)s at %(time)s") % {"day": day(moment, now), "time": clock_time(moment)}


def before(moment: datetime, now: datetime) -> str:
    """`before 6 pm tomorrow`, `demain avant 18 h`; `before midnight tonight`, `before 1 am tonight`."""
    local, today = timezone.localtime(moment), timezone.localtime(now).date()
    if (local.hour, local.minute) == (0, 0):
        evening = local.date() - timedelta(days=1)
        if evening == today:
            return _("before midnight tonight")
        return _("before midnight %(day)s") % {"day": day(evening, now)}
    if local.hour < NIGHT_ENDS_HOUR and timedelta(0) < moment - now < A_NIGHT:
        return _("before %(time)s tonight") % {"time": clock_time(moment)}
    words = {"day": day(moment, now), "time": clock_time(moment)}
    if _has_name(moment, now):
        return pgettext("a day by its name", "before %(time)s on %(day)s") % words
    return _("before %(time)s %(day)s") % words


def _has_name(moment: datetime, now: datetime) -> bool:
    """Whether the day is called by its name: not today, tomorrow, yesterday."""
    return day(moment, now) not in {_("today"), _("tomorrow"), _("yesterday")}


def no_later(moment: datetime, now: datetime) -> str:
    """`by 9 am tomorrow`, `d’ici demain 9 h`: an hour of theirs. `before` could read as if they had to wait for
    tomorrow; of today it says the same."""
    local, today = timezone.localtime(moment), timezone.localtime(now).date()
    if local.hour < NIGHT_ENDS_HOUR or local.date() <= today:
        return before(moment, now)
    words = {"day": day(moment, now), "time": clock_time(moment)}
    if _has_name(moment, now):
        return pgettext("a day by its name", "by %(time)s on %(day)s") % words
    return _("by %(time)s %(day)s") % words


def at_latest(moment: datetime, now: datetime) -> str:
    """`au plus tard jeudi 8 avril à 18 h`, of what can be on any day until then."""
    local = timezone.localtime(moment)
    if local.hour < NIGHT_ENDS_HOUR:
        return before(moment, now)
    words = {"day": day(moment, now), "time": clock_time(moment)}
    if _has_name(moment, now):
        return pgettext("on any day until then", "by %(time)s on %(day)s") % words
    return pgettext("on any day until then", "by %(time)s %(day)s") % words


def between(start: datetime, end: datetime) -> str:
    """`between 4.30 and 5.30 pm`: two times of one day, without the day."""
    halves = {timezone.localtime(moment).hour // 12 for moment in (start, end)}
    noon = any(clock_time(moment) in {"noon", "midnight"} for moment in (start, end))
    short = _language() in {"nl", "de"} or (_language() == "en" and len(halves) == 1 and not noon)
    return _("between %(start)s and %(end)s") % {
        "start": clock_time(start, unit=not short),
        "end": clock_time(end),
    }


WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def opening(byday: str, opens: str, closes: str) -> str:
    """`Monday to Friday, 9 am to 5 pm`: weekdays as iCalendar writes them (`MO,TU`), times as `09:00`; each may be
    empty. What is written otherwise is said as it stands."""
    codes = [code.strip() for code in byday.split(",") if code.strip()]
    days = [WEEKDAYS.index(code) for code in codes if code in WEEKDAYS]
    said = byday
    if days and len(days) == len(codes):
        # German keeps the capital of its nouns, and English writes one too.
        names = [str(choices.DAYS[day]) for day in days]
        names = names if _language() in {"de", "en"} else [name.lower() for name in names]
        in_a_row = days == list(range(days[0], days[-1] + 1))
        ends = {"first": names[0], "last": names[-1]}
        together = in_a_row and len(days) > 2
        said = pgettext("days", "%(first)s to %(last)s") % ends if together else ", ".join(names)
    try:
        first, last = (clock_time(time.fromisoformat(each)) for each in (opens, closes))
        hours = pgettext("hours", "%(first)s to %(last)s") % {"first": first, "last": last}
    except ValueError:
        hours = f"{opens}–{closes}".strip("–")
    return ", ".join(part for part in (said, hours) if part)


def window(start: datetime | None, end: datetime, now: datetime) -> str:
    """When somebody comes: `today between 10 and 11 am`, or `before 6 pm tomorrow` without a start."""
    if start is None:
        return before(end, now)
    if timezone.localtime(start).date() == timezone.localtime(end).date():
        return _("%(day)s %(between)s") % {"day": day(start, now), "between": between(start, end)}
    return _("from %(start)s to %(end)s") % {"start": day_time(start, now), "end": day_time(end, now)}


def age(minutes: float) -> str:
    """How long somebody waits: `just now`, `22 min`, `1 h 35`, `1 day`."""
    whole = int(minutes)
    if whole < 1:
        return _("just now")
    if whole < 60:
        return pgettext("a wait", "%(minutes)s min").replace(" ", NBSP) % {"minutes": whole}
    if whole < 24 * 60:
        hours, rest = divmod(whole, 60)
        if rest:
            form = pgettext("a wait", "%(hours)s h %(minutes)s")
            return form.replace(" ", NBSP) % {"hours": hours, "minutes": f"{rest:02}"}
        return pgettext("a wait", "%(hours)s h").replace(" ", NBSP) % {"hours": hours}
    days = whole // (24 * 60)
    return (ngettext("%(count)s day", "%(count)s days", days) % {"count": days}).replace(" ", NBSP)


def waited(since: datetime, now: datetime) -> str:
    """How long somebody has waited who reads since which day: in days of the calendar; of today, in hours."""
    days = (timezone.localtime(now).date() - timezone.localtime(since).date()).days
    return age(days * 24 * 60 or minutes_between(since, now))


def money(cents: int) -> str:
    """Euros as they are written here: `1.234,50 €` (fr with a narrow space for thousands), `€ 12,50`, `€12.50`."""
    whole, rest = divmod(abs(cents), 100)
    grouped = f"{whole:,}"
    language, sign = _language(), "-" if cents < 0 else ""
    if language == "en":
        return f"{sign}€{grouped}.{rest:02}"
    between = NBSP if language == "fr" else "."
    said = f"{sign}{grouped.replace(',', between)},{rest:02}"
    return f"€{NBSP}{said}" if language == "nl" else f"{said}{NBSP}€"


def euros(cents: int) -> str:
    """The same without its cents where there are none: `30 €`."""
    return money(cents) if cents % 100 else re.sub(r"[.,]00", "", money(cents))


def distance(metres: float) -> str:
    """A band that tells nobody's door: `less than 300 m`, `about 800 m`, `1 to 2 km`, `more than 50 km`."""
    if metres < 300:
        words = _("less than %(metres)s m") % {"metres": 300}
    elif metres < 950:
        words = _("about %(metres)s m") % {"metres": round(metres / 100) * 100}
    else:
        band = next((band for band in KILOMETRES if metres < band[1] * 1000), None)
        if band:
            words = _("%(low)s to %(high)s km") % {"low": band[0], "high": band[1]}
        else:
            words = _("more than %(kilometres)s km") % {"kilometres": KILOMETRES[-1][1]}
    return NBSP.join(words.rsplit(" ", 1))


def phone(number: str, home: str = "BE") -> str:
    """A number as people of the country `home` write it: `0470 12 34 56`. Other text stays as it is."""
    return lib_phone.display(number, home).replace(" ", NBSP)


@dataclass(frozen=True)
class Wait:
    """A clock badge. `state`: new, soon, late; `used`: percent of the promised time; `text`: the age."""

    state: str
    used: int
    text: str


def wait(minutes: float, promise: float) -> Wait:
    """The badge of a wait of `minutes` where `promise` minutes were promised (0: nothing was)."""
    late = promise > 0 and minutes >= promise
    used = 100 if late else round(max(0, minutes) / promise * 100) if promise > 0 else 0
    state = "late" if late else "soon" if used >= 50 else "new"
    return Wait(state, used, age(minutes))


def minutes_between(start: datetime, end: datetime) -> float:
    """Minutes from `start` to `end`, never below 0."""
    return max(timedelta(0), end - start) / timedelta(minutes=1)


def draw_cells(cells: Iterable[Mapping[str, Any]], width: float, height: float) -> list[dict[str, Any]]:
    """The outlines of neighbourhoods for an SVG of `width` by `height`.

    A cell is a mapping with `boundary`, its corners as (latitude, longitude) in degrees, and perhaps `kind`
    (`1`, `2`, `lit`, `none`, `me`), `text` (on it) and `name` (below it). What has a meaning is drawn last.
    """
    given = list(cells)
    drawn = []
    outlines = _outlines(tuple([tuple(map(tuple, cell["boundary"])) for cell in given]), width, height)
    for cell, outline in zip(given, outlines, strict=True):
        kind, text = str(cell.get("kind", "")), str(cell.get("text", ""))
        drawn.append(
            {
                **outline.placed,
                "css": f"hx-{kind}" if kind else "hx",
                "kind": kind,
                "text": text,
                "size": str(round(min(14, outline.across * 1.3 / max(len(text), 2)), 1)),
                "name": cell.get("name", ""),
            }
        )
    return sorted(drawn, key=lambda cell: bool(cell["kind"]) + (cell["kind"] in {"lit", "none", "me"}))


@dataclass(frozen=True, slots=True)
class CellOutline:
    """A neighbourhood on an SVG: its path, where words stand, and how wide it is."""

    placed: dict[str, str]
    across: float


# The same neighbourhoods are drawn again and again, with other numbers on them.
@lru_cache(maxsize=MAX_MAPS_KEPT)
def _outlines(
    boundaries: tuple[tuple[tuple[float, float], ...], ...], width: float, height: float
) -> list[CellOutline]:
    corners = [corner for boundary in boundaries for corner in boundary]
    if not corners:
        return []
    # Near enough for a city: a degree of longitude shrinks with the cosine of the latitude.
    shrink = math.cos(math.radians(sum(lat for lat, _lng in corners) / len(corners)))
    west, east = (edge(lng for _lat, lng in corners) for edge in (min, max))
    south, north = (edge(lat for lat, _lng in corners) for edge in (min, max))
    margin = 6
    scale = min(
        (width - 2 * margin) / ((east - west) * shrink or 1), (height - 2 * margin) / ((north - south) or 1)
    )
    left = (width - (east - west) * shrink * scale) / 2
    top = (height - (north - south) * scale) / 2
    outlines = []
    for boundary in boundaries:
        points = [
            (round(left + (lng - west) * shrink * scale, 1), round(top + (north - lat) * scale, 1))
            for lat, lng in boundary
        ]
        middle = [sum(axis) / len(points) for axis in zip(*points, strict=True)]
        placed = {
            "path": "M" + "L".join(f"{x} {y}" for x, y in points) + "z",
            "x": str(round(middle[0], 1)),
            "y": str(round(middle[1], 1)),
            "text_y": str(round(middle[1] + 5, 1)),
            "name_y": str(round(max(y for _x, y in points) + 10, 1)),
        }
        across = max(x for x, _y in points) - min(x for x, _y in points)
        outlines.append(CellOutline(placed, across))
    return outlines
