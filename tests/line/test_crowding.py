"""Nobody takes the edge's connections from browsers: one address has its share of them, and who opens a websocket
without registering is sent away."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from uuid import uuid4

import pytest

from quartier.telephony.providers.sip.setup import (
    IDLE_TIMEOUT_S,
    MAX_CONNECTIONS_PER_ADDRESS,
    MAX_NEWCOMERS_PER_ADDRESS,
    REGISTER_WITHIN_S,
)
from tests.line.edge import Edge, WebSocketSender, edge_running, needs_kamailio
from tests.ports import free_port

pytestmark = [pytest.mark.servers, pytest.mark.skipif(bool(needs_kamailio()), reason=needs_kamailio())]
ENOUGH_FOR_ALL = 2_100


@pytest.fixture
def edge(tmp_path: Path) -> Iterator[Edge]:
    names = ("sip_port", "ws_port", "callcore_port")
    with edge_running(tmp_path, {name: free_port() for name in names}) as running:
        yield running


def is_let_in(edge: Edge, address: str, *, forwarded: str = "", timeout_s: float = 10.0) -> bool:
    """Whether a browser that tries each moment is registered by then."""
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        with suppress(OSError), WebSocketSender(address, edge.setup.ws_port, forwarded=forwarded) as browser:
            if browser.register(edge.setup, str(uuid4())) == 200:
                return True
        time.sleep(0.1)
    return False


def test_one_address_has_its_share_of_connections(edge: Edge) -> None:
    with ExitStack() as held:
        for _ in range(MAX_CONNECTIONS_PER_ADDRESS):
            held.enter_context(connect(edge, "127.0.0.9"))
        refused = connect(edge, "127.0.0.9")
        refused.settimeout(2)
        with suppress(ConnectionError):
            assert refused.recv(1) == b""
        with connect(edge, "127.0.0.8") as other:
            other.settimeout(0.5)
            with pytest.raises(TimeoutError):
                other.recv(1)


def test_idle_connections_from_everywhere_shut_browsers_out_for_a_moment_only(edge: Edge) -> None:
    with ExitStack() as held:
        for number in range(ENOUGH_FOR_ALL):
            with suppress(OSError):
                held.enter_context(connect(edge, f"127.0.1.{1 + number % 100}"))
        assert is_let_in(edge, "127.0.0.8", timeout_s=IDLE_TIMEOUT_S + 6)


def connect(edge: Edge, address: str) -> socket.socket:
    return socket.create_connection(("127.0.0.1", edge.setup.ws_port), 2, (address, 0))


def test_a_browser_that_does_not_register_is_sent_away_and_others_stay(edge: Edge) -> None:
    with (
        WebSocketSender("127.0.0.9", edge.setup.ws_port) as mute,
        WebSocketSender("127.0.0.8", edge.setup.ws_port) as browser,
    ):
        assert browser.register(edge.setup, str(uuid4())) == 200
        assert mute.ends_within(REGISTER_WITHIN_S + 6)
        assert browser.register(edge.setup, str(uuid4())) == 200


def test_browsers_that_do_not_register_are_few_from_one_address(edge: Edge) -> None:
    many, other = "192.0.2.77", "192.0.2.7"
    with ExitStack() as held:
        for _ in range(MAX_NEWCOMERS_PER_ADDRESS):
            held.enter_context(WebSocketSender("127.0.0.1", edge.setup.ws_port, forwarded=many))
        with pytest.raises(ConnectionError, match="503"):
            WebSocketSender("127.0.0.1", edge.setup.ws_port, forwarded=many)
        assert is_let_in(edge, "127.0.0.1", forwarded=other)
    assert is_let_in(edge, "127.0.0.1", forwarded=many, timeout_s=REGISTER_WITHIN_S + 6)


def test_of_ipv6_a_network_is_counted_not_each_of_its_addresses(edge: Edge) -> None:
    network, other = "2001:db8:1:2", "2001:db8:1:3::9"
    with ExitStack() as held:
        for number in range(MAX_NEWCOMERS_PER_ADDRESS):
            visitor = f"{network}:{number:x}::7" if number % 2 else f"{network}::{number:x}"
            held.enter_context(WebSocketSender("127.0.0.1", edge.setup.ws_port, forwarded=visitor))
        for visitor in (f"{network}:ffff::1", f"{network}:a:b:c:d"):
            with pytest.raises(ConnectionError, match="503"):
                WebSocketSender("127.0.0.1", edge.setup.ws_port, forwarded=visitor)
        assert is_let_in(edge, "127.0.0.1", forwarded=other)
        assert is_let_in(edge, "127.0.0.1", forwarded="::ffff:192.0.2.9")
    assert edge.log.read_text().count("is refused more") == 1, "one line for each, however often"


def test_browsers_that_have_registered_are_not_counted(edge: Edge) -> None:
    with ExitStack() as held:
        for _ in range(MAX_NEWCOMERS_PER_ADDRESS + 10):
            one = held.enter_context(WebSocketSender("127.0.0.1", edge.setup.ws_port, forwarded="192.0.2.5"))
            assert one.register(edge.setup, str(uuid4())) == 200
