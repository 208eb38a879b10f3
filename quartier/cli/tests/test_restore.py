"""A backup is brought back on a fresh home as the guide says, on both databases; what is wrong with it is said before
anything is replaced."""

import fcntl
import io
import json
import os
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import psycopg
import pytest

import quartier as package
from quartier.cli.tests.conftest import called, environment
from quartier.cli.tests.test_backup import with_files_beside
from tests.servers import NoPostgres, postgres

GUIDE = Path(package.__file__).parents[1] / "docs" / "howto" / "install.md"
WHO = ("--organisation", "Quartier Test", "--languages", "fr,nl", "--country", "BE", "--phone", "02 000 14 27",
       "--sender", "sara@example.org")  # fmt: skip


@pytest.fixture
def copy(quartier, installed):
    """A backup of the installation, outside of it."""
    with_files_beside(installed)
    assert quartier("backup", "--to", str(installed.parent / "away")).returncode == 0
    (file,) = (installed.parent / "away").iterdir()
    return file


def people(home):
    return (
        sqlite3.connect(home / "quartier.sqlite3").execute("SELECT COUNT(*) FROM people_person").fetchone()[0]
    )


def guide_blocks(heading):
    """The blocks of commands of a chapter of the guide."""
    chapter = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", GUIDE.read_text(), re.M | re.S)
    return re.findall(r"```sh\n(.*?)```", chapter[1], re.S)


