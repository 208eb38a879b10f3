"""Ports of the loopback interface for servers of tests, each given to one of them only.

What the system gives as free (port 0) may be given again, to another server or to any client of a test beside, before
the server is there: of two programs at one UDP port one hears nothing. So ports are taken below those that the system
gives to clients, in turn, and held against test processes beside.
"""

import fcntl
import itertools
import os
import socket
import tempfile
from collections import deque
from contextlib import ExitStack
from pathlib import Path

# Linux gives clients ports from 32768 on. Each server gets the first ports of a piece of its own.
PIECE = 8
# A browser opens no page at 10080: long ago another service had it.
_PIECES = [first for first in range(10_000, 20_000, PIECE) if first != 10_080]
# For the sound of a line: four ports for each leg.
SOUND_PIECE = 600
_SOUND_PIECES = range(20_000, 32_000, SOUND_PIECE)
# Held in one process. Older ones are bound by their servers, or these are gone.
_MOST_HELD = 300

# A lock on a byte of this file is gone with its process, and with any of its descriptors there: this one stays open.
_file = os.open(
    Path(tempfile.gettempdir()) / f"quartier-test-ports-{os.geteuid()}",
    os.O_RDWR | os.O_CREAT | os.O_CLOEXEC,
    0o600,
)
_held: deque[int] = deque()
# Processes that begin together begin at different ports.
_turn, _sound_turn = itertools.count(os.getpid() * 37), itertools.count(os.getpid())


def free_port(*, beside: int = 0) -> int:
    """An even port that is free for UDP and TCP, as are so many after it (`beside`, at most 7). Raises `OSError`."""
    assert beside < PIECE
    for _ in _PIECES:
        port = _PIECES[next(_turn) % len(_PIECES)]
        if _hold(port) and _is_free(range(port, port + beside + 1)):
            return port
    raise OSError("no free port")


def sound_ports() -> tuple[int, int]:
    """The first and the last port for the sound of one line. Raises `OSError`."""
    for _ in _SOUND_PIECES:
        first = _SOUND_PIECES[next(_sound_turn) % len(_SOUND_PIECES)]
        if _hold(first) and _is_free(range(first, first + 40)):
            return first, first + SOUND_PIECE - 10
    raise OSError("no free ports for sound")


def _hold(port: int) -> bool:
    """Whether no other process holds it; from now on none can."""
    try:
        fcntl.lockf(_file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
    except OSError:
        return False
    _held.append(port)
    if len(_held) > _MOST_HELD:
        oldest = _held.popleft()
        if oldest not in _held:
            fcntl.lockf(_file, fcntl.LOCK_UN, 1, oldest)
    return True


def _is_free(ports: range) -> bool:
    with ExitStack() as stack:
        for port in ports:
            for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
                probe = stack.enter_context(socket.socket(socket.AF_INET, kind))
                if kind == socket.SOCK_STREAM:
                    # As servers do: connections that are just over do not stand in the way.
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    return False
    return True
