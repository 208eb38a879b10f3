"""What is going on at an organisation, for tests of who may see it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from quartier.incidents import actions as incidents
from quartier.incidents.actions import Opening
from quartier.incidents.models import Proposal
from quartier.lib import clock
from quartier.team.access import of_account


def going_on(organisation: Any, head: Any) -> dict[str, Any]:
    """A flood that has ended and what an alert proposes, as words of addresses."""
    actor, now = of_account(head), clock.now()
    opening = Opening("flood", ["cleanup", "other"])
    flood = incidents.open_incident(actor=actor, incident_id=uuid4(), opening=opening)
    incidents.end_incident(actor=actor, incident=flood)
    proposal = Proposal.objects.create(
        organisation=organisation, sender="a", identifier="b", template="flood", sent_at=now, received_at=now,
        expires_at=now + timedelta(hours=9),
    )  # fmt: skip
    return {"incident_id": flood.pk, "proposal_id": proposal.pk, "code": "flood"}
