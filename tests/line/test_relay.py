"""Nobody rides along: whatever a stranger, a browser, a neighbour of the carrier or the carrier itself says to the
edge, by whatever method, header and transport, goes to call control or nowhere. Listeners stand at the carrier's port,
elsewhere, and at another browser; the edge is real, call control and the carrier are played."""

import itertools
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest

from quartier.telephony.providers.sip.own_calls import make_call_id
from quartier.telephony.providers.sip.setup import secret
from tests.line.edge import (
    PATIENCE_S,
    Edge,
    StreamSender,
    UdpSender,
    WebSocketSender,
    edge_running,
    needs_kamailio,
)
from tests.line.edge_peers import Listener, PlayedCore
from tests.line.secure import Authority
from tests.line.sip_text import DOMAIN, answer_to, header, request, within, within_as_called
from tests.ports import free_port

pytestmark = [pytest.mark.servers, pytest.mark.skipif(bool(needs_kamailio()), reason=needs_kamailio())]

STRANGER, CARRIER, CARRIERS_NEIGHBOUR, ELSEWHERE = "127.0.0.9", "127.0.0.3", "127.0.0.4", "127.0.0.77"
METHOD_NAMES = (
    "INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "MESSAGE", "REFER", "SUBSCRIBE", "NOTIFY", "INFO", "PRACK", "UPDATE",
    "PUBLISH", "REGISTER", "JUNK",
)  # fmt: skip
# What call control dials to see that the way out is open.
PROBE_NUMBER = "+3220001299"
Sender = UdpSender | StreamSender | WebSocketSender


@dataclass
class Scene:
    """The edge, call control and whoever listens where nothing may come."""

    edge: Edge
    core: PlayedCore
    carrier: Listener
    elsewhere: Listener
    victim: WebSocketSender
    victim_account: str

    def is_quiet(self, but: str = "") -> None:
        """Everything that was sent before has been worked off, nothing of it came anywhere, and the edge is well:
        what call control sends now arrives, and alone."""
        for _ in range(4):
            mark = self.new_call_id()
            probe = request("INVITE", f"sip:{PROBE_NUMBER}@{DOMAIN}", via=self.core.via, call_id=mark)
            self.core.send(probe)
            came = self.carrier.wait_for(mark)
            assert came.startswith(f"INVITE sip:{PROBE_NUMBER}@{CARRIER}:")
        assert [
            each for each in self.carrier.heard if PROBE_NUMBER not in each and not (but and but in each)
        ] == []
        assert self.elsewhere.heard == []
        assert self.victim.receive(0.2) == ""
        assert self.edge.process.poll() is None
        assert "signal" not in self.edge.log.read_text(errors="replace")

    def begin(self) -> None:
        """Forget what other tests have heard."""
        self.core.answer = lambda asked: answer_to(asked, 481)
        for heard in (self.core.asked, self.core.answered, self.carrier.heard, self.elsewhere.heard):
            heard.clear()
        while self.victim.receive(0.01):
            pass

    def new_call_id(self) -> str:
        """As call control makes it."""
        return make_call_id(secret(self.edge.setup.home))

    def core_accepts(self) -> None:
        """From now on call control answers every request with 200."""
        contact = f"Contact: <sip:core@127.0.0.1:{self.edge.setup.callcore_port}>"
        self.core.answer = lambda asked: answer_to(asked, 200, contact, tag="core")

    def ring(self, user: str) -> str:
        """Call control calls: the INVITE that it sends."""
        core = self.core
        contact = f"sip:core@127.0.0.1:{core.port}"
        invite = request(
            "INVITE", f"sip:{user}@{DOMAIN}", via=core.via, contact=contact, call_id=self.new_call_id()
        )
        core.send(invite)
        return invite

    def acts_in(self, invite: str, answer: str) -> None:
        """Call control acknowledges an answer, wants something else, and hangs up, as the answer says."""
        for number, method in enumerate(("ACK", "INVITE", "BYE"), 1):
            self.core.send(within(method, invite, answer, via=self.core.via, sequence=number))

    def send_all(self, sender: Sender) -> None:
        """The whole product, not faster than it is worked off."""
        for number, text in enumerate(
            itertools.chain(attempts(self, sender.via), forged_answers(self, sender.via))
        ):
            sender.send(text)
            if number % 25 == 0:
                is_worked_off(sender)
        is_worked_off(sender)


