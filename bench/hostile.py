"""Hostile SIP messages by the thousand against the whole line: relayed, crashed, and how soon pages come meanwhile."""

import argparse
import random
import re
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Any, Self

from bench import line_parts, protocol

DATABASES = ("sqlite",)
PAGE_P95_LIMIT_MS = 100.0
PAGE_INTERVAL_S = 0.05
ELSEWHERE = "127.0.0.77"
# Strangers come from so many addresses, that none of them is banned as a flood.
STRANGER_ADDRESSES = 250
MESSAGES_PER_S = 800
METHOD_NAMES = (
    "INVITE",
    "ACK",
    "BYE",
    "CANCEL",
    "OPTIONS",
    "MESSAGE",
    "REFER",
    "SUBSCRIBE",
    "NOTIFY",
    "REGISTER",
)
KIND_NAMES = (
    "garbage",
    "broken",
    "injected",
    "huge",
    "wrong length",
    "forged dialog",
    "forged answer",
    "call",
)
SDP_BODY = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", type=int, default=10_000, help="messages")


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """`line_hostile`: pages while `size` messages are sent from strangers over UDP, TCP and WebSocket, and from the
    carrier's address; `relayed`: requests that arrived anywhere else; `crashes`: parts that ended, and errors in the
    log; `answers`: whether a caller is answered afterwards."""
    yield attack(args.size, args.seed)


def attack(size: int, seed: int) -> dict[str, Any]:
    """Send them all, and count."""
    from tests.line.edge_peers import Listener
    from tests.line.phone import RawPhone
    from tests.line.site import NUMBER
    from tests.ports import free_port

    with ExitStack() as stack:
        carrier = stack.enter_context(Listener("127.0.0.1", free_port()))
        elsewhere = stack.enter_context(Listener(ELSEWHERE, free_port()))
        line = stack.enter_context(line_parts.running(trunk=carrier.port))
        with RawPhone(line.sip) as phone:
            phone.calls(NUMBER, SDP_BODY)
            phone.bye()
        before = _parts(line)
        kinds: Counter[str] = Counter()
        with PageReader(line.site.address) as reader:
            _send_all(line, carrier.port, elsewhere.port, size, random.Random(seed), kinds)
        with RawPhone(line.sip) as phone:
            answers = phone.calls(NUMBER, SDP_BODY) == 200
            phone.bye()
        crashes = len(before - _parts(line)) + len(re.findall(r"Traceback|core dumped", line.log))
    relayed = len(carrier.heard) + len(elsewhere.heard)
    told = protocol.line("line_hostile", "sqlite", size, reader.took_ms or [0.0], errors=reader.errors)
    well = not relayed and not crashes and answers and told["p95_ms"] < PAGE_P95_LIMIT_MS
    return {
        **told,
        "relayed": relayed,
        "crashes": crashes,
        "answers": answers,
        "kinds": dict(kinds),
        "ok": well,
    }


def _parts(line: Any) -> set[tuple[str, int]]:
    """The processes of the line, by part."""
    return {
        (part, pid) for part in line_parts.PARTS for pid in line_parts.processes(str(line.site.home), part)
    }


class PageReader:
    """Reads the first page again and again, and notes how long it took."""

    def __init__(self, address: str) -> None:
        self._address, self._over = f"{address}/fr/", threading.Event()
        self.took_ms: list[float] = []
        self.errors = 0

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join(30)

    def _read(self) -> None:
        while not self._over.wait(PAGE_INTERVAL_S):
            start = time.perf_counter()
            try:
                with urllib.request.urlopen(self._address, timeout=10) as page:
                    page.read()
            except (OSError, urllib.error.HTTPError):
                self.errors += 1
                continue
            self.took_ms.append((time.perf_counter() - start) * 1000)


