"""Who is on duty, as the tables say."""

from datetime import date

from django.db.models import QuerySet

from quartier.lib import clock
from quartier.rota.models import DutyAbsence, DutyShift
from quartier.rota.rules import A_DAY, Rota
from quartier.team.access import SUSPENDED_STATE, TEAM
from quartier.team.models import Account, Organisation, Role


def rota_of(organisation: Organisation, since: date | None = None) -> Rota | None:
    """Shifts and absences from this day on, else from yesterday; `None`, and no query, where nobody has written any.
    Three queries."""
    if not organisation.plans_duty:
        return None
    since = since or clock.now().astimezone(organisation.zone).date() - A_DAY
    shifts = DutyShift.objects.filter(organisation=organisation).exclude(day__lt=since)
    absences = DutyAbsence.objects.filter(organisation=organisation, ends_on__gte=since)
    return Rota(organisation.zone, list(shifts), absences, able_in(organisation).values_list("pk", flat=True))


def able_in(organisation: Organisation) -> "QuerySet[Account]":
    """Who can sign in, belongs to the team and is not suspended."""
    # The team is a handful among thousands of volunteers: their roles are looked at first, not each one's account.
    team = Role.objects.filter(organisation=organisation, name__in=TEAM)
    able = Account.objects.filter(is_active=True, pk__in=team.values("account"))
    return able.exclude(person__volunteer__state=SUSPENDED_STATE)
