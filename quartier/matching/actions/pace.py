"""The pace of a search, by the time that is left: it rests at night, goes on in the morning, and says so."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from quartier.cases import actions as cases
from quartier.cases import rules as case_rules
from quartier.cases.models import Request
from quartier.cases.queries import mark_at_shared_phone
from quartier.lib import clock
from quartier.matching import rules
from quartier.matching.actions import search_end
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.messaging.words import TEMPLATES
from quartier.people.models import Person
from quartier.team.access import system
from quartier.team.models import Organisation

BATCH_SIZE = 100
# No night is longer.
A_DAY = timedelta(days=1)


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
    """Who waits for it: who needs help, or who asked for her. Nobody, where it was not asked for: neighbours are to
    knock at a door, since a check-in was not answered."""
    return None if request.unasked else cases.whom_to_tell(request.case)


def can_write_to_who_waits(request: Request) -> bool:
    """Whether news of the search reach whoever waits for this request without one of the team. Nothing is written."""
    told = whom_to_tell(request)
    if told is None:
        return False
    letter = Letter(told, "still_looking", f"still_looking:{request.id}")
    return messaging.can_be_written(organisation=request.organisation, letter=letter)


def tell_who_waits(request: Request, template: str, again: str, **values: Any) -> bool:
    """Write to whoever waits for this request. `again`: what tells this message from others of its kind. News that it
    promises are those that are owed already, or new ones.

    False: they can only be called, so what it promises is the team's; or wait for nothing."""
    told = whom_to_tell(request)
    if told is None:
        return False
    token = cases.issue_link(case=request.case, person=told)
    said: dict[str, Any] = {
        "kind": request.kind,
        "window": (request.window_from, request.window_until),
        "page": ("status", token),
        **cases.for_whom(request.case, told),
        **({} if "kind" in values else mark_at_shared_phone(request, told)),
    }
    if (day := case_rules.day_named(request)) is not None:
        # Another day of the same may be on its way meanwhile.
        said["day"] = day
    if template == "still_looking":
        said["asked"] = search_end.count_asked(request)
    promise = cases.promised_or_news(request, told) if TEMPLATES[template].promises else None
    letter = Letter(
        told,
        template,
        f"{template}:{request.id}:{again}",
        said | values,
        about=request.pk if TEMPLATES[template].answer else None,
        promise=promise,
    )
    is_written = messaging.write(organisation=request.organisation, letter=letter) is not None
    if promise is not None and not is_written:
        cases.team_must_tell(request)
    return is_written


def resume_searches() -> int:
    """Searches that found nobody on an earlier day begin again, while nobody of the team has taken them on. Returns how
    many."""
    now = clock.now()
    rows = Request.objects.filter(
        state=Request.State.HUMAN,
        why_human__in=Request.SEARCH_CAN_RESUME,
        taken_by=None,
        search_ended_on__isnull=False,
        window_until__gte=now - A_DAY,
    )
    groups = Organisation.objects.filter(pk__in=rows.order_by().values("organisation"))
    return sum(_resume_searches_of(group, rows, now) for group in groups)


def _resume_searches_of(organisation: Organisation, rows: QuerySet[Request], now: datetime) -> int:
    # Those of today cannot begin again before tomorrow, unless their time has come near, and take no place among those
    # that can.
    today = now.astimezone(organisation.zone).date()
    can_begin = Q(search_ended_on__lt=today) | Q(unhurried=True, window_until__lt=now + rules.DAYS_AWAY)
    has_time = Q(window_until__gte=now + rules.MIN_SEARCH_TIME)
    if (night := rules.last_night(organisation, now)) is not None:
        urgent = Q(urgency=Request.Urgency.NOW, asked_over_at=None)
        has_time |= urgent & Q(window_until__gt=night[0], window_until__lte=night[1])
    waiting = rows.filter(can_begin, has_time, organisation=organisation).select_related("organisation")
    count = 0
    for request in waiting.order_by("window_until")[:BATCH_SIZE]:
        if rules.can_resume(request, now):
            count += cases.resume_search(actor=system(organisation), request=request)
    return count
