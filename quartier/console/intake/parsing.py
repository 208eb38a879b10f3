"""What an operator types, read forgivingly: times, and the answers that a draft keeps. Pure."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from quartier.incidents.rules import field_name
from quartier.incidents.shipped import TEMPLATES
from quartier.lib import choices
from quartier.lib.text import clean
from quartier.shopping.forms import NAMES

# "15", "15h", "15 h 30", "15.30 uur", "15:30", "1530".
_TIME = re.compile(
    r"(\d{1,2})\s*(?:(?:[h:.,u]|uhr|uur)\s*(\d{2})?|(\d{2}))?\s*(?:h|u|uur|uhr)?", re.IGNORECASE
)

_DAY = re.compile(r"(\d{1,2})\s*[./-]\s*(\d{1,2})(?:\s*[./-]\s*(\d{4}|\d{2}))?\.?")

RIDE_FIELDS = ("transport_to", "transport_from", "transport_at")
LISTS = ("kinds", "languages")
WORDS = (
    "phone",
    "caller",
    "caller_name",
    "language",
    "channel",
    "email",
    "phone_is_shared",
    "for_other",
    "person_name",
    "person_phone",
    "relation",
    "tell",
    "place",
    "place_choice",
    "address",
    "access_notes",
    "urgency",
    "day",
    "start",
    "end",
    "again",
    "words",
    "consent",
    "case",
    *NAMES,
    *RIDE_FIELDS,
    *(f"detail_{kind.code}" for kind in choices.KINDS),
    *(field_name(each, asked) for each in TEMPLATES.values() for asked in each.questions),
)
# Longer texts are kept in the draft, so that nothing is lost, and refused when the form is sent.
KEPT = 20_000


def clock_time(text: str) -> time | None:
    """The time that was meant, or `None`: `15`, `15h30`, `15.30 uur`, `15:30`, `1530`."""
    found = _TIME.fullmatch(text.strip())
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2] or found[3] or 0)
    if hour == 24 and minute == 0:
        return time(23, 59)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def day(text: str, today: date) -> date | None:
    """The day that was meant, or `None`: `2027-01-12`, `12/1`, `12.1.27`. Without a year: the next one to come."""
    text = text.strip()
    try:
        return date.fromisoformat(text)
    except ValueError:
        found = _DAY.fullmatch(text)
    if not found:
        return None
    year = int(found[3] or today.year)
    try:
        meant = date(year + 2000 if year < 100 else year, int(found[2]), int(found[1]))
        if not found[3] and meant < today - timedelta(days=31):
            meant = meant.replace(year=today.year + 1)
    except ValueError:
        return None
    return meant


def answers(given: Mapping[str, Any], *, whole: bool = False) -> dict[str, Any]:
    """What a draft keeps of a form that was sent (`QueryDict`): known fields only, safe to store, nothing cut short.

    Allergies without the yes to keep them are left out, unless it is the `whole` form, to be shown again.
    """
    lists = getattr(given, "getlist", lambda name: given.get(name, []))
    kept: dict[str, Any] = {name: clean(str(given.get(name, "") or ""), KEPT) for name in WORDS}
    for name in LISTS:
        kept[name] = [clean(str(each), 20) for each in lists(name)][:20]
    if not whole and not kept["agreed"]:
        kept["allergies"] = ""
    return kept


def differing(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of `mine` that are not the same in `theirs`; empty and missing are the same."""
    return {
        name: mine[name]
        for name in (*WORDS, *LISTS)
        if name in mine and (mine[name] or "") != (theirs.get(name) or "")
    }


class Over(ValueError):
    """The time that was asked is over, or ends before it begins."""


def window(
    day: date | None,
    start: time | None,
    end: time | None,
    *,
    now: datetime,
    zone: ZoneInfo,
    open_hours: tuple[time, time],
) -> tuple[datetime | None, datetime | None]:
    """From when until when (aware), where a day or a time was said; `(None, None)` where nothing was.

    A day without times lasts as long as the line is open; a start without an end lasts two hours. Raises `Over`.
    """
    if day is None and start is None and end is None:
        return None, None
    local = now.astimezone(zone)
    on = day or local.date()
    first, last = open_hours if open_hours[0] < open_hours[1] else (time(8), time(20))
    begins = datetime.combine(on, start or first, tzinfo=zone)
    if end:
        ends = datetime.combine(on, end, tzinfo=zone)
    elif start:
        ends = begins + timedelta(hours=2)
    else:
        ends = datetime.combine(on, last, tzinfo=zone)
    if start is None:
        begins = min(max(begins, local), ends)
    if ends <= begins or ends <= local:
        raise Over
    return begins, ends
