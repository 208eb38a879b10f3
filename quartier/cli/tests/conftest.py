"""An installation of its own for a test: another home, another process."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.ports import free_port


def environment(home: Path, **more: str) -> dict[str, str]:
    """The shell of somebody who knows nothing of the tests around."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("QUARTIER_", "LC_", "LANG"))
    }
    return {**kept, "QUARTIER_HOME": str(home), "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1", **more}


def called(home: Path, *words: str, typed: str = "", **more: str) -> "subprocess.CompletedProcess[str]":
    """What a command of `quartier` said, for that home."""
    return subprocess.run(
        [sys.executable, "-m", "quartier", *words],
        input=typed,
        capture_output=True,
        text=True,
        env=environment(home, **more),
        cwd=home.parent,
        check=False,
    )


@pytest.fixture
def quartier(tmp_path: Path) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Runs a command of `quartier` on the home `tmp_path / "home"`."""
    return partial(called, tmp_path / "home")


@pytest.fixture(scope="session")
def _new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of an installation that `quartier init` has made, in which nothing has happened yet."""
    from tests import empty

    home = tmp_path_factory.mktemp("new") / "home"
    # That an installation begins with nothing is what the tests of `init` are about.
    empty.put(home / "quartier.sqlite3")
    made = called(
        home, "init", "--organisation", "Quartier Test", "--languages", "fr,nl", "--country", "BE",
        "--phone", "02 000 14 27", "--sender", "sara@example.org",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    return home


@pytest.fixture
def installed(_new: Path, tmp_path: Path) -> Path:
    """A copy of it: every test may do with its own what it likes."""
    return shutil.copytree(_new, tmp_path / "home")


@pytest.fixture
def port() -> int:
    """A port that nobody listens on now."""
    return free_port()


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Starts a command that goes on; ends it after the test."""
    running: list[subprocess.Popen[str]] = []

    def start(*words: str, **more: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-m", "quartier", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment(tmp_path / "home", **more),
            cwd=tmp_path,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        if process.poll() is None:
            process.terminate()
        try:
            process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
