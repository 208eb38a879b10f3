"""What was recorded, for who may hear it. That somebody listened is written down."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from quartier.look.playing import played
from quartier.team.access import Actor
from quartier.telephony.access import sound_for


def show(request: HttpRequest, audio_id: UUID) -> HttpResponse:
    """The WAV file, or the part that a player asks for."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return played(request, sound_for(actor, audio_id))
