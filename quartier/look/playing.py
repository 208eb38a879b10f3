"""A sound as the answer to a request, as players in browsers ask for it."""

import re

from django.http import HttpRequest, HttpResponse

_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")


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
