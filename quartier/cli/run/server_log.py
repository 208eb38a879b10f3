"""What a server says, without floods: whoever is refused a connection must not fill the disk with lines about it."""

import logging
import re
import threading
import time
from collections import Counter
from typing import IO

# Of lines that differ only in numbers and addresses, and of all together.
MAX_ALIKE_PER_WINDOW, MAX_LINES_PER_WINDOW = 20, 300
WINDOW_S = 60.0
MAX_LINE_BYTES = 4096
_VARYING = re.compile(rb"[0-9a-fA-F]*[0-9][0-9a-fA-F]*|[0-9a-fA-F]*:[0-9a-fA-F:]+")


class LogLimiter:
    """Says which lines are passed on. `server`: its name, before what is said of lines that were left out."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._begins_at = float("-inf")
        self._alike: Counter[bytes] = Counter()
        self._passed = self._left_out = 0

    def filter(self, line: bytes, now: float) -> list[bytes]:
        """What is to be written for this line: nothing, itself, or before it how many were left out."""
        found = []
        if now - self._begins_at >= WINDOW_S:
            found = self.finish()
            self._begins_at = now
        shape = _VARYING.sub(b"#", line)
        self._alike[shape] += 1
        if self._alike[shape] > MAX_ALIKE_PER_WINDOW or self._passed >= MAX_LINES_PER_WINDOW:
            self._left_out += 1
            return found
        self._passed += 1
        return [*found, line]

    def finish(self) -> list[bytes]:
        """How many lines were left out, if any were; a new window begins."""
        left_out, self._left_out, self._passed = self._left_out, 0, 0
        self._alike.clear()
        return [f"{self._server}: {left_out} more lines were left out\n".encode()] if left_out else []


def pass_on(server: str, stream: IO[bytes]) -> threading.Thread:
    """Write what this stream says to our own, in the thread that is given back, until it ends."""
    thread = threading.Thread(target=_copy, args=(server, stream), name=f"log of {server}", daemon=True)
    thread.start()
    return thread


def _copy(server: str, stream: IO[bytes]) -> None:
    limiter, log = LogLimiter(server), logging.getLogger(f"server.{server}")
    with stream:
        while line := stream.readline(MAX_LINE_BYTES):
            _write(log, limiter.filter(line, time.monotonic()))
    _write(log, limiter.finish())


def _write(log: logging.Logger, lines: list[bytes]) -> None:
    """Events like all others, as far as we are concerned: what they weigh the server says in its own words."""
    for line in lines:
        log.warning("%s", line.decode(errors="replace").rstrip())
