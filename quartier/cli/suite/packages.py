"""What the tests need besides Python: a browser, databases, a phone line. On Debian, root installs it here."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from quartier.cli.suite import ROOT


@dataclass(frozen=True)
class Need:
    """Something outside of our Python. `there` looks for it; `packages` are those of Debian that bring it, `put` brings
    it without them."""

    name: str
    there: Callable[[], bool]
    packages: tuple[str, ...]
    put: Callable[[], None] | None = None


def has_postgresql() -> bool:
    """Whether the programs of a PostgreSQL server are on this machine."""
    servers = import_module("tests.servers")
    try:
        servers.programs()
    except servers.NoPostgres:
        return False
    return True


def has_chromium() -> bool:
    """Whether the browser is where the browser tests of the line look for it."""
    return Path(os.environ.get("QUARTIER_CHROMIUM", "/usr/bin/chromium")).exists()


def program(name: str) -> str:
    """Where a program is, "" if it is not here; servers lie in folders that not everybody searches."""
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
    return shutil.which(name, path=path) or ""


def has_program(*names: str) -> bool:
    """Whether these programs are here."""
    return all(map(program, names))


# The packages of Kamailio that `telephony/providers/sip/config` loads modules of, and one module of each.
KAMAILIO = {
    "kamailio": "usrloc",
    "kamailio-websocket-modules": "websocket",
    "kamailio-tls-modules": "tls",
    "kamailio-autheph-modules": "auth_ephemeral",
    "kamailio-outbound-modules": "outbound",
}


def has_kamailio() -> bool:
    """Whether Kamailio is here with all the modules that the line loads."""
    found = {
        path.stem for folder in Path("/usr/lib").glob("**/kamailio/modules") for path in folder.glob("*.so")
    }
    return has_program("kamailio") and set(KAMAILIO.values()) <= found


def has_baresip() -> bool:
    """Whether tests can have a telephone: the program, and what it is told with and hears with."""
    folder = Path("/usr/lib/baresip/modules")
    return has_program("baresip") and all(
        (folder / f"{name}.so").exists() for name in ("ctrl_tcp", "sndfile", "aufile")
    )


# Before the second and the third time.
PAUSES_S = (5, 20)


def thrice(words: Sequence[str], env: dict[str, str] | None = None) -> bool:
    """Whether a command came to its end. It installs something: a registry that hangs up is asked again."""
    for pause in (*PAUSES_S, None):
        if subprocess.run(words, env=env, stdin=subprocess.DEVNULL, check=False).returncode == 0:
            return True
        if pause is not None:
            print(f"Again in {pause} s: {' '.join(words[:2])}", flush=True)
            time.sleep(pause)
    return False


# Servers written in Python whose packages must not mix with ours: each has an environment of its own.
SYNAPSE = ROOT / ".tools" / "synapse"


def has_synapse() -> bool:
    """Whether a homeserver of Matrix is where tests start it from."""
    return (SYNAPSE / "bin/synapse_homeserver").exists()


def put_synapse() -> None:
    """As `tests/synapse.txt` says, to the last version."""
    own = ROOT / ".uv/bin/uv"
    uv = os.environ.get("UV") or (str(own) if own.exists() else program("uv"))
    if not uv:
        return
    print("Putting Synapse into .tools/", flush=True)
    for words in (
        ["venv", "--quiet", "--clear", "--python", sys.executable, str(SYNAPSE)],
        ["pip", "install", "--quiet", "--python", str(SYNAPSE), "-r", str(ROOT / "tests/synapse.txt")],
    ):
        if not thrice([uv, *words]):
            return


NEEDS = (
    Need("Chromium (browser tests)", has_chromium, ("chromium", "fonts-noto-core")),
    Need(
        "Chromium's headless shell (browser tests)",
        lambda: has_program("chromium-headless-shell"),
        ("chromium-headless-shell",),
    ),
    Need("Firefox (an operator in another browser)", lambda: has_program("firefox-esr"), ("firefox-esr",)),
    Need("PostgreSQL (tests on the second database)", has_postgresql, ("postgresql",)),
    Need("gettext (tests of the catalogues)", lambda: shutil.which("msgfmt") is not None, ("gettext",)),
    Need("pdftotext (what stands on printed sheets)", lambda: has_program("pdftotext"), ("poppler-utils",)),
    Need("ps (tests of processes)", lambda: shutil.which("ps") is not None, ("procps",)),
    Need("git (guards over the files)", lambda: shutil.which("git") is not None, ("git",)),
    Need("Kamailio (the phone line: who is connected to whom)", has_kamailio, tuple(KAMAILIO)),
    Need("rtpengine (the phone line: sound)", lambda: has_program("rtpengine"), ("rtpengine-daemon",)),
    Need(
        "coturn (the phone line: browsers behind a firewall)", lambda: has_program("turnserver"), ("coturn",)
    ),
    Need("espeak-ng (the phone line: what it says)", lambda: has_program("espeak-ng"), ("espeak-ng",)),
    Need("baresip (telephones for tests)", has_baresip, ("baresip",)),
    Need("gammu-smsd (texts by a stick)", lambda: has_program("gammu-smsd"), ("gammu", "gammu-smsd")),
    Need("Dovecot (an inbox that is read)", lambda: has_program("dovecot"), ("dovecot-imapd",)),
    Need("Synapse (chats by Matrix)", has_synapse, (), put_synapse),
    Need("sipp (many telephones at once)", lambda: has_program("sipp"), ("sip-tester",)),
)

# Asked by every package of Debian before it starts the server that it brings.
MAY_START = Path("/usr/sbin/policy-rc.d")


@contextmanager
def nothing_starts() -> Iterator[None]:
    """Inside the block, installing a server does not start it: tests start their own, on ports of their own, and
    nobody who runs tests wants a telephone exchange that the whole network can reach. A policy that is there already
    stays as it is."""
    if MAY_START.exists():
        yield
        return
    MAY_START.write_text("#!/bin/sh\n# For the time of one installation by `quartier test`.\nexit 101\n")
    MAY_START.chmod(0o755)
    try:
        yield
    finally:
        MAY_START.unlink(missing_ok=True)


def prepare() -> list[str]:
    """Install what is missing where that can be done; returns the names of what is missing afterwards."""
    missing = [need for need in NEEDS if not need.there()]
    for need in missing:
        if need.put is not None:
            need.put()
    wanted = sorted({package for need in missing for package in need.packages})
    if wanted and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing Debian packages: {' '.join(wanted)}", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        with nothing_starts():
            for words in (["update"], ["install", "-y", "--no-install-recommends", *wanted]):
                thrice(["apt-get", "-qq", *words], env=environment)
    return [need.name for need in NEEDS if not need.there()]
