"""The gate to incidents: the organisation's own. They hold nothing about anybody, so no look is written down."""

from uuid import UUID

from django.http import Http404

from quartier.incidents.models import Incident, Proposal
from quartier.team.access import Actor


def incident_for(actor: Actor, incident_id: UUID) -> Incident:
    """The incident, running or ended; raises `Http404`."""
    found = (
        Incident.objects.select_related("opened_by")
        .filter(pk=incident_id, organisation=actor.organisation)
        .first()
    )
    if found is None or not actor.has("coordinator", "admin"):
        raise Http404
    return found


def proposal_for(actor: Actor, proposal_id: UUID) -> Proposal:
    """What an alert proposed; raises `Http404`."""
    found = Proposal.objects.filter(pk=proposal_id, organisation=actor.organisation).first()
    if found is None or not actor.has("coordinator", "admin"):
        raise Http404
    return found
