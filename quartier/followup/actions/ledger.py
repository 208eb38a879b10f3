"""What goes with every change: the audit entry, the open pages, the words to coordinators."""

from typing import Any
from uuid import UUID

from quartier.audit import actions as audit
from quartier.live import actions as live
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.people.models import Person
from quartier.team.access import Actor
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


def tell_coordinators(organisation: Organisation, template: str, key: str, values: dict[str, Any]) -> int:
    """Write to each coordinator, to the heads where there is none; once for each `key`. Returns to how many."""
    for role in (Role.Name.COORDINATOR, Role.Name.ADMIN):
        people = list(
            Person.objects.filter(
                organisation=organisation, account__is_active=True, account__roles__name=role
            ).order_by("created_at", "pk")
        )
        if people:
            letters = [Letter(each, template, f"{template}:{key}:{each.pk}", values) for each in people]
            written = messaging.write_all(organisation=organisation, letters=letters)
            return sum(message is not None for message in written)
    return 0
