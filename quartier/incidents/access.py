"""The gate to incidents: the organisation's own. They hold nothing about anybody, so no look is written down."""

from uuid import UUID

from django.http import Http404

from quartier.incidents.models import Incident
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
