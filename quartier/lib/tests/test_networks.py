"""Addresses are counted by whom they belong to."""

import pytest

from quartier.lib.networks import Proxies, as_network, client_network


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:DB8:1:2::", "2001:db8:1:2::"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::"),
        ("2001:db8:1:3::9", "2001:db8:1:3::"),
        ("fe80::1%eth0", "fe80::"),
        ("::1", "::"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_who_is_counted_together(address, counted):
    assert client_network(address) == counted


OURS = Proxies(tuple(as_network(word) for word in ("127.0.0.1", "::1", "10.4.0.0/16", "[2001:db8:9::2]")))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        # As the shipped web servers do it: what the visitor wrote is gone.
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        # As most others do it: the visitor stands last.
        ("127.0.0.1", "6.6.6.6, 203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "127.0.0.1, 10.4.0.9,203.0.113.7", "203.0.113.7"),
        # Two of ours one behind the other.
        ("127.0.0.1", "6.6.6.6, 203.0.113.7, 10.4.3.2", "203.0.113.7"),
        ("2001:db8:9::2", "6.6.6.6, 2001:db8:1::5", "2001:db8:1::5"),
        ("::1", "[2001:db8:1::5]:4711", "2001:db8:1::5"),
        ("::ffff:127.0.0.1", "203.0.113.7:4711", "203.0.113.7"),
        ("127.0.0.1", "::ffff:203.0.113.7", "203.0.113.7"),
        # Nobody of ours: what they say of themselves is nothing.
        ("203.0.113.9", "6.6.6.6", "203.0.113.9"),
        ("10.5.0.1", "6.6.6.6", "10.5.0.1"),
        ("::2", "::1", "::2"),
        ("", "6.6.6.6", ""),
        # A program on this machine.
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1", "127.0.0.1"),
        # One of ours that does not say it.
        ("127.0.0.1", "6.6.6.6, unknown", "127.0.0.1"),
        ("127.0.0.1", "6.6.6.6, <script>, 10.4.0.1", "10.4.0.1"),
        ("127.0.0.1", "6.6.6.6,", "127.0.0.1"),
        ("127.0.0.1", "[", "127.0.0.1"),
        ("127.0.0.1", "1.2.3.4.5, 0x7f.1, 017700000001", "127.0.0.1"),
        ("127.0.0.1", "," * 60_000, "127.0.0.1"),
        ("127.0.0.1", "6.6.6.6," + "10.4.0.1," * 9000 + "10.4.0.2", "10.4.0.1"),
    ],
)
def test_whose_a_request_is(peer, forwarded, client):
    assert OURS.client(peer, forwarded) == client


def test_what_is_no_address_is_named():
    with pytest.raises(ValueError, match=r"'10\.0\.0\.0/99'"):
        as_network("10.0.0.0/99")
