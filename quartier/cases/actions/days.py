"""Days of help that comes again which are needed after all: those that were left out, and those on which it rested."""

from datetime import date, timedelta

from django.db import transaction

from quartier.cases import rules
from quartier.cases.actions.ledger import changed
from quartier.cases.actions.requests import reopen_request
from quartier.cases.actions.series import lock_series, make_day, plan_next
from quartier.cases.models import LeftOut, Request, Series
from quartier.cases.rules import NotPossible
from quartier.lib import clock, rhythm
from quartier.team.access import Actor


@transaction.atomic
def take_in(*, actor: Actor, series: Series, day: date) -> Request | None:
    """That day after all. Returns the request that it has from now on, where later days have theirs already: whoever
    calls finds somebody for it. Raises `NotPossible` when the day, or all of it, is over."""
    locked, now = lock_series(series.pk), clock.now()
    gone, _ = LeftOut.objects.filter(series=locked, day=day).delete()
    if not gone:
        return None
    known = locked.requests.filter(day=day).first()
    _start, end = rhythm.times(day, locked.starts, locked.ends, locked.organisation.zone)
    # One that was moved is not over with the day on which it would have been.
    end = known.window_until if known is not None else end
    if locked.state == Series.State.ENDED or end <= now + rules.TOO_LATE:
        raise NotPossible
    plan_next(locked)
    changed(actor, "series.take_in", locked.case, series=str(locked.pk), day=day.isoformat())
    if locked.rests_on(rules.date_named(known) if known is not None else day):
        return None
    if known is not None:
        if known.closure != Request.Closure.WITHDRAWN:
            raise NotPossible
        return _ask_again(actor, known)
    first = next(locked.rhythm.after(locked.first_day, day - timedelta(days=1), locked.last_day), None)
    if first != day or locked.made_until is None or day > locked.made_until:
        return None
    return make_day(locked, day, now)


def bring_back(*, actor: Actor, before: Series, after: Series) -> list[Request]:
    """Days on which it rested (`before`) and which lie ahead have their request again, where they had it already and it
    rests on them no more (`after`, its row locked)."""
    soonest = clock.now() + rules.TOO_LATE
    left_out = set(after.left_out.values_list("day", flat=True))
    withdrawn = after.requests.filter(window_until__gt=soonest, closure=Request.Closure.WITHDRAWN)
    found = []
    for each in withdrawn.exclude(day__in=left_out).select_related("organisation").order_by("day"):
        day = rules.date_named(each)
        if before.rests_on(day) and not after.rests_on(day):
            found.append(_ask_again(actor, each))
    return found


def _ask_again(actor: Actor, request: Request) -> Request:
    """The request of a day that was not needed, open again at its own hours: a day has one request. One of us reads it
    first, if none has."""
    hours = request.window_from, request.window_until
    unread = request.why_human if request.why_human in Request.UNREAD_WORDS else ""
    opened = reopen_request(actor=actor, request=request, human=unread)
    opened.window_from, opened.window_until = hours
    opened.save(update_fields=["window_from", "window_until"])
    return opened
