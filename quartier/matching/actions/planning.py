"""The morning after the quiet hours, or after the machine was away: many requests are due at once."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count

from quartier.cases.models import Request
from quartier.lib import hours
from quartier.matching import rules
from quartier.matching.planning.plan import Planned, plan_waves
from quartier.matching.queries import free_by_area
from quartier.team.models import Organisation

# So long a process leaves those whom its plan found nobody for to their own waves, which look farther.
PAUSE = timedelta(minutes=10)
LOOK_EVERY = timedelta(minutes=1)
log = logging.getLogger(__name__)
_planned_at: dict[UUID, datetime] = {}
_looked_at: list[datetime] = []


def plan_when_many(now: datetime) -> list[Planned]:
    """Make a plan for each organisation with so many requests due that it is worth one, if it is not asleep."""
    if _looked_at and abs(now - _looked_at[0]) < LOOK_EVERY:
        return []
    due = Request.objects.filter(state=Request.State.OPEN, next_at__lte=now).order_by("-priority", "next_at")
    if due[rules.MANY_DUE : rules.MANY_DUE + 1].values_list("pk").first() is None:
        return []
    _looked_at[:] = [now]
    plans = []
    counts = due.order_by().values_list("organisation").annotate(count=Count("pk"))
    for organisation_id, count in counts.filter(count__gt=rules.MANY_DUE):
        organisation = Organisation.objects.get(pk=organisation_id)
        if abs(now - _planned_at.get(organisation_id, now - 2 * PAUSE)) < PAUSE:
            continue
        if count > rules.many_due(free_by_area(organisation_id).total()) and _awake(organisation, now):
            _planned_at[organisation_id] = now
            try:
                plans.append(plan_waves(organisation, now))
            except Exception:
                # A plan shares neighbours out better; without one, everybody is asked for all the same.
                log.exception("no plan could be made; the waves go on without")
    return plans


def are_many_due(organisation: Organisation, now: datetime) -> bool:
    """Whether so many requests of this organisation are due that a plan shares its neighbours out: none of them should
    ask before it."""
    due = Request.objects.filter(organisation=organisation, state=Request.State.OPEN, next_at__lte=now)
    if due.order_by()[: rules.MANY_DUE + 1].count() <= rules.MANY_DUE:
        return False
    most = rules.many_due(free_by_area(organisation.pk).total())
    return due.order_by()[: most + 1].count() > most


def _awake(organisation: Organisation, now: datetime) -> bool:
    quiet = (organisation.quiet_from, organisation.quiet_until)
    return hours.after_quiet(now, *quiet, organisation.zone) <= now
