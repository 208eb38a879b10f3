"""A PostgreSQL server of one's own, for tests and benchmarks: started on a free port, ended by its process id.

Nothing of it touches a server that the machine runs already. `python -m tests.servers COMMAND ...` runs a
command with `QUARTIER_TEST_DATABASE` naming such a server.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from tests.ports import free_port

PATIENCE = 60


class NoPostgres(RuntimeError):
    """The programs of PostgreSQL are not on this machine."""


def programs() -> Path:
    """The folder with `initdb` and `postgres`: `QUARTIER_POSTGRES_BIN`, else the newest one that is installed.

    Raises `NoPostgres`.
    """
    if named := os.environ.get("QUARTIER_POSTGRES_BIN"):
        return Path(named)
    patterns = (
        "/usr/lib/postgresql/*/bin",
        "/opt/homebrew/opt/postgresql@*/bin",
        "/usr/local/opt/postgresql@*/bin",
    )
    found = [
        path for pattern in patterns for path in Path("/").glob(pattern[1:]) if (path / "initdb").exists()
    ]
    if found:
        return max(found, key=lambda path: int("".join(filter(str.isdigit, path.parent.name)) or 0))
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    raise NoPostgres("PostgreSQL is not installed: initdb was not found")


def children_of(pid: int) -> list[int]:
    """The processes whose parent is `pid`."""
    listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True)
    pairs = (line.split() for line in listing.stdout.splitlines())
    return [int(child) for child, parent in pairs if int(parent) == pid]


class Postgres:
    """One server with one empty database. `durable` keeps what a power cut would take (slower). `buffers`: its
    `shared_buffers`."""

    def __init__(self, folder: Path, *, durable: bool = False, buffers: str = "64MB") -> None:
        self.folder = folder
        self.port = free_port()
        self.log = folder / "log"
        self._durable, self._buffers = durable, buffers
        self._password = secrets.token_urlsafe(12)
        self._process: subprocess.Popen[bytes] | None = None
        # PostgreSQL refuses to run as root; its package brings a user for that.
        self._as = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        self._bin = programs()

    @property
    def url(self) -> str:
        """The database as `QUARTIER_DATABASE` names it."""
        return f"postgresql://quartier:{self._password}@127.0.0.1:{self.port}/quartier"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def create(self) -> None:
        """Make the files, start the server, and create the database."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._as:
            shutil.chown(self.folder, "postgres", "postgres")
        key = self.folder / "password"
        key.write_text(self._password)
        key.chmod(0o644)
        words = [
            "-U",
            "quartier",
            f"--pwfile={key}",
            "--auth=scram-sha-256",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]
        made = self._run("initdb", "-D", str(self.folder / "data"), "--no-sync", *words)
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stdout}")
        self.start()
        with psycopg.connect(self.url.removesuffix("/quartier") + "/postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE quartier")

    def start(self) -> None:
        """Start the server and wait until it answers. A killed one may refuse for as long as children of it live,
        so it is tried again; raises `TimeoutError`."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self._process = self._launch()
            while self._process.poll() is None and time.monotonic() < end:
                with suppress(psycopg.OperationalError):
                    address = self.url.removesuffix("/quartier") + "/postgres"
                    psycopg.connect(address, connect_timeout=2).close()
                    return
                time.sleep(0.05)
            time.sleep(0.2)
        raise TimeoutError(f"PostgreSQL did not start: {self.log.read_text(errors='replace')[-2000:]}")

    def kill(self, *, children: bool = True) -> None:
        """End the server as a crash does (signal 9): with all that it has started, or the parent process alone."""
        if self._process is None or self._process.poll() is not None:
            return
        others = children_of(self.pid) if children else []
        for pid in (self.pid, *others):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """End the server in an orderly way, without waiting for those who are connected."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(PATIENCE / 2)
        except subprocess.TimeoutExpired:
            self.kill()

    def _launch(self) -> "subprocess.Popen[bytes]":
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "100",
            "shared_buffers": self._buffers,
            **(
                {}
                if self._durable
                else {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
            ),
        }
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [self._bin / "postgres", "-D", self.folder / "data", *words],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd=self.folder,
                start_new_session=True,
                **self._as,
            )

    def _run(self, program: str, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [self._bin / program, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self.folder,
            check=False,
            **self._as,
        )


@contextmanager
def postgres(*, durable: bool = False, buffers: str = "64MB") -> Iterator[Postgres]:
    """A running server with an empty database, gone without a trace after the block. Raises `NoPostgres`."""
    folder = Path(tempfile.mkdtemp(prefix="quartier-postgres-"))
    server = Postgres(folder, durable=durable, buffers=buffers)
    try:
        server.create()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def main(words: list[str]) -> int:
    """Run a command beside a server, and return its exit code. Interrupted, the command ends before the server."""
    with postgres() as server:
        process = subprocess.Popen(words, env=os.environ | {"QUARTIER_TEST_DATABASE": server.url})
        try:
            return process.wait()
        except KeyboardInterrupt:
            process.send_signal(signal.SIGINT)
            return process.wait(PATIENCE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
