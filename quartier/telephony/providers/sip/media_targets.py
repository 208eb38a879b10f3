"""Where a phone may have its sound sent: to a phone, never to this machine's own services.

Whoever is called, or calls, names an address in the session description, and rtpengine sends there what the other side
says. Named to rtpengine's own control port, a caller's voice would be read as commands.
"""

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass

from quartier.telephony.providers.sip.sdp import NoSound
from quartier.telephony.providers.sip.setup import Setup

_CONNECTION = re.compile(r"^c=IN IP[46] ([^\s/]+)", re.MULTILINE)
_AUDIO_PORT = re.compile(r"^m=\w+ (\d+)", re.MULTILINE)
_RTCP = re.compile(r"^a=rtcp:(\d+)(?: IN IP[46] (\S+))?", re.MULTILINE)
_CANDIDATE = re.compile(r"^a=candidate:\S+ \d+ \S+ \d+ (\S+) (\d+) ", re.MULTILINE)
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class MediaTargets:
    """`own`: addresses of this machine; `inner_ports`: those of the line's own parts; `is_local`: the line itself is
    reached on the loopback interface alone, as in a trial, so phones are there too."""

    own: frozenset[str] = frozenset()
    inner_ports: frozenset[int] = frozenset()
    is_local: bool = True

    @classmethod
    def of(cls, setup: Setup) -> "MediaTargets":
        ports = (
            *(setup.ng_port, setup.keys_port, setup.callcore_port, setup.sip_port),
            *(setup.ws_port, setup.wss_port, setup.tls_port, setup.turn_port),
        )
        own = frozenset(filter(None, (setup.address, setup.public)))
        return cls(own, frozenset(ports), setup.address.startswith("127."))

    def check(self, text: str, *, by_ice: bool = False) -> None:
        """Raise `NoSound` for a description that names a place where no phone is. `by_ice`: sound goes only where ICE
        has found whoever wants it, so a browser on this machine may name it."""
        for host, port in _named(text):
            address = _address(host)
            if address is None:
                # A browser's own name for itself (mDNS).
                continue
            # Whoever puts us on hold may name no address at all; what is sent there all the same comes out here.
            is_here = address.is_loopback or address.is_unspecified or host in self.own
            if (
                address.is_multicast
                # Of IPv6 even the loopback address counts as reserved.
                or (address.version == 4 and address.is_reserved)
                or (address.is_loopback and not self.is_local and not by_ice)
                or (is_here and {port, port + 1} & self.inner_ports)
            ):
                raise NoSound


def _named(text: str) -> Iterator[tuple[str, int]]:
    """Every address with every port that goes with it."""
    hosts = _CONNECTION.findall(text)
    ports = [int(each) for each in _AUDIO_PORT.findall(text)]
    for port, host in _RTCP.findall(text):
        ports.append(int(port))
        if host:
            hosts.append(host)
    yield from ((host, port) for host in hosts for port in ports)
    yield from ((host, int(port)) for host, port in _CANDIDATE.findall(text))


def _address(host: str) -> Address | None:
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
