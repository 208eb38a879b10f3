"""A copy of a PostgreSQL database, and bringing one back: by PostgreSQL's own programs, as the user of the file."""

import os
import subprocess
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from quartier.cli.backup import LEFT_OUT, TableState

# Django's settings, and what PostgreSQL's programs call the same.
_VARIABLES = {
    "HOST": "PGHOST",
    "PORT": "PGPORT",
    "USER": "PGUSER",
    "PASSWORD": "PGPASSWORD",
    "NAME": "PGDATABASE",
}
_OPTIONS = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
# What was there goes within the transaction that brings the other back: also tables of which the copy knows nothing.
_EMPTY = """\
DO $$ DECLARE each record; BEGIN
  FOR each IN SELECT format('%I.%I', schemaname, tablename) AS name
      FROM pg_tables WHERE schemaname = current_schema() LOOP
    EXECUTE 'DROP TABLE ' || each.name || ' CASCADE';
  END LOOP;
  FOR each IN SELECT oid::regprocedure::text AS name FROM pg_proc p
      WHERE pronamespace = current_schema()::regnamespace
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') LOOP
    EXECUTE 'DROP FUNCTION ' || each.name || ' CASCADE';
  END LOOP;
END $$;
"""


# Programs of PostgreSQL 17 and later write it for older servers too, which do not know it and end the whole script.
_LATER_SETTING = b"SET transaction_timeout = 0;"
_HEADER_BYTES = 16_384


class ProgramFailed(Exception):
    """A program of PostgreSQL did not do it; its last words."""


def dump(database: dict[str, Any], target: Path) -> TableState:
    """`pg_dump` in its own format, of the very moment at which the rows were counted."""
    with _connected(database) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        state = _examine(connection)
        left_out = [f"--exclude-table-data=*.{table}" for table in LEFT_OUT]
        words = ["--format=custom", f"--file={target}", f"--snapshot={row[0] if row else ''}", *left_out]
        _run(database, "pg_dump", *words)
    counts = {name: 0 if name in LEFT_OUT else count for name, count in state.counts.items()}
    return TableState(state.migrations, counts)


def current(database: dict[str, Any]) -> TableState | None:
    """What is in the database now; `None` where it is empty."""
    with _connected(database) as connection:
        state = _examine(connection)
    return state if state.counts else None


def others(database: dict[str, Any]) -> int:
    """How many others are connected to it."""
    with _connected(database) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        ).fetchone()
    return int(row[0]) if row else 0


def read_through(dumped: Path, script: Path) -> None:
    """The whole dump as SQL; fails where it is not whole."""
    _run({}, "pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(dumped))
    with script.open("r+b") as opened:
        at = opened.read(_HEADER_BYTES).find(_LATER_SETTING)
        if at >= 0:
            opened.seek(at)
            opened.write(b"--".ljust(len(_LATER_SETTING)))


def put_in_place(database: dict[str, Any], script: Path, counts: dict[str, int], folder: Path) -> None:
    """In one transaction what is there goes, the other comes, and its rows are counted: all of it, or nothing."""
    with _connected(database) as connection:
        row = connection.execute("SELECT current_schema()").fetchone()
        schema = str(row[0]) if row else "public"
        tests = [
            sql.SQL("IF (SELECT count(*) FROM {}) <> {} THEN RAISE EXCEPTION '%', {}; END IF;")
            .format(sql.Identifier(schema, name), sql.Literal(count), sql.Literal(f"rows of {name}"))
            .as_string(connection)
            for name, count in sorted(counts.items())
        ]
    first, last = folder / "first.sql", folder / "last.sql"
    first.write_text(_EMPTY)
    last.write_text("\n".join(["DO $$ BEGIN", *tests, "END $$;"]))
    files = [f"--file={each}" for each in (first, script, last)]
    _run(
        database, "psql", "--no-psqlrc", "--quiet", "--output=/dev/null", "--single-transaction",
        "--set=ON_ERROR_STOP=1", *files,
    )  # fmt: skip


def _connected(database: dict[str, Any]) -> "psycopg.Connection[tuple[Any, ...]]":
    options = {name: database.get("OPTIONS", {}).get(name) for name in _OPTIONS}
    return psycopg.connect(
        host=database.get("HOST") or None,
        port=database.get("PORT") or None,
        user=database.get("USER") or None,
        password=database.get("PASSWORD") or None,
        dbname=database["NAME"],
        connect_timeout=10,
        **{name: value for name, value in options.items() if value},
    )


def _examine(connection: "psycopg.Connection[tuple[Any, ...]]") -> TableState:
    rows = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
    ).fetchall()
    counts = {}
    for (name,) in rows:
        found = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone()
        counts[str(name)] = int(found[0]) if found else 0
    if "django_migrations" not in counts:
        return TableState([], counts)
    names = connection.execute("SELECT app || '.' || name FROM django_migrations").fetchall()
    return TableState(sorted(str(name) for (name,) in names), counts)


def _run(database: dict[str, Any], program: str, *words: str) -> None:
    given = {variable: str(database[key]) for key, variable in _VARIABLES.items() if database.get(key)}
    options = database.get("OPTIONS", {})
    given |= {variable: str(options[key]) for key, variable in _OPTIONS.items() if options.get(key)}
    try:
        did = subprocess.run(
            [program, *words],
            env={**os.environ, **given},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except FileNotFoundError as error:
        raise ProgramFailed(f"{program}: {error.strerror}") from error
    if did.returncode:
        raise ProgramFailed(f"{program}: {did.stderr.strip()[-600:] or did.returncode}")
