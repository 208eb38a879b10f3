"""Whose a request is, behind a web server: only the word of those counts that the installation names (`proxies`)."""

import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from quartier.lib.networks import Proxies, as_network

# In a container: whoever passes on what comes to its published port, and the container itself.
GATEWAY, HERE = "gateway", ("127.0.0.1", "::1")
_ROUTES = Path("/proc/net")
Message = dict[str, Any]


class BelievesProxies:
    """Puts the visitor's address, and whether they came by https, in place of the web server's."""

    def __init__(self, application: Any, words: Iterable[str]) -> None:
        self._application = application
        self._proxies = named(words)

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        peer = (scope.get("client") or ("", 0))[0]
        if scope["type"] == "http" and self._proxies.include(peer):
            said = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
            scope["client"] = self._proxies.client(peer, ",".join(said)), 0
            schemes = [value for name, value in scope["headers"] if name == b"x-forwarded-proto"]
            if schemes and (scheme := schemes[-1].strip()) in (b"http", b"https"):
                scope["scheme"] = scheme.decode()
        await self._application(scope, receive, send)


def named(words: Iterable[str]) -> Proxies:
    """Those that the line `proxies` of the installation names. Raises `ValueError` that names the word."""
    found = []
    for word in words:
        found += [*HERE, *gateways(_ROUTES)] if word.strip() == GATEWAY else [word]
    return Proxies(tuple(as_network(each) for each in found))


def gateways(folder: Path) -> list[str]:
    """The addresses by which this machine, or this container, is connected to everything else, as the kernel has them
    in `/proc/net`; and its own there: some containers pass on what comes to a published port under that one."""
    found: list[str] = []
    with suppress(OSError, ValueError, IndexError):
        for row in (each.split() for each in (folder / "route").read_text().splitlines()[1:]):
            if row[1] == row[7] == "00000000" and row[2] != "00000000":
                found.append(str(ipaddress.IPv4Address(bytes.fromhex(row[2])[::-1])))
    with suppress(OSError, ValueError, IndexError):
        for row in (each.split() for each in (folder / "ipv6_route").read_text().splitlines()):
            if row[0] == "0" * 32 and row[1] == "00" and row[4] != "0" * 32:
                found.append(str(ipaddress.IPv6Address(bytes.fromhex(row[4]))))
    return [*found, *(own for each in found if (own := _own_address(each)))]


def _own_address(gateway: str) -> str:
    """With which address we would speak with this one. Nothing is sent."""
    family = socket.AF_INET6 if ":" in gateway else socket.AF_INET
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as asking:
        asking.connect((gateway, 9))
        return str(asking.getsockname()[0]).partition("%")[0]
    return ""
