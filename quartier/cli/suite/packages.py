"""What the tests need besides Python: a browser, PostgreSQL, gettext. On Debian, root installs it here."""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path


@dataclass(frozen=True)
class Need:
    """Something outside of Python. `there` looks for it; `packages` are those of Debian that bring it."""

    name: str
    there: Callable[[], bool]
    packages: tuple[str, ...]


def has_postgresql() -> bool:
    """Whether the programs of a PostgreSQL server are on this machine."""
    servers = import_module("tests.servers")
    try:
        servers.programs()
    except servers.NoPostgres:
        return False
    return True


def has_chromium() -> bool:
    """Whether the browser is where the browser tests look for it."""
    return Path(os.environ.get("QUARTIER_CHROMIUM", "/usr/bin/chromium")).exists()


NEEDS = (
    Need("Chromium (browser tests)", has_chromium, ("chromium", "fonts-noto-core")),
    Need("PostgreSQL (tests on the second database)", has_postgresql, ("postgresql",)),
    Need("gettext (tests of the catalogues)", lambda: shutil.which("msgfmt") is not None, ("gettext",)),
    Need("ps (tests of processes)", lambda: shutil.which("ps") is not None, ("procps",)),
    Need("git (guards over the files)", lambda: shutil.which("git") is not None, ("git",)),
)


def prepare() -> list[str]:
    """Install what is missing where that can be done; returns the names of what is missing afterwards."""
    missing = [need for need in NEEDS if not need.there()]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        wanted = sorted({package for need in missing for package in need.packages})
        print(f"Installing Debian packages: {' '.join(wanted)}", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update"], ["install", "-y", "--no-install-recommends", *wanted]):
            subprocess.run(["apt-get", "-qq", *words], env=environment, stdin=subprocess.DEVNULL, check=False)
    return [need.name for need in NEEDS if not need.there()]
