"""The organisation chooses how its neighbours are asked."""

from dataclasses import asdict
from datetime import time

from django.db import transaction

from quartier.audit import actions as audit
from quartier.live import actions as live
from quartier.matching.rules import Way
from quartier.team.access import Actor
from quartier.team.models import Organisation


@transaction.atomic
def choose_way(*, actor: Actor, way: Way) -> bool:
    """From the next step on, neighbours are asked in this way. Returns whether anything has changed.

    What was learnt from answers is forgotten when learning is turned off (`learn_answers`).
    """
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=actor.organisation.pk)
    chosen = asdict(way)
    changed = {name: value for name, value in chosen.items() if getattr(organisation, name) != value}
    if not changed:
        return False
    for name, value in changed.items():
        setattr(organisation, name, value)
        setattr(actor.organisation, name, value)
    organisation.save(update_fields=list(changed))
    audit.record(
        organisation_id=organisation.pk,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb="organisation.asking",
        subject_kind="organisation",
        subject_id=organisation.pk,
        details={
            name: f"{value:%H:%M}" if isinstance(value, time) else value for name, value in changed.items()
        },
    )
    live.touch(organisation.pk, "board")
    return True
