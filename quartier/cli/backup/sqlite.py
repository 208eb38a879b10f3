"""A copy of a SQLite database, and putting one in its place."""

import gzip
import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from quartier.cli.backup import LEFT_OUT, TableState


def dump(database: Path, target: Path, folder: Path) -> TableState:
    """SQLite's own online copy: whole, whatever is written meanwhile. Checked before it counts."""
    if not database.is_file():
        raise FileNotFoundError(2, os.strerror(2), str(database))
    plain = folder / "copy.sqlite3"
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(plain)) as copy:
        source.backup(copy)
        _leave_out(copy)
        state = _examine(copy)
    with plain.open("rb") as read, gzip.open(target, "wb", compresslevel=6) as written:
        shutil.copyfileobj(read, written)
    plain.unlink()
    if unpack(target, plain) != state:
        raise sqlite3.DatabaseError(str(target))
    plain.unlink()
    return state


def unpack(packed: Path, target: Path) -> TableState:
    """The database of a backup as a file of its own, and what is in it."""
    with gzip.open(packed, "rb") as read, target.open("wb") as written:
        shutil.copyfileobj(read, written)
        written.flush()
        os.fsync(written.fileno())
    with closing(sqlite3.connect(target)) as copy:
        return _examine(copy)


def current(database: Path) -> TableState | None:
    """What is in the database now; `None` where there is none. Raises `sqlite3.Error`."""
    if not database.is_file() or not database.stat().st_size:
        return None
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=rw", uri=True)) as opened:
        return _examine(opened)


def put_in_place(fresh: Path, database: Path) -> None:
    """`fresh` becomes the database in one step. Whoever is killed before it has the one of before."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(database)) as before:
        # What stands only in the log goes into the file: after that the log can go.
        before.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        before.execute("PRAGMA journal_mode = DELETE")
    for end in ("-wal", "-shm", "-journal"):
        database.with_name(database.name + end).unlink(missing_ok=True)
    fresh.chmod(0o600)
    os.replace(fresh, database)
    sync_folder(database.parent)


def sync_folder(folder: Path) -> None:
    """What was renamed in it is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _leave_out(copy: sqlite3.Connection) -> None:
    """Overwrite, not only forget, the rows that do not belong into a copy."""
    copy.execute("PRAGMA secure_delete = ON")
    for table in set(_tables(copy)).intersection(LEFT_OUT):
        copy.execute(f"DELETE FROM {table}")  # noqa: S608 (a name of ours)
    copy.commit()


def _tables(database: sqlite3.Connection) -> list[str]:
    rows = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    return sorted(name for (name,) in rows)


def _examine(database: sqlite3.Connection) -> TableState:
    (whole,) = database.execute("PRAGMA quick_check(1)").fetchone()
    if whole != "ok":
        raise sqlite3.DatabaseError(whole)
    tables = _tables(database)
    if "django_migrations" not in tables:
        return TableState([], {})
    counts = {
        name: database.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]  # noqa: S608 (from the schema)
        for name in tables
    }
    rows = database.execute("SELECT app || '.' || name FROM django_migrations")
    return TableState(sorted(name for (name,) in rows), counts)