def is_worked_off(sender: Sender) -> None:
    """The edge has read what was sent so far: on one connection everything is read in its order."""
    mark, came = secrets.token_hex(8), ""
    sender.send(request("OPTIONS", "sip:x@127.0.0.1", via=sender.via, call_id=mark))
    while mark not in came:
        part = sender.receive(PATIENCE_S)
        assert part, "the edge has closed the connection, or fallen silent"
        came = came[-5000:] + part


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    home = tmp_path_factory.mktemp("edge")
    certificate, key = Authority(home / "authority").signs("line")
    names = ("sip_port", "ws_port", "wss_port", "callcore_port", "ng_port", "keys_port")
    ports = {name: free_port() for name in names}
    carrier, elsewhere = (Listener(each, free_port(), ports["sip_port"]) for each in (CARRIER, ELSEWHERE))
    table = {
        **ports,
        "trunk": f"{CARRIER}:{carrier.port}",
        "trunk_sources": [CARRIER],
        "certificate": str(certificate),
        "certificate_key": str(key),
        "flood": 1_000_000,
    }
    account = str(uuid4())
    with (
        carrier,
        elsewhere,
        edge_running(home, table) as edge,
        PlayedCore(ports["sip_port"], ports["callcore_port"]) as core,
        WebSocketSender("127.0.0.1", ports["ws_port"]) as victim,
    ):
        assert victim.register(edge.setup, account) == 200
        yield Scene(edge, core, carrier, elsewhere, victim, account)


def sender_of(name: str, scene: Scene) -> Sender:
    setup = scene.edge.setup
    match name:
        case "a stranger over UDP":
            return UdpSender(STRANGER, setup.sip_port)
        case "a stranger over TCP":
            return StreamSender(STRANGER, setup.ws_port)
        case "a stranger over TLS":
            return StreamSender(STRANGER, setup.wss_port, tls=True)
        case "a stranger over WebSocket with a forged Origin":
            return WebSocketSender(STRANGER, setup.ws_port)
        case "a stranger over secure WebSocket with a forged Origin":
            return WebSocketSender(STRANGER, setup.wss_port, tls=True)
        case "a neighbour of the carrier":
            return UdpSender(CARRIERS_NEIGHBOUR, setup.sip_port)
        case "the carrier over another transport":
            return StreamSender(CARRIER, setup.ws_port)
        case "a browser that has registered":
            browser = WebSocketSender(STRANGER, setup.ws_port)
            assert browser.register(setup, str(uuid4())) == 200
            return browser
        case _:
            return UdpSender(CARRIER, setup.sip_port)


STRANGER_NAMES = (
    "a stranger over UDP", "a stranger over TCP", "a stranger over TLS",
    "a stranger over WebSocket with a forged Origin", "a stranger over secure WebSocket with a forged Origin",
    "a neighbour of the carrier", "the carrier over another transport",
)  # fmt: skip
KNOWN_NAMES = ("a browser that has registered", "the carrier")


def attempts(scene: Scene, via: str) -> Iterator[str]:
    """The product: every method, to every target, by every way of saying where it is to go."""
    edge, carrier, elsewhere = scene.edge.setup.sip_port, scene.carrier, scene.elsewhere
    browser = f"{scene.victim.address}~{scene.victim.port}~5"
    targets = {
        "the carrier": (f"sip:+32902123456@{CARRIER}:{carrier.port}", f"{CARRIER}~{carrier.port}~1"),
        "the carrier by TCP": (
            f"sip:1@{CARRIER}:{carrier.port};transport=tcp",
            f"{CARRIER}~{carrier.port}~2",
        ),
        "elsewhere": (f"sip:x@{ELSEWHERE}:{elsewhere.port}", f"{ELSEWHERE}~{elsewhere.port}~1"),
        "elsewhere by TCP": (
            f"sip:x@{ELSEWHERE}:{elsewhere.port};transport=tcp",
            f"{ELSEWHERE}~{elsewhere.port}~2",
        ),
        "a browser": (f"sip:{scene.victim_account}@{scene.victim.host};transport=ws", browser),
        "an account": (f"sip:{scene.victim_account}@{DOMAIN}", browser),
    }
    ours = f"<sip:127.0.0.1:{edge};lr>"
    marked = f"<sip:127.0.0.1:{edge};lr;side=web>"
    for method, tag, (target, alias) in itertools.product(METHOD_NAMES, ("", "abc"), targets.values()):
        address = target.partition("@")[2]
        routes = (
            (),
            (f"Route: {ours}",),
            (f"Route: {marked}",),
            (f"Route: {ours}, <sip:{address};lr>",),
            (f"Route: {marked}", f"Route: <sip:{address}>"),
            (f"Route: <sip:{address};lr>",),
            (f"Route: {ours}, {ours}, <sip:{address};lr>",),
        )
        for headers in routes:
            yield request(method, target, via=via, to_tag=tag, headers=headers, contact=f"sip:a@{address}")
        # An alias says where a browser's connection is.
        for parameters in (f";alias={alias}", f";transport=ws;alias={alias}"):
            aliased = f"sip:a@{address.partition(';')[0]}{parameters}"
            for headers in routes[:3]:
                yield request(method, aliased, via=via, to_tag=tag, headers=headers, contact=aliased)
        yield request(method, f"sip:127.0.0.1:{edge}", via=via, to_tag=tag, headers=routes[3])
        # The line's own name as target, its number, and the way back named elsewhere.
        yield request(method, f"sip:+32902123456@{DOMAIN}", via=via, to_tag=tag, headers=routes[1])
        host = address.split(":")[0]
        tricks = (f";received={host}", f";maddr={host}", ";rport=7777", ";alias")
        for trick in tricks:
            yield request(method, target, via=via + trick, to_tag=tag, headers=routes[1])
        named = f"{via.split()[0]} {address.partition(';')[0]}"
        for tail in ("", ";rport", f";maddr={host}"):
            yield request(method, target, via=named + tail, to_tag=tag, headers=routes[1])


