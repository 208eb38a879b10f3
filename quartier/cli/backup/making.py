"""Making one backup: files beside the database first, then the database, then the whole is read again."""

import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from django.conf import settings

from quartier.cli.backup import TableState, archive, postgresql, sqlite
from quartier.lib import clock, crypto
from quartier.lib.version import version

NIGHTLY, BEFORE_UPDATE, BEFORE_RESTORE = "quartier-", "before-update-", "before-restore-"
# Of those that are made by themselves so many stay beside the nightly ones.
BEFORE_KEPT = 3
_WORK = ".making-"
# Calls that went on at that moment, and processes that ran: nothing to bring back.
_OF_THE_MOMENT = {"dialogs", "registration"}
_PROCESS_SUFFIXES = {".process", ".pid", ".sock", ".lock"}


class NotMade(Exception):
    """There is no backup, and why."""


def folder() -> Path:
    """Where backups go that nobody sends elsewhere."""
    home: Path = settings.INSTALLATION.home
    return home / "backups"


def on_sqlite() -> bool:
    """Whether this installation keeps its data in a file."""
    return "sqlite" in settings.DATABASES["default"]["ENGINE"]


def make(where: Path, *, keep: int, name: str = NIGHTLY, spare: Path | None = None) -> Path:
    """A verified backup in `where`; older ones of its name go until `keep` are left, but not `spare`. Raises
    `NotMade`."""
    try:
        where.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _alone_in(where), tempfile.TemporaryDirectory(dir=where, prefix=_WORK) as work:
            file = where / f"{name}{clock.now():%Y%m%d-%H%M%S}{archive.SUFFIX}"
            written = _write(Path(work))
            archive.verify(written)
            _sync(written)
            written.chmod(0o600)
            os.replace(written, file)
            sqlite.sync_folder(where)
    except (OSError, sqlite3.Error, psycopg.Error, postgresql.ProgramFailed, archive.Damaged) as error:
        raise NotMade(str(error).strip() or type(error).__name__) from error
    for old in sorted(where.glob(f"{name}*"))[: -max(1, keep)]:
        if spare is None or not (old.exists() and old.samefile(spare)):
            old.unlink(missing_ok=True)
    return file


def _write(work: Path) -> Path:
    files = {}
    for number, (name, source) in enumerate(sorted(beside().items())):
        # Gone or half there: the line goes on meanwhile.
        with suppress(FileNotFoundError):
            sealed = work / f"beside-{number}"
            sealed.write_text(crypto.seal(source.read_bytes(), place(name)))
            files[name] = sealed
    state, member = _dump(work)
    files[member.name] = member
    manifest = archive.Manifest(
        format=archive.FORMAT,
        version=version(),
        made_at=clock.now().isoformat(),
        database="sqlite" if on_sqlite() else "postgresql",
        migrations=state.migrations,
        keys=archive.key_marks(),
        counts=state.counts,
        files={name: archive.describe(path) for name, path in files.items()},
    )
    target = work / "whole"
    archive.write(target, manifest, files, work)
    return target


def _dump(work: Path) -> tuple[TableState, Path]:
    database = settings.DATABASES["default"]
    if on_sqlite():
        member = work / archive.SQLITE_MEMBER
        return sqlite.dump(Path(database["NAME"]), member, work), member
    member = work / archive.POSTGRESQL_MEMBER
    state = postgresql.dump(database, member)
    script = work / "read.sql"
    postgresql.read_through(member, script)
    script.unlink()
    return state, member


def beside() -> dict[str, Path]:
    """What belongs to the installation and stands in no table, by its name in the backup: the key of notifications and
    the line's folder."""
    home: Path = settings.INSTALLATION.home
    found = {}
    key = home / "push" / "key.pem"
    if key.is_file():
        found["push/key.pem"] = key
    for path in sorted((home / "line").rglob("*")):
        inside = path.relative_to(home)
        hidden = any(part.startswith(".") for part in inside.parts)
        if path.is_symlink() or not path.is_file() or hidden:
            continue
        if inside.parts[1] in _OF_THE_MOMENT or path.suffix in _PROCESS_SUFFIXES:
            continue
        found[inside.as_posix()] = path
    return found


def place(name: str) -> str:
    """What a file in a backup is sealed for."""
    return f"backup|{name}"


@contextmanager
def _alone_in(where: Path) -> Iterator[None]:
    """Two at once wait for each other; what one left that was killed goes."""
    handle = os.open(where, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        for left in [*where.glob(f"{_WORK}*"), *where.glob(".quartier-*.part")]:
            shutil.rmtree(left, ignore_errors=True)
            if left.is_file():
                left.unlink(missing_ok=True)
        yield
    finally:
        os.close(handle)


def _sync(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())
