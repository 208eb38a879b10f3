"""The gate to what waits to be read: its words are personal, and may be about somebody of the team."""

from uuid import UUID

from django.http import Http404

from quartier.conversation import queries
from quartier.conversation.models import ToRead
from quartier.people.access import looked
from quartier.team.access import TEAM, Actor


def to_read_for(actor: Actor, to_read_id: UUID) -> ToRead:
    """One thing to read, for somebody of the team; raises `Http404`. The look is written down."""
    found = queries.to_read(actor).filter(pk=to_read_id).first()
    if found is None or not actor.has(*TEAM):
        raise Http404
    looked(actor, "received", found.received_id)
    return found
