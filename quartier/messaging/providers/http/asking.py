"""One request to a provider's address, and what its answer means. Nothing is followed, and nothing waited for longer
than `WHOLE_S`, also when it comes letter by letter."""

import http.client
import json
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import SplitResult

from quartier.lib import clock
from quartier.messaging.providers.base import NotSent, Refused

CONNECT_S, WHOLE_S = 4.0, 10.0
LARGEST = 64 * 1024
# Words with which providers say no in an answer that says yes.
NO = {"error", "failed", "failure", "rejected", "invalid"}
# Statuses about us and not about the message: no key, no money, no such address, too many.
ABOUT_US = {401, 402, 403, 404, 405, 410, 425, 429, 503}


class Unclear(Exception):
    """It may have been taken: there was an answer, and it does not say."""


@dataclass(frozen=True)
class Answer:
    """`body`: at most `LARGEST` bytes of it."""

    status: int
    body: bytes
    wait: timedelta | None


def connected(parts: SplitResult) -> socket.socket:
    """A line to the host, over TLS where the address says so. Raises `NotSent`."""
    host, plain = parts.hostname or "", parts.scheme == "http"
    try:
        raw = socket.create_connection((host, parts.port or (80 if plain else 443)), CONNECT_S)
    except (OSError, UnicodeError) as error:
        raise NotSent(f"no connection: {type(error).__name__}", unreachable=True) from error
    if plain:
        return raw
    try:
        return ssl.create_default_context().wrap_socket(raw, server_hostname=host)
    except OSError as error:
        raw.close()
        raise NotSent(f"no secure connection: {type(error).__name__}", unreachable=True) from error


def post(parts: SplitResult, body: bytes, headers: dict[str, str]) -> Answer:
    """Raises `NotSent` when nothing was sent; any other error means: perhaps taken."""
    return asked("POST", parts, body, headers)


def asked(
    method: str, parts: SplitResult, body: bytes, headers: dict[str, str], largest: int = LARGEST
) -> Answer:
    """One request by any method, and at most `largest` bytes of its answer. Raises as `post` does."""
    line = connected(parts)
    # A server that answers one letter at a time would keep within any time limit of the socket.
    hang_up = threading.Timer(WHOLE_S, _shut, [line])
    hang_up.daemon = True
    hang_up.start()
    try:
        line.settimeout(WHOLE_S)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
        connection.sock = line
        target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        host = parts.netloc.rpartition("@")[2]
        connection.request(method, target, body or None, {"Host": host, "Connection": "close", **headers})
        answer = connection.getresponse()
        said = answer.read(largest)
        if answer.length and 200 <= answer.status < 300:
            raise Unclear("an answer that is cut off, or endless")
        return Answer(answer.status, said, waits(answer.getheader("Retry-After", "")))
    finally:
        hang_up.cancel()
        line.close()


def _shut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def understood(answer: Answer) -> str:
    """What the provider calls the message. Raises `NotSent`, `Refused` and `Unclear`; their words hold none of its
    answer's but a code, as it might repeat the message."""
    status = answer.status
    if 300 <= status < 400:
        raise NotSent(f"{status}: it sends us elsewhere, and we do not go", unreachable=True)
    if status in ABOUT_US:
        raise NotSent(f"{status}", unreachable=True, wait=answer.wait)
    if 400 <= status < 500 and status not in {408, 409}:
        raise Refused(f"{status}")
    if not 200 <= status < 300:
        raise Unclear(f"{status}")
    said = _read(answer.body)
    if said.get("error") or said.get("errors") or said.get("success") is False or _word(said) in NO:
        raise NotSent(f"{status} with an error{_code(said)}")
    found = next((said[key] for key in ("id", "message_id", "messageId") if said.get(key)), None)
    if isinstance(found, bool) or not isinstance(found, str | int):
        raise Unclear(f"{status} without an id")
    return str(found)[:200]


def _read(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unclear("an answer that is no JSON") from error
    if not isinstance(said, dict):
        raise Unclear("an answer that is no object")
    return said


def _word(said: dict[str, Any]) -> str:
    return str(said.get("status", "")).lower()


def _code(said: dict[str, Any]) -> str:
    """The error's code, where it has a short one."""
    found = said.get("error")
    code = found.get("code", "") if isinstance(found, dict) else said.get("code", "")
    return f" {code}" if isinstance(code, int) and 0 <= code < 1_000_000 else ""


def waits(said: str | None) -> timedelta | None:
    """`Retry-After`: seconds, or a time. Never more than a day, and nothing for what is neither."""
    said = (said or "").strip()
    if said.isdecimal() and len(said) < 9:
        return min(timedelta(seconds=int(said)), timedelta(days=1))
    try:
        at: datetime = parsedate_to_datetime(said)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(timedelta(0), min(at - clock.now(), timedelta(days=1)))
