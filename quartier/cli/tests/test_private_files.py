"""What an installation keeps is its owner's alone, also where its folder was there before."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from quartier.cli.tests.conftest import environment

OTHERS = 0o077
SERVED = "import django; django.setup(); from quartier.cli.run import ready; ready.prepare(static=False)"


@pytest.fixture(autouse=True)
def shell_that_shares():
    before = os.umask(0o022)
    yield
    os.umask(before)


def shared(home: Path) -> set[str]:
    return {
        str(path.relative_to(home.parent))
        for path in [home, *home.rglob("*")]
        if path.stat().st_mode & OTHERS
    }


def test_a_folder_that_was_there_before_is_closed(quartier, tmp_path):
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    made = quartier(
        "init", "--organisation", "Quartier Test", "--languages", "fr", "--country", "BE", "--phone", "02 000 14 27",
        "--sender", "sara@example.org",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    assert (home / "quartier.sqlite3").exists()
    assert shared(home) == set()


def test_what_others_can_read_is_named_and_closed_at_the_next_start(quartier, installed):
    assert quartier("backup").returncode == 0
    (installed / "push").mkdir(mode=0o700)
    (installed / "push" / "key.pem").write_text("key")
    (copy,) = (installed / "backups").iterdir()
    loose = [installed, installed / "quartier.sqlite3", copy, installed / "push" / "key.pem"]
    for path in loose:
        path.chmod(0o755 if path.is_dir() else 0o644)
    found = {each["name"]: each for each in json.loads(quartier("check", "--json").stdout)["findings"]}
    assert found["private"]["level"] == "wrong"
    assert all(str(path) in found["private"]["words"] for path in loose)
    assert found["private"]["todo"].startswith("chmod go= ")
    subprocess.run([sys.executable, "-c", SERVED], env=environment(
        installed, DJANGO_SETTINGS_MODULE="quartier.config.settings"), check=True)  # fmt: skip
    assert shared(installed) == set()
    again = {each["name"]: each for each in json.loads(quartier("check", "--json").stdout)["findings"]}
    assert again["private"]["level"] == "good"
