"""Reading concerns, always through what exists for this account."""

from django.db.models import Case, Q, QuerySet, Value, When

from quartier.alerts import queries as alerts
from quartier.alerts.models import Alert
from quartier.concerns.models import Concern
from quartier.concerns.rules import Member
from quartier.people.models import Person
from quartier.team.access import Actor
from quartier.team.models import Organisation, Role
from quartier.telephony.models import Call

TEAM = (Role.Name.OPERATOR, Role.Name.LISTENER, Role.Name.COORDINATOR, Role.Name.ADMIN)


def visible(actor: Actor) -> QuerySet[Concern]:
    """Every concern that exists for this account."""
    seen = alerts.visible(actor).filter(kind=Alert.Kind.CONCERN)
    return Concern.objects.filter(alert__in=seen).select_related(
        "alert__taken_by", "alert__closed_by", "alert__raised_by", "account", "volunteer__person", "person",
        "by_person", "case", "call",
    )  # fmt: skip


def listed(actor: Actor, limit: int = 100) -> list[Concern]:
    """Those that are not closed, danger first, then the oldest; then the last ones that were closed."""
    open_ = visible(actor).filter(~Q(alert__state=Alert.State.CLOSED))
    closed = visible(actor).filter(alert__state=Alert.State.CLOSED)
    danger_first = Case(When(alert__degree=Alert.Degree.DANGER, then=Value(0)), default=Value(1))
    found = list(open_.order_by(danger_first, "raised_at")[:limit])
    return found + list(closed.order_by("-alert__closed_at", "-pk")[:20])


def written_on_call(actor: Actor, call: Call) -> list[Concern]:
    """What this account has written down during the call, as far as it does not go around them. One query."""
    mine = Concern.objects.filter(call=call, alert__raised_by=actor.id)
    return list(mine.exclude(alert__around__account=actor.id).order_by("raised_at"))


def team(organisation: Organisation) -> list[Member]:
    """Everybody of the team, by name."""
    heads = set(
        Role.objects.filter(organisation=organisation, name=Role.Name.ADMIN).values_list("account", flat=True)
    )
    people = (
        Person.objects.filter(organisation=organisation, account__roles__name__in=TEAM)
        .select_related("account")
        .distinct()
    )
    found = [
        Member(person.account_id, person.account.name, person.account_id in heads)
        for person in people
        if person.account is not None and person.account_id is not None
    ]
    return sorted(found, key=lambda member: (member.name.casefold(), member.account))
