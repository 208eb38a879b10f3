"""What goes with every change: the audit entry, the open pages, the words to coordinators."""

from typing import Any
from uuid import UUID

from quartier.audit import actions as audit
from quartier.lib import clock
from quartier.live import actions as live
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.people.models import Person
from quartier.rota.queries import rota_of
from quartier.team.access import SUSPENDED_STATE, Actor
from quartier.team.models import Organisation, Role

TOPIC = "followup"


def changed(actor: Actor, verb: str, kind: str, subject_id: UUID, *topics: str, **details: Any) -> None:
    """Write down what was done, and tell the pages that show it."""
    audit.record(
        organisation_id=actor.organisation.pk,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb=verb,
        subject_kind=kind,
        subject_id=subject_id,
        details=details,
    )
    live.touch(actor.organisation.pk, TOPIC, *topics)


def tell_coordinators(
    organisation: Organisation, template: str, key: str, values: dict[str, Any], *, heads: bool = False
) -> int:
    """Write to each coordinator, to the heads where there is none who is there and can be written to (`heads`: to those
    too); once for each `key`. Returns to how many."""
    told = tell_each(coordinators(organisation, heads=heads), template, key, values)
    return told or tell_each(coordinators(organisation, heads=True), template, key, values)


def coordinators(
    organisation: Organisation, *, heads: bool = False, without: UUID | None = None
) -> list[Person]:
    """Each coordinator who is not suspended, the heads where there is none or all of them are away (`heads`: those
    too); `without` this person."""
    ours, admins = Role.Name.COORDINATOR, Role.Name.ADMIN
    rota, now = rota_of(organisation), clock.now()
    for roles in ((ours, admins),) if heads else ((ours,), (ours, admins)):
        people = (
            Person.objects.filter(
                organisation=organisation, account__is_active=True, account__roles__name__in=roles
            )
            .exclude(volunteer__state=SUSPENDED_STATE)
            .select_related("organisation")
            .order_by("created_at", "pk")
            .distinct()
        )
        found = [each for each in people if each.pk != without]
        away = [each for each in found if rota and each.account_id and rota.is_away(each.account_id, now)]
        if len(away) < len(found):
            return found
    return found


def tell_each(people: list[Person], template: str, key: str, values: dict[str, Any]) -> int:
    """Write to each of these, who are of one group; once for each `key`. Returns to how many."""
    if not people:
        return 0
    letters = [Letter(each, template, f"{template}:{key}:{each.pk}", values) for each in people]
    written = messaging.write_all(organisation=people[0].organisation, letters=letters)
    return sum(message is not None for message in written)
