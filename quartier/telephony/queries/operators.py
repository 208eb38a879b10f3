"""Who is on the line, and who may be."""

from django.db.models import Exists, F, OuterRef

from quartier.callcore import Standing
from quartier.people.models import Person
from quartier.team.access import SUSPENDED_STATE, TEAM
from quartier.team.models import Role
from quartier.telephony.models import Operator


def operators_on_unproven_phones() -> list[Operator]:
    """Those who stand on the line with an own phone whose number is not, or not any more, known to be theirs. One
    query."""
    there = Operator.objects.filter(own_phone=True).exclude(standing=Standing.OFFLINE)
    is_proven = Person.objects.filter(account=OuterRef("account"), phone_index=F("proven_phone_index"))
    there = there.exclude(Exists(is_proven.exclude(phone_index="")))
    return list(there.select_related("organisation", "account"))


def operators_without_access() -> list[Operator]:
    """Those who stand on a line although their account is closed or suspended, or has no role in the team any more. One
    query."""
    in_team = Role.objects.filter(account=OuterRef("account"), name__in=TEAM).exclude(
        account__person__volunteer__state=SUSPENDED_STATE
    )
    there = Operator.objects.exclude(standing=Standing.OFFLINE).exclude(
        Exists(in_team), account__is_active=True
    )
    return list(there.select_related("organisation", "account"))
