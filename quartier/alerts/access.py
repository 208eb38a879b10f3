"""The gate to alerts: the team's, and only coordinators say what was done."""

from uuid import UUID

from django.http import Http404

from quartier.alerts import queries
from quartier.alerts.models import Alert
from quartier.people.access import looked
from quartier.team.access import TEAM, Actor


def alert_for(actor: Actor, alert_id: UUID) -> Alert:
    """The alert, for somebody of the team; raises `Http404`."""
    alert = (
        queries.visible(actor)
        .select_related("organisation", "call__person", "raised_by", "taken_by", "closed_by", "person")
        .filter(pk=alert_id)
        .first()
    )
    if alert is None or not actor.has(*TEAM):
        raise Http404
    looked(actor, "alert", alert.pk)
    return alert
