"""What is going on at an organisation, for tests of who may see it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from quartier.incidents import actions as incidents
from quartier.incidents.actions import Opening
from quartier.incidents.models import Proposal
from quartier.lib import clock
from quartier.rota import actions as rota
from quartier.rota.actions import ShiftSpec
from quartier.team.access import of_account


def going_on(organisation: Any, head: Any) -> dict[str, Any]:
    """A flood that has ended, what an alert proposes, and a shift of somebody who is away, as words of addresses."""
    actor, now = of_account(head), clock.now()
    opening = Opening("flood", ["cleanup", "other"])
    flood = incidents.open_incident(actor=actor, incident_id=uuid4(), opening=opening)
    incidents.end_incident(actor=actor, incident=flood)
    proposal = Proposal.objects.create(
        organisation=organisation, sender="a", identifier="b", template="flood", sent_at=now, received_at=now,
        expires_at=now + timedelta(hours=9),
    )  # fmt: skip
    today = now.date()
    shift = rota.save_shift(actor=actor, spec=ShiftSpec(head, 9, 13, weekday=1))
    absence = rota.add_absence(actor=actor, account=head, starts_on=today, ends_on=today)
    return {
        "incident_id": flood.pk,
        "proposal_id": proposal.pk,
        "code": "flood",
        "shift_id": shift.pk,
        "absence_id": absence.pk,
    }
