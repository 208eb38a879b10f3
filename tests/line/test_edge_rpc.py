"""Kamailio's own interface is for programs of this machine: a page in a browser here cannot use it, and nothing that
it could be told leaves for anybody."""

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from quartier.telephony.providers.sip.edge import EdgeAddress, EdgeRefused, answers_calls, ask_edge
from tests.line.edge import Edge, Listener, edge_running, needs_kamailio
from tests.ports import free_port

pytestmark = [pytest.mark.servers, pytest.mark.skipif(bool(needs_kamailio()), reason=needs_kamailio())]
PLAIN = {"Content-Type": "application/json"}


@pytest.fixture
def edge(tmp_path: Path) -> Iterator[Edge]:
    names = ("sip_port", "ws_port", "rpc_port", "callcore_port")
    with edge_running(tmp_path, {name: free_port() for name in names}) as running:
        yield running


def posted(edge: Edge, headers: dict[str, str]) -> int:
    question = json.dumps({"jsonrpc": "2.0", "method": "core.version", "id": 1}).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{edge.setup.rpc_port}/rpc", question, headers)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_a_page_of_another_site_cannot_ask_anything(edge: Edge) -> None:
    assert posted(edge, PLAIN) == 200
    assert posted(edge, {**PLAIN, "Origin": "https://evil.example"}) == 403
    assert posted(edge, {**PLAIN, "Host": "evil.example"}) == 403
    # What a page may send without asking first.
    assert posted(edge, {"Content-Type": "text/plain"}) == 403


@pytest.mark.parametrize("method", ["MESSAGE", "REFER", "OPTIONS", "NOTIFY"])
def test_nothing_that_the_edge_is_told_leaves(edge: Edge, method: str) -> None:
    with Listener("127.0.0.77", free_port()) as elsewhere:
        to = f"sip:somebody@127.0.0.77:{elsewhere.port}"
        headers = f"From: sip:a@b\r\nTo: {to}\r\nContact: <sip:x@y>\r\nContent-Type: text/plain\r\n"
        words = (method, to, ".", ".", headers, ".")
        with pytest.raises(EdgeRefused):
            asyncio.run(ask_edge(edge.setup.rpc_port, "tm.t_uac_start", *words))
        with pytest.raises(TimeoutError):
            elsewhere.wait_for(method, 1.5)


def test_it_says_by_the_way_of_calls_that_it_is_there(edge: Edge) -> None:
    there = EdgeAddress("127.0.0.1", edge.setup.sip_port, edge.setup.rpc_port)
    assert asyncio.run(answers_calls(there))
    assert not asyncio.run(answers_calls(there._replace(sip_port=free_port())))
