"""A stand-in for a provider of texts, at the edge of the network: takes them by HTTP as `providers/http` sends them,
and misbehaves on purpose. It remembers each text that it took, and which of its answers left the sender in doubt.

moods   well        takes it and says so
        away        503, not taken: it is not there
        error       500, not taken                 busy      429 with Retry-After, not taken
        refuses     200 with an error, not taken   silent    takes it, and hangs up without a word
        slow        takes it, and answers drop by drop, too late
        garbage     takes it, and answers something that nobody understands
        half        takes it, and answers half of its JSON
Receipts come signed to the webhook of the installation: some twice, some before the answer, in any order.
"""

import hashlib
import hmac
import json
import random
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

# Of two hundred texts. What takes the text and leaves the sender in doubt stands last.
MOODS = {"well": 180, "error": 5, "busy": 3, "refuses": 1, "silent": 4, "slow": 1, "garbage": 3, "half": 3}
DOUBT = {"silent", "slow", "garbage", "half"}
SLOW_S = 12.0


@dataclass
class Taken:
    """One text as it was taken. `reference`: the message's id."""

    reference: str
    to: str
    text: str


@dataclass
class Carrier:
    """What it did so far. `webhook`: where receipts go, once the installation serves."""

    name: str
    secret: str
    seed: float
    moods: dict[str, int] = field(default_factory=lambda: dict(MOODS))
    webhook: str = ""
    taken: list[Taken] = field(default_factory=list)
    moods_had: Counter[str] = field(default_factory=Counter)
    port: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._luck = random.Random(self.seed)

    @property
    def address(self) -> str:
        """For `texts` of the installation."""
        return f"http://127.0.0.1:{self.port}/send?secret={self.secret}&cents=0.01#{self.name}"

    @property
    def doubts(self) -> int:
        """Answers after which the sender could not know whether the text had been taken."""
        return sum(self.moods_had[mood] for mood in DOUBT)

    def mood(self) -> str:
        with self.lock:
            mood = self._luck.choices(list(self.moods), list(self.moods.values()))[0]
            self.moods_had[mood] += 1
            return mood

    def take(self, told: dict[str, Any]) -> str:
        reference = str(told["reference"])
        with self.lock:
            self.taken.append(Taken(reference, str(told["to"]), str(told["text"])))
            number, twice, early = len(self.taken), self._luck.random() < 0.3, self._luck.random() < 0.3
            pause = self._luck.uniform(0, 2)
        event = f"{self.name}-{number}"
        if early:
            self._report(event, reference, 0)
        for wait in [pause, 2 - pause] if twice else [pause]:
            threading.Thread(target=self._report, args=(event, reference, wait), daemon=True).start()
        return event

    def _report(self, event: str, reference: str, wait: float) -> None:
        """A receipt, tried for a while: the installation's web processes are killed too."""
        time.sleep(wait)
        body = json.dumps({"id": event, "reference": reference, "state": "delivered"}).encode()
        for _try in range(20):
            if not self.webhook:
                return
            stamp = str(int(time.time()))
            proof = hmac.new(self.secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
            request = urllib.request.Request(
                f"{self.webhook}/hooks/{self.name}/",
                body,
                {"Content-Type": "application/json", "X-Quartier-Signature": f"t={stamp},v1={proof}"},
            )
            with suppress(OSError):
                urllib.request.urlopen(request, timeout=10).close()
                return
            time.sleep(0.5)


class _Door(BaseHTTPRequestHandler):
    carrier: Carrier

    def log_message(self, *_words: Any) -> None:
        return

    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        mood = self.carrier.mood()
        if mood == "away":
            self._say(503, b"away")
        elif mood == "error":
            self._say(500, b"oops")
        elif mood == "busy":
            self._say(429, b"later", {"Retry-After": "1"})
        elif mood == "refuses":
            self._say(200, json.dumps({"error": "not now"}).encode())
        else:
            event = self.carrier.take(told)
            answer = json.dumps({"id": event}).encode()
            if mood == "silent":
                self.close_connection = True
            elif mood == "garbage":
                self._say(200, b"<html>\x00\xff welcome")
            elif mood == "half":
                self._say(200, answer[: len(answer) // 2])
            elif mood == "slow":
                self.send_response(200)
                self.end_headers()
                for each in answer:
                    with suppress(OSError):
                        self.wfile.write(bytes([each]))
                        self.wfile.flush()
                    time.sleep(SLOW_S / len(answer))
            else:
                self._say(200, answer)

    def _say(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        with suppress(OSError):
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)


@contextmanager
def carriers(*names: str, seed: float = 0.0) -> Iterator[list[Carrier]]:
    """One for each name, on ports of their own."""
    found, servers = [], []
    for number, name in enumerate(names):
        carrier = Carrier(name, f"secret-of-{name}", seed + number)
        door = type("Door", (_Door,), {"carrier": carrier})
        server = ThreadingHTTPServer(("127.0.0.1", 0), door)
        carrier.port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        found.append(carrier)
        servers.append(server)
    try:
        yield found
    finally:
        for carrier, server in zip(found, servers, strict=True):
            carrier.webhook = ""
            server.shutdown()
            server.server_close()
