"""The hour that a volunteer says with their yes: "ja 60, 16 Uhr passt", "oui, entre 14h et 16h". Pure.

An hour that the request allows is taken as it was said. With one that it does not allow, or that can be read as two,
they are asked again: whoever waits never hears another hour than the one that was said.
"""

# ruff: noqa: SIM905 (lists of words are read as sentences)

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from quartier.conversation import vocabulary as words
from quartier.conversation.understanding import HOUR_AFTER_CODE, LAST_DAY, own_words, plain, with_phrases
from quartier.lib.spoken_hours import SPOKEN_NUMBER, read_spoken_hour

VISIT_LENGTH, SHORTEST_VISIT, LONGEST_WAIT = timedelta(hours=1), timedelta(minutes=15), timedelta(hours=3)
# Before this local hour nobody is meant to come who says a number alone: "um 4" is four in the afternoon.
DAY_BEGINS_HOUR = 7
# Whoever names more of them speaks of something else too.
MAX_HOURS_SAID, MAX_DAYS, LAST_HOUR = 2, 31, 24
# With a word behind them these count it: "voor een afspraak".
_ARTICLES = frozenset("une een ein".split())


class Bound(StrEnum):
    """How an hour is meant: at it, from it on, or until it."""

    AT = "at"
    FROM = "from"
    UNTIL = "until"


@dataclass(frozen=True)
class SpokenHour:
    """`fixed`: it stands as written, though it is before noon: `04:00`, `9 am`. `afternoon`: it is said to be so."""

    at: time
    bound: Bound = Bound.AT
    fixed: bool = False
    afternoon: bool = False


@dataclass(frozen=True)
class SaidTime:
    """What a text says of when somebody comes. `weekdays`: Monday is 0. `dates`: days of the month. `loose`: it names a
    day or a part of one that is no hour. `unclear`: it names an hour that nobody can read."""

    hours: tuple[SpokenHour, ...] = ()
    weekdays: frozenset[int] = frozenset()
    dates: frozenset[int] = frozenset()
    today: bool = False
    loose: bool = False
    unclear: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.hours or self.unclear or self.weekdays or self.today or self.loose)

    @property
    def names_hour(self) -> bool:
        return bool(self.hours or self.unclear)


