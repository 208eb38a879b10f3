"""Only the web servers that the installation names say whose a request is, and whether it came by https."""

import asyncio
import ipaddress

import pytest

from quartier.config import installation, proxies

ROUTES = """\
Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
"""
NOTHING = "0" * 32
ROUTES_6 = f"""\
fd00000000000000000000000000000a 40 {NOTHING} 00 {NOTHING} 00000100 00000001 00000000 00000001     eth0
{NOTHING} 00 {NOTHING} 00 fd000000000000000000000000000001 00000400 00000003 00000000 00000003     eth0
{NOTHING} 00 {NOTHING} 00 {NOTHING} ffffffff 00000001 00000000 00200200       lo
"""


def seen(words, peer, *headers, kind="http"):
    scope = {"type": kind, "client": peer, "scheme": "http", "headers": list(headers)}

    async def page(scope, _receive, _send):
        pass

    asyncio.run(proxies.BelievesProxies(page, words)(scope, None, None))
    return (scope["client"] or ("",))[0], scope["scheme"]


FORGED = (b"x-forwarded-for", b"6.6.6.6"), (b"x-forwarded-proto", b"https")


@pytest.mark.parametrize("peer", [("203.0.113.9", 4711), ("172.17.0.1", 4711), None])
def test_a_stranger_says_nothing_of_themselves(peer):
    assert seen(["127.0.0.1"], peer, *FORGED) == ((peer or ("",))[0], "http")


def test_a_web_server_in_front_is_believed_and_no_word_of_the_visitor():
    here = "127.0.0.1", 4711
    assert seen(["127.0.0.1"], here, (b"x-forwarded-for", b"6.6.6.6, 203.0.113.7"), FORGED[1]) == (
        "203.0.113.7",
        "https",
    )
    # Two headers are one, in their order; the last word on https is that of the last one.
    two = (b"x-forwarded-for", b"6.6.6.6"), (b"x-forwarded-for", b"2001:db8::1")
    schemes = (b"x-forwarded-proto", b"https"), (b"x-forwarded-proto", b"http")
    assert seen(["127.0.0.1"], here, *two, *schemes) == ("2001:db8::1", "http")
    assert seen(["127.0.0.1"], here, (b"x-forwarded-proto", b"javascript")) == ("127.0.0.1", "http")
    assert seen(["127.0.0.1"], here) == ("127.0.0.1", "http")


def test_the_gateway_of_a_container_is_read_from_the_kernel(tmp_path, monkeypatch):
    (tmp_path / "route").write_text(ROUTES)
    (tmp_path / "ipv6_route").write_text(ROUTES_6)
    monkeypatch.setattr(proxies, "_ROUTES", tmp_path)
    monkeypatch.setattr(proxies, "_own_address", lambda gateway: "" if ":" in gateway else "172.17.0.9")
    assert proxies.gateways(tmp_path) == ["172.17.0.1", "fd00::1", "172.17.0.9"]
    assert seen(["gateway"], ("172.17.0.1", 1), *FORGED) == ("6.6.6.6", "https")
    assert seen(["gateway"], ("fd00::1", 1), *FORGED) == ("6.6.6.6", "https")
    assert seen(["gateway"], ("127.0.0.1", 1), *FORGED) == ("6.6.6.6", "https")
    # Another container in the same network is a stranger.
    assert seen(["gateway"], ("172.17.0.3", 1), *FORGED) == ("172.17.0.3", "http")
    for name in ("route", "ipv6_route"):
        (tmp_path / name).write_text("what nobody expects\n\n\n")
    assert proxies.gateways(tmp_path) == []
    assert proxies.gateways(tmp_path / "nowhere") == []


def test_the_address_of_this_machine_is_one():
    for each in proxies.gateways(proxies._ROUTES):
        assert ipaddress.ip_address(each)


def test_the_variable_of_other_web_servers_says_it_too():
    assert installation.load({}).proxies == ("127.0.0.1", "::1")
    assert installation.load({"FORWARDED_ALLOW_IPS": "gateway"}).proxies == ("gateway",)
    both = {"FORWARDED_ALLOW_IPS": "*", "QUARTIER_PROXIES": "192.0.2.10,192.0.2.11"}
    assert installation.load(both).proxies == ("192.0.2.10", "192.0.2.11")


@pytest.mark.parametrize("word", ["*", "0.0.0.0/33", ""])
def test_everybody_is_no_proxy(word):
    with pytest.raises(ValueError, match="no address"):
        proxies.named(["127.0.0.1", word])


def test_what_is_no_address_is_refused():
    with pytest.raises(ValueError, match="'the office'"):
        proxies.named(["127.0.0.1", "the office"])
