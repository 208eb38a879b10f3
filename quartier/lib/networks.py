"""Whose an address is, for counting, also behind web servers that speak for others. Pure."""

import ipaddress
from dataclasses import dataclass

# Whoever has one address of IPv6 has, as a rule, all that begin with the same 64 bits.
IPV6_PREFIX_BITS = 64
# Of a longer header only the end is read: nobody has so many web servers one behind the other.
MAX_HOPS = 10


def client_network(address: str) -> str:
    """What is counted of a client's address: an address of IPv4 as it is, also where it is written in IPv6; of IPv6 the
    network that a household or a machine is given. What is no address is given back unchanged."""
    try:
        found = ipaddress.ip_address(address.strip().strip("[]"))
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    network = ipaddress.IPv6Network((int(found), IPV6_PREFIX_BITS), strict=False)
    return str(network.network_address)


def as_network(word: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    """One address, or a network such as `10.0.0.0/8`. Raises `ValueError` that names the word."""
    try:
        return ipaddress.ip_network(word.strip().strip("[]"), strict=False)
    except ValueError as error:
        raise ValueError(f"no address and no network: {word!r}") from error


@dataclass(frozen=True)
class Proxies:
    """The web servers in front of this one, which say in a header whom they speak for."""

    networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]

    def include(self, address: str) -> bool:
        """Whether this is one of them."""
        found = _plain(address)
        return found is not None and any(found in each for each in self.networks)

    def client(self, peer: str, forwarded: str) -> str:
        """Whose a request is. `peer`: who is connected; `forwarded`: what stands in X-Forwarded-For.

        Each proxy writes whom it was called by behind what stood there. So the last one who is none of ours is the
        visitor, and everything before is their own invention.
        """
        here = peer
        for word in reversed(forwarded.rsplit(",", MAX_HOPS)):
            if not self.include(here):
                break
            named = _plain(word)
            if named is None:
                # One of ours does not say whom it speaks for.
                break
            here = str(named)
        return here


def _plain(word: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address in `1.2.3.4`, `1.2.3.4:5678`, `2001:db8::1`, `[2001:db8::1]:5678` or `::ffff:1.2.3.4`."""
    host = word.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        found = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