_AT = "um|om|a|at|vers|gegen|rond|omstreeks|around|entre|tussen|zwischen|between|von|van|de"
_FROM = "ab|des|a partir de|vanaf|from|apres|na|nach|after"
_UNTIL = "bis|jusqu'a|jusque|tot|until|till|vor|avant|voor|before|by"
_CLOCK = r"(?:\s?(?:heures?|uur|uhr|oclock|h|u)\b)"
_QUARTER = (
    rf"half past {SPOKEN_NUMBER}|(?:halb|half) {SPOKEN_NUMBER}{_CLOCK}?"
    rf"|(?:kwart (?:over|voor)|viertel (?:nach|vor)|dreiviertel|(?:a )?quarter (?:past|to)) {SPOKEN_NUMBER}{_CLOCK}?"
    rf"|{SPOKEN_NUMBER}{_CLOCK}? (?:et (?:quart|demie?)|moins (?:le |un )?quart)"
)
_DIGITS = (
    r"(?P<hour>\d{1,2})(?:\s?(?:heures?|uur|uhr|[:hu])\s?(?P<minute>[0-5]\d)(?!\d)(?:\s?(?:h|u|uur|uhr)\b)?"
    rf"|[.](?P<dotted>[0-5]\d)(?=\s?(?:h|u|uur|uhr|am|pm)\b)(?:\s?(?:h|u|uur|uhr)\b)?|{_CLOCK})?"
    r"(?:\s?(?P<half>[ap]m)\b)?"
)
_HOUR = re.compile(
    rf"\b(?:(?P<bound>{_FROM}|{_UNTIL}|{_AT})\s)?(?:(?:so|etwa|environ|ongeveer|ca|circa|about|les) )?"
    rf"(?P<said>{_QUARTER}|{_DIGITS}|{SPOKEN_NUMBER}{_CLOCK}?|midi|noon)(?![\w:])"
)
_UNIT = re.compile(
    rf"\s?(?:{words.UNITS}|min\w*|mn|std|stunden?|hours?|uren|jours?|dagen|tagen?|days?|[/.-]\s?\d+)\b"
)
# "14-16 Uhr", "14 à 16h": the first one is an hour as well.
_SPAN = re.compile(
    rf"\b([01]?\d|2[0-4]){_CLOCK}?\s?(?:-|–|a|bis|tot|to|et|en|und|and)\s?(?=\d{{1,2}}(?:\s?[:hu]\s?\d|{_CLOCK}))"
)
# How long, or in how long: none of these is an hour.
_HOW_LONG = re.compile(
    r"\b(?:dans|over|binnen|in|encore|nog|noch|pendant|gedurende) (?:environ |ongeveer |etwa |about )?"
    r"(?:\d{1,3}|une?|een|eine[rn]?|an?)\s?(?:h|heures?|uur|stunden?|hours?|min\w*)\b"
)
_WEEKDAYS = {
    word: day
    for names in (
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
        "montag dienstag mittwoch donnerstag freitag samstag sonntag",
        "monday tuesday wednesday thursday friday saturday sunday",
    )
    for day, word in enumerate(names.split())
}
_TODAY = frozenset("aujourdhui vandaag heute today vanavond tonight".split())
_AFTERNOON = frozenset(
    "soir avond abend evening vanavond tonight nachmittag nachmittags namiddag apresmidi afternoon".split()
)
_MORNING = frozenset("matin ochtend voormiddag vormittag vormittags morning fruh".split())
_GREETING = re.compile(
    r"\b(?:guten|goeden?|good|bon|bonne) (?:morning|abend|avond|evening|soir|middag|afternoon)\b"
)
_DAY = r"0?[1-9]|[12]\d|3[01]"
_DATE = re.compile(
    rf"\b(?P<day>{_DAY})\s?[/.-]\s?(?:0?[1-9]|1[0-2])\b(?!\s?(?:uhr|uur|[hu:]|[ap]m\b|(?:{words.UNITS})\b))"
    rf"|\b(?P<of>{_DAY})\.?\s(?:{words.MONTHS})\b"
)


def said_time(text: str, language: str, codes: Collection[int] = ()) -> SaidTime:
    """What this text, a yes, says of when somebody comes. `language`: how its writer reads "half four". `codes`: the
    numbers of offers in it, which are no minutes."""
    said = _GREETING.sub(" ", re.sub("apres[- ]midi", "apresmidi", with_phrases(plain(own_words(text)))))
    said = HOUR_AFTER_CODE.sub(r"\1 um \2", said)
    for code in (each for each in codes if each > LAST_DAY):
        said = re.sub(rf"(?<![\d:.]){code}(?![\d:.])", " ; ", said, count=1)
    spoken = set(re.findall(r"[^\W\d_]+", said))
    afternoon, morning = bool(spoken & _AFTERNOON), bool(spoken & _MORNING)
    dates = frozenset(int(found["day"] or found["of"]) for found in _DATE.finditer(said))
    loose = bool(afternoon or morning or dates)
    said = _SPAN.sub(r"um \1 h ; ", _HOW_LONG.sub(" ", _DATE.sub(" ", said)))
    hours: list[SpokenHour] = []
    unclear = False
    for found in filter(_names_hour, _HOUR.finditer(said)):
        at = _read(found, language)
        fixed = bool(found["half"]) or morning or found["said"].startswith("0")
        if at is None:
            unclear = True
        else:
            hours.append(SpokenHour(at, _bound(found["bound"] or ""), fixed, afternoon))
    weekdays = frozenset(_WEEKDAYS[word] for word in spoken if word in _WEEKDAYS)
    return SaidTime(tuple(hours), weekdays, dates, bool(spoken & _TODAY), loose, unclear)


