"""The pace of a search, by the time that is left: it rests at night, goes on in the morning, and says so."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from quartier.cases import actions as cases
from quartier.cases import rules as promises
from quartier.cases.models import Request
from quartier.lib import clock, hours
from quartier.matching import rules
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.people.models import Person
from quartier.team.access import system

# News that we promised go out so long before the hour.
NEWS_AHEAD = timedelta(minutes=10)
BATCH_SIZE = 100


def keep(request: Request, now: datetime) -> None:
    """The pace that fits the time left, of a locked row. When the time has come near, the search begins once more, and
    those who did not answer a few days ago are asked once more too."""
    away = rules.is_days_away(request, now)
    if away == request.unhurried:
        return
    request.unhurried = away
    if not away:
        request.wave, request.reopened = 0, request.reopened + 1
    request.save(update_fields=["unhurried", "wave", "reopened"])


def wait_for_morning(request: Request, wakes: datetime) -> None:
    """The search rests until `wakes`, for a locked row. Whoever waits for something urgent hears so, if its time would
    be over by then; it is said in the night, since it is about the night."""
    if cases.wait_for_morning(actor=system(request.organisation), request=request, wakes=wakes):
        tell_who_waits(request, "night_search", wakes.isoformat(), begins=wakes)


def whom_to_tell(request: Request) -> Person | None:
    """Who waits for it: who needs help, or who asked for her. Nobody, where neighbours are to knock at a door: that
    was not asked for, but comes from a check-in that nobody answered."""
    return None if request.unasked else cases.whom_to_tell(request.case)


def tell_who_waits(request: Request, template: str, again: str, **values: Any) -> bool:
    """Write to whoever waits for this request. `again`: what tells this message from others of its kind.
    False: they can only be called, or wait for nothing."""
    told = whom_to_tell(request)
    if told is None:
        return False
    token = cases.issue_link(case=request.case, person=told)
    said = {
        "kind": request.kind,
        "window": (request.window_from, request.window_until),
        "by": request.promised_at,
        "page": ("status", token),
    }
    letter = Letter(told, template, f"{template}:{request.id}:{again}", said | values)
    return messaging.write(organisation=request.organisation, letter=letter) is not None


def tell_still_looking(now: datetime) -> int:
    """News at the hour that was promised, also where nobody has said yes: that we are still looking, and when the next
    news come. Once a day at most, and never at night. Returns how many."""
    due = Request.objects.filter(
        state=Request.State.OPEN, promised_at__lte=now + NEWS_AHEAD, window_until__gt=now
    )
    count = 0
    for pk in due.order_by("promised_at").values_list("pk", flat=True)[:BATCH_SIZE]:
        with transaction.atomic():
            count += _tell_still_looking(pk, now)
    return count


def _tell_still_looking(pk: Any, now: datetime) -> bool:
    request = (
        Request.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("organisation", "case__person", "case__asked_by")
        .filter(pk=pk, state=Request.State.OPEN, promised_at__lte=now + NEWS_AHEAD, accepted=0)
        .first()
    )
    if request is None:
        return False
    organisation = request.organisation
    quiet = (organisation.quiet_from, organisation.quiet_until, organisation.zone)
    if hours.is_within(now, *quiet):
        return False
    request.promised_at = next_news(request, now)
    request.save(update_fields=["promised_at"])
    today = now.astimezone(organisation.zone).date()
    tell_who_waits(request, "still_looking", today.isoformat())
    return True


def next_news(request: Request, now: datetime) -> datetime:
    """When whoever waits hears the next time: tomorrow, for what is urgent within hours."""
    urgent = request.urgency == Request.Urgency.NOW
    return promises.promise(now, request.urgency if urgent else Request.Urgency.WEEK, request.organisation)


def resume_searches() -> int:
    """Searches that found nobody on an earlier day begin again, while nobody of the team has taken them on. Returns how
    many."""
    now = clock.now()
    rows = Request.objects.filter(
        state=Request.State.HUMAN,
        why_human__in=Request.SEARCH_CAN_RESUME,
        taken_by=None,
        search_ended_on__isnull=False,
        window_until__gte=now + rules.MIN_SEARCH_TIME,
    ).select_related("organisation")
    count = 0
    for request in rows.order_by("window_until")[:BATCH_SIZE]:
        if rules.can_resume(request, now):
            count += cases.resume_search(actor=system(request.organisation), request=request)
    return count
