"""Nobody is shut out of the line by what others do at the same address; and the edge's log holds no numbers."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest

from quartier.telephony.providers.sip.setup import (
    CLOSE_WITHIN_S,
    MAX_BANNED_TRIES,
    MAX_NEWCOMERS_PER_ADDRESS,
    REGISTER_WITHIN_S,
)
from tests.line.edge import Edge, UdpSender, WebSocketSender, edge_running, needs_kamailio
from tests.line.sip_text import request
from tests.ports import free_port

pytestmark = [pytest.mark.servers, pytest.mark.skipif(bool(needs_kamailio()), reason=needs_kamailio())]
SHARED, OTHER = "127.0.0.9", "127.0.0.8"
CALLER = "+32470111999"


@pytest.fixture
def edge(tmp_path: Path) -> Iterator[Edge]:
    names = ("sip_port", "ws_port", "callcore_port")
    ports = {name: free_port() for name in names}
    with edge_running(tmp_path, {**ports, "trunk_sources": ("127.0.0.7",)}) as running:
        yield running


def registers(edge: Edge, address: str, **words: str) -> int:
    with WebSocketSender(address, edge.setup.ws_port) as browser:
        return browser.register(edge.setup, str(uuid4()), **words)


def is_cut(browser: WebSocketSender, until: float) -> bool:
    """Whether its connection ends by then, though it answers nothing."""
    connection = browser._socket
    while (left := until - time.monotonic()) > 0:
        connection.settimeout(left)
        try:
            if not connection.recv(4096):
                return True
        except ConnectionError:
            return True
        except TimeoutError:
            return False
    return False


def test_who_does_not_answer_the_closing_is_cut_and_others_get_their_places(edge: Edge) -> None:
    forwarded = "192.0.2.77"
    with ExitStack() as held:
        mute = [
            held.enter_context(WebSocketSender("127.0.0.1", edge.setup.ws_port, forwarded=forwarded))
            for _ in range(MAX_NEWCOMERS_PER_ADDRESS)
        ]
        ends = time.monotonic() + REGISTER_WITHIN_S + CLOSE_WITHIN_S + 10
        with pytest.raises(ConnectionError, match="503"):
            WebSocketSender("127.0.0.1", edge.setup.ws_port, forwarded=forwarded)
        assert all(is_cut(each, ends) for each in mute)
        held.enter_context(WebSocketSender("127.0.0.1", edge.setup.ws_port, forwarded=forwarded))


def flood(address: str, edge: Edge) -> None:
    with UdpSender(address, edge.setup.sip_port) as sender:
        for _ in range(4 * edge.setup.flood):
            sender.send(request("OPTIONS", "sip:edge@127.0.0.1", via=sender.via))
        time.sleep(0.5)
        while sender.receive(0.1):
            pass
        sender.send(request("OPTIONS", "sip:edge@127.0.0.1", via=sender.via))
        assert not sender.receive(1), "it is banned"


def guess(address: str, edge: Edge) -> None:
    codes = [registers(edge, address, password="wrong") for _ in range(40)]
    assert codes[-1] == 403, "it is banned"


@pytest.mark.parametrize("attack", [flood, guess])
def test_a_laptop_behind_the_same_router_makes_no_browser_deaf(edge: Edge, attack: object) -> None:
    with WebSocketSender(SHARED, edge.setup.ws_port) as browser:
        account = str(uuid4())
        assert browser.register(edge.setup, account) == 200
        attack(SHARED, edge)  # type: ignore[operator]
        assert browser.register(edge.setup, account) == 200, "one that has registered"
        browser.send(request("OPTIONS", f"sip:{edge.setup.domain}", via=browser.via))
        assert browser.receive_until("SIP/2.0").startswith("SIP/2.0 200")
        assert registers(edge, SHARED) == 200, "one that comes"
    assert registers(edge, OTHER) == 200


def test_at_a_banned_address_a_browser_registers_again_and_again(edge: Edge) -> None:
    guess(SHARED, edge)
    with WebSocketSender(SHARED, edge.setup.ws_port) as browser:
        account = str(uuid4())
        codes = [browser.register(edge.setup, account) for _ in range(MAX_BANNED_TRIES + 4)]
    assert set(codes) == {200}


def test_of_a_banned_address_no_connection_guesses_on(edge: Edge) -> None:
    guess(SHARED, edge)
    with WebSocketSender(SHARED, edge.setup.ws_port) as guesser:
        tried = 0
        try:
            while tried < 4 * MAX_BANNED_TRIES:
                guesser.register(edge.setup, str(uuid4()), password="wrong")
                tried += 1
        except (TimeoutError, OSError):
            pass
    assert tried <= MAX_BANNED_TRIES


def test_guesses_at_one_account_are_told_wherever_they_come_from(edge: Edge) -> None:
    account = str(uuid4())
    for number in range(36):
        with WebSocketSender(f"127.0.2.{1 + number % 6}", edge.setup.ws_port) as guesser:
            assert guesser.register(edge.setup, account, password="wrong") == 401
    with WebSocketSender(OTHER, edge.setup.ws_port) as browser:
        assert browser.register(edge.setup, account) == 200, "who has the password is let in"
    assert edge.log.read_text().count("wrong passwords: many for one account") == 1


def test_a_browser_that_floods_is_not_heard_and_the_others_of_its_address_are(edge: Edge) -> None:
    with (
        WebSocketSender(SHARED, edge.setup.ws_port) as flooding,
        WebSocketSender(SHARED, edge.setup.ws_port) as browser,
    ):
        for each in (flooding, browser):
            assert each.register(edge.setup, str(uuid4())) == 200
        options = request("OPTIONS", f"sip:{edge.setup.domain}", via=flooding.via)
        for _ in range(400):
            flooding.send(options)
        answered = 0
        while flooding.receive(0.5):
            answered += 1
        assert answered < 300
        browser.send(request("OPTIONS", f"sip:{edge.setup.domain}", via=browser.via))
        assert browser.receive_until("SIP/2.0").startswith("SIP/2.0 200")


def test_one_that_does_nothing_but_register_is_not_heard_for_long(edge: Edge) -> None:
    with WebSocketSender(SHARED, edge.setup.ws_port) as flooding:
        register = request("REGISTER", f"sip:{edge.setup.domain}", via=flooding.via)
        for _ in range(400):
            flooding.send(register)
        answered = 0
        while flooding.receive(0.5):
            answered += 1
    assert 0 < answered < 300
    assert registers(edge, SHARED) == 200


def test_what_cannot_be_read_leaves_no_number_in_the_log(edge: Edge) -> None:
    began = edge.log.read_text()
    with UdpSender("127.0.0.7", edge.setup.sip_port) as carrier:
        whole = (
            f"INVITE sip:{CALLER}@127.0.0.1 SIP/2.0\r\nVia: {carrier.via};branch=z9hG4bKa\r\nMax-Forwards: 70\r\n"
            f"From: <sip:{CALLER}@x>;tag=1\r\nTo: <sip:{CALLER}@y>\r\nCall-ID: {CALLER}\r\nCSeq: 1 INVITE\r\n"
            f"Contact: <sip:{CALLER}@127.0.0.7>\r\nContent-Length: 0\r\n\r\n"
        )
        for broken in (
            whole.replace("CSeq:", f"From: <sip:{CALLER}@x>;tag=2\r\nCSeq:"),
            whole.replace("CSeq:", f"Call-ID: {CALLER}\r\nCSeq:"),
            whole.replace("CSeq:", f"CSeq: {CALLER[1:]} BYE\r\nCSeq:"),
            whole.replace("@x>", ""),
            whole.replace("Contact:", f"X {CALLER}\r\nContact:"),
            whole.replace("SIP/2.0\r\n", "\r\n", 1),
            whole.replace(f"sip:{CALLER}@127.0.0.1 ", f"sip:{CALLER}@@@: "),
            whole.replace("INVITE sip", "SIP/2.0 abc sip", 1),
            whole.replace("Contact:", f"Route: <sip:{CALLER};;@@>\r\nContact:"),
        ):
            assert broken != whole
            carrier.send(broken)
        carrier.receive(1)
    with WebSocketSender(OTHER, edge.setup.ws_port) as browser:
        assert browser.register(edge.setup, str(uuid4())) == 200
    written = edge.log.read_text().removeprefix(began)
    assert CALLER[1:] not in written
    # What the edge itself has to say is written all the same.
    with UdpSender(OTHER, edge.setup.sip_port) as stranger:
        stranger.send(request("INVITE", "sip:a@127.0.0.1", via=stranger.via))
        assert stranger.receive().startswith("SIP/2.0 403")
    assert "not the trunk's was refused" in edge.log.read_text()
