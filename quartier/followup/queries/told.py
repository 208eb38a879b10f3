"""Who is told when an incident begins: those who were helped, or those who asked for them."""

from datetime import datetime

from django.db.models import Case as When_
from django.db.models import F, QuerySet, When

from quartier.cases.models import Case, Request
from quartier.followup.rules import HELPED_WITHIN
from quartier.people.models import Person
from quartier.team.models import Organisation


def to_tell(organisation: Organisation, now: datetime) -> QuerySet[Person]:
    """Everybody who hears of the help in a household that asked for some within a year, each once, in the order of
    their ids. Households in which somebody has died are left in peace."""
    asked = Request.objects.filter(organisation=organisation, created_at__gt=now - HELPED_WITHIN)
    who = When_(When(tell_asker=True, then=F("asked_by_id")), default=F("person_id"))
    homes = Case.objects.filter(organisation=organisation, merged_into=None, person__died_at=None)
    told = homes.filter(pk__in=asked.values("case_id")).annotate(told=who).values("told")
    return Person.objects.filter(pk__in=told, organisation=organisation, died_at=None).order_by("pk")
