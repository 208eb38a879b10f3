"""A whole installation of one's own, as an organisation would run it: made, served, and gone afterwards."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests import empty
from tests.ports import free_port
from tests.shell import Shell

PATIENCE = 90.0
AWAKE = """
from quartier.team import actions
from quartier.team.models import Organisation
here = Organisation.objects.get()
actions.change_quiet_hours(organisation=here, start=here.quiet_from, end=here.quiet_from)
Organisation.objects.update(opens="00:00", closes="23:59:59")
"""


@dataclass(frozen=True)
class Site:
    """Where it is reached, and the environment in which commands speak to it."""

    address: str
    home: Path
    environ: dict[str, str]

    @cached_property
    def _shell(self) -> Shell:
        return Shell(self.environ)

    def shell(self, words: str) -> str:
        """Do lines of Python there and give what they print. Raises `tests.shell.Failed`."""
        return self._shell.run(words)

    def close(self) -> None:
        self._shell.close()

    def quartier(self, *words: str) -> str:
        """Run a command of the installation and give what it prints; raises `CalledProcessError`."""
        done = subprocess.run(
            [sys.executable, "-m", "quartier", *words],
            env=self.environ,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout


@contextmanager
def running(
    *,
    database: str = "",
    demo: bool = True,
    words: tuple[str, ...] = (),
    environ: dict[str, str] | None = None,
    seed: Path | None = None,
) -> Iterator[Site]:
    """`quartier init` and `quartier run` in an empty home; demonstration on, so that messages can be read.

    `words`: more of them for `quartier run`; `environ`: more settings; `seed`: a folder that is copied into the home
    before it is served.
    """
    more = environ or {}
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="quartier-site-") as folder:
        home = Path(folder)
        environ = {key: value for key, value in os.environ.items() if not key.startswith("QUARTIER_")}
        environ |= {"QUARTIER_HOME": str(home), "QUARTIER_DEMO": "1" if demo else "0", "LANG": "C.UTF-8"}
        environ |= more
        environ.pop("DJANGO_SETTINGS_MODULE", None)
        if database:
            environ["QUARTIER_DATABASE"] = database
        else:
            empty.put(home / "quartier.sqlite3")
        site = Site(address, home, environ)
        site.quartier(
            "init", "--organisation", "Quartier Bruxelles", "--languages", "fr,nl,de,en", "--country", "BE",
            "--phone", "0800 00 020", "--sender", "sara@example.org", "--origin", address,
        )  # fmt: skip
        # Neighbours are asked, and the line answers, at any hour, since tests are run at any hour.
        site.shell(AWAKE)
        if seed is not None:
            shutil.copytree(seed, home, dirs_exist_ok=True)
        log = (home / "log").open("wb")
        server = subprocess.Popen(
            [sys.executable, "-m", "quartier", "run", "--port", str(port), *words],
            env=environ,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
        )
        try:
            _wait_for(address, server, home / "log")
            yield site
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
            log.close()
            site.close()


def _wait_for(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/fr/", timeout=PATIENCE):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise RuntimeError(f"the installation did not start: {log.read_text(errors='replace')[-3000:]}")
