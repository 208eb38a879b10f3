"""Making an installation ready to serve: tables, catalogues, places, static files. Each step does nothing twice."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection

from quartier.config import private_files
from quartier.lib import catalogues, tables
from quartier.places import actions as places

STAMP = ".collected"
# The number of the lock that two starts on one PostgreSQL database wait for; of no meaning.
ADVISORY_LOCK = 72_83_69


def prepare(*, static: bool = True) -> None:
    """Everything that pages need. Two starts at once wait for each other."""
    catalogues.compile_all()
    with one_at_a_time():
        tables.make()
        load_places()
    private_files.close_to_others(private_files.private_paths())
    if static and not settings.DEBUG:
        collect_static()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """A lock on the home folder, and one on the database for starts on other machines."""
    home: Path = settings.INSTALLATION.home
    home.mkdir(parents=True, exist_ok=True)
    with (home / "start.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])


def load_places() -> None:
    """The tables of places that ship with the project. Costs one query where they are there."""
    for country in places.shipped_countries():
        places.load_shipped(country=country)


def collect_static() -> bool:
    """Gather static files under hashed names, compressed, where anything has changed since. True if it had."""
    root = Path(settings.STATIC_ROOT)
    digest = _static_digest()
    stamp = root / STAMP
    if stamp.exists() and stamp.read_text() == digest:
        return False
    root.mkdir(parents=True, exist_ok=True)
    with (root.parent / "static.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text() == digest:
            return False
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(digest)
    return True


def _static_digest() -> str:
    found = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            found.update(f"{path}|{stat.st_size}|{stat.st_mtime_ns}\n".encode())
    return found.hexdigest()
