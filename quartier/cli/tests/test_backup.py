"""A copy of the database can be brought back, and is never half."""

import gzip
import sqlite3


def test_a_copy_is_whole_and_old_ones_go(quartier, installed):
    old = [installed / "backups" / f"quartier-20200101-00000{n}.sqlite3.gz" for n in range(3)]
    old[0].parent.mkdir()
    for file in old:
        file.write_bytes(b"x")
    made = quartier("backup", "--keep", "2")
    assert made.returncode == 0, made.stderr
    left = sorted((installed / "backups").iterdir())
    assert left[0] == old[2]
    copy = left[1]
    assert str(copy) in made.stdout
    assert copy.stat().st_mode & 0o077 == 0
    # Brought back as the guide says, it is the same installation.
    for name in ("quartier.sqlite3-wal", "quartier.sqlite3-shm", "quartier.sqlite3"):
        (installed / name).unlink(missing_ok=True)
    (installed / "quartier.sqlite3").write_bytes(gzip.decompress(copy.read_bytes()))
    assert quartier("code", "sara@example.org").returncode == 0


def test_what_is_written_meanwhile_does_not_disturb_it(quartier, installed):
    writer = sqlite3.connect(installed / "quartier.sqlite3")
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("CREATE TABLE half_done (x)")
    assert quartier("backup").returncode == 0
    writer.rollback()
    writer.close()
    (copy,) = (installed / "backups").iterdir()
    file = installed / "copy"
    file.write_bytes(gzip.decompress(copy.read_bytes()))
    tables = sqlite3.connect(file).execute("SELECT name FROM sqlite_master").fetchall()
    assert ("half_done",) not in tables
    assert ("team_organisation",) in tables


def test_without_a_database_there_is_no_copy(quartier, installed):
    (installed / "quartier.sqlite3").unlink()
    said = quartier("backup")
    assert said.returncode == 1
    assert not list((installed / "backups").iterdir())
    assert not (installed / "quartier.sqlite3").exists()


def test_the_texts_are_made_ready(quartier):
    assert quartier("compile").returncode == 0
