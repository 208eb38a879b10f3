"""Giving something to a push service. Its address came from a browser, so from anybody: it may lead nowhere but to
a public host, by https, and what that host answers is hardly read."""

import http.client
import ipaddress
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from quartier.lib import clock

LONGEST = 2000
CONNECT_S, WHOLE_S = 4.0, 8.0
# Translations of IPv4 addresses: what is behind them is not seen from the outside.
_TRANSLATED = [ipaddress.ip_network(each) for each in ("64:ff9b::/96", "2002::/16", "2001::/32")]


class NotAllowed(ValueError):
    """No address of a push service: nothing is sent there."""


class NotReached(Exception):
    """Surely not sent: there was no connection."""


@dataclass(frozen=True)
class Answer:
    """The status, and how long the service asks to wait (`Retry-After`), if it does."""

    status: int
    wait: timedelta | None


def checked(endpoint: str) -> SplitResult:
    """The parts of an address that may be posted to, as far as its letters tell. Raises `NotAllowed`."""
    if len(endpoint) > LONGEST or not re.fullmatch(r"[\x21-\x7e]+", endpoint):
        raise NotAllowed("not an address")
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError as error:
        raise NotAllowed("not an address") from error
    host = parts.hostname or ""
    if parts.scheme == "http" and settings.PUSH_LOOPBACK and host == "127.0.0.1":
        return parts
    if parts.scheme != "https" or "@" in parts.netloc or port not in {None, 443}:
        raise NotAllowed("not https")
    if not re.fullmatch(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]", host):
        raise NotAllowed("not a public name")
    return parts


def post(endpoint: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Post once: no redirect is followed, the whole takes `WHOLE_S` at most, of the answer only the head is read.

    Raises `NotAllowed` and `NotReached` when nothing was sent; any other error means: perhaps taken.
    """
    parts = checked(endpoint)
    with _connected(parts) as connection:
        target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        connection.request("POST", target, body, headers)
        answer = connection.getresponse()
        return Answer(answer.status, _wait(answer.getheader("Retry-After", "")))


@contextmanager
def _connected(parts: SplitResult) -> Iterator[http.client.HTTPConnection]:
    """A connection to the host, opened to an address that was looked at: the name is not asked twice."""
    name, plain = parts.hostname or "", parts.scheme == "http"
    port = parts.port or (80 if plain else 443)
    try:
        raw = socket.create_connection((_address(name, port, loopback=plain), port), CONNECT_S)
    except OSError as error:
        raise NotReached(type(error).__name__) from error
    try:
        raw.settimeout(CONNECT_S)
        line = raw if plain else ssl.create_default_context().wrap_socket(raw, server_hostname=name)
    except OSError as error:
        raw.close()
        raise NotReached(type(error).__name__) from error
    # A server that answers one letter at a time would keep within any time limit of the socket.
    hang_up = threading.Timer(WHOLE_S, _shut, [line])
    hang_up.daemon = True
    hang_up.start()
    try:
        line.settimeout(WHOLE_S)
        connection = http.client.HTTPConnection(parts.netloc, port)
        connection.sock = line
        yield connection
    finally:
        hang_up.cancel()
        line.close()


def _address(name: str, port: int, *, loopback: bool) -> str:
    """One of the host's addresses, of which none may lead inside. Raises `OSError` and `NotAllowed`."""
    found = [str(each[4][0]) for each in socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)]
    if not loopback and not all(is_public(each) for each in found):
        raise NotAllowed("not a public host")
    return found[0]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif any(ip in each for each in _TRANSLATED):
            return False
    return ip.is_global and not ip.is_multicast


def _shut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _wait(said: str | None) -> timedelta | None:
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
