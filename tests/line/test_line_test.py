"""`quartier line test` on a line that works, and on one of which a part does not: what it says, and what it leaves."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.chromium import FULL_CHROMIUM
from tests.line.desk import Desk
from tests.line.site import LineSite

pytestmark = pytest.mark.servers
TEAM = """
from quartier.people.models import Person
from quartier.team.models import Account
print("said", Account.objects.count(), Person.objects.count(), Callback.objects.count())
"""


def line_test(line: LineSite, *words: str, language: str = "fr_BE.UTF-8") -> tuple[int, str]:
    """Exit code, and what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "quartier", "line", "test", *words],
        env=line.site.environ
        | {"LANG": language, "QUARTIER_LINE_WSS": f"ws://127.0.0.1:{line.ports['ws_port']}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode in {0, 1}, done.stderr[-3000:]
    return done.returncode, done.stdout


def left(line: LineSite) -> str:
    """How many accounts, people and callbacks there are."""
    words = f"from quartier.telephony.models import *{TEAM}"
    return line.site.shell(words).split("said ")[1].strip()


def process(line: LineSite, name: str) -> int:
    """The process of one part of the line, by a word of its command."""
    home = f"QUARTIER_HOME={line.site.home}".encode()
    for found in Path("/proc").glob("[0-9]*"):
        try:
            command = (found / "cmdline").read_bytes().split(b"\0")
            if home in (found / "environ").read_bytes().split(b"\0") and any(
                word.endswith(name.encode()) for word in command
            ):
                return int(found.name)
        except OSError:
            continue
    raise AssertionError(f"no {name}")


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    """It is there and does nothing: who dies would be started again at once."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        # Stopped for long, it may have been ended and begun anew meanwhile.
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


@pytest.mark.browser
@pytest.mark.skipif(not FULL_CHROMIUM, reason="no Chromium")
def test_a_line_that_works_is_measured_from_ear_to_ear(line: LineSite) -> None:
    before = left(line)
    code, said = line_test(line, "--browser", "--json", language="C.UTF-8")
    told: dict[str, Any] = json.loads(said)
    assert (code, told["ok"]) == (0, True), said
    assert told["answered_ms"] < 1000
    assert told["prompt_heard"] is told["key_heard"] is True
    assert told["audio_to_caller"] is told["audio_to_operator"] is True
    assert 0 < told["bridged_ms"] < 8000
    assert told["way"] == "edge"
    happened = [each["what"] for each in told["events"]]
    assert happened == [
        "operator on the line",
        "dialled",
        "answered",
        "greeting heard",
        "key pressed",
        "key heard",
        "browser rings",
        "browser answered",
        "caller hears operator",
        "operator hears caller",
        "hung up",
    ]
    # Nothing of the operator is left, and nobody is to be rung back.
    assert left(line) == before


def test_what_is_good_and_what_is_not_is_said_in_plain_words(line: LineSite) -> None:
    code, said = line_test(line)
    assert code == 0
    assert "Le message d’accueil s’entend." in said
    assert "Personne n’est en ligne à l’accueil" in said
    code, said = line_test(line, language="nl_BE.UTF-8")
    assert "De begroeting is te horen." in said


@pytest.mark.browser
def test_operators_are_not_rung_for_a_test(desk: Callable[..., Desk], line: LineSite) -> None:
    lotte = desk("Lotte")
    lotte.come_on("fr")
    code, said = line_test(line)
    assert code == 0
    assert "aucune touche n’a été tapée" in said
    lotte.stands("available")


@pytest.mark.parametrize(
    ("part", "says"),
    [("/rtpengine", "rtpengine ne répond pas"), ("callcore", "personne ne décroche")],
)
def test_a_part_that_does_nothing_is_named(line: LineSite, part: str, says: str) -> None:
    with stopped(process(line, part)):
        code, said = line_test(line)
    assert code == 1
    assert says in said
    assert "quartier run --with-calls" in said
    assert "La ligne ne fonctionne pas encore" in said


def test_what_does_not_fit_together_is_said(line: LineSite) -> None:
    """Addresses, certificate and carrier, without changing the line that runs."""
    wrong = {
        "QUARTIER_LINE_TRUNK": "sip.carrier.invalid",
        "QUARTIER_LINE_TRUNK_SOURCES": "",
        "QUARTIER_ORIGIN": "https://line.example.invalid",
    }
    changed = LineSite(
        type(line.site)(line.site.address, line.site.home, line.site.environ | wrong),
        line.sip,
        line.trunk,
        line.ports,
    )
    code, said = line_test(changed)
    assert code == 1
    for words in (
        "Une page en HTTPS ne peut pas se connecter",
        "On ne connaît pas le nom de l’opérateur téléphonique",
        "la ligne n’écoute que cette machine",
        "Les pages ne répondent pas",
    ):
        assert words.lower() in said.lower(), said
