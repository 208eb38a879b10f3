"""Rules of cases and requests: pure functions of what they are given."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from quartier.cases import rides
from quartier.cases.models import Request, Series
from quartier.lib import choices, hours
from quartier.lib.rhythm import Rhythm
from quartier.team.models import Organisation

# Until when news is promised, by urgency.
PROMISES = {
    Request.Urgency.NOW: timedelta(hours=1),
    Request.Urgency.DAY: timedelta(hours=4),
    Request.Urgency.WEEK: timedelta(hours=24),
    Request.Urgency.ANY: timedelta(hours=24),
}
# From now until when help is useful, where nobody said it.
WINDOWS = {
    Request.Urgency.NOW: timedelta(hours=4),
    Request.Urgency.DAY: timedelta(hours=30),
    Request.Urgency.WEEK: timedelta(days=7),
    Request.Urgency.ANY: timedelta(days=14),
}
# Between these hours, on local clocks, somebody may ring at a door.
MORNING, EVENING = 8, 20
# From this hour of the evening on nobody is asked for what is not urgent, where so much time is left in the morning.
ASKED_UNTIL, MORNING_IS_ENOUGH = time(20, 30), timedelta(hours=4)
# Whose hour is sooner than this after the morning begins, and on that day, is looked for in the evening all the same.
FOUND_AHEAD = timedelta(hours=2)
# The search says its news before the hour, and has as much time for it as one of us when the quiet hours are over.
BEFORE_NEWS = timedelta(minutes=30)
# Kinds of help that are wanted at night too, however long ago they were asked for.
KINDS_AT_NIGHT = frozenset({"shelter", "lookin"})
# So long before its day, somebody is looked for: enough to find another when the usual one is away.
AHEAD = timedelta(days=5)
# A day of a series that somebody means lies at most so far ahead.
FARTHEST = timedelta(days=400)
# Less than this before its end, nobody can be found for it any more.
TOO_LATE = timedelta(minutes=30)
# As long as somebody needs to read a text and go to a door nearby.
SHORTEST_KNOCK = timedelta(minutes=30)
# How far a neighbour may live, in metres, before anybody looks farther.
REACH_M = {"transport": 10_000, "meal": 5_000}
REACH_OTHERWISE_M = 5_000


class NotPossible(ValueError):
    """The change makes no sense where the request stands now: somebody else was quicker, or it is over."""


@dataclass(frozen=True)
class Where:
    """Where help is needed: an H3 cell (resolution 9) and how we say it. `precision` as in `places`."""

    cell: int
    postcode: str = ""
    place_name: str = ""
    precision: str = "locality"


@dataclass(frozen=True)
class Wanted:
    """One thing asked. `languages` are bits, times aware; `details` free words that no stranger reads."""

    kind: str
    languages: int
    urgency: str = Request.Urgency.DAY
    details: str = ""
    window_from: datetime | None = None
    window_until: datetime | None = None
    needed: int = 1
    level: int = 0
    # Once, or with this rhythm from that day on, at those hours.
    rhythm: Rhythm | None = None
    # What whoever goes there should know of the situation: water in the house, no lift.
    situation: str = ""
    # Nobody has asked for it: the team sends somebody to see whether all is well.
    unasked: bool = False

    def __post_init__(self) -> None:
        choices.kind(self.kind)
        if not 1 <= self.needed <= 20:
            raise ValueError("between 1 and 20 neighbours can be asked for")
        if not self.languages:
            raise ValueError("at least one language is needed")
        if self.window_from and self.window_until and self.window_from >= self.window_until:
            raise ValueError("the time must end after it begins")
        if self.rhythm and not (self.window_from and self.window_until):
            raise ValueError("help that comes again begins on a day, at an hour")


@dataclass(frozen=True)
class Household:
    """What the file says of the household. `relation`: who asks, as seen by who needs help ("daughter")."""

    where: Where
    address: str = ""
    access_notes: str = ""
    relation: str = ""
    tell_asker: bool = False


def promise(now: datetime, urgency: str, organisation: Organisation) -> datetime:
    """When we give news at the latest: a full hour within opening hours, never sooner than now.

    A line that opens and closes at the same time is open day and night.
    """
    due = now + PROMISES[Request.Urgency(urgency)]
    full_hour = _full_hour(due)
    due = full_hour if full_hour == due else full_hour + timedelta(hours=1)
    always = organisation.opens == organisation.closes
    if always or hours.is_within(due, organisation.opens, organisation.closes, organisation.zone):
        return due
    local = due.astimezone(organisation.zone)
    if local.time() == organisation.closes:
        return due
    opening = hours.next_time(due, organisation.opens, organisation.zone)
    return opening + timedelta(hours=1)


def search_begins(now: datetime, urgency: str, organisation: Organisation) -> datetime:
    """When neighbours can first be asked: now, or for what is urgent and comes in quiet hours, at their end.

    What has more time keeps its promise of news in the morning: the search begins with it.
    """
    if urgency != Request.Urgency.NOW:
        return now
    return hours.after_quiet(now, organisation.quiet_from, organisation.quiet_until, organisation.zone)


def news_hour(now: datetime, urgency: str, organisation: Organisation) -> datetime:
    """The hour of the first news of what is asked now: counted from when neighbours can be asked."""
    return promise(search_begins(now, urgency, organisation), urgency, organisation)


def news_while_needed(hour: datetime, request: Request, after: datetime) -> datetime:
    """This hour for news of the search; or the end of the time in which it is of use, where that comes before it, or so
    soon after it that there is no later hour to promise: news after the need is over are none. Not for an end that
    leaves no time, or that lies in quiet hours."""
    end = request.window_until
    return end if after + BEFORE_NEWS <= end < hour + BEFORE_NEWS and ends_by_day(request) else hour


def ends_by_day(request: Request) -> bool:
    """Whether whoever waits can hear something in the minute in which the time of this is over."""
    group = request.organisation
    is_quiet = hours.is_within(request.window_until, group.quiet_from, group.quiet_until, group.zone)
    return not is_quiet and news_by_day(request.window_until, group) == request.window_until


def day_named(request: Request) -> datetime | None:
    """The day by which whoever waits knows one time of help that comes again; `None` for what is asked once. Of a
    missed one that is looked for again it is the day that was missed, not the one on which the search began anew."""
    if request.series_id is None:
        return None
    zone = request.organisation.zone
    first, last = (each.astimezone(zone).date() for each in (request.window_from, request.window_until))
    if first == last or request.day is None:
        # Moved to another day, it has hours there.
        return request.window_from
    return datetime.combine(request.day, time(12), tzinfo=zone)


def next_days_stay(request: Request) -> bool:
    """Whether it is one day of a series whose next ones are planned."""
    series = request.series
    if series is None or series.state != Series.State.RUNNING:
        return False
    return series.last_day is None or request.day is None or request.day < series.last_day


def date_named(request: Request) -> date:
    """`day_named` on the local calendar: one that was moved to another day goes by that. Of what is asked once, the day
    on which it begins."""
    return (day_named(request) or request.window_from).astimezone(request.organisation.zone).date()


def news_by_day(hour: datetime, organisation: Organisation) -> datetime:
    """This hour for news of the search; an hour after the quiet hours, where it would have to say them in those."""
    said = hour - BEFORE_NEWS
    wakes = hours.after_quiet(said, organisation.quiet_from, organisation.quiet_until, organisation.zone)
    return hour if wakes == said else wakes + timedelta(hours=1)


def asks_from(request: Request, now: datetime) -> datetime:
    """From when on neighbours are asked: now, or when the quiet hours are over; for what is not urgent and can be found
    tomorrow too, nobody is asked in the last hours of the evening either."""
    group = request.organisation
    wakes = hours.after_quiet(now, group.quiet_from, group.quiet_until, group.zone)
    if wakes > now or request.urgency == Request.Urgency.NOW or group.quiet_from == group.quiet_until:
        return wakes
    if not hours.is_within(now, _asked_until(group), group.quiet_until, group.zone):
        return now
    morning = hours.next_time(now, group.quiet_until, group.zone)
    # A day in the morning that was agreed with them: at its beginning nobody is found any more.
    has_hour = now < request.window_from and request.window_until < morning + timedelta(days=1)
    if has_hour and request.window_from < morning + FOUND_AHEAD:
        return now
    return morning if request.window_until >= morning + MORNING_IS_ENOUGH else now


def _asked_until(group: Organisation) -> time:
    """From when on nobody is asked for what has time; quiet hours at midday alone make no evening."""
    at_midday = time(MORNING) <= group.quiet_from < group.quiet_until
    return group.quiet_from if at_midday else ASKED_UNTIL


def waits_for_morning(request: Request, now: datetime) -> bool:
    """Whether neighbours are asked for this request only when the night is over: it is urgent, or came in this night,
    so that "we are looking" would not be true yet."""
    group = request.organisation
    if request.state != Request.State.OPEN or asks_from(request, now) == now:
        return False
    came_tonight = not hours.outside(
        request.searched_since, now, _asked_until(group), group.quiet_until, group.zone
    )
    return request.urgency == Request.Urgency.NOW or came_tonight


def window_after_night(request: Request, wakes: datetime) -> tuple[datetime, datetime] | None:
    """The window of an urgent request when the night is over (`wakes`); `None` where it stays as it is.

    Begun anew, since "within hours" was said of now. An hour that somebody named, or a day of a series, stays; of a
    knock nobody has named one.
    """
    if request.urgency != Request.Urgency.NOW or request.series_id or request.window_until > wakes:
        return None
    usual = useful_until(request.window_from, request.urgency, request.organisation)
    if not request.unasked and request.window_until != usual:
        return None
    return wakes, useful_until(wakes, request.urgency, request.organisation)


def useful_until(start: datetime, urgency: str, organisation: Organisation) -> datetime:
    """Until when help is useful where nobody said it: a full hour by day, since nobody rings at eleven at night.

    What is urgent in the evening keeps its hour.
    """
    end = start + WINDOWS[Request.Urgency(urgency)]
    end = end if end == _full_hour(end) else _full_hour(end) + timedelta(hours=1)
    local = end.astimezone(organisation.zone)
    evening = local.replace(hour=EVENING)
    if local.hour < MORNING:
        evening -= timedelta(days=1)
    by_day = local if MORNING <= local.hour <= EVENING else evening
    by_day = by_day.astimezone(end.tzinfo)
    return by_day if by_day >= start + timedelta(hours=1) else end


def knock_window(now: datetime, group: Organisation) -> tuple[datetime, datetime]:
    """When a neighbour rings at the door of somebody who has asked for nothing: not in the quiet hours, but after them
    where they begin too soon."""
    start = search_begins(now, Request.Urgency.NOW, group)
    end = useful_until(start, Request.Urgency.NOW, group)
    night = hours.next_time(start, group.quiet_from, group.zone)
    if group.quiet_from == group.quiet_until or night >= end:
        return start, end
    if night >= start + SHORTEST_KNOCK:
        return start, night
    wakes = hours.after_quiet(night, group.quiet_from, group.quiet_until, group.zone)
    return wakes, useful_until(wakes, Request.Urgency.NOW, group)


def window_anew(request: Request, now: datetime) -> tuple[datetime, datetime]:
    """The window of a request that is looked for again, as if it were asked now.

    Where whoever waits was asked whether it is still needed, its time had been over for a while: what was urgent then
    does not run into the night, but begins in the morning.
    """
    if request.unasked:
        return knock_window(now, request.organisation)
    start = search_begins(now, request.urgency, request.organisation)
    end = useful_until(start, request.urgency, request.organisation)
    local = end.astimezone(request.organisation.zone)
    is_by_day = MORNING <= local.hour < EVENING or (local.hour, local.minute) == (EVENING, 0)
    if is_by_day or request.asked_over_at is None or request.kind in KINDS_AT_NIGHT:
        return start, end
    start = hours.next_time(start, time(MORNING), request.organisation.zone)
    return start, useful_until(start, request.urgency, request.organisation)


def former_hour_of_ride(request: Request) -> str:
    """The hour (`10:30`) of a ride that was missed, where it is looked for again at another one; else ''."""
    if request.kind != rides.RIDE_KIND or not request.priority:
        return ""
    window = (request.window_from, request.window_until)
    hour = rides.former_hour(request.details, window, request.organisation.zone)
    return f"{hour:%H:%M}" if hour is not None else ""


def _full_hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def window(now: datetime, wanted: Wanted, organisation: Organisation) -> tuple[datetime, datetime]:
    """From when until when help is useful. Where nobody named the hour, an urgent one begins when the night is over."""
    start = max(wanted.window_from or now, now)
    if wanted.window_until is None:
        start = search_begins(start, wanted.urgency, organisation)
    end = wanted.window_until or useful_until(start, wanted.urgency, organisation)
    if end <= now:
        raise NotPossible("the time is over")
    return start, max(end, start + timedelta(minutes=30))


def reach_m(kind: str) -> int:
    """How far the first search goes, in metres."""
    return REACH_M.get(kind, REACH_OTHERWISE_M)


def first_state(kind: str, moderated: bool) -> tuple[str, str]:
    """Where a new request begins: state, and why a human is needed (or '').

    Free words are read by one of us before anybody is asked: they may say more than a stranger should know.
    """
    if moderated:
        return Request.State.HUMAN, Request.Why.MODERATION
    if kind == "other":
        return Request.State.HUMAN, Request.Why.WORDS
    return Request.State.OPEN, ""


def opens_at(start: datetime) -> datetime:
    """When a time of a series that begins at `start` becomes a request."""
    return start - AHEAD


def urgency_at(start: datetime, now: datetime) -> str:
    """How urgent a time of a series is: by how near it is."""
    away = start - now
    if away < timedelta(hours=3):
        return Request.Urgency.NOW
    return Request.Urgency.DAY if away < timedelta(hours=36) else Request.Urgency.WEEK
