"""Whose an address is, for counting. Pure."""

import ipaddress

# Whoever has one address of IPv6 has, as a rule, all that begin with the same 64 bits.
IPV6_PREFIX_BITS = 64


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
