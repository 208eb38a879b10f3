"""How the line is reached from outside: its address, the carrier, and the browsers of operators."""

import asyncio
import ipaddress
import secrets
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from quartier.cli.check.finding import Finding, doubt, good, wrong
from quartier.cli.line.check import secure
from quartier.lib import clock
from quartier.sim.robots.phone import Phone
from quartier.sim.robots.talk import NoAnswer
from quartier.telephony.providers.sip.edge import EdgeDown, EdgeRefused, ask_edge, question_pipe
from quartier.telephony.providers.sip.setup import Setup

PATIENCE_S = 5.0
TRUNK_S = 3.0
SOON_DAYS = 10
# In the flags of Kamailio's module uac: we are registered.
ONLINE = 4
NO_SUCH_PLACE, FORBIDDEN = 404, 403


def address(line: Setup) -> Iterator[Finding]:
    """Whether the address is ours, and whether the outside can answer to it."""
    try:
        own = ipaddress.ip_address(line.address)
    except ValueError:
        yield wrong(
            "address",
            _("address is not an address: {address}").format(address=line.address),
            _("Write the IP address of this machine into [line]."),
        )
        return
    with socket.socket(socket.AF_INET6 if own.version == 6 else socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((line.address, 0))
        except OSError:
            yield wrong(
                "address",
                _("{address} is not an address of this machine.").format(address=line.address),
                _("Behind a router: address is that of this machine, public that of the router."),
            )
            return
    outside = line.trunk and not _is_near(line.trunk_address[0])
    if own.is_loopback and outside:
        yield wrong(
            "address",
            _("The line listens on this machine alone ({address}): the carrier cannot reach it.").format(
                address=line.address
            ),
            _("Write the IP address of this machine into [line]."),
        )
    elif own.is_private and not own.is_loopback and not line.public and outside:
        yield wrong(
            "nat",
            _("The line tells the carrier {address}, which only your own network knows: no sound.").format(
                address=line.address
            ),
            _("Write the address that is seen from outside into [line]: public = …, and open the ports."),
        )
    elif line.public and not _is_ip(line.public):
        yield wrong(
            "nat",
            _("public is not an IP address: {address}").format(address=line.public),
            _("Write the address that is seen from outside into [line]: public = …, and open the ports."),
        )
    else:
        yield good("address", _("The line is at {address}.").format(address=line.public or line.address))


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_near(host: str) -> bool:
    """Whether a carrier stands in our own network, or on this machine."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost"


async def trunk(line: Setup, phone: Phone) -> AsyncIterator[Finding]:
    """The carrier: who may call, whether it answers, whether it knows where we are."""
    if not line.trunk_sources:
        yield wrong(
            "sources",
            _("No one can call: the line does not know where the carrier calls from."),
            _('Write the addresses of the carrier into [line]: trunk_sources = ["192.0.2.10"]'),
        )
    if not line.trunk:
        yield doubt(
            "trunk",
            _("The line cannot call anyone: there is no carrier for outgoing calls."),
            _("To call people back, write the carrier into [line]: trunk, trunk_user, trunk_password."),
        )
        return
    host, port = line.trunk_address
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, family=socket.AF_INET)
    except OSError:
        yield wrong(
            "trunk",
            _("The carrier's name is not known: {host}").format(host=host),
            _("Correct trunk in [line]."),
        )
        return
    if line.trunk_transport != "udp":
        for finding in await beside(lambda: list(secure.carrier(line))):
            yield finding
    else:
        yield await _over_udp(phone, host, (str(found[0][4][0]), port))
    if line.trunk_registers:
        if await _is_registered(line):
            yield good("registered", _("The carrier knows where the line is."))
        else:
            yield wrong(
                "registered",
                _("The carrier does not let the line register: no calls come in."),
                _("Compare trunk, trunk_user and trunk_password in [line] with what the carrier wrote."),
            )


async def _over_udp(phone: Phone, host: str, to: tuple[str, int]) -> Finding:
    try:
        async with asyncio.timeout(TRUNK_S):
            await phone.is_there(to)
    except (NoAnswer, TimeoutError):
        return doubt(
            "trunk",
            _(
                "The carrier {host} does not answer. Some never do; otherwise a firewall is in the way."
            ).format(host=host),
            _("Let UDP port {port} through, and ask the carrier whether it answers to OPTIONS.").format(
                port=to[1]
            ),
        )
    return good("trunk", _("The carrier {host} answers.").format(host=host))


async def beside[T](look: Callable[[], T]) -> T:
    """What waits, in a thread; its words in the same language."""
    language = translation.get_language()

    def looked() -> T:
        with translation.override(language):
            return look()

    return await asyncio.to_thread(looked)


async def _is_registered(line: Setup) -> bool:
    try:
        told = await ask_edge(question_pipe(line.home), "uac.reg_dump")
    except (EdgeDown, EdgeRefused, ValueError):
        return False
    rows = told if isinstance(told, list) else [told]
    return any(int(row.get("flags", 0)) & ONLINE for row in rows if isinstance(row, dict))


def browsers(line: Setup) -> Iterator[Finding]:
    """Whether an operator's browser gets to the line: microphone, certificate, and the way through a web server."""
    page, socket_ = urlsplit(settings.ORIGIN), urlsplit(line.websocket_url)
    if page.scheme != "https" and page.hostname not in {"localhost", "127.0.0.1"}:
        yield wrong(
            "microphone",
            _("Browsers give their microphone only to pages with HTTPS; this is {origin}.").format(
                origin=settings.ORIGIN
            ),
            _("Put a web server with HTTPS in front (deploy/) and write https:// into origin."),
        )
    elif page.scheme == "https" and socket_.scheme != "wss":
        yield wrong(
            "certificate",
            _("A page with HTTPS may not connect to {address}.").format(address=line.websocket_url),
            _('Write into [line]: websocket = "wss://{host}/line/ws", as deploy/Caddyfile says.').format(
                host=page.netloc
            ),
        )
    yield from _handshake(line.websocket_url, settings.ORIGIN)


def _handshake(url: str, origin: str) -> Iterator[Finding]:
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "wss"
    port = parts.port or (443 if secure else 80)
    key = secrets.token_urlsafe(16)
    question = (
        f"GET {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\nOrigin: {origin}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Protocol: sip\r\n\r\n"
    )
    try:
        with socket.create_connection((host, port), timeout=PATIENCE_S) as plain:
            if not secure:
                told = _asked(plain, question)
            else:
                with ssl.create_default_context().wrap_socket(plain, server_hostname=host) as sealed:
                    yield from _certificate(sealed.getpeercert() or {}, host)
                    told = _asked(sealed, question)
    except ssl.SSLCertVerificationError as error:
        yield wrong(
            "certificate",
            _("Browsers do not trust the certificate of {host}: {error}").format(
                host=host, error=error.verify_message or error.reason
            ),
            _(
                "Get a new one (Caddy does it automatically, certbot renew does for nginx), for exactly "
                "this name."
            ),
        )
        return
    except (OSError, ValueError) as error:
        yield wrong(
            "websocket",
            _("Browsers cannot reach the line at {address}: {error}").format(address=url, error=error),
            _("Check the firewall, and websocket in [line]."),
        )
        return
    yield _what_it_says(told, url, origin)


def _what_it_says(told: int, url: str, origin: str) -> Finding:
    if told == 101:
        return good("websocket", _("Browsers reach the line at {address}.").format(address=url))
    if told == FORBIDDEN:
        return wrong(
            "websocket",
            _("The line does not let pages from {origin} in.").format(origin=origin),
            _("Write the address of the pages into origin, or into [line]: origins. Then restart the line."),
        )
    if told == NO_SUCH_PLACE:
        words = _("The web server at {address} does not pass browsers on to the line.")
    else:
        words = _("What answers at {address} is not the line.")
    return wrong(
        "websocket",
        words.format(address=url),
        _("Add the lines for /line/ws to your web server: deploy/Caddyfile and deploy/nginx.conf have them."),
    )


def _asked(connection: socket.socket, question: str) -> int:
    """The code of the answer; 0 for none."""
    connection.sendall(question.encode())
    words = connection.recv(1024).decode("latin-1").split()
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else 0


def _certificate(held: dict[str, Any], host: str) -> Iterator[Finding]:
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(held["notAfter"])), UTC)
    days = (ends - clock.now()).days
    if days < SOON_DAYS:
        yield doubt(
            "certificate",
            _("The certificate of {host} ends in {days} days.").format(host=host, days=days),
            _(
                "Get a new one (Caddy does it automatically, certbot renew does for nginx), for exactly "
                "this name."
            ),
        )
    else:
        yield good(
            "certificate",
            _("The certificate of {host} is good for {days} days.").format(host=host, days=days),
        )