def forged_answers(scene: Scene, via: str) -> Iterator[str]:
    """Answers to nothing, whose next Via is where somebody wants something to arrive."""
    edge = scene.edge.setup.sip_port
    for listener, code, kind in itertools.product(
        (scene.carrier, scene.elsewhere), (100, 180, 200, 302, 401, 486), ("UDP", "TCP", "WS")
    ):
        for method, tail in itertools.product(
            ("INVITE", "MESSAGE", "BYE"), ("", ";rport=7777", ";received=127.0.0.77")
        ):
            ours = f"SIP/2.0/UDP 127.0.0.1:{edge};branch=z9hG4bKcydzigwkX"
            there = f"SIP/2.0/{kind} {listener.address}:{listener.port};branch=z9hG4bK{secrets.token_hex(4)}{tail}"
            text = request(method, "sip:x", via=ours).replace(
                f"{method} sip:x SIP/2.0\r\n", f"SIP/2.0 {code} Said\r\n"
            )
            yield text.replace("\r\nMax-Forwards", f"\r\nVia: {there}\r\nMax-Forwards", 1)


@pytest.mark.parametrize("name", STRANGER_NAMES)
def test_what_a_stranger_says_goes_nowhere(scene: Scene, name: str) -> None:
    scene.begin()
    with sender_of(name, scene) as sender:
        scene.send_all(sender)
        scene.is_quiet()
    assert scene.core.asked == []


@pytest.mark.parametrize("name", KNOWN_NAMES)
def test_what_a_browser_or_the_carrier_says_goes_to_call_control_alone(scene: Scene, name: str) -> None:
    scene.begin()
    with sender_of(name, scene) as sender:
        scene.send_all(sender)
        scene.is_quiet()
    begins = {text.split()[0] for text in scene.core.asked if ";tag=" not in header(text, "To")}
    goes_on = {text.split()[0] for text in scene.core.asked if ";tag=" in header(text, "To")}
    assert begins == ({"INVITE"} if name == "the carrier" else set())
    assert {"INVITE", "BYE", "REFER", "MESSAGE"} <= goes_on
    assert not [text for text in scene.core.asked if header(text, "Route")]


