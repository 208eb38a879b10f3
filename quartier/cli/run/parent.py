"""The parent of an installation: starts its children, restarts the one that dies, and stops them all.

uvicorn and the worker end at SIGTERM in their own way; what must happen after that can only happen here. The
children share one listening socket, which outlives them: while a web process is started again, visitors wait
a moment instead of being refused. Each child holds the reading end of a pipe; when the parent is gone, however
it went, the pipe ends and they go too.
"""

import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from quartier.cli.run import server_group, server_log

log = logging.getLogger(__name__)
# A child that dies is started again after this long; the pause doubles each time up to the longest one. One that was
# killed did nothing wrong itself; and where no other process draws pages, somebody waits for this one.
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 30.0
LONGEST_PAUSE_WHEN_MISSED = 1.0
# Who has lived this long starts again with the first pause.
SOUND_AFTER = 20.0
# Open event streams get three seconds to end, see `quartier web`; after this long a child is killed.
GRACE = 8.0
STEP = 0.1
# What a server has said last is written so long after its end.
LAST_WORDS_S = 2.0
# A server that runs and answers nobody is asked so often, and ended after so long.
HEALTH_INTERVAL_S, UNHEALTHY_TIMEOUT_S = 5.0, 30.0


@dataclass
class Child:
    """One process of the installation: `quartier` and these words; with `program`, another program and its words.

    `web`: it gets the listening socket. `once`: when it ends well, it is not started again. `record`: a server with
    processes of its own; they are a group, this file says which, and none of them outlives it (`server_group`).
    `answers`: whether it does what it is there for, within a second; one that hangs is as good as dead, `hangs_after_s`
    since it has answered last.
    """

    name: str
    words: list[str]
    web: bool = False
    once: bool = False
    program: str = ""
    record: Path | None = None
    answers: Callable[[], bool] | None = None
    hangs_after_s: float = 0.0
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 0.0
    not_before: float = 0.0
    answered: float = 0.0
    asked: float = 0.0
    finished: bool = False
    log: threading.Thread | None = None


