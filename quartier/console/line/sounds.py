"""What was recorded, for who may hear it. That somebody listened is written down."""

import re
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from quartier.team.access import Actor
from quartier.telephony.access import sound_for

_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")


def show(request: HttpRequest, audio_id: UUID) -> HttpResponse:
    """The WAV file, or the part that a player asks for."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return played(request, sound_for(actor, audio_id))


def played(request: HttpRequest, sound: bytes) -> HttpResponse:
    """An answer that every browser's player takes: some ask for parts, and play nothing without."""
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    size = len(sound)
    first, last = 0, size - 1
    if asked and asked[1]:
        first, last = int(asked[1]), min(int(asked[2] or last), last)
    elif asked and asked[2]:
        first = max(0, size - int(asked[2]))
    if asked and first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    answer = HttpResponse(sound[first : last + 1], content_type="audio/wav", status=206 if asked else 200)
    if asked:
        answer["Content-Range"] = f"bytes {first}-{last}/{size}"
    answer["Accept-Ranges"] = "bytes"
    answer["Cache-Control"] = "no-store"
    # Compressed, it would have another length than a player was told.
    answer["Content-Encoding"] = "identity"
    return answer
