"""Help that comes again: when it begins, which day comes next, and how it rests or ends.

What volunteers have promised of it is ended by `visits.actions.rhythm`, which calls these.
"""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from quartier.cases import rides, rules
from quartier.cases.actions.ledger import changed
from quartier.cases.actions.making import make_request
from quartier.cases.models import LeftOut, Request, Series
from quartier.cases.rules import NotPossible, Wanted
from quartier.incidents import queries as incidents
from quartier.lib import clock, rhythm
from quartier.lib.rhythm import Rhythm
from quartier.team.access import Actor, system

State = Series.State


def lock_series(series_id: UUID) -> Series:
    """The series with its row locked, and its case. Rows of its requests are locked after it, never before."""
    return (
        Series.objects.select_for_update(of=("self",))
        .select_related("organisation", "case__person", "case__asked_by")
        .get(pk=series_id)
    )


@transaction.atomic
def begin_series(
    *,
    actor: Actor,
    request: Request,
    wish: Rhythm,
    until: date | None = None,
    visit: tuple[datetime, datetime] | None = None,
) -> Series:
    """What this request asks for comes again, from its day on and at its hours. Said twice, the rhythm is changed.
    `visit`: the hours at which somebody comes or came for it, also where it was asked for no day; then it may be done.

    Raises `NotPossible` when it is over, or when its time is longer than a day: then nobody knows on which day.
    """
    locked = (
        Request.objects.select_for_update(of=("self",))
        .select_related("organisation", "case")
        .get(pk=request.pk)
    )
    zone = locked.organisation.zone
    window = visit or (locked.window_from, locked.window_until)
    start, end = (each.astimezone(zone) for each in window)
    is_done = bool(visit) and locked.closure == Request.Closure.FULFILLED
    is_over = locked.state == Request.State.CLOSED and not is_done
    if is_over or (until and until < start.date()):
        raise NotPossible
    if locked.series_id:
        return change_series(actor=actor, series=lock_series(locked.series_id), wish=wish, until=until)
    if start.date() != end.date():
        raise NotPossible
    series = Series.objects.create(
        organisation=locked.organisation,
        case=locked.case,
        kind=locked.kind,
        details=locked.details,
        languages=locked.languages,
        level=locked.level,
        needed=locked.needed,
        rule=wish.rule,
        first_day=start.date(),
        starts=start.time(),
        ends=end.time(),
        last_day=until,
        # Days that went by since a visit are not made up for.
        made_until=max(start.date(), clock.now().astimezone(zone).date() - timedelta(days=1)),
        created_at=clock.now(),
    )
    locked.series, locked.day = series, start.date()
    locked.save(update_fields=["series", "day"])
    plan_next(series)
    changed(actor, "series.begin", locked, rule=wish.rule)
    return series


@transaction.atomic
def change_series(
    *,
    actor: Actor,
    series: Series,
    wish: Rhythm,
    until: date | None = None,
    hours: tuple[time, time] | None = None,
) -> Series:
    """Another rhythm, last day or hours, from the next day on that has no request yet. Raises `NotPossible`."""
    locked = lock_series(series.pk)
    if locked.state == State.ENDED:
        raise NotPossible
    if locked.rule != wish.rule:
        locked.rule = wish.rule
        # Counted from today: a new rhythm knows nothing of the days of the old one.
        today = clock.now().astimezone(locked.organisation.zone).date()
        locked.first_day = max(today, (locked.made_until or today) + timedelta(days=1))
    locked.last_day = until
    if hours:
        locked.starts, locked.ends = hours
        if locked.kind == rides.RIDE_KIND:
            window = rhythm.times(locked.first_day, *hours, locked.organisation.zone)
            arrival = rides.arrival_of(window, locked.organisation.zone)
            locked.details = rides.with_arrival(locked.details, arrival) if arrival else locked.details
    locked.save()
    plan_next(locked)
    changed(actor, "series.change", locked.case, series=str(locked.pk), rule=wish.rule)
    return locked


def check_day(series: Series, day: date) -> None:
    """Raises `NotPossible` for a day that nobody can mean: long over, or more than a year ahead."""
    today = clock.now().astimezone(series.organisation.zone).date()
    if not today - timedelta(days=1) <= day <= today + rules.FARTHEST:
        raise NotPossible


def days_ahead(series: Series, count: int) -> list[date]:
    """The next days for which there is no request yet and on which somebody is to come."""
    if series.state == State.ENDED:
        return []
    left_out = set(series.left_out.values_list("day", flat=True))
    since = series.made_until
    found: list[date] = []
    for day in series.rhythm.after(series.first_day, since, series.last_day):
        if series.rests_on(day):
            if series.paused_until is None:
                break
            continue
        if day not in left_out:
            found.append(day)
        if len(found) == count:
            break
    return found


def next_start(request: Request, after: datetime) -> datetime | None:
    """When the next day of its series begins, at `after` or later, whether it has its request already or not; `None`:
    none comes."""
    series, day = request.series, request.day
    if series is None or day is None:
        return None
    opened = series.requests.filter(day__gt=day).exclude(closure=Request.Closure.WITHDRAWN).order_by("day")
    made = [each for each in opened.values_list("day", flat=True) if each is not None]
    for coming in [*made, *days_ahead(series, 2)]:
        start, _end = rhythm.times(coming, series.starts, series.ends, series.organisation.zone)
        if start >= after:
            return start
    return None


def plan_next(series: Series) -> None:
    """Set when the next day gets its request; `None` when no day comes any more."""
    coming = days_ahead(series, 1)
    series.next_at = None
    if coming:
        start, _end = rhythm.times(coming[0], series.starts, series.ends, series.organisation.zone)
        series.next_at = rules.opens_at(start)
    series.save(update_fields=["next_at"])