class Parent:
    """Runs children until a signal comes. `sock` is the listening socket of the web processes."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._children: list[Child] = []
        self._stop = threading.Event()
        self._pipe = os.pipe()
        self._after: dict[str, Callable[[], None]] = {}
        # Whether the signal asked for all of it anew: the socket is open still.
        self.again = False

    def add(self, child: Child, then: Callable[[], None] | None = None) -> None:
        """One more child. `then` is called here, in the parent's loop, when a `once` child has ended well."""
        self._children.append(child)
        if then is not None:
            self._after[child.name] = then

    def when_ready(self, address: str, then: Callable[[], None]) -> None:
        """Call `then`, in a thread, at the first page that `address` answers with."""

        def wait() -> None:
            while not self._stop.is_set():
                try:
                    urllib.request.urlopen(address, timeout=60).close()  # noqa: S310
                except urllib.error.HTTPError:
                    pass  # An error page is a page.
                except OSError:
                    self._stop.wait(0.2)
                    continue
                if not self._stop.is_set():
                    then()
                return

        threading.Thread(target=wait, name="ready", daemon=True).start()

    def stop(self) -> None:
        """End everything, from whichever thread."""
        self._stop.set()

    def run(self) -> int:
        """Until a signal comes or `stop` is called; returns the exit code. Call it in the main thread. SIGUSR1 asks for
        all of it anew, see `again`."""
        signals = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1)
        before = {number: signal.signal(number, self._on_signal) for number in signals}
        try:
            while not self._stop.is_set():
                for child in list(self._children):
                    self._look_after(child)
                self._stop.wait(STEP)
        finally:
            self._end_all()
            for number, handler in before.items():
                signal.signal(number, handler)
            if not self.again:
                self._sock.close()
            for end in self._pipe:
                os.close(end)
        return 0

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if number != signal.SIGUSR1:
            self.again = False
        elif not self._stop.is_set():
            self.again = True
        self._stop.set()

    def _look_after(self, child: Child) -> None:
        if child.finished:
            return
        if child.process is None:
            if time.monotonic() >= child.not_before:
                self._start(child)
            return
        code = child.process.poll()
        if code is None:
            if not _is_healthy(child):
                log.error("%s does not answer, and is ended", child.name)
                child.process.kill()
                if child.record is not None:
                    server_group.end_group(child.process.pid)
            return
        if child.record is not None:
            server_group.end_group(child.process.pid)
        child.process = None
        if child.once and code == 0:
            child.finished = True
            self._after.get(child.name, lambda: None)()
            return
        child.pause = pause_after(
            child.pause, time.monotonic() - child.started, is_missed=code < 0 or self._is_last_of_pages(child)
        )
        child.not_before = time.monotonic() + child.pause
        log.warning("%s has ended (%s); again in %g s", child.name, _how(code), child.pause)

    def _is_last_of_pages(self, child: Child) -> bool:
        return child.web and not any(each.web and each.process is not None for each in self._children)

    def _start(self, child: Child) -> None:
        reading, sock = self._pipe[0], self._sock.fileno()
        environment = {**os.environ, **child.environment, "QUARTIER_PARENT": str(reading)}
        if child.web:
            environment["QUARTIER_SOCKET"] = str(sock)
        if child.record is not None and (left := server_group.end_orphans(child.record)):
            log.warning("%s: %s processes of an earlier start were ended", child.name, left)
        child.process = subprocess.Popen(
            _command(child),
            env=environment,
            stdin=subprocess.DEVNULL,
            pass_fds=(reading, sock) if child.web else (reading,),
            start_new_session=child.record is not None,
            stderr=subprocess.PIPE if child.program else None,
        )
        if child.process.stderr is not None:
            child.log = server_log.pass_on(child.name, child.process.stderr)
        child.started = child.answered = time.monotonic()
        if child.record is not None:
            server_group.write_record(child.record, child.process.pid)

    def _end_all(self) -> None:
        alive = [child.process for child in self._children if child.process is not None]
        for process in alive:
            process.terminate()
        end = time.monotonic() + GRACE
        for process in alive:
            try:
                process.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for child in self._children:
            if child.process is not None and child.record is not None:
                server_group.end_group(child.process.pid)
                child.record.unlink(missing_ok=True)
            if child.log is not None:
                child.log.join(LAST_WORDS_S)


def pause_after(last_pause: float, lived: float, *, is_missed: bool) -> float:
    """How long to wait before a child that lived so long is started again."""
    if lived > SOUND_AFTER or not last_pause:
        return FIRST_PAUSE
    return min(last_pause * 2, LONGEST_PAUSE_WHEN_MISSED if is_missed else LONGEST_PAUSE)


def _is_healthy(child: Child) -> bool:
    """Whether it has answered lately; asked now and then. One that asks nothing of itself is healthy as long as it
    runs."""
    now = time.monotonic()
    if child.answers is None or now < child.asked + HEALTH_INTERVAL_S:
        return True
    child.asked = now
    if child.answers():
        child.answered = now
    # To begin takes longer than to go on.
    soon = child.hangs_after_s if child.answered > child.started else 0.0
    return now < child.answered + (soon or UNHEALTHY_TIMEOUT_S)


def _command(child: Child) -> list[str]:
    if not child.program:
        return [sys.executable, "-m", "quartier", *child.words]
    # A program that knows nothing of the pipe: the kernel ends it with its parent.
    with_parent = shutil.which("setpriv")
    return [*([with_parent, "--pdeathsig", "TERM"] if with_parent else []), child.program, *child.words]


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def end_with_parent(ask: Callable[[], None], grace: float = GRACE) -> None:
    """In a child: when the parent is gone, `ask` this process to end, and end it after `grace` seconds."""
    reading = os.environ.pop("QUARTIER_PARENT", "")
    if not reading.isdigit():
        return

    def wait() -> None:
        try:
            os.read(int(reading), 1)
        except OSError:
            return
        ask()
        time.sleep(grace)
        os._exit(1)

    threading.Thread(target=wait, name="parent", daemon=True).start()
