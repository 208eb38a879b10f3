"""Asking the edge: Kamailio's own interface, on this machine alone."""

import asyncio
import json
import socket
from secrets import token_hex
from typing import Any, NamedTuple

EDGE_TIMEOUT_S = 2.0
MAX_ANSWER_BYTES = 2**20


class EdgeAddress(NamedTuple):
    """Where the edge takes calls (UDP), and the port of its own interface on this machine (TCP)."""

    host: str
    sip_port: int
    rpc_port: int


class EdgeDown(Exception):
    """Kamailio does not answer."""


class EdgeRefused(Exception):
    """Kamailio answers that it cannot: it runs with a configuration of another version, or the thing is not there."""


async def answers_calls(edge: EdgeAddress) -> bool:
    """Whether the edge answers a question of SIP, by UDP, as calls come. Connections that strangers fill up keep its
    own interface from us, and nobody who calls."""
    loop = asyncio.get_running_loop()
    asks = (
        f"OPTIONS sip:edge@{edge.host}:{edge.sip_port} SIP/2.0\r\n"
        f"Via: SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bK-{token_hex(6)}\r\n"
        f"Max-Forwards: 1\r\nFrom: <sip:line@127.0.0.1>;tag={token_hex(4)}\r\nTo: <sip:edge@{edge.host}>\r\n"
        f"Call-ID: {token_hex(8)}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
    )
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        way.setblocking(False)
        try:
            way.connect((edge.host, edge.sip_port))
            await loop.sock_sendall(way, asks.encode())
            async with asyncio.timeout(EDGE_TIMEOUT_S):
                return (await loop.sock_recv(way, 4096)).startswith(b"SIP/2.0 ")
        except OSError:
            return False


async def ask_edge(port: int, method: str, *parameters: str | int) -> Any:
    """One question; raises `EdgeDown` or `EdgeRefused`. Without a thread and without a library for HTTP: it is asked
    every second, also when nobody is on the line."""
    question = {"jsonrpc": "2.0", "method": method, "params": list(parameters), "id": 1}
    try:
        async with asyncio.timeout(EDGE_TIMEOUT_S):
            code, body = await _post(port, json.dumps(question).encode())
    except (OSError, EOFError, ValueError) as error:
        raise EdgeDown from error
    # Kamailio answers a question that it cannot answer with an error page.
    if code >= 500 or code in {400, 404}:
        raise EdgeRefused(str(code))
    if code != 200:
        raise EdgeDown(str(code))
    try:
        told = json.loads(body)
    except ValueError as error:
        raise EdgeDown from error
    if not isinstance(told, dict) or "error" in told:
        raise EdgeRefused(str(told)[:80])
    return told.get("result")


async def _post(port: int, body: bytes) -> tuple[int, bytes]:
    """The status and the body of the answer. Raises `OSError`, `EOFError`, `ValueError`."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=MAX_ANSWER_BYTES)
    try:
        head = (
            "POST /rpc HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        answered = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        fields = dict(line.lower().split(":", 1) for line in answered[1:] if ":" in line)
        size = int(fields.get("content-length", 0))
        return int(answered[0].split()[1]), await reader.readexactly(size)
    except (asyncio.LimitOverrunError, IndexError) as error:
        raise ValueError("not HTTP") from error
    finally:
        writer.close()
