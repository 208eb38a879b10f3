"""Kamailio's own interface is for call control alone: a page in a browser here cannot use it, strangers cannot fill
it up, and nothing that it could be told leaves for anybody."""

import asyncio
import json
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from quartier.telephony.providers.sip import edge as edge_module
from quartier.telephony.providers.sip.edge import (
    ANSWER_PIPE_PREFIX,
    EdgeAddress,
    EdgeDown,
    EdgeRefused,
    answers_calls,
    ask_edge,
    question_pipe,
)
from quartier.telephony.providers.sip.own_calls import sent_calls
from quartier.telephony.providers.sip.registrations import BrowserPage, live_pages, registered
from tests.line.edge import Edge, WebSocketSender, edge_running, needs_kamailio
from tests.line.edge_peers import Listener
from tests.ports import free_port

# Of `tcp_max_connections` in kamailio.cfg.
MAX_CONNECTIONS = 2048
pytestmark = [pytest.mark.servers, pytest.mark.skipif(bool(needs_kamailio()), reason=needs_kamailio())]


@pytest.fixture
def edge(tmp_path: Path) -> Iterator[Edge]:
    names = ("sip_port", "ws_port", "callcore_port")
    with edge_running(tmp_path, {name: free_port() for name in names}) as running:
        yield running


def ask(edge: Edge, method: str, *parameters: str) -> Any:
    return asyncio.run(ask_edge(question_pipe(edge.setup.home), method, *parameters))


def test_only_whoever_runs_it_can_ask(edge: Edge) -> None:
    assert str(ask(edge, "core.version")).startswith("kamailio")
    assert question_pipe(edge.setup.home).stat().st_mode & 0o077 == 0
    question = json.dumps({"jsonrpc": "2.0", "method": "core.version", "id": 1}).encode()
    page = f"http://127.0.0.1:{edge.setup.ws_port}/rpc"
    request = urllib.request.Request(page, question, {"Content-Type": "application/json"})
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(request, timeout=5)


def test_a_long_answer_is_whole_and_what_it_cannot_is_refused(edge: Edge) -> None:
    for number in range(1500):
        ask(edge, "htable.sets", "outgoing", f"{number:040}", "1")
    told = asyncio.run(sent_calls(question_pipe(edge.setup.home)))
    assert len({each.call_id for each in told}) == 1500
    with pytest.raises(EdgeRefused):
        ask(edge, "nothing.of.this")


def test_an_answer_that_nobody_awaits_any_more_is_nobody_elses(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(edge_module, "EDGE_TIMEOUT_S", 0.0)
        for _ in range(5):
            with pytest.raises(EdgeDown):
                ask(edge, "htable.dump", "outgoing")
    for _ in range(5):
        assert str(ask(edge, "core.version")).startswith("kamailio")
    assert len(list(edge.setup.home.glob(f"{ANSWER_PIPE_PREFIX}*"))) == 1


def test_connections_that_strangers_fill_up_keep_nobody_from_asking(edge: Edge) -> None:
    with ExitStack() as held:
        for number in range(MAX_CONNECTIONS + 50):
            with suppress(OSError):
                address = (f"127.0.1.{1 + number % 100}", 0)
                held.enter_context(socket.create_connection(("127.0.0.1", edge.setup.ws_port), 2, address))
        refused = held.enter_context(socket.create_connection(("127.0.0.1", edge.setup.ws_port), 2))
        refused.settimeout(2)
        with suppress(ConnectionError):
            assert refused.recv(1) == b"", "it is full"
        for _ in range(5):
            assert asyncio.run(registered(question_pipe(edge.setup.home))) == set()


@pytest.mark.parametrize("method", ["MESSAGE", "REFER", "OPTIONS", "NOTIFY"])
def test_nothing_that_the_edge_is_told_leaves(edge: Edge, method: str) -> None:
    with Listener("127.0.0.77", free_port()) as elsewhere:
        to = f"sip:somebody@127.0.0.77:{elsewhere.port}"
        headers = f"From: sip:a@b\r\nTo: {to}\r\nContact: <sip:x@y>\r\nContent-Type: text/plain\r\n"
        words = (method, to, ".", ".", headers, ".")
        with pytest.raises(EdgeRefused):
            ask(edge, "tm.t_uac_start", *words)
        with pytest.raises(TimeoutError):
            elsewhere.wait_for(method, 1.5)


def test_it_knows_each_page_by_its_connection_and_its_browser_by_name(edge: Edge) -> None:
    account, pipe = str(uuid4()), question_pipe(edge.setup.home)
    laptop, mobile = f"<urn:uuid:{uuid4()}>", f"<urn:uuid:{uuid4()}>"

    def loads(page: WebSocketSender, user: str, browser: str) -> dict[str, BrowserPage]:
        contact = f"sip:{user}@{user}.invalid;transport=ws"
        more = f'+sip.instance="{browser}";reg-id=1'
        assert page.register(edge.setup, account, contact=f"<{contact}>;{more}") == 200
        return {f"{page.address}:{page.port}": BrowserPage(contact, browser)}

    def there() -> dict[str, BrowserPage]:
        return asyncio.run(live_pages(pipe, account))

    assert there() == {}
    with WebSocketSender("127.0.0.1", edge.setup.ws_port) as phone:
        other = loads(phone, "phone", mobile)
        with WebSocketSender("127.0.0.1", edge.setup.ws_port) as page:
            before = loads(page, "old", laptop)
            assert there() == {**other, **before}
        with WebSocketSender("127.0.0.1", edge.setup.ws_port) as page:
            after = loads(page, "new", laptop)
            assert there() == {**other, **after}
            assert asyncio.run(registered(pipe)) == {account}


def test_it_says_by_the_way_of_calls_that_it_is_there(edge: Edge) -> None:
    there = EdgeAddress("127.0.0.1", edge.setup.sip_port, question_pipe(edge.setup.home))
    assert asyncio.run(answers_calls(there))
    assert not asyncio.run(answers_calls(there._replace(sip_port=free_port())))
