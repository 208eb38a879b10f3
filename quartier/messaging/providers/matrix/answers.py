"""What a homeserver's answer means. Pure. The words of errors hold none of the answer's but its code."""

import json
from datetime import timedelta
from typing import Any

from quartier.messaging.providers.base import NotSent, Refused
from quartier.messaging.providers.chat import Lost
from quartier.messaging.providers.http.asking import Answer, Unclear

# About the room, and not about us.
OUTSIDE = {"M_FORBIDDEN", "M_NOT_FOUND", "M_UNKNOWN_ROOM"}


def understood(answer: Answer) -> dict[str, Any]:
    """The object that it holds. Raises `Lost`, `NotSent`, `Refused` and `Unclear`."""
    status = answer.status
    said = _read(answer.body)
    if 300 <= status < 400:
        raise NotSent(f"{status}: it sends us elsewhere, and we do not go", unreachable=True)
    if 200 <= status < 300:
        if said is None:
            raise Unclear(f"{status}: an answer that is no object")
        return said
    word = str((said or {}).get("errcode", ""))
    code = word if word.startswith("M_") and word.replace("_", "").isalnum() and len(word) < 50 else ""
    why = f"{status} {code}".strip()
    if status == 429:
        after = (said or {}).get("retry_after_ms")
        is_known = isinstance(after, int) and not isinstance(after, bool) and 0 < after < 86_400_000
        wait = timedelta(milliseconds=after) if is_known and after else answer.wait
        raise NotSent(why, unreachable=True, wait=wait)
    if status in {403, 404} and code in OUTSIDE:
        raise Lost(why)
    if status in {401, 402, 403, 404, 405, 410, 425, 503}:
        raise NotSent(why, unreachable=True, wait=answer.wait)
    if 400 <= status < 500 and status not in {408, 409}:
        raise Refused(why)
    raise Unclear(why)


def _read(body: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None