def _send_all(
    line: Any, carrier: int, elsewhere: int, size: int, chance: random.Random, kinds: "Counter[str]"
) -> None:
    """At a steady pace, each from somebody else: three quarters strangers over UDP, the others over a WebSocket with a
    forged Origin, over TCP, and from the carrier's own address."""
    from tests.line.edge import StreamSender, UdpSender, WebSocketSender

    sip, websocket = line.ports["sip_port"], line.ports["ws_port"]
    strangers = [UdpSender(f"127.0.10.{number + 1}", sip) for number in range(STRANGER_ADDRESSES)]
    trunk = UdpSender("127.0.0.1", sip)
    began = time.monotonic()
    try:
        for number in range(size):
            kind = chance.choice(KIND_NAMES)
            kinds[kind] += 1
            who = chance.random()
            sender: Any
            if who < 0.75:
                sender = chance.choice(strangers)
            elif who < 0.9:
                sender = trunk
            else:
                address = f"127.0.11.{chance.randrange(1, 250)}"
                origin = line.site.address
                with suppress(OSError):
                    made = StreamSender if who < 0.95 else WebSocketSender
                    more = {} if made is StreamSender else {"origin": origin}
                    with made(address, websocket, **more) as once:
                        once.send(message(kind, chance, once.via, sip, carrier, elsewhere))
                        once.receive(0.01)
                continue
            # The carrier may well be called back where it says that it is: what comes from it names elsewhere alone.
            there = elsewhere if sender is trunk else chance.choice((carrier, elsewhere))
            sender.send(message(kind, chance, sender.via, sip, there, elsewhere))
            time.sleep(max(0.0, began + number / MESSAGES_PER_S - time.monotonic()))
    finally:
        for sender in (*strangers, trunk):
            sender.__exit__()


def message(kind: str, chance: random.Random, via: str, sip: int, carrier: int, elsewhere: int) -> bytes:
    """One of them. `carrier` and `elsewhere` are the ports where nothing may arrive."""
    address = "127.0.0.1" if carrier != elsewhere and chance.random() < 0.5 else ELSEWHERE
    there = f"{address}:{carrier if address == '127.0.0.1' else elsewhere}"
    method = chance.choice(METHOD_NAMES)
    tag = f";tag={chance.randbytes(4).hex()}" if kind == "forged dialog" or chance.random() < 0.5 else ""
    route = chance.choice((
        "", f"Route: <sip:127.0.0.1:{sip};lr>\r\n", f"Route: <sip:127.0.0.1:{sip};lr;side=web>\r\n",
        f"Route: <sip:127.0.0.1:{sip};lr>, <sip:{there};lr>\r\n", f"Route: <sip:{there};lr>\r\n",
    ))  # fmt: skip
    alias = f";alias={there.replace(':', '~')}~1" if chance.random() < 0.3 else ""
    name = "+3220001234"
    if kind == "injected":
        name = chance.choice(
            ('"\r\nX-Quartier-Call: 1\r\n', "%0d%0aRoute:%20<sip:x>", "<script>", "\0", "' or 1=1 --")
        )
    body = SDP_BODY if method == "INVITE" else ""
    length = chance.choice((-1, 0, 3, 70_000, 10**12)) if kind == "wrong length" else len(body)
    more = f"X-Long: {'a' * chance.randrange(5_000, 40_000)}\r\n" if kind == "huge" else ""
    if kind == "huge":
        name = "1" * chance.randrange(300, 3_000)
    lines = (
        f"{method} sip:+32902123456@{there}{alias} SIP/2.0",
        f"Via: {via};branch=z9hG4bK{chance.randbytes(6).hex()}",
        f"Max-Forwards: {chance.choice((0, 1, 70, 255))}",
        f"From: <sip:{name}@127.0.0.1>;tag={chance.randbytes(4).hex()}",
        f"To: <sip:x@127.0.0.1>{tag}",
        f"Call-ID: {chance.randbytes(8).hex()}",
        f"CSeq: 1 {method}",
        f"{route}Contact: <sip:x@{there}{alias}>",
        f"{more}Content-Type: application/sdp",
        f"Content-Length: {length}",
    )
    text = "\r\n".join(lines) + f"\r\n\r\n{body}"
    if kind == "forged answer":
        ours = f"SIP/2.0/UDP 127.0.0.1:{sip};branch=z9hG4bKcydzigwkX"
        text = re.sub(r"^.*?\r\nVia: ", f"SIP/2.0 200 OK\r\nVia: {ours}\r\nVia: ", text, count=1)
        text = text.replace(f"Via: {via}", f"Via: SIP/2.0/UDP {there}")
    data = text.encode()
    if kind == "garbage":
        return chance.randbytes(chance.randrange(1, 1_400))
    if kind == "broken":
        broken = bytearray(data)
        for _ in range(chance.randrange(1, 30)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        return bytes(broken[: chance.randrange(1, len(broken))])
    return data