def _names_hour(found: re.Match[str]) -> bool:
    """Whether it is an hour: with its unit, or a number behind "um" and the like that counts nothing else."""
    said = found["said"]
    if said in {"midi", "noon"} or not (said.isdecimal() or said.isalpha()):
        return True
    if said.isdecimal() and int(said) > LAST_HOUR:
        return False
    if said.isalpha() and found["bound"] in {"a", "de"}:
        # "On vient à deux": so many come.
        return False
    if said in _ARTICLES and re.match(r"\s*[^\W\d_]", found.string[found.end() :]):
        return False
    return bool(found["bound"]) and not _UNIT.match(found.string, found.end())


def _read(found: re.Match[str], language: str) -> time | None:
    if not found["hour"]:
        return read_spoken_hour(found["said"], language)
    hour, minute = int(found["hour"]), int(found["minute"] or found["dotted"] or 0)
    if found["half"]:
        hour = hour % 12 + (12 if found["half"] == "pm" else 0)
    return time(hour, minute) if hour < LAST_HOUR else None


def _bound(word: str) -> Bound:
    if re.fullmatch(_FROM, word):
        return Bound.FROM
    return Bound.UNTIL if re.fullmatch(_UNTIL, word) else Bound.AT


def said_window(
    said: SaidTime, start: datetime, end: datetime, zone: ZoneInfo
) -> tuple[datetime, datetime] | None:
    """The hours that were said, where those that can be chosen (`start` to `end`) allow exactly one reading of them."""
    if not said.hours or said.unclear or len(said.hours) > MAX_HOURS_SAID or start >= end:
        return None
    first = start.astimezone(zone).date()
    count = (end.astimezone(zone).date() - first).days + 1
    days = [first + timedelta(days=more) for more in range(min(count, MAX_DAYS))]
    if said.weekdays:
        days = [day for day in days if day.weekday() in said.weekdays]
    if said.dates:
        days = [day for day in days if day.day in said.dates]
    if said.today:
        days = [day for day in days if day == first]
    windows = [_on_day(said.hours, day, (start, end), zone) for day in days]
    fitting = [window for window in windows if window is not None]
    return fitting[0] if len(fitting) == 1 else None


def _on_day(
    hours: tuple[SpokenHour, ...], day: date, asked: tuple[datetime, datetime], zone: ZoneInfo
) -> tuple[datetime, datetime] | None:
    """As it was written; or else, where that cannot be, as an hour of the afternoon."""
    for afternoon in (False, True):
        ats = [_moment(hour, day, zone, afternoon=afternoon) for hour in hours]
        known = [at for at in ats if at is not None]
        if len(known) == len(ats) and (window := _window(hours, known, *asked)):
            return window
    return None


def _moment(hour: SpokenHour, day: date, zone: ZoneInfo, *, afternoon: bool) -> datetime | None:
    at = hour.at
    if afternoon:
        if hour.fixed:
            return None
        at = at.replace(hour=at.hour + 12) if at.hour < 12 else at
    elif not hour.fixed and (at.hour < DAY_BEGINS_HOUR or (hour.afternoon and at.hour < 12)):
        return None
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def _window(
    hours: tuple[SpokenHour, ...], ats: list[datetime], start: datetime, end: datetime
) -> tuple[datetime, datetime] | None:
    bounds, first, last = [hour.bound for hour in hours], ats[0], ats[-1]
    if len(ats) > 1:
        ordered = bounds[0] != Bound.UNTIL and bounds[1] != Bound.FROM
        begins, ends = first, last
        if not ordered or ends - begins > LONGEST_WAIT:
            return None
    elif bounds[0] == Bound.UNTIL:
        begins, ends = max(start, first - LONGEST_WAIT), first
    else:
        begins = first
        ends = min(end, begins + (VISIT_LENGTH if bounds[0] == Bound.AT else LONGEST_WAIT))
    # Whoever says the hour that is just now, or nearly, has said it.
    fits = start - SHORTEST_VISIT <= begins and ends <= end
    return (begins, ends) if fits and ends - begins >= SHORTEST_VISIT else None
