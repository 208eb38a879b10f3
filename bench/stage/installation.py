"""An installation of one's own: a folder, a database, and real processes that can be killed."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


class Process:
    """One process of the installation, `quartier` and these words, which can be killed and started again."""

    def __init__(self, name: str, words: list[str], sock: socket.socket | None, log: Path) -> None:
        self.name, self._words, self._sock, self._log = name, words, sock, log
        self._process: subprocess.Popen[bytes] | None = None
        self.started = 0.0

    def start(self) -> None:
        given = (self._sock.fileno(),) if self._sock else ()
        extra = {"QUARTIER_SOCKET": str(given[0])} if given else {}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "quartier", *self._words],
                env=os.environ | extra,
                cwd=ROOT,
                pass_fds=given,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.started = time.monotonic()

    @property
    def age(self) -> float:
        """Seconds since it was started; 0 when it is not running."""
        running = self._process is not None and self._process.poll() is None
        return time.monotonic() - self.started if running else 0.0

    def end(self, number: int = signal.SIGKILL) -> None:
        """Send a signal to its whole process group, and wait for its end."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


class Installation:
    """Where it lives, and its processes. Inside `installed` this process is a part of it too (Django is set up)."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._sock = socket.create_server(("127.0.0.1", 0), backlog=2048)
        self.address = f"http://127.0.0.1:{self._sock.getsockname()[1]}"
        self.processes: list[Process] = []

    def serve(self, web: int, workers: int) -> float:
        """Start the processes, which share one listening socket that outlives them. Returns the seconds until the
        first page; raises `TimeoutError`."""
        log = self.home / "processes.log"
        for number in range(web):
            self.processes.append(Process(f"web {number + 1}", ["web"], self._sock, log))
        for number in range(workers):
            self.processes.append(Process(f"worker {number + 1}", ["worker"], None, log))
        began = time.monotonic()
        for process in self.processes:
            process.start()
        while time.monotonic() < began + 120:
            try:
                urllib.request.urlopen(self.address, timeout=60).close()
            except OSError:
                time.sleep(0.05)
                continue
            return time.monotonic() - began
        raise TimeoutError(f"no page: {log.read_text(errors='replace')[-2000:]}")

    def stop(self) -> None:
        """Stop the processes as a restart of the machine does."""
        for process in self.processes:
            process.end(signal.SIGTERM)

    def close(self) -> None:
        """End everything that is left."""
        for process in self.processes:
            process.end()
        self._sock.close()


@contextmanager
def installed(**options: str) -> Iterator[Installation]:
    """A fresh installation in the home and on the database that the environment names; only once in a process.

    `options` are keys of `quartier.toml`.
    """
    from quartier.config.installation import new_key

    place = Installation(Path(os.environ["QUARTIER_HOME"]))
    given = {
        "origin": place.address,
        "secret_key": new_key(),
        "field_keys": f"k1:{new_key()}",
        "index_key": new_key(),
        "mail": "sandbox:",
        "demo": "1",
        **options,
    }
    os.environ.update({f"QUARTIER_{name.upper()}": value for name, value in given.items()})
    os.environ["DJANGO_SETTINGS_MODULE"] = "quartier.config.settings"
    import django

    django.setup()
    from django.db import connections

    from quartier.cli.run import ready

    # One connection a thread: a pool would hand out one broken connection after another once the server is killed.
    connections.settings["default"]["OPTIONS"].pop("pool", None)
    try:
        ready.prepare()
        yield place
    finally:
        place.close()
        connections.close_all()
