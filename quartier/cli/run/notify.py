"""What systemd is told of `quartier run`, where it started it (`Type=notify`): that it serves, that it still answers,
how it is, and which socket it is to keep while it is started anew.

The protocol is a datagram to the socket that `NOTIFY_SOCKET` names (`man sd_notify`). Without one nothing is told.
"""

import json
import os
import socket
import threading
import urllib.error
import urllib.request
from contextlib import suppress

# Inherited sockets begin here (`man sd_listen_fds`).
FIRST_FD = 3
ASKS_EVERY_S, ANSWERS_WITHIN_S = 20.0, 10.0
# At a rush pages come late, and that is no reason to end them, and calls with them. Less than a third of `WatchdogSec`.
HANGS_AFTER_S = 55.0
# It is this machine that is asked: no proxy of the environment, which would answer for it.
_HERE = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def inherited() -> socket.socket | None:
    """The listening socket that this process was started with: systemd has kept it, or we have across `restart`."""
    of_process = os.environ.pop("LISTEN_PID", "")
    count = os.environ.pop("LISTEN_FDS", "")
    os.environ.pop("LISTEN_FDNAMES", None)
    if of_process != str(os.getpid()) or not count.isdecimal() or int(count) < 1:
        return None
    try:
        found = socket.socket(fileno=FIRST_FD)
        if found.family not in {socket.AF_INET, socket.AF_INET6}:
            found.detach()
            return None
    except OSError:
        return None
    found.set_inheritable(False)
    found.setblocking(True)
    return found


def hand_on(sock: socket.socket) -> None:
    """Before this process executes a program: that one inherits the socket."""
    os.dup2(sock.fileno(), FIRST_FD)
    os.set_inheritable(FIRST_FD, True)
    os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}


def tell(words: str, keep: socket.socket | None = None) -> None:
    """Tell systemd; `keep`: a socket that it holds, so that `systemctl restart` refuses no visitor."""
    where = os.environ.get("NOTIFY_SOCKET", "")
    if not where:
        return
    address = f"\0{where[1:]}" if where.startswith("@") else where
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as telling:
        telling.connect(address)
        if keep is None:
            telling.send(words.encode())
        else:
            socket.send_fds(telling, [words.encode()], [keep.fileno()])


def watch(address: str, stop: threading.Event) -> None:
    """Ask `/health` now and then, in a thread, and tell systemd how it is. Whatever is answered shows that pages are
    drawn; when nothing is, systemd misses the word and starts all of it again (`WatchdogSec`)."""
    if not os.environ.get("NOTIFY_SOCKET"):
        return

    def go_on() -> None:
        while not stop.wait(ASKS_EVERY_S):
            if (found := ask(address, HANGS_AFTER_S)) is not None:
                tell(f"WATCHDOG=1\nSTATUS={summary(*found)}")

    threading.Thread(target=go_on, name="watchdog", daemon=True).start()


def ask(address: str, within_s: float = ANSWERS_WITHIN_S) -> tuple[int, dict[str, object]] | None:
    """The status and the words of `/health`; `None` where nobody answers, `{}` where it is no health."""
    try:
        with _HERE.open(f"{address}health", timeout=within_s) as answer:
            return answer.status, _words(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, _words(error.read())
    except (OSError, ValueError):
        return None


def _words(body: bytes) -> dict[str, object]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def summary(status: int, found: dict[str, object]) -> str:
    """One line for `systemctl status`."""
    if not found:
        return f"pages answer {status}"
    parts = (f"{name} {'-' if value is None else value}" for name, value in found.items() if name != "ok")
    return f"{'well' if found.get('ok') else 'NOT WELL'}: {', '.join(parts)}"
