"""A backup is one file, whole, and never half."""

import fcntl
import gzip
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import tarfile
import time

from quartier.cli.tests.conftest import environment

PATIENCE = 90


def manifest_of(file):
    with tarfile.open(file) as tar:
        return json.loads(tar.extractfile("manifest.json").read())


def with_files_beside(home):
    (home / "push").mkdir(mode=0o700, exist_ok=True)
    (home / "push" / "key.pem").write_text("the key of notifications")
    (home / "line").mkdir(mode=0o700, exist_ok=True)
    (home / "line" / "secret").write_text("the secret of the line")
    (home / "line" / "dialogs").write_text("a call that goes on")
    (home / "line" / "kamailio.process").write_text("{}")


def test_everything_is_in_one_file_and_old_ones_go(quartier, installed):
    with_files_beside(installed)
    old = [installed / "backups" / f"quartier-20200101-00000{n}.sqlite3.gz" for n in range(3)]
    old[0].parent.mkdir()
    for file in old:
        file.write_bytes(b"x")
    made = quartier("backup", "--keep", "2")
    assert made.returncode == 0, made.stderr
    left = sorted((installed / "backups").iterdir())
    assert left[0] == old[2]
    (copy,) = left[1:]
    assert str(copy) in made.stdout
    assert copy.stat().st_mode & 0o077 == 0
    with tarfile.open(copy) as tar:
        names = tar.getnames()
    assert names == [
        "manifest.json",
        "manifest.signature",
        "line/secret",
        "push/key.pem",
        "database.sqlite3.gz",
    ]
    # Keys among them are sealed with those of the installation.
    assert b"the key of notifications" not in copy.read_bytes()
    assert b"the secret of the line" not in copy.read_bytes()
    said = manifest_of(copy)
    database = sqlite3.connect(installed / "quartier.sqlite3")
    for table in ("people_person", "places_place", "django_migrations"):
        assert said["counts"][table] == database.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] > 0
    assert said["database"] == "sqlite"


def test_what_is_written_meanwhile_does_not_disturb_it(quartier, installed):
    writer = sqlite3.connect(installed / "quartier.sqlite3")
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("CREATE TABLE half_done (x)")
    assert quartier("backup").returncode == 0
    writer.rollback()
    writer.close()
    (copy,) = (installed / "backups").iterdir()
    assert "half_done" not in manifest_of(copy)["counts"]
    assert "team_organisation" in manifest_of(copy)["counts"]


def test_without_a_database_there_is_no_copy(quartier, installed):
    (installed / "quartier.sqlite3").unlink()
    said = quartier("backup")
    assert said.returncode == 1
    assert "Traceback" not in said.stderr
    assert not list((installed / "backups").iterdir())
    assert not (installed / "quartier.sqlite3").exists()


def test_the_texts_are_made_ready(quartier):
    assert quartier("compile").returncode == 0


def test_a_copy_signs_nobody_in(quartier, installed):
    key = "a-row-of-the-table-of-sessions"
    database = sqlite3.connect(installed / "quartier.sqlite3")
    database.execute(
        "INSERT INTO team_browsersession (session_key, session_data, expire_date) VALUES (?, 'x', '2099-01-01')",
        [key],
    )
    database.commit()
    assert quartier("backup").returncode == 0
    (copy,) = (installed / "backups").iterdir()
    with tarfile.open(copy) as tar:
        packed = tar.extractfile("database.sqlite3.gz").read()
    assert key.encode() not in gzip.decompress(packed)
    assert manifest_of(copy)["counts"]["team_browsersession"] == 0
    # The installation itself goes on as it was.
    assert database.execute("SELECT COUNT(*) FROM team_browsersession").fetchone() == (1,)


def test_a_disk_that_is_full_or_takes_nothing_leaves_no_half_copy(quartier, installed):
    def small():
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    full = subprocess.run(
        [sys.executable, "-m", "quartier", "backup"],
        env=environment(installed), preexec_fn=small, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert full.returncode == 1
    assert "No backup was made" in full.stderr
    assert "Traceback" not in full.stderr
    assert not list((installed / "backups").iterdir())
    # No folder can be made there, whoever asks.
    said = quartier("backup", "--to", "/proc/copies")
    assert said.returncode == 1
    assert "No backup was made" in said.stderr
    assert "Traceback" not in said.stderr


def test_killed_in_the_middle_it_leaves_nothing_that_counts(quartier, started, installed):
    folder = installed / "backups"
    making = started("backup")
    end = time.monotonic() + PATIENCE
    while not list(folder.glob(".making-*")):
        assert time.monotonic() < end
        time.sleep(0.005)
    os.kill(making.pid, signal.SIGKILL)
    making.wait()
    assert not list(folder.glob("quartier-*"))
    assert quartier("backup").returncode == 0
    (copy,) = folder.iterdir()
    assert copy.name.startswith("quartier-")


def test_two_at_once_wait_for_each_other(started, installed):
    folder = installed / "backups"
    folder.mkdir()
    handle = os.open(folder, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    waiting = started("backup")
    time.sleep(3)
    assert waiting.poll() is None
    assert not list(folder.iterdir())
    os.close(handle)
    assert waiting.wait(PATIENCE) == 0
    assert len(list(folder.iterdir())) == 1
