"""What the other side of a generic address calls us with: JSON, signed with the secret that both know.

`X-Quartier-Signature: t=<seconds since 1970>,v1=<hex of HMAC-SHA256 of "t.body">`. The body says one thing:

{"id": "…", "reference": "…", "state": "delivered" | "failed", "error": "…"}   of a message that we sent
{"id": "…", "from": "+32470…", "text": "…", "at": "2027-01-12T10:00:00Z"}      somebody wrote

`id` is never used twice; another `state` is taken and means nothing yet.
"""

import hmac
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from quartier.messaging.providers import heard

HEADER = "X-Quartier-Signature"
FRESH = timedelta(minutes=5)


def signature(secret: str, body: bytes, at: datetime) -> str:
    """The header for a body that is sent at a time."""
    seconds = int(at.timestamp())
    return f"t={seconds},v1={_mac(secret, body, seconds)}"


def _mac(secret: str, body: bytes, seconds: int) -> str:
    return hmac.new(secret.encode(), f"{seconds}.".encode() + body, "sha256").hexdigest()


def check(secret: str, body: bytes, header: str, now: datetime) -> None:
    """Raises `heard.Forged` for a header that is missing, wrong, or not of these minutes."""
    match = re.fullmatch(r"t=(\d{1,12}),v1=([0-9a-f]{64})", header, re.ASCII)
    if match is None or not secret:
        raise heard.Forged("not signed")
    seconds = int(match[1])
    if not hmac.compare_digest(_mac(secret, body, seconds), match[2]):
        raise heard.Forged("signed with something else")
    if abs(now.timestamp() - seconds) > FRESH.total_seconds():
        raise heard.Forged("not of now")


def read(body: bytes, now: datetime) -> list[heard.Report | heard.Incoming]:
    """Raises `heard.Garbled`."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise heard.Garbled("no JSON") from error
    if not isinstance(said, dict):
        raise heard.Garbled("no object")
    event = _words(said, "id", 200)
    if "text" in said:
        at = _time(said.get("at"), now)
        return [heard.Incoming(event, "text", _words(said, "from", 40), _words(said, "text", 10_000), at)]
    reference, state = _words(said, "reference", 200), _words(said, "state", 40).lower()
    if state not in {"delivered", "failed"}:
        return []
    why = _code(said.get("error")) if state == "failed" else ""
    return [heard.Report(event, reference, arrived=state == "delivered", error=why)]


def _words(said: dict[str, Any], key: str, most: int) -> str:
    found = said.get(key)
    if isinstance(found, int) and not isinstance(found, bool) and abs(found) < 10**20:
        found = str(found)
    if not isinstance(found, str) or not found.strip() or len(found) > most:
        raise heard.Garbled(f"no {key}")
    if "\x00" in found or found.encode(errors="replace").decode() != found:
        found = found.replace("\x00", "").encode(errors="replace").decode()
    return found


def _code(error: object) -> str:
    """A word or two, kept in the open: nothing that could be a number of somebody or a message."""
    words = str(error) if isinstance(error, str | int) else ""
    return (
        words if re.fullmatch(r"[A-Za-z_ -]{1,60}|\d{1,6}", words, re.ASCII) else "the provider says: failed"
    )


def _time(written: object, now: datetime) -> datetime:
    try:
        found = datetime.fromisoformat(written) if isinstance(written, str) else now
    except ValueError as error:
        raise heard.Garbled("no time") from error
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    # A clock that goes wrong must not move somebody's words to next year.
    return found.astimezone(UTC) if timedelta(0) <= now - found <= timedelta(days=14) else now
