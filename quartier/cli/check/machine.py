"""The machine and its files: keys, switches, database, disk, clock, copies."""

import base64
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from quartier.cli.check.finding import Finding, doubt, good, wrong
from quartier.lib import clock
from quartier.places.models import Gazetteer

ENOUGH_MB, TOO_LITTLE_MB = 2000, 300
OLDEST_POSTGRESQL = 15
BACKUP_AGE = timedelta(hours=26)
# Versions of this project are younger than this; a clock that shows less has stopped or was never set.
NOT_BEFORE = datetime(2026, 11, 1, tzinfo=UTC)
CLOCK_MAY_DIFFER_S = 5


def file() -> Iterator[Finding]:
    """The installation's file, and who can read it."""
    path: Path = settings.INSTALLATION.home / "quartier.toml"
    if not path.exists():
        yield doubt(
            "file",
            _("There is no {file}; everything comes from the environment.").format(file=path),
            _("Make sure that the keys are kept somewhere safe as well."),
        )
        return
    if path.stat().st_mode & 0o077:
        yield wrong(
            "file",
            _("Others on this machine can read the keys in {file}.").format(file=path),
            f"chmod 600 {path}",
        )
    else:
        yield good("file", _("Only its owner can read {file}.").format(file=path))


def keys() -> Iterator[Finding]:
    """Whether the keys are keys."""
    bad = []
    if len(settings.SECRET_KEY) < 32:
        bad.append("secret_key")
    for key in settings.FIELD_KEYS:
        name, colon, secret = key.partition(":")
        if not (name and colon and _bytes(secret) == 32):
            bad.append("field_keys")
    if _bytes(settings.INDEX_KEY) < 32:
        bad.append("index_key")
    if bad:
        yield wrong(
            "keys",
            _("These keys are too short or cut off: {names}.").format(names=", ".join(sorted(set(bad)))),
            _("Bring them back from the copy that was made at the start. New keys cannot open old data."),
        )
    else:
        yield good("keys", _("The keys are long enough."))


def _bytes(text: str) -> int:
    try:
        return len(base64.b64decode(text, validate=True))
    except ValueError:
        return 0


def switches() -> Iterator[Finding]:
    """What must be off when real people come."""
    if settings.DEBUG:
        yield wrong(
            "debug",
            _("debug is on: error pages show the inside of the installation to everybody."),
            _("Take debug out of the file."),
        )
    else:
        yield good("debug", _("debug is off."))
    if settings.DEMO:
        yield doubt(
            "demo",
            _("This is a demonstration: anybody can read every message and sign in as anybody."),
            _("Make another installation for real people: quartier init"),
        )


def database() -> Iterator[Finding]:
    """Whether the database answers, keeps what it was told, and has the tables of this version."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        yield wrong(
            "database",
            _("The database does not answer: {error}").format(error=str(error).strip()),
            _("Start it, or correct database in the file."),
        )
        return
    yield from (_sqlite() if connection.vendor == "sqlite" else _postgresql())
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield wrong(
            "tables",
            _("The tables are older than the program: {count} changes wait.").format(count=len(waiting)),
            _("Stop it, make a copy, and start it again: quartier run changes the tables at its start."),
        )
    else:
        yield good("tables", _("The tables are those of this version."))


def _sqlite() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        kept = cursor.execute("PRAGMA synchronous").fetchone()[0]
        whole = cursor.execute("PRAGMA quick_check(1)").fetchone()[0]
    if mode != "wal" or kept != 2:
        yield wrong(
            "database",
            _("SQLite does not run with WAL and synchronous=FULL: a power cut could lose what was said."),
            _("Put the home folder on an ordinary disk: a network folder cannot do it."),
        )
    elif whole != "ok":
        yield wrong(
            "database",
            _("The database is damaged: {error}").format(error=whole),
            _("Stop it, keep the damaged file, and bring back the last good copy."),
        )
    else:
        yield good("database", _("The database is whole and keeps what it was told."))


def _postgresql() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        version = cursor.fetchone()[0]
        cursor.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
        fsync, commit = cursor.fetchone()
    if version < OLDEST_POSTGRESQL:
        yield wrong(
            "database",
            _("PostgreSQL {version} is too old.").format(version=version),
            _("Use PostgreSQL {version} or later.").format(version=OLDEST_POSTGRESQL),
        )
    elif fsync != "on" or commit == "off":
        yield wrong(
            "database",
            _("PostgreSQL runs with fsync or synchronous_commit off: a power cut could lose what was said."),
            _("Turn both on in postgresql.conf."),
        )
    else:
        yield good("database", _("PostgreSQL {version} keeps what it was told.").format(version=version))


def disk() -> Iterator[Finding]:
    """Room on the disk of the home folder."""
    free = shutil.disk_usage(settings.INSTALLATION.home).free // 1_000_000
    words = _("{free} MB are free on the disk.").format(free=free)
    if free < TOO_LITTLE_MB:
        yield wrong("disk", words, _("Make room now: without it nothing can be written down."))
    elif free < ENOUGH_MB:
        yield doubt("disk", words, _("Make room soon."))
    else:
        yield good("disk", words)


def backups() -> Iterator[Finding]:
    """A young copy in `backups` of the home folder, where `quartier backup` puts it."""
    folder: Path = settings.INSTALLATION.home / "backups"
    copies = [path.stat().st_mtime for path in folder.glob("quartier-*")] if folder.is_dir() else []
    todo = _("Run quartier backup every night, and keep its copies on another machine.")
    if not copies:
        yield doubt("backups", _("There is no copy of the database in {folder}.").format(folder=folder), todo)
        return
    hours = int((clock.now().timestamp() - max(copies)) // 3600)
    words = _("The last copy of the database is {hours} hours old.").format(hours=hours)
    yield (
        doubt("backups", words, todo) if hours * 3600 > BACKUP_AGE.total_seconds() else good("backups", words)
    )


def clocks() -> Iterator[Finding]:
    """Promises and quiet hours need the right time."""
    here = clock.now()
    there = Gazetteer.objects.annotate(there=Now()).values_list("there", flat=True).first()
    apart = abs((there - here).total_seconds()) if there else 0.0
    if here < NOT_BEFORE or apart > CLOCK_MAY_DIFFER_S:
        yield wrong(
            "clock",
            _("The clock is wrong: it shows {time}.").format(time=f"{here:%Y-%m-%d %H:%M} UTC")
            if here < NOT_BEFORE
            else _("The clocks of the program and of the database differ by {count} seconds.").format(
                count=round(apart)
            ),
            _("Let the machines set their clocks by themselves (NTP)."),
        )
    elif _synchronised() == "no":
        yield doubt(
            "clock",
            _("The machine does not set its clock by itself."),
            _("Turn it on: timedatectl set-ntp true"),
        )
    else:
        yield good("clock", _("The clock is right as far as can be seen."))


def _synchronised() -> str:
    try:
        said = subprocess.run(
            ["timedatectl", "show", "-p", "NTPSynchronized", "--value"],
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return said.stdout.strip()
