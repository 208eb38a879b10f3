"""An older program refuses newer tables; before a newer one changes older tables there is a backup, and visitors read
a page with the number."""

import fcntl
import http.client
import json
import os
import signal
import sqlite3
import time

import pytest

from quartier.cli.tests.test_run import until_ready, wait_for
from quartier.lib.version import version

PATIENCE = 90


def asked(port, path="/", method="GET", language="", body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request(method, path, body=body, headers={"Accept-Language": language} if language else {})
    answer = connection.getresponse()
    return answer, answer.read().decode()


def changes(home):
    rows = sqlite3.connect(home / "quartier.sqlite3").execute(
        "SELECT app || '.' || name FROM django_migrations"
    )
    return {name for (name,) in rows}


@pytest.fixture
def older(quartier, installed):
    """An installation with the tables of an earlier version."""
    now = changes(installed)
    did = quartier("manage", "migrate", "cases", "0010", "--verbosity", "0")
    assert did.returncode == 0, did.stderr
    assert changes(installed) < now
    return now


def test_it_says_its_version(quartier):
    assert quartier("--version").stdout == f"quartier {version()}\n"


def test_newer_tables_are_refused_and_left_alone(quartier, installed, port):
    database = sqlite3.connect(installed / "quartier.sqlite3")
    database.execute(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('cases', '9999_later', '2030-01-01')"
    )
    database.commit()
    for words in (("run", "--port", str(port)), ("web", "--port", str(port)), ("worker",)):
        said = quartier(*words)
        assert said.returncode == 1, words
        assert "later version" in said.stderr
        assert "cases.9999_later" in said.stderr
        assert version() in said.stderr
        assert "Traceback" not in said.stderr
    found = {each["name"]: each for each in json.loads(quartier("check", "--json").stdout)["findings"]}
    assert found["tables"]["level"] == "wrong"
    assert "newer than the program" in found["tables"]["words"]


@pytest.mark.servers
def test_a_backup_first_and_a_page_meanwhile(started, installed, older, port):
    folder = installed / "backups"
    folder.mkdir(mode=0o700)
    # Whoever holds the folder of the backups holds up the start.
    handle = os.open(folder, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    process = started("run", "--processes", "1", PORT=str(port))

    def page():
        try:
            return asked(port)
        except OSError:
            return None

    answer, words = wait_for(page, "the page")
    assert answer.status == 503
    assert answer.headers["Retry-After"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Language"] == "fr"
    assert "02 000 14 27" in words
    assert 'href="tel:+3220001427"' in words
    for path, language, sentence in (
        ("/nl/ask/", "", "We werken deze website bij"),
        ("/", "de-DE,de;q=0.9", "Wir aktualisieren diese Website"),
        ("/en/", "fr", "We are updating this site"),
    ):
        answer, words = asked(port, path, language=language)
        assert (answer.status, sentence in words) == (503, True)
        assert "http-equiv" in words
    # What was sent is not kept, and that is said; no reload sends it twice.
    answer, words = asked(port, "/fr/ask/", "POST", body=b"x" * 3_000_000)
    assert answer.status == 503
    assert "ne nous est pas parvenu" in words
    assert "http-equiv" not in words
    assert changes(installed) < older
    os.close(handle)
    until_ready(process)
    assert changes(installed) == older
    assert len(list(folder.glob("before-update-*"))) == 1
    assert asked(port, "/fr/")[0].status == 200


@pytest.mark.servers
def test_killed_while_tables_change_the_next_start_goes_on(started, installed, older, port):
    process = started("run", "--processes", "1", PORT=str(port))
    for line in process.stdout:
        if "backup was written" in line:
            break
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    again = started("run", "--processes", "1", PORT=str(port))
    until_ready(again)
    assert changes(installed) == older


def test_without_a_backup_nothing_is_changed(quartier, installed, older, port):
    (installed / "backups").write_text("no folder")
    before = changes(installed)
    said = quartier("run", "--port", str(port))
    assert said.returncode == 1
    assert "no backup could be made" in said.stderr
    assert "--without-backup" in said.stderr
    assert changes(installed) == before


def test_a_home_that_takes_nothing_is_said(quartier, installed, port):
    (installed / "run.lock").mkdir()
    said = quartier("run", "--port", str(port))
    assert said.returncode == 1
    assert "Nothing can be written in" in said.stderr
    assert "Traceback" not in said.stderr


@pytest.mark.servers
def test_a_second_one_on_the_same_home_is_refused(started, quartier, installed, port):
    first = started("run", "--processes", "1", PORT=str(port))
    until_ready(first)
    said = quartier("run", "--port", str(port + 1))
    assert said.returncode == 1
    assert "The line runs already from" in said.stderr
    assert str(first.pid) in said.stderr
    first.kill()
    first.wait()
    # Nothing is left that would keep the next one from it.
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        third = started("run", "--processes", "1", PORT=str(port))
        if third.stdout.readline().startswith("Ready"):
            break
        third.wait(PATIENCE)
    assert third.poll() is None
