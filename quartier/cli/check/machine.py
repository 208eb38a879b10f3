"""The machine and its files: keys, switches, database, disk, clock, copies."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from quartier.cli.check import reach
from quartier.cli.check.finding import Finding, doubt, good, wrong
from quartier.config import faults, private_files
from quartier.lib import clock, tables
from quartier.lib.version import version
from quartier.places.models import Gazetteer

ENOUGH_MB, TOO_LITTLE_MB = 2000, 300
OLDEST_POSTGRESQL = 15
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


def lines() -> Iterator[Finding]:
    """Whether every line of the file means something. What stops everything was said before."""
    for each in faults.of():
        yield wrong("settings", each.said(_), each.to_do(_) or _("Correct the file, then look again."))


def owner() -> Iterator[Finding]:
    """Whose the home folder is: what another user writes there, its owner cannot read."""
    home: Path = settings.INSTALLATION.home
    if home.exists() and home.stat().st_uid != os.geteuid():
        whose, me = faults.owner_of(home), faults.name_of(os.geteuid())
        yield wrong(
            "owner",
            _("The home folder {home} belongs to {owner}, and this command runs as {me}.").format(
                home=home, owner=whose, me=me
            ),
            f"sudo -u {whose} env QUARTIER_HOME={home} quartier check",
        )


def private() -> Iterator[Finding]:
    """Who can read the home folder, the database, its copies and the key of notifications."""
    found = private_files.open_to_others(private_files.private_paths())
    if found:
        names = shlex.join(map(str, found))
        yield wrong(
            "private",
            _("Others on this machine can read: {files}.").format(files=names),
            f"chmod go= {names}",
        )
    else:
        yield good("private", _("Only their owner can read the home folder, the database and its backups."))


def keys() -> Iterator[Finding]:
    """Whether the keys are keys."""
    bad = []
    if len(settings.SECRET_KEY) < 32:
        bad.append("secret_key")
    for key in settings.FIELD_KEYS:
        name, colon, secret = key.partition(":")
        if not (name and colon and faults.size(secret) == 32):
            bad.append("field_keys")
    if faults.size(settings.INDEX_KEY) < 32:
        bad.append("index_key")
    if bad:
        yield wrong(
            "keys",
            _("These keys are too short or cut off: {names}.").format(names=", ".join(sorted(set(bad)))),
            _("Restore them from the backup you made at installation. New keys cannot open old data."),
        )
    else:
        yield good("keys", _("The keys are long enough."))


def switches() -> Iterator[Finding]:
    """What must be off when real people come."""
    if settings.DEBUG:
        yield wrong(
            "debug",
            _("debug is on: error pages show the inside of the installation to everyone."),
            _("Remove debug from the file."),
        )
    else:
        yield good("debug", _("debug is off."))
    if settings.DEMO:
        yield (wrong if reach.is_real() else doubt)(
            "demo",
            _("This is a demonstration: anyone can read every message and sign in as anyone."),
            _("Remove demo from the file, or make another installation for real people: quartier init"),
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
    if not connection.introspection.table_names():
        yield wrong(
            "tables",
            _("The database is empty: what was in it is gone, or is elsewhere."),
            _("Correct database in the file, or bring the last backup back: quartier restore FILE"),
        )
    elif later := tables.unknown_to_this_version():
        yield wrong(
            "tables",
            _("The tables are newer than the program ({version}): {names}.").format(
                version=version(), names=", ".join(later[:3])
            ),
            _("Install the later version again, or restore a backup from before it: quartier restore."),
        )
    elif waiting := tables.waiting_changes():
        yield wrong(
            "tables",
            _("The tables are older than the program: {count} changes wait.").format(count=waiting),
            _("Start it again: quartier run makes a backup and changes the tables at its start."),
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
            _("SQLite does not run with WAL and synchronous=FULL: a power cut could lose what was saved."),
            _("Put the home folder on an ordinary disk: a network folder cannot do it."),
        )
    elif whole != "ok":
        yield wrong(
            "database",
            _("The database is damaged: {error}").format(error=whole),
            _("Stop it, keep the damaged file, and restore the last good backup."),
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
            _("PostgreSQL runs with fsync or synchronous_commit off: a power cut could lose what was saved."),
            _("Turn both on in postgresql.conf."),
        )
    else:
        yield good("database", _("PostgreSQL {version} keeps what it was told.").format(version=version))


def disk() -> Iterator[Finding]:
    """Room on the disk of the home folder."""
    free = shutil.disk_usage(settings.INSTALLATION.home).free // 1_000_000
    words = _("{free} MB are free on the disk.").format(free=free)
    if free < TOO_LITTLE_MB:
        yield wrong("disk", words, _("Free some space now: without it nothing can be saved."))
    elif free < ENOUGH_MB:
        yield doubt("disk", words, _("Free some space soon."))
    else:
        yield good("disk", words)


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
            _("Let the machines set their clocks automatically (NTP)."),
        )
    elif _synchronised() == "no":
        yield doubt(
            "clock",
            _("The machine does not set its clock automatically."),
            _("Turn it on: timedatectl set-ntp true"),
        )
    else:
        yield good("clock", _("As far as we can see, the clock is right."))


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