@transaction.atomic
def open_next(*, series_id: UUID, now: datetime) -> Request | None:
    """The next day becomes a request, if it is time. `None`: another worker was quicker, or the day is over."""
    series = lock_series(series_id)
    if series.next_at is None or series.next_at > now:
        return None
    coming = days_ahead(series, 1)
    if not coming:
        plan_next(series)
        return None
    day = coming[0]
    _start, end = rhythm.times(day, series.starts, series.ends, series.organisation.zone)
    series.made_until = day
    if series.paused_until is not None and day >= series.paused_until:
        series.state, series.paused_from, series.paused_until = State.RUNNING, None, None
    series.save(update_fields=["made_until", "state", "paused_from", "paused_until"])
    plan_next(series)
    if end <= now + rules.TOO_LATE:
        # The installation was away for so long that nobody can come any more: the board is not filled with the past.
        return None
    return make_day(series, day, now)


def make_day(series: Series, day: date, now: datetime) -> Request:
    """The request of one day of a locked series."""
    start, end = rhythm.times(day, series.starts, series.ends, series.organisation.zone)
    wanted = Wanted(
        series.kind,
        series.languages,
        rules.urgency_at(start, now),
        series.details,
        max(start, now),
        end,
        series.needed,
        series.level,
    )
    running = incidents.read(series.organisation)
    request = make_request(series.case, wanted, moderated=False, now=now, running=running, day=(series, day))
    if why := _why_unread(series):
        # Nobody is sent there for the next day either.
        request.state, request.why_human, request.next_at = Request.State.HUMAN, why, None
    request.save(force_insert=True)
    changed(system(series.organisation), "request.open", request, series=str(series.pk))
    return request


def _why_unread(series: Series) -> str:
    """Why one of us must read its words, where none of us has read them yet for any of its days (or '')."""
    was_of_use = ~Q(state=Request.State.CLOSED) | Q(closure=Request.Closure.FULFILLED)
    tells = was_of_use | Q(why_human__in=Request.UNREAD_WORDS)
    whys = set(series.requests.filter(tells).values_list("why_human", flat=True))
    return min(whys) if whys and whys.issubset(Request.UNREAD_WORDS) else ""


@transaction.atomic
def leave_out(*, actor: Actor, series: Series, day: date) -> Request | None:
    """Nobody needs to come on that day. Returns its request, if it has one already: whoever calls ends it.

    Raises `NotPossible` for a day that is long over, unless its visit was moved and is still to come, or too far ahead.
    """
    locked = lock_series(series.pk)
    opened = locked.requests.filter(day=day).exclude(state=Request.State.CLOSED).first()
    if opened is None:
        check_day(locked, day)
    _row, new = LeftOut.objects.get_or_create(
        series=locked, day=day, defaults={"organisation": locked.organisation}
    )
    if new:
        plan_next(locked)
        changed(actor, "series.leave_out", locked.case, series=str(locked.pk), day=day.isoformat())
    return opened


@transaction.atomic
def change_series_details(*, actor: Actor, series: Series, details: str) -> Series:
    """What is needed each time, from the next day on that has no request yet. Raises `NotPossible` once it has
    ended."""
    locked = lock_series(series.pk)
    if locked.state == State.ENDED:
        raise NotPossible
    locked.details = details
    locked.save(update_fields=["details"])
    changed(actor, "series.change", locked.case, series=str(locked.pk))
    return locked


@transaction.atomic
def pause_series(*, actor: Actor, series: Series, until: date | None, since: date | None = None) -> Series:
    """It rests, from now on or from a day, until a day or until somebody says otherwise. Raises `NotPossible` once it
    has ended, or for a day that is over or more than a year ahead."""
    locked = lock_series(series.pk)
    for day in (since, until):
        if day is not None:
            check_day(locked, day)
    today = clock.now().astimezone(locked.organisation.zone).date()
    since = since if since and since > today else None
    if locked.state == State.ENDED or (until is not None and until <= (since or until - timedelta(days=1))):
        raise NotPossible
    locked.state, locked.paused_from, locked.paused_until = State.PAUSED, since, until
    locked.save(update_fields=["state", "paused_from", "paused_until"])
    plan_next(locked)
    changed(actor, "series.pause", locked.case, series=str(locked.pk))
    return locked


@transaction.atomic
def resume_series(*, actor: Actor, series: Series) -> Series:
    """It goes on, with the next day that comes: days that went by meanwhile are not made up for."""
    locked = lock_series(series.pk)
    if locked.state != State.PAUSED:
        return locked
    yesterday = clock.now().astimezone(locked.organisation.zone).date() - timedelta(days=1)
    locked.made_until = max(locked.made_until or yesterday, yesterday)
    locked.state, locked.paused_from, locked.paused_until = State.RUNNING, None, None
    locked.save(update_fields=["made_until", "state", "paused_from", "paused_until"])
    plan_next(locked)
    changed(actor, "series.resume", locked.case, series=str(locked.pk))
    return locked


@transaction.atomic
def end_series(*, actor: Actor, series: Series) -> Series:
    """It does not come again. Ended twice, it ended once."""
    locked = lock_series(series.pk)
    if locked.state == State.ENDED:
        return locked
    locked.state, locked.ended_at, locked.next_at = State.ENDED, clock.now(), None
    locked.paused_from = locked.paused_until = None
    locked.save(update_fields=["state", "ended_at", "next_at", "paused_from", "paused_until"])
    changed(actor, "series.end", locked.case, series=str(locked.pk))
    return locked
