"""The gate to what waits to be read: its words are personal."""

from uuid import UUID

from django.http import Http404

from quartier.conversation.models import ToRead
from quartier.people.access import looked
from quartier.team.access import TEAM, Actor


def to_read_for(actor: Actor, to_read_id: UUID) -> ToRead:
    """One thing to read, for somebody of the team; raises `Http404`. The look is written down."""
    found = (
        ToRead.objects.select_related("received__person", "case", "contact")
        .filter(pk=to_read_id, organisation=actor.organisation)
        .first()
    )
    if found is None or not actor.has(*TEAM):
        raise Http404
    looked(actor, "received", found.received_id)
    return found
