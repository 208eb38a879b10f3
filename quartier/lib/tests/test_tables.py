"""Tables made at once are those that the migrations make, one after the other: columns, keys, rules, triggers."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from quartier.lib import tables
from quartier.lib.tests.databases import own_database

# What each says of itself, by a name; the order of columns says nothing.
COLUMNS = "table_name, column_name, data_type, character_maximum_length::text, is_nullable, column_default, is_identity"
POSTGRESQL = (
    f"SELECT {COLUMNS} FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid > 0",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
)
SQLITE = ("SELECT type, tbl_name, name, sql FROM sqlite_master WHERE name <> 'sqlite_sequence'",)
ROWS = (
    "SELECT app, name FROM django_migrations",
    "SELECT app_label, model FROM django_content_type",
    "SELECT codename FROM auth_permission",
)


@pytest.fixture
def described(tmp_path, django_db_blocker):
    """What a database is, whose tables were made so."""

    def describe(make):
        with django_db_blocker.unblock(), own_database(tmp_path, tables=False) as own:
            make()
            on_sqlite = connection.vendor == "sqlite"
            found = {row for query in ROWS for row in own.rows(query)}
            for query in SQLITE if on_sqlite else POSTGRESQL:
                found |= {
                    (*row[:-1], tuple(parts(str(row[-1])))) if on_sqlite else row for row in own.rows(query)
                }
            return found

    return describe


def parts(sql):
    """What stands in the outer parentheses of a CREATE TABLE, in an order of its own; else all of it."""
    if not sql.startswith("CREATE TABLE"):
        return [sql]
    depth, part, found = 0, "", []
    for sign in sql[sql.index("(") + 1 : sql.rindex(")")]:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            found.append(part)
            part = ""
        else:
            part += sign
    return sorted(re.sub(r"\s+", " ", each).strip() for each in [*found, part])


def test_made_at_once_is_what_the_migrations_make(described):
    at_once = described(tables.make)
    one_by_one = described(lambda: call_command("migrate", verbosity=0, interactive=False))
    assert len(at_once) > 500
    assert sorted(map(str, at_once - one_by_one)) == sorted(map(str, one_by_one - at_once)) == []


def test_where_there_are_tables_they_stay(tmp_path, django_db_blocker):
    with django_db_blocker.unblock(), own_database(tmp_path) as own:
        own.run("INSERT INTO django_content_type (app_label, model) VALUES ('a', 'b')")
        assert tables.make() is False
        assert own.rows("SELECT model FROM django_content_type WHERE app_label = 'a'") == [("b",)]


def test_cut_off_in_the_middle_nothing_is_there(tmp_path, django_db_blocker, monkeypatch):
    def gone(*_given):
        raise KeyboardInterrupt

    with django_db_blocker.unblock(), own_database(tmp_path, tables=False) as own:
        with monkeypatch.context() as cut:
            cut.setattr("django.db.migrations.recorder.MigrationRecorder.record_applied", gone)
            with pytest.raises(KeyboardInterrupt):
                tables.make()
        assert connection.introspection.table_names() == []
        assert tables.make() is True
        assert own.rows("SELECT count(*) FROM django_migrations") != [(0,)]


def test_every_room_with_models_has_migrations():
    """Else an installation that is there already would never get its tables."""
    rooms = Path(tables.__file__).parents[1]
    with_models = {
        path.relative_to(rooms).parts[0] for path in rooms.glob("*/models*") if path.suffix in {"", ".py"}
    }
    assert not [room for room in with_models if not (rooms / room / "migrations").is_dir()]
