"""The line watches its own calls at the carrier: one that it did not make is held back, stops outgoing calls, and is
reported; a real Kamailio, call control and the carrier played."""

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from quartier.telephony import actions
from quartier.telephony.providers.sip import own_call_watch
from quartier.telephony.providers.sip.edge import EdgeRefused, ask_edge, question_pipe
from quartier.telephony.providers.sip.own_call_watch import OwnCallWatch
from quartier.telephony.providers.sip.own_calls import is_own_call, is_stopped_at_edge, make_call_id
from quartier.telephony.providers.sip.setup import secret
from tests.line.edge import Edge, edge_running, needs_kamailio
from tests.line.edge_peers import Listener, PlayedCore
from tests.line.sip_text import DOMAIN, request
from tests.ports import free_port

pytestmark = [pytest.mark.servers, pytest.mark.skipif(bool(needs_kamailio()), reason=needs_kamailio())]
CARRIER = "127.0.0.3"


class PlayedExchange:
    """What the watch knows of the line, and what it has said to the desk."""

    def __init__(self) -> None:
        self.stopped, self.counts = False, []
        self.lines = {1: SimpleNamespace(now=SimpleNamespace(is_dialling_stopped=False))}
        self.desk = self

    def put(self, do: Any, then: Any) -> None:
        assert do.func is actions.stop_dialling
        self.counts.append(do.args[0])
        self.say_stopped(True)
        then(None)

    def say_stopped(self, stopped: bool) -> None:
        self.lines[1].now.is_dialling_stopped = stopped


class Stage:
    """The edge, which can be started again, and the watch."""

    def __init__(self, home: Path, stack: ExitStack) -> None:
        names = ("sip_port", "ws_port", "callcore_port", "ng_port", "keys_port")
        self.ports = {name: free_port() for name in names}
        self.carrier = stack.enter_context(Listener(CARRIER, free_port(), self.ports["sip_port"]))
        self._home, self._stack = home, stack
        self.edge: Edge
        self.start_edge()
        self.core = stack.enter_context(PlayedCore(self.ports["sip_port"], self.ports["callcore_port"]))
        self.exchange = PlayedExchange()
        self.watch = self.new_watch()

    @property
    def pipe(self) -> Path:
        return question_pipe(self._home / "line")

    @property
    def secret(self) -> str:
        return secret(self._home / "line")

    def start_edge(self) -> None:
        table = {**self.ports, "trunk": f"{CARRIER}:{self.carrier.port}", "trunk_sources": [CARRIER]}
        self.edge = self._stack.enter_context(edge_running(self._home, table))

    def new_watch(self) -> OwnCallWatch:
        """As call control makes it at its start."""
        return OwnCallWatch(self.exchange, pipe=self.pipe, secret=self.secret)  # type: ignore[arg-type]

    def look(self) -> None:
        asyncio.run(self.watch.look())

    def ask(self, method: str, *parameters: str | int) -> Any:
        return asyncio.run(ask_edge(self.pipe, method, *parameters))

    @property
    def is_stopped(self) -> bool:
        return asyncio.run(is_stopped_at_edge(self.pipe))

    def call(self, call_id: str) -> None:
        """From call control's port."""
        self.core.send(request("INVITE", f"sip:+3220001234@{DOMAIN}", via=self.core.via, call_id=call_id))

    def goes_out(self) -> bool:
        """Whether a call of call control's own reaches the carrier."""
        own = make_call_id(self.secret)
        self.call(own)
        if self.is_stopped:
            self.core.wait_answered(403, own)
            return False
        self.carrier.wait_for(own)
        return True


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with ExitStack() as stack:
        yield Stage(tmp_path, stack)


def test_a_mark_is_of_this_secret_and_of_this_call_id() -> None:
    own = make_call_id("secret")
    assert is_own_call("secret", own)
    assert not is_own_call("another", own)
    for other in ("", "-", own[:-1], own + "a", own.upper(), own.replace("-", ""), f"{own}-x", "a" + own):
        assert not is_own_call("secret", other), other


def test_own_calls_go_out_and_nothing_is_said(stage: Stage) -> None:
    assert stage.goes_out()
    stage.look()
    assert stage.exchange.counts == []
    assert not stage.is_stopped


def test_a_call_without_a_mark_never_leaves_and_stops_all(stage: Stage) -> None:
    stage.look()
    forged = secrets.token_hex(16)
    stage.call(forged)
    stage.core.wait_answered(403, forged)
    assert not stage.goes_out(), "at once, before anybody has looked"
    stage.look()
    stage.look()
    assert stage.exchange.counts == [1], "once, whoever looks again"
    assert stage.carrier.heard == []
    # Lifted by a person, calls go out again.
    stage.watch._settles_at = 0.0
    stage.exchange.say_stopped(False)
    stage.look()
    assert stage.goes_out()
    stage.look()
    assert stage.exchange.counts == [1]


def test_a_call_that_has_left_by_another_way_is_found(stage: Stage) -> None:
    stage.ask("htable.sets", "outgoing", "a-call-of-somebody", "1")
    stage.look()
    assert stage.exchange.counts == [1]
    assert not stage.goes_out()


def test_kamailio_itself_makes_no_calls(stage: Stage) -> None:
    there = f"sip:+32902123456@{CARRIER}:{stage.carrier.port}"
    headers = "From: <sip:a@quartier.invalid>;tag=1\r\nTo: <sip:b@quartier.invalid>\r\n"
    with pytest.raises(EdgeRefused):
        stage.ask("tm.t_uac_start", "INVITE", there, ".", ".", headers, "")
    assert not stage.goes_out()
    stage.look()
    assert stage.exchange.counts == [1]
    assert stage.carrier.heard == []


def test_a_stop_outlasts_the_edge_and_call_control(stage: Stage) -> None:
    stage.exchange.say_stopped(True)
    stage.look()
    assert not stage.goes_out()
    stage.edge.process.terminate()
    stage.edge.process.wait(10)
    stage.start_edge()
    stage.look()
    assert not stage.goes_out()
    assert stage.exchange.counts == []


def test_what_the_edge_stopped_while_call_control_was_away_is_reported(stage: Stage) -> None:
    stage.call("forged")
    stage.core.wait_answered(403, "forged")
    stage.ask("htable.delete", "outgoing", "forged")
    stage.watch = stage.new_watch()
    stage.look()
    assert stage.exchange.counts == [0]
    assert not stage.goes_out()


def test_while_nobody_looks_no_call_leaves(stage: Stage) -> None:
    assert stage.goes_out(), "at the start there is time"
    # As when its time is up.
    stage.ask("htable.delete", "watched", "calls")
    own = make_call_id(stage.secret)
    stage.call(own)
    stage.core.wait_answered(503, own)
    stage.look()
    assert stage.goes_out(), "by itself, as soon as somebody looks again"
    assert stage.exchange.counts == []


def test_an_edge_with_an_old_configuration_is_said_once(
    stage: Stage, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuses(_pipe: Path) -> Any:
        raise own_call_watch.EdgeRefused("500")

    monkeypatch.setattr(own_call_watch, "sent_calls", refuses)
    stage.look()
    stage.look()
    assert caplog.text.count("quartier line config") == 1
    assert stage.exchange.counts == []
