"""How many offers there can be for each request: whether minutes are what there is too little of, or neighbours."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Sum
from django.db.models.functions import Least

from quartier.cases.models import Request
from quartier.matching import rules
from quartier.people.models import Volunteer
from quartier.team.models import Organisation

A_DAY = timedelta(days=1)
_COUNTED: dict[UUID, tuple[datetime, float]] = {}


def offers_each(organisation: Organisation, now: datetime) -> float:
    """Offers that volunteers can be made in a day, for each request that came in the last 24 hours.

    Each process counts anew every hour: a crisis turns within a morning, not within minutes.
    """
    hour = now.replace(minute=0, second=0, microsecond=0)
    counted_at, each = _COUNTED.get(organisation.pk, (None, 0.0))
    if counted_at != hour:
        each = rules.offers_each(_offers(organisation), _requests(organisation, now - A_DAY))
        _COUNTED[organisation.pk] = hour, each
    return each


def _offers(organisation: Organisation) -> int:
    volunteers = Volunteer.objects.filter(organisation=organisation, state=Volunteer.State.ACTIVE)
    most = Least(F("budget"), organisation.daily_budget)
    return int(volunteers.aggregate(sum=Sum(most))["sum"] or 0)


def _requests(organisation: Organisation, since: datetime) -> int:
    came = Request.objects.filter(organisation=organisation, created_at__gt=since)
    # One index knows those that are not closed, another one when the others were.
    return came.exclude(state=Request.State.CLOSED).count() + came.filter(closed_at__gt=since).count()
