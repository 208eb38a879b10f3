"""A fresh database of its own for tests that start other processes, or need what a commit really does.

The ordinary test database will not do for them: on SQLite it lives in memory, where no other process sees it,
and what it contains is rolled back.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True)
class OwnDatabase:
    """A migrated database. `connection` is this thread's; `environment` makes a child process use it too."""

    connection: BaseDatabaseWrapper
    environment: dict[str, str] = field(repr=False)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def run(self, sql: str) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(sql)

    def start(self, *words: str, **environment: str) -> "subprocess.Popen[str]":
        """A Python process on this database, in a process group of its own; its output can be read."""
        return subprocess.Popen(
            [sys.executable, *words],
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )


@contextmanager
def own_database(folder: Path, *rooms: str) -> Iterator[OwnDatabase]:
    """Make a database with the tables of `rooms`, let this process use it inside the block, and drop it."""
    usual = connections.settings["default"]
    config = deepcopy(usual)
    on_postgresql = "postgresql" in config["ENGINE"]
    name = f"quartier_own_{uuid4().hex[:12]}" if on_postgresql else str(folder / "own.sqlite3")
    if on_postgresql:
        # Not the name of the usual test database: its server is asked, whichever database is at hand.
        with connections["default"]._nodb_cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        config["OPTIONS"]["pool"] = False
    config["NAME"] = name
    before = connections["default"]
    connections.settings["default"] = config
    connections["default"] = connections.create_connection("default")
    try:
        for room in rooms:
            call_command("migrate", room, verbosity=0)
        yield OwnDatabase(connections["default"], _environment(config))
    finally:
        connections["default"].close()
        connections.settings["default"] = usual
        connections["default"] = before
        if on_postgresql:
            with connections["default"]._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _environment(config: dict[str, object]) -> dict[str, str]:
    """Environment variables by which a child process is the same installation on the given database."""
    if "postgresql" in str(config["ENGINE"]):
        password = f":{config['PASSWORD']}" if config["PASSWORD"] else ""
        url = f"postgresql://{config['USER']}{password}@{config['HOST']}:{config['PORT']}/{config['NAME']}"
    else:
        url = f"sqlite:///{config['NAME']}"
    return dict(os.environ) | {
        "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE,
        "QUARTIER_DATABASE": url,
        "QUARTIER_SECRET_KEY": settings.SECRET_KEY,
        "QUARTIER_FIELD_KEYS": ",".join(settings.FIELD_KEYS),
        "QUARTIER_INDEX_KEY": settings.INDEX_KEY,
    }
