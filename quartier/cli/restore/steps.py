"""The steps of bringing a backup back: each refuses in words before anything is replaced."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from django.conf import settings
from django.utils.translation import gettext as _

from quartier.cli.backup import TableState, archive, making, postgresql, sqlite
from quartier.cli.run import starting, update
from quartier.lib import clock, crypto, tables
from quartier.lib.version import version

_WORK = ".restoring-"
# What is named when it is said what a database holds; the manifest counts every table.
_TELLING = ("people_person", "people_volunteer", "cases_request", "messaging_message")


class Refused(Exception):
    """Nothing was changed, and why."""


class DamagedDatabase(Exception):
    """What is there cannot be read; it is kept as it lies."""


@contextmanager
def nobody_serves() -> Iterator[None]:
    """Inside the block nobody reads or writes this installation, and nobody begins to."""
    home: Path = settings.INSTALLATION.home
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        starting.hold.alone(home)
        if not making.on_sqlite() and (count := postgresql.others(settings.DATABASES["default"])):
            raise Refused(
                _(
                    "Others are connected to the database ({count}). Stop the line first, on every machine. "
                    "Nothing was changed."
                ).format(count=count)
            )
    except starting.AlreadyRuns as error:
        raise Refused(
            _("The line is running here. Stop it first: systemctl stop quartier. Nothing was changed.")
        ) from error
    except psycopg.Error as error:
        raise Refused(_("The database does not answer: {error}").format(error=str(error).strip())) from error
    try:
        yield
    finally:
        starting.hold.release()


def checked(file: Path) -> archive.Manifest:
    """The manifest of a backup that is whole, and of this installation, database and version (or an earlier one)."""
    if not file.is_file():
        raise Refused(_("There is no file {file}.").format(file=file))
    try:
        manifest = archive.verify(file)
    except archive.OtherKeys as error:
        raise Refused(
            _(
                "{file} is a backup of another installation: it opens with other keys than those in {keys} "
                "({names}). Put the quartier.toml that belongs to it there first. Nothing was changed."
            ).format(file=file, keys=settings.INSTALLATION.home / "quartier.toml", names=error)
        ) from error
    except archive.Damaged as error:
        raise Refused(
            _(
                "{file} is cut off, was altered, or is no backup ({error}). Take another one. Nothing was changed."
            ).format(file=file, error=error)
        ) from error
    if manifest.database != ("sqlite" if making.on_sqlite() else "postgresql"):
        raise Refused(
            _(
                "{file} holds a database of {theirs}, and this installation has {ours}. Nothing was changed."
            ).format(
                file=file,
                theirs=_kind(manifest.database),
                ours="SQLite" if making.on_sqlite() else "PostgreSQL",
            )
        )
    if manifest.format > archive.FORMAT or tables.unknown_to_this_version(manifest.migrations):
        raise Refused(
            _(
                "{file} was made by a later version ({theirs}) than this one ({ours}). Install that version first. "
                "Nothing was changed."
            ).format(file=file, theirs=manifest.version, ours=version())
        )
    return manifest


def _kind(database: str) -> str:
    return {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(database, database)


def what_is_there() -> TableState | DamagedDatabase | None:
    """What the database holds now; `None` where there is none."""
    database = settings.DATABASES["default"]
    try:
        return sqlite.current(Path(database["NAME"])) if making.on_sqlite() else postgresql.current(database)
    except sqlite3.Error as error:
        return DamagedDatabase(str(error))


def when(manifest: archive.Manifest) -> str:
    """When a backup was made, for people."""
    made = datetime.fromisoformat(manifest.made_at).astimezone(UTC)
    return f"{made:%Y-%m-%d %H:%M} UTC"


def what_it_does(manifest: archive.Manifest, before: TableState | DamagedDatabase | None) -> str:
    """What comes, and in place of what."""
    lines = [
        _("The backup is whole and belongs to this installation: {time}, version {version}.").format(
            time=when(manifest), version=manifest.version
        ),
        _("It holds: {counts}.").format(counts=_counts(manifest.counts)),
    ]
    if before is None:
        lines.append(_("There is no database yet: nothing is replaced."))
    elif isinstance(before, DamagedDatabase):
        lines.append(_("It replaces a database that cannot be read ({error}).").format(error=before))
    else:
        lines.append(_("It replaces: {counts}.").format(counts=_counts(before.counts)))
    files = sorted(name for name in manifest.files if name in making.beside())
    if files:
        lines.append(_("It also replaces these files: {files}.").format(files=", ".join(files)))
    return "\n".join(lines)


def _counts(counts: dict[str, int]) -> str:
    words = (_("people {count}"), _("volunteers {count}"), _("requests {count}"), _("messages {count}"))
    return ", ".join(
        word.format(count=counts.get(table, 0)) for word, table in zip(words, _TELLING, strict=True)
    )


def keep(before: TableState | DamagedDatabase | None, *, spare: Path) -> Path | None:
    """Keep what is there: as a backup, or as it lies where it cannot be read. `spare`: what is brought back, which may
    be the oldest of those that were kept before."""
    if before is None:
        return None
    if isinstance(before, DamagedDatabase):
        return _keep_as_it_lies(Path(settings.DATABASES["default"]["NAME"]))
    try:
        return making.make(making.folder(), keep=making.BEFORE_KEPT, name=making.BEFORE_RESTORE, spare=spare)
    except making.NotMade as error:
        raise Refused(
            _("What is there could not be kept: {error}. Nothing was changed.").format(error=error)
        ) from error


def _keep_as_it_lies(database: Path) -> Path:
    target = making.folder() / f"damaged-{clock.now():%Y%m%d-%H%M%S}"
    try:
        target.mkdir(parents=True, mode=0o700)
        for end in ("", "-wal", "-shm"):
            part = database.with_name(database.name + end)
            if part.exists():
                shutil.copy2(part, target / part.name)
    except OSError as error:
        shutil.rmtree(target, ignore_errors=True)
        raise Refused(
            _("What is there could not be kept: {error}. Nothing was changed.").format(error=error)
        ) from error
    return target


def replace(file: Path, manifest: archive.Manifest) -> None:
    """Put everything in its place. The database comes last, in one step: whoever is killed before it gives the same
    command once more."""
    home: Path = settings.INSTALLATION.home
    database = settings.DATABASES["default"]
    near = Path(database["NAME"]).parent if making.on_sqlite() else home
    for left in near.glob(f"{_WORK}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=near, prefix=_WORK) as folder:
        work = Path(folder)
        fresh = _ready_database(file, manifest, work)
        for name in manifest.files:
            if name not in (archive.SQLITE_MEMBER, archive.POSTGRESQL_MEMBER):
                _put_beside(file, name, home, work)
        if making.on_sqlite():
            sqlite.put_in_place(fresh, Path(database["NAME"]))
        else:
            postgresql.put_in_place(database, fresh, manifest.counts, work)
    update.forget()


def _ready_database(file: Path, manifest: archive.Manifest, work: Path) -> Path:
    """The database of the backup, out of it and counted (SQLite), or as a script that is whole (PostgreSQL)."""
    packed, fresh = work / "packed", work / "fresh"
    if not making.on_sqlite():
        archive.extract(file, archive.POSTGRESQL_MEMBER, packed)
        postgresql.read_through(packed, fresh)
        return fresh
    archive.extract(file, archive.SQLITE_MEMBER, packed)
    if sqlite.unpack(packed, fresh) != TableState(manifest.migrations, manifest.counts):
        raise archive.Damaged(archive.SQLITE_MEMBER)
    return fresh


def _put_beside(file: Path, name: str, home: Path, work: Path) -> None:
    """One file of the home folder, opened with the keys."""
    target = home / name
    if name != "push/key.pem" and not (name.startswith("line/") and ".." not in Path(name).parts):
        raise archive.Damaged(name)
    sealed, plain = work / "sealed", work / "plain"
    archive.extract(file, name, sealed)
    try:
        plain.write_bytes(crypto.unseal(sealed.read_text(), making.place(name)))
    except (crypto.CannotOpen, UnicodeDecodeError) as error:
        raise archive.Damaged(name) from error
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    plain.chmod(0o600)
    if work.stat().st_dev == target.parent.stat().st_dev:
        os.replace(plain, target)
    else:
        draft = target.with_name(f".{target.name}.part")
        shutil.copyfile(plain, draft)
        os.replace(draft, target)
