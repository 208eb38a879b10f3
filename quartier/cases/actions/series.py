"""Help that comes again: when it begins, which day comes next, and how it rests or ends.

What volunteers have promised of it is ended by `visits.actions.rhythm`, which calls these.
"""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from quartier.cases import rules
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
def begin_series(*, actor: Actor, request: Request, wish: Rhythm, until: date | None = None) -> Series:
    """What this request asks for comes again, from its day on and at its hours. Said twice, the rhythm is changed.

    Raises `NotPossible` when it is over, or when its time is longer than a day: then nobody knows on which day.
    """
    locked = (
        Request.objects.select_for_update(of=("self",))
        .select_related("organisation", "case")
        .get(pk=request.pk)
    )
    zone = locked.organisation.zone
    start, end = (each.astimezone(zone) for each in (locked.window_from, locked.window_until))
    if locked.state == Request.State.CLOSED or (until and until < start.date()):
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
        made_until=start.date(),
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
    if series.state == State.PAUSED:
        if series.paused_until is None:
            return []
        rests = series.paused_until - timedelta(days=1)
        since = max(since, rests) if since else rests
    found = []
    for day in series.rhythm.after(series.first_day, since, series.last_day):
        if day not in left_out:
            found.append(day)
        if len(found) == count:
            break
    return found


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
    day, zone = coming[0], series.organisation.zone
    start, end = rhythm.times(day, series.starts, series.ends, zone)
    series.made_until, series.state, series.paused_until = day, State.RUNNING, None
    series.save(update_fields=["made_until", "state", "paused_until"])
    plan_next(series)
    if end <= now + rules.TOO_LATE:
        # The installation was away for so long that nobody can come any more: the board is not filled with the past.
        return None
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
    request.save(force_insert=True)
    changed(system(series.organisation), "request.open", request, series=str(series.pk))
    return request


@transaction.atomic
def leave_out(*, actor: Actor, series: Series, day: date) -> Request | None:
    """Nobody needs to come on that day. Returns its request, if it has one already: whoever calls ends it.

    Raises `NotPossible` for a day that is long over or too far ahead.
    """
    locked = lock_series(series.pk)
    check_day(locked, day)
    _row, new = LeftOut.objects.get_or_create(
        series=locked, day=day, defaults={"organisation": locked.organisation}
    )
    if new:
        plan_next(locked)
        changed(actor, "series.leave_out", locked.case, series=str(locked.pk), day=day.isoformat())
    return locked.requests.filter(day=day).exclude(state=Request.State.CLOSED).first()


@transaction.atomic
def take_in(*, actor: Actor, series: Series, day: date) -> None:
    """That day after all."""
    locked = lock_series(series.pk)
    gone, _ = LeftOut.objects.filter(series=locked, day=day).delete()
    if gone:
        plan_next(locked)
        changed(actor, "series.take_in", locked.case, series=str(locked.pk), day=day.isoformat())


@transaction.atomic
def pause_series(*, actor: Actor, series: Series, until: date | None) -> Series:
    """It rests, until a day or until somebody says otherwise. Raises `NotPossible` once it has ended, or for a day that
    is over or more than a year ahead."""
    locked = lock_series(series.pk)
    if until is not None:
        check_day(locked, until)
    if locked.state == State.ENDED:
        raise NotPossible
    locked.state, locked.paused_until = State.PAUSED, until
    locked.save(update_fields=["state", "paused_until"])
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
    locked.state, locked.paused_until = State.RUNNING, None
    locked.save(update_fields=["made_until", "state", "paused_until"])
    plan_next(locked)
    changed(actor, "series.resume", locked.case, series=str(locked.pk))
    return locked


@transaction.atomic
def end_series(*, actor: Actor, series: Series) -> Series:
    """It does not come again. Ended twice, it ended once."""
    locked = lock_series(series.pk)
    if locked.state == State.ENDED:
        return locked
    locked.state, locked.ended_at, locked.next_at, locked.paused_until = State.ENDED, clock.now(), None, None
    locked.save(update_fields=["state", "ended_at", "next_at", "paused_until"])
    changed(actor, "series.end", locked.case, series=str(locked.pk))
    return locked
