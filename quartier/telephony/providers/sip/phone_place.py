"""Where a telephone is: where its description says, and where its sound comes from all the same.

A telephone is sent to, and heard from, one address and port. Carriers send from another port than they name, and
telephone systems behind a router name an address of their inner network. Where nothing comes from the place that was
named, the others that send to the port are looked at, and one of them is taken, if it stands at an address that the
description or the signalling of this leg has named, or at one of the carrier's: any port there, and nobody else.
"""

import ipaddress
from typing import Any, ClassVar, NamedTuple

from quartier.telephony.providers.sip import sdp
from quartier.telephony.providers.sip.setup import Setup

DISCARD_PORT = sdp.NOWHERE[1]

Endpoint = tuple[str, int]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class IncomingStream(NamedTuple):
    """What rtpengine has heard of a phone. `last_packet_at`: Unix seconds, 0: nothing yet; `source_count`: how many RTP
    streams (SSRC) it has sent, one after the other; `heard_count`, `refused_count`: its packets, and those that came
    to its port from somewhere else and were not let through; `endpoint`: where it is sent to."""

    last_packet_at: int
    source_count: int
    heard_count: int = 0
    refused_count: int = 0
    endpoint: Endpoint | None = None

    @classmethod
    def of(cls, told: dict[str, Any], tag: str) -> "IncomingStream":
        """From the answer to "query"."""
        streams = [
            stream
            for medium in told.get("tags", {}).get(tag, {}).get("medias", [])
            for stream in medium.get("streams", [])
        ]
        at = streams[0].get("endpoint", {}) if streams else {}
        return cls(
            max((int(stream.get("last packet", 0)) for stream in streams), default=0),
            max((len(stream.get("ingress SSRCs", [])) for stream in streams), default=0),
            sum(int(stream.get("stats", {}).get("packets", 0)) for stream in streams),
            sum(int(stream.get("stats", {}).get("errors", 0)) for stream in streams),
            (str(at["address"]), int(at["port"])) if {"address", "port"} <= at.keys() else None,
        )


class PhonePlace:
    """Of one telephone. `carriers`: where the carrier of this installation may send from. `signalled_from`: the address
    from which the edge got the signalling of this leg, "" where it does not say."""

    carriers: ClassVar[tuple[Network, ...]] = ()

    def __init__(self) -> None:
        self.signalled_from = ""
        self.is_searching = False
        # By what the telephone has said of itself.
        self._found: dict[Endpoint, Endpoint] = {}

    def placed(self, text: str) -> str:
        """A description as rtpengine is told it, with the place where this telephone is."""
        named = sdp.endpoint(text)
        if named is None:
            return text
        host, port = self._found.get(named) or self._assumed(named)
        if (host, port) == named and not self.is_searching:
            return text
        return sdp.moved(text, (host, DISCARD_PORT if self.is_searching else port))

    def is_assumed(self, text: str) -> bool:
        """Whether nothing has been heard yet of a telephone that names an address of an inner network."""
        named = sdp.endpoint(text)
        return named is not None and named not in self._found and self._assumed(named) != named

    def take(self, text: str, source: Endpoint | None) -> bool:
        """Whether this telephone may be there; it is sent to there, and heard from there, from now on."""
        named = sdp.endpoint(text)
        if (
            named is None
            or source is None
            or source[1] == DISCARD_PORT
            or not self._may_be(named[0], source[0])
        ):
            return False
        self._found[named] = source
        return True

    def _assumed(self, named: Endpoint) -> Endpoint:
        """A public address from which somebody signals stands for one of their inner network, which leads nowhere."""
        here, there = _address(named[0]), _address(self.signalled_from)
        if here is None or there is None or here.is_unspecified or not there.is_global:
            return named
        return named if here.is_global or here.is_loopback else (self.signalled_from, named[1])

    def _may_be(self, named: str, host: str) -> bool:
        address = _address(host)
        if address is None:
            return False
        if address in {_address(named), _address(self.signalled_from)}:
            return True
        return any(address in network for network in self.carriers)


def carrier_networks(setup: Setup) -> tuple[Network, ...]:
    """What is written of the carrier's addresses; names are not looked up."""
    found = []
    for each in (*setup.trunk_sources, *([setup.trunk_address[0]] if setup.trunk else [])):
        try:
            found.append(ipaddress.ip_network(each, strict=False))
        except ValueError:
            continue
    return tuple(found)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