def as_the_guide_says(block, *, home, file, cwd):
    """Run the commands of a block, word by word, but for who runs them, the home folder and the date."""
    words = block.replace("sudo systemctl stop quartier\n", "").replace("sudo systemctl start quartier\n", "")
    words = words.replace("sudo install -o quartier -g quartier", "install")
    words = words.replace("sudo -u quartier env QUARTIER_HOME=/var/lib/quartier quartier", "quartier")
    words = words.replace("/var/lib/quartier", str(home)).replace("quartier-DATE.tar", file)
    assert "sudo" not in words
    env = environment(home, PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    return subprocess.run(
        ["sh", "-ec", words], cwd=cwd, env=env, capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


def test_on_a_fresh_home_word_by_word(quartier, installed, copy, tmp_path):
    _there, elsewhere = guide_blocks("6. Copies")[:2]
    hand = tmp_path / "hand"
    hand.mkdir()
    shutil.copy2(installed / "quartier.toml", hand)
    shutil.copy2(copy, hand)
    fresh = tmp_path / "fresh"
    fresh.mkdir(mode=0o700)
    did = as_the_guide_says(elsewhere, home=fresh, file=copy.name, cwd=hand)
    assert did.returncode == 0, did.stdout + did.stderr
    assert people(fresh) == people(installed) == 1
    assert (fresh / "push" / "key.pem").read_text() == "the key of notifications"
    assert (fresh / "line" / "secret").read_text() == "the secret of the line"
    assert not (fresh / "line" / "dialogs").exists()
    assert not [path for path in fresh.rglob("*") if path.stat().st_mode & 0o077]
    assert called(fresh, "code", "sara@example.org").returncode == 0


def test_what_is_there_is_said_and_kept(quartier, installed, copy):
    assert quartier("team", "add", "Ines", "ines@example.org", "--role", "operator").returncode == 0
    (installed / "push" / "key.pem").write_text("a newer key")
    # Nobody sits at the terminal: nothing happens without a word that was given before.
    asked = quartier("restore", str(copy))
    assert asked.returncode == 1
    assert "people 1," in asked.stdout
    assert "It replaces: people 2," in asked.stdout
    assert "push/key.pem" in asked.stdout
    assert people(installed) == 2
    there = guide_blocks("6. Copies")[0]
    (installed / "backups").mkdir(exist_ok=True)
    shutil.copy2(copy, installed / "backups")
    did = as_the_guide_says(there, home=installed, file=copy.name, cwd=installed.parent)
    # `quartier check` comes last, and says what is still to be done before people come.
    assert "is back" in did.stdout
    assert people(installed) == 1
    assert (installed / "push" / "key.pem").read_text() == "the key of notifications"
    (kept,) = (installed / "backups").glob("before-restore-*")
    assert quartier("restore", "--yes", str(kept)).returncode == 0
    assert people(installed) == 2
    assert (installed / "push" / "key.pem").read_text() == "a newer key"


def altered(copy, name, change):
    """The same backup with one file in it changed; the manifest is as it was, unless it is the one."""
    target = copy.with_name(f"altered-{name.replace('/', '-')}.tar")
    with tarfile.open(copy) as old, tarfile.open(target, "w") as new:
        for entry in old:
            content = old.extractfile(entry).read()
            if entry.name == name:
                content = change(content)
            entry.size = len(content)
            new.addfile(entry, io.BytesIO(content))
    return target


def other_counts(content):
    words = json.loads(content)
    words["counts"]["people_person"] += 1
    return json.dumps(words).encode()


def test_what_is_cut_off_or_altered_is_refused(quartier, installed, copy):
    before = (installed / "quartier.sqlite3").read_bytes()
    whole = copy.read_bytes()
    bad = {
        "empty": b"",
        "start": whole[:700],
        "half": whole[: len(whole) // 2],
        "no end": whole[:-12_000],
        "words": b"no backup" * 1000,
    }
    files = []
    for name, content in bad.items():
        (copy.parent / name).write_bytes(content)
        files.append(copy.parent / name)
    files.append(altered(copy, "database.sqlite3.gz", lambda content: content[:-9] + b"x" + content[-8:]))
    files.append(altered(copy, "push/key.pem", lambda _content: b"k1.AAAA"))
    files.append(altered(copy, "manifest.json", other_counts))
    for file in files:
        said = quartier("restore", "--yes", str(file))
        assert said.returncode == 1, file
        assert "is cut off, was altered, or is no backup" in said.stderr, (file, said.stderr)
        assert "Traceback" not in said.stderr
    missing = quartier("restore", "--yes", "nowhere.tar")
    assert missing.returncode == 1
    assert "There is no file" in missing.stderr
    assert (installed / "quartier.sqlite3").read_bytes() == before
    assert not (installed / "backups").exists()


def with_line(home, key, value):
    toml = home / "quartier.toml"
    toml.write_text(re.sub(rf"^{key} = .*$", f"{key} = {value}", toml.read_text(), flags=re.M))


def test_of_another_installation_or_version_it_is_refused(quartier, installed, copy):
    before = (installed / "quartier.toml").read_text()
    other = '"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="'
    for key, value in (("index_key", other), ("field_keys", f'["k1:{other[1:]}]')):
        with_line(installed, key, value)
        said = quartier("restore", "--yes", str(copy))
        assert said.returncode == 1
        assert "is a backup of another installation" in said.stderr
        assert key in said.stderr
        (installed / "quartier.toml").write_text(before)
    # Of a later version: its tables are known to nobody here.
    database = sqlite3.connect(installed / "quartier.sqlite3")
    database.execute(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('cases', '9999_later', '2030-01-01')"
    )
    database.commit()
    assert quartier("backup").returncode == 0
    (later,) = (installed / "backups").iterdir()
    said = quartier("restore", "--yes", str(later))
    assert said.returncode == 1
    assert "later version" in said.stderr


def test_a_database_that_cannot_be_read_is_replaced_and_kept(quartier, installed, copy):
    database = installed / "quartier.sqlite3"
    for end in ("-wal", "-shm"):
        database.with_name(database.name + end).unlink(missing_ok=True)
    database.write_bytes(b"SQLite format 3\0" + b"damaged" * 5000)
    did = quartier("restore", "--yes", str(copy))
    assert did.returncode == 0, did.stderr
    assert "cannot be read" in did.stdout
    (kept,) = (installed / "backups").glob("damaged-*/quartier.sqlite3")
    assert b"damaged" in kept.read_bytes()
    assert people(installed) == 1


def test_killed_in_the_middle_either_is_there_whole(quartier, started, installed, copy):
    assert quartier("team", "add", "Ines", "ines@example.org", "--role", "operator").returncode == 0
    going_on = started("restore", "--yes", str(copy))
    for line in going_on.stdout:
        if "is kept" in line:
            break
    os.kill(going_on.pid, signal.SIGKILL)
    going_on.wait()
    assert sqlite3.connect(installed / "quartier.sqlite3").execute("PRAGMA integrity_check").fetchone() == (
        "ok",
    )
    assert people(installed) in (1, 2)
    assert quartier("restore", "--yes", str(copy)).returncode == 0
    assert people(installed) == 1
    assert not list(installed.glob(".restoring-*"))


def test_a_full_disk_replaces_nothing(quartier, installed, copy):
    before = (installed / "quartier.sqlite3").read_bytes()

    def small():
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    said = subprocess.run(
        [sys.executable, "-m", "quartier", "restore", "--yes", str(copy)],
        env=environment(installed), preexec_fn=small, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.returncode == 1
    assert "could not be kept" in said.stderr
    assert "Traceback" not in said.stderr
    assert (installed / "quartier.sqlite3").read_bytes() == before


def test_while_the_line_runs_nothing_is_replaced(started, quartier, installed, copy):
    worker = started("worker")
    said, end = None, time.monotonic() + 60
    while time.monotonic() < end:
        said = quartier("restore", str(copy))
        if "The line is running here" in said.stderr:
            break
    assert said is not None
    assert "The line is running here" in said.stderr
    assert said.returncode == 1
    worker.terminate()
    worker.wait(30)


def test_while_one_is_brought_back_nobody_begins(quartier, installed):
    handle = os.open(installed, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    said = quartier("worker")
    os.close(handle)
    assert said.returncode == 1
    assert "is being brought back" in said.stderr


@pytest.mark.servers
def test_postgresql_and_the_other_database(tmp_path, installed, copy):
    home, fresh = tmp_path / "pg", tmp_path / "fresh"
    try:
        with postgres() as server:
            made = called(home, "init", *WHO, "--database", server.url)
            assert made.returncode == 0, made.stderr
            with_files_beside(home)
            assert called(home, "backup", "--to", str(tmp_path / "pgaway")).returncode == 0
            (file,) = (tmp_path / "pgaway").iterdir()
            # A table that the copy does not have goes too.
            assert (
                called(home, "team", "add", "Ines", "ines@example.org", "--role", "operator").returncode == 0
            )
            with psycopg.connect(server.url) as connection:
                connection.execute("CREATE TABLE later (person uuid REFERENCES people_person (id))")
                # Somebody is connected: another machine may serve the line.
                connection.commit()
                busy = called(home, "restore", "--yes", str(file))
                assert busy.returncode == 1
                assert "Others are connected" in busy.stderr
            fresh.mkdir(mode=0o700)
            shutil.copy2(home / "quartier.toml", fresh)
            did = called(fresh, "restore", "--yes", str(file))
            assert did.returncode == 0, did.stdout + did.stderr
            assert "It replaces: people 2," in did.stdout
            assert (fresh / "push" / "key.pem").read_text() == "the key of notifications"
            assert "ines@example.org" not in called(fresh, "team", "list").stdout
            with psycopg.connect(server.url) as connection:
                assert connection.execute("SELECT to_regclass('later')").fetchone() == (None,)
                # What only adds to the audit still does.
                rows = connection.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal").fetchall()
            assert rows
            (kept,) = (fresh / "backups").glob("before-restore-*")
            assert called(fresh, "restore", "--yes", str(kept)).returncode == 0
            assert "ines@example.org" in called(fresh, "team", "list").stdout
            # Each database has copies of its own.
            shutil.copy2(home / "quartier.toml", installed / "quartier.toml")
            toml = installed / "quartier.toml"
            toml.write_text(re.sub(r"^database = .*$", "", toml.read_text(), flags=re.M))
            other = called(installed, "restore", "--yes", str(file))
            assert other.returncode == 1
            assert "holds a database of PostgreSQL, and this installation has SQLite" in other.stderr
    except NoPostgres as missing:
        pytest.skip(str(missing))


@pytest.mark.servers
def test_killed_in_the_middle_on_postgresql_it_is_one_or_the_other(tmp_path, started):
    home = tmp_path / "home"
    try:
        with postgres() as server:
            assert called(home, "init", *WHO, "--database", server.url).returncode == 0
            assert called(home, "backup", "--to", str(tmp_path / "away")).returncode == 0
            (file,) = (tmp_path / "away").iterdir()
            assert (
                called(home, "team", "add", "Ines", "ines@example.org", "--role", "operator").returncode == 0
            )
            going_on = started("restore", "--yes", str(file))
            assert any("is kept" in line for line in going_on.stdout)
            with psycopg.connect(server.url, autocommit=True) as connection:
                end = time.monotonic() + 60
                busy = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'psql'"
                while not connection.execute(busy).fetchone() and time.monotonic() < end:
                    assert going_on.poll() is None
            os.kill(going_on.pid, signal.SIGKILL)
            going_on.wait()
            # What it had begun may still be there for a moment; then it is said, and nothing is changed.
            looked = called(home, "check", "--json")
            assert "Traceback" not in looked.stdout + looked.stderr
            end = time.monotonic() + 90
            while (
                again := called(home, "restore", "--yes", str(file))
            ).returncode and time.monotonic() < end:
                assert "Others are connected" in again.stderr
            assert again.returncode == 0, again.stderr
            with psycopg.connect(server.url) as connection:
                assert connection.execute("SELECT count(*) FROM people_person").fetchone() == (1,)
            assert "ines@example.org" not in called(home, "team", "list").stdout
            assert not list(home.glob(".restoring-*"))
    except NoPostgres as missing:
        pytest.skip(str(missing))