def lures(scene: Scene) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What a side of a call may say about where it is: a Contact, and more headers."""
    elsewhere, browser = scene.elsewhere, f"{scene.victim.address}~{scene.victim.port}~5"
    there = f"{elsewhere.address}:{elsewhere.port}"
    alias = f"alias={elsewhere.address}~{elsewhere.port}~"
    ours = f"Record-Route: <sip:127.0.0.1:{scene.edge.setup.sip_port};lr;side=web>"
    yield f"sip:x@{there}", ()
    yield f"sip:x@{there};transport=tcp", ()
    yield f"sip:x@{there};{alias}1", ()
    yield f"sip:x@{there};transport=ws;{alias}5", ()
    yield f"sip:x@{there};transport=ws;{alias}2", (ours,)
    yield f"sip:x@{scene.victim.host};transport=ws;alias={browser}", ()
    yield f"sip:x@{scene.victim.host};transport=ws;alias={browser}", (ours,)
    yield f"sip:x@{scene.victim.address}:{scene.victim.port};transport=ws", (ours,)
    yield f"sip:x@{there}", (f"Record-Route: <sip:{there};lr>",)
    yield f"sip:x@{there}", (f"Record-Route: <sip:{there};lr;transport=tcp>", ours)
    yield f"sip:x@{there}", (ours, f"Record-Route: <sip:{there};lr>")
    inner = (scene.edge.setup.ws_port, scene.edge.setup.ng_port, scene.edge.setup.sip_port)
    for port in inner:
        yield f"sip:x@127.0.0.1:{port}", ()
        yield f"sip:x@127.0.0.1:{port};transport=tcp", ()


def test_the_carrier_that_calls_is_answered_where_it_spoke_from_and_nowhere_else(scene: Scene) -> None:
    for contact, headers in lures(scene):
        scene.begin()
        scene.core_accepts()
        with UdpSender(CARRIER, scene.edge.setup.sip_port) as carrier:
            invite = request("INVITE", f"sip:x@{DOMAIN}", via=carrier.via, contact=contact, headers=headers)
            carrier.send(invite)
            answer = carrier.receive_until("SIP/2.0 200")
            carrier.send(within("ACK", invite, answer, via=carrier.via, sequence=1))
            asked = scene.core.wait_asked("INVITE", header(invite, "Call-ID"))
            # Call control hangs up: it is the other side of the same call.
            scene.core.send(within_as_called("BYE", asked, via=scene.core.via))
            if not headers and ELSEWHERE in contact:
                assert carrier.receive_until("BYE")
            scene.is_quiet()


def test_the_carrier_that_is_called_leads_nowhere_else(scene: Scene) -> None:
    for contact, headers in lures(scene):
        for code in (200, 302):
            scene.begin()
            invite = scene.ring("+3220001234")
            came = scene.carrier.wait_for(header(invite, "Call-ID"))
            scene.carrier.send(answer_to(came, code, f"Contact: <{contact}>", *headers))
            answer = scene.core.wait_answered(code, header(invite, "Call-ID"))
            scene.carrier.heard.clear()
            scene.acts_in(invite, answer)
            scene.is_quiet(but=header(invite, "Call-ID"))


def test_a_browser_that_is_called_leads_nowhere_else(scene: Scene) -> None:
    account = str(uuid4())
    with WebSocketSender(STRANGER, scene.edge.setup.ws_port) as browser:
        assert browser.register(scene.edge.setup, account) == 200
        for contact, headers in lures(scene):
            scene.begin()
            invite = scene.ring(account)
            came = browser.receive_until("INVITE")
            browser.send(answer_to(came, 200, f"Contact: <{contact}>", *headers))
            scene.acts_in(invite, scene.core.wait_answered(200, header(invite, "Call-ID")))
            scene.is_quiet()
            while browser.receive(0.01):
                pass


def test_a_browser_that_registers_somewhere_else_is_rung_where_it_is_or_not_at_all(scene: Scene) -> None:
    there = f"{scene.elsewhere.address}:{scene.elsewhere.port}"
    for contact in (
        f"<sip:x@{there}>",
        f"<sip:x@{there};transport=tcp>",
        f'<sip:x@{there};transport=ws>;received="sip:{there}"',
        f'<sip:x@{there}>;received="sip:{there};transport=tcp"',
        f"<sip:x@{there};alias={there.replace(':', '~')}~1>",
        f'<sip:x@{scene.victim.host}>;received="sip:{scene.victim.address}:{scene.victim.port};transport=ws"',
        f"<sip:x@{CARRIER}:{scene.carrier.port}>",
    ):
        scene.begin()
        account = str(uuid4())
        with WebSocketSender(STRANGER, scene.edge.setup.ws_port) as browser:
            if browser.register(scene.edge.setup, account, contact=contact) == 200:
                scene.ring(account)
                scene.is_quiet()


def test_a_call_goes_both_ways_between_call_control_a_browser_and_the_carrier(scene: Scene) -> None:
    scene.begin()
    scene.core_accepts()
    account = str(uuid4())
    with WebSocketSender(STRANGER, scene.edge.setup.ws_port) as browser:
        assert browser.register(scene.edge.setup, account) == 200
        for user in (account, "+3220001234"):
            invite = scene.ring(user)
            call_id = header(invite, "Call-ID")
            if user == account:
                came, contact = browser.receive_until("INVITE"), f"sip:b@{browser.host};transport=ws"
                browser.send(answer_to(came, 200, f"Contact: <{contact}>"))
            else:
                came, contact = scene.carrier.wait_for(call_id), f"sip:c@{CARRIER}:{scene.carrier.port}"
                scene.carrier.send(answer_to(came, 200, f"Contact: <{contact}>"))
            scene.acts_in(invite, scene.core.wait_answered(200, call_id))
            # Two of the edge's processes work side by side: the order may be another one.
            wanted = {"ACK", "INVITE", "BYE"}
            while wanted:
                if user == account:
                    text = browser.receive()
                    assert call_id in text, wanted
                    wanted.discard(text.split()[0])
                else:
                    number = {"ACK": 1, "INVITE": 2, "BYE": 3}
                    method = wanted.pop()
                    scene.carrier.wait_for(f"CSeq: {number[method]} {method}")
            # And from the other side: what an honest phone builds from the INVITE.
            via = browser.via if user == account else f"SIP/2.0/UDP {CARRIER}:{scene.carrier.port};rport"
            text = within_as_called("INFO", came, via=via)
            (browser if user == account else scene.carrier).send(text)
            assert not header(scene.core.wait_asked("INFO", call_id), "Route")
