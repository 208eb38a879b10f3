"""Whose streams are counted together."""

from quartier.live.access import allowed

LINK = "link:" + "ab" * 32


def client(remote):
    return allowed(None, None, [LINK], remote).client


def test_a_network_of_ipv6_is_one_client():
    assert client("2001:db8:1:2::1") == client("2001:db8:1:2:3:4:5:6")
    assert client("2001:db8:1:3::1") != client("2001:db8:1:2::1")
    assert client("192.0.2.7") != client("192.0.2.8")
