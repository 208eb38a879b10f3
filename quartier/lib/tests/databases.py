"""A fresh database of its own for tests that start other processes, or need what a commit really does.

The ordinary test database will not do for them: on SQLite it lives in memory, where no other process sees it,
and what it contains is rolled back.
"""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from quartier.lib import tables as made_at_once
from tests import empty


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
def own_database(folder: Path, *, tables: bool = True) -> Iterator[OwnDatabase]:
    """Make an empty database with all tables, or none, let this process use it inside the block, and drop it."""
    usual = connections.settings["default"]
    config = deepcopy(usual)
    on_postgresql = "postgresql" in config["ENGINE"]
    if on_postgresql:
        config["OPTIONS"]["pool"] = False
        config["NAME"] = name = f"quartier_own_{uuid4().hex[:12]}"
        _on_the_server(
            f"CREATE DATABASE {name}" + (f" TEMPLATE {with_tables(on_postgresql=True)}" if tables else "")
        )
    else:
        config["NAME"] = str(folder / f"own-{uuid4().hex[:12]}.sqlite3")
        if tables:
            shutil.copy(with_tables(on_postgresql=False), config["NAME"])
    try:
        with _in_use(config) as connection:
            yield OwnDatabase(connection, _environment(config))
    finally:
        if on_postgresql:
            _on_the_server(f"DROP DATABASE {name} WITH (FORCE)")


@cache
def with_tables(*, on_postgresql: bool) -> str:
    """An empty database with all tables, made once, of which others are copies."""
    config = deepcopy(connections.settings["default"])
    if not on_postgresql:
        home = Path(tempfile.mkdtemp(prefix="quartier-own-"))
        atexit.register(shutil.rmtree, home, ignore_errors=True)
        empty.put(home / "empty.sqlite3")
        return str(home / "empty.sqlite3")
    config["OPTIONS"]["pool"] = False
    config["NAME"] = name = f"quartier_own_{uuid4().hex[:12]}"
    _on_the_server(f"CREATE DATABASE {name}")
    atexit.register(_forgotten, name)
    with _in_use(config):
        made_at_once.make()
    return name


@contextmanager
def _in_use(config: dict[str, Any]) -> Iterator[BaseDatabaseWrapper]:
    """Inside the block, this thread's database is that one."""
    usual, before = connections.settings["default"], connections["default"]
    connections.settings["default"] = config
    connections["default"] = connections.create_connection("default")
    try:
        yield connections["default"]
    finally:
        connections["default"].close()
        connections.settings["default"] = usual
        connections["default"] = before


def _forgotten(name: str) -> None:
    # A server that has been stopped before us took it along.
    with suppress(Exception):
        _on_the_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _on_the_server(sql: str) -> None:
    """Not the name of the usual test database: its server is asked, whichever database is at hand."""
    with connections["default"]._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(sql)


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
