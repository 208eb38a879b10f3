"""What somebody waits for beside one request: with more than one, a message must say which of them it is about, and
with several people at one phone for whom."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from quartier.cases import rules
from quartier.cases.models import Request
from quartier.lib.names import first_name_in
from quartier.people.models import Person

UNFOUND_STATES = (Request.State.OPEN, Request.State.HUMAN)
# Of so many other days without anybody one message speaks of all, instead of one for each in the same minute.
MANY_DAYS = 2


def kinds_without_anyone(helped: Person) -> list[str]:
    """The kinds of help for which nobody is found yet to come to this person, oldest first. One query."""
    rows = Request.objects.filter(case__person=helped, organisation=helped.organisation_id, unasked=False)
    rows = rows.filter(state__in=UNFOUND_STATES, accepted=0)
    return list(dict.fromkeys(rows.order_by("created_at", "pk").values_list("kind", flat=True)))


def day_among_several(request: Request) -> datetime | None:
    """Its day, where another day of the same help is open too, or somebody comes on it: the kind alone would be taken
    for that one. Not where nobody is found for any of many days. One query for a day of a series."""
    day = rules.day_named(request)
    if day is None:
        return None
    # Dialysis on Tuesdays and on Fridays is two series of the same help.
    others = Request.objects.filter(case__person=request.case.person_id, kind=request.kind).exclude(
        pk=request.pk
    )
    accepted = list(others.exclude(state=Request.State.CLOSED).values_list("accepted", flat=True))
    return day if any(accepted) or 0 < len(accepted) < MANY_DAYS else None


def is_one_of_several(request: Request, told: Person) -> bool:
    """Whether this person waits for something else too, or somebody comes to them for it. One query."""
    return _asked_by(told).exclude(pk=request.pk).exclude(state=Request.State.CLOSED).exists()


def mark_at_shared_phone(request: Request, told: Person) -> dict[str, Any]:
    """What a message about this request says beside, where somebody else at the same number waits too: for whom it is,
    and which help. One query."""
    if not told.phone_index or request.unasked:
        return {}
    at_phone = Q(case__person__phone_index=told.phone_index) | Q(case__asked_by__phone_index=told.phone_index)
    others = Request.objects.filter(at_phone, organisation=told.organisation_id, unasked=False)
    others = others.exclude(case__person=request.case.person_id).exclude(state=Request.State.CLOSED)
    if not others.exists():
        return {}
    return {"kinds": [request.kind], "kinds_for": first_name_in(request.case.person.name)}


def _asked_by(told: Person) -> QuerySet[Request]:
    theirs = Q(case__person=told) | Q(case__asked_by=told)
    return Request.objects.filter(theirs, organisation=told.organisation_id, unasked=False)
