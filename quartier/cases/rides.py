"""A ride: from where, where to, and when one must be there. Without them nobody can say yes to it.

Its hour is said twice, in the words that the neighbour reads and in the window in which they come: whatever changes
one of them changes both.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext, override

from quartier.lib.spoken_hours import read_spoken_hour
from quartier.look.rules import clock_time

RIDE_KIND = "transport"
# So long before one must be there somebody is at the door.
FETCHED_BEFORE = timedelta(hours=1)
# A longer window than this is no hour at which one must be there.
LONGEST_FETCH = timedelta(hours=3)
# Until this hour it is night; nobody means it who writes "3 uur".
NIGHT_ENDS_HOUR = 6
_LANGUAGES = ("fr", "nl", "de", "en")
_HOUR = re.compile(r"(\d{1,2})(?:\s*(?:[:.]|h|u(?:ur|hr)?)\s*(\d{2})?)?\s*(am|pm|h|uur|uhr)?", re.IGNORECASE)
_AM_PM = re.compile(r"\d\s*[ap]m$")
_NAMED_HOURS = {"noon": time(12), "midnight": time(0)}


@dataclass(frozen=True)
class RideWords:
    """A ride as it was written for the neighbour, in parts. `start`: '' for home; `more`: what else was written."""

    language: str
    start: str
    end: str
    at: time
    more: str = ""


def hour_in(text: str) -> time | None:
    """The hour that somebody wrote: `14:30`, `14h30`, `9 h`, `2.30 pm`, `halb drei`; `None` for anything else."""
    found = _HOUR.fullmatch(text.strip())
    if found is None:
        return read_spoken_hour(text, (get_language() or "en")[:2])
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half in {"am", "pm"}:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def is_perhaps_afternoon(at: time, typed: str) -> bool:
    """Whether it is an hour of the night as it stands, and perhaps one of the afternoon is meant: `3 uur`, `3:00`. Who
    writes `03:00`, or `3 am`, means the night."""
    typed = typed.strip().lower()
    return 0 < at.hour < NIGHT_ENDS_HOUR and not typed.startswith("0") and not _AM_PM.search(typed)


def fetch_window(day: date, at: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When somebody is to be at the door: in the hour before one must be there."""
    end = datetime.combine(day, at, tzinfo=zone)
    return end - FETCHED_BEFORE, end


def arrival_of(window: tuple[datetime, datetime], zone: ZoneInfo) -> time | None:
    """The hour at which one must be there, of the window in which somebody is at the door; `None` where it is so long
    that no hour was named."""
    start, end = window
    return end.astimezone(zone).time() if end - start <= LONGEST_FETCH else None


def ride_in_words(*, start: str, end: str, at: time, more: str = "") -> str:
    """The ride as the neighbour who has said yes reads it, with what else was written. `start`: '' for home."""
    way = gettext("From %(start)s to %(end)s. There at %(hour)s.") % {
        "start": start or gettext("home"),
        "end": end,
        "hour": clock_time(at),
    }
    return "\n".join(filter(None, [way, more]))


def read_ride(details: str) -> RideWords | None:
    """The parts of what `ride_in_words` wrote, in whatever language; `None` for words of another form."""
    first, _newline, more = details.partition("\n")
    for language in _LANGUAGES:
        with override(language):
            written = re.escape(gettext("From %(start)s to %(end)s. There at %(hour)s."))
            for name in ("start", "end", "hour"):
                written = written.replace(re.escape(f"%({name})s"), f"(?P<{name}>.+)", 1)
            found = re.fullmatch(written, first)
            said = found["hour"].strip() if found else ""
            at = _NAMED_HOURS.get(said) or hour_in(said)
            if found and at is not None:
                start = "" if found["start"] == gettext("home") else found["start"]
                return RideWords(language, start, found["end"], at, more)
    return None


def with_arrival(details: str, at: time) -> str:
    """The same words with this hour, in the language in which they were written."""
    known = read_ride(details)
    if known is None or known.at == at:
        return details
    with override(known.language):
        return ride_in_words(start=known.start, end=known.end, at=at, more=known.more)


def former_hour(details: str, window: tuple[datetime, datetime], zone: ZoneInfo) -> time | None:
    """The hour that the words of a ride still say, where it is looked for at another one: nobody came for it then.
    `None` where they are in step, or no hour was named."""
    known = read_ride(details)
    if known is None or window[1].astimezone(zone).time() == known.at:
        return None
    return known.at


def is_same_way(before: str, after: str) -> bool:
    """Whether two rides differ in nothing but their hour, of which whoever drives hears by itself."""
    was, now = read_ride(before), read_ride(after)
    if was is None or now is None:
        return before.strip() == after.strip()
    return (was.start, was.end, was.more) == (now.start, now.end, now.more)
