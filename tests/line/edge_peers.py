"""Whoever the edge speaks to: a listener at any address, and call control, played."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

from tests.line.edge import BYTES_PER_READ, PATIENCE_S, UdpSender
from tests.line.sip_text import answer_to


@dataclass
class Listener:
    """Hears whatever comes to one address, over UDP and TCP. `heard`: the beginning of each message."""

    address: str
    port: int
    edge_port: int = 0
    heard: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind((self.address, self.port))
        self._udp.settimeout(0.1)
        self._tcp = socket.create_server((self.address, self.port))
        self._tcp.settimeout(0.1)
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=each, daemon=True) for each in (self._packets, self._streams)
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(10)
        self._udp.close()
        self._tcp.close()

    def _packets(self) -> None:
        while not self._over.is_set():
            with suppress(TimeoutError, ConnectionError):
                self.heard.append(self._udp.recv(BYTES_PER_READ).decode(errors="replace"))

    def _streams(self) -> None:
        while not self._over.is_set():
            with suppress(TimeoutError):
                came, _from = self._tcp.accept()
                # That somebody connects is heard already.
                self.heard.append("connected")
                came.settimeout(0.5)
                with came, suppress(OSError):
                    self.heard.append(came.recv(BYTES_PER_READ).decode(errors="replace"))

    def send(self, text: str) -> None:
        """Over UDP, to the edge."""
        self._udp.sendto(text.encode(), ("127.0.0.1", self.edge_port))

    def wait_for(self, words: str, timeout_s: float = PATIENCE_S) -> str:
        """The message that holds these words. Raises `TimeoutError`."""
        return _wait(self.heard, "", words, timeout_s)


class PlayedCore(UdpSender):
    """Call control, played: each request is answered by `answer`, and kept."""

    def __init__(self, sip: int, port: int) -> None:
        super().__init__("127.0.0.1", sip, port=port)
        self.asked: list[str] = []
        self.answered: list[str] = []
        self.answer: Callable[[str], str] = lambda asked: answer_to(asked, 481)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join(10)
        super().__exit__(*error)

    def _listen(self) -> None:
        while not self._over.is_set():
            text = self.receive(0.1)
            if text.startswith("SIP/2.0"):
                self.answered.append(text)
            elif text.strip():
                self.asked.append(text)
                if not text.startswith("ACK"):
                    self.send(self.answer(text))

    def wait_answered(self, code: int, call_id: str, timeout_s: float = PATIENCE_S) -> str:
        """An answer to what we sent. Raises `TimeoutError`."""
        return _wait(self.answered, f"SIP/2.0 {code}", call_id, timeout_s)

    def wait_asked(self, method: str, call_id: str, timeout_s: float = PATIENCE_S) -> str:
        """A request that has come. Raises `TimeoutError`."""
        return _wait(self.asked, f"{method} ", call_id, timeout_s)


def _wait(found: list[str], beginning: str, words: str, timeout_s: float) -> str:
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        for each in list(found):
            if each.startswith(beginning) and words in each:
                return each
        time.sleep(0.01)
    raise TimeoutError(f"{beginning} {words}")
