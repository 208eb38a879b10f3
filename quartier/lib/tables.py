"""The tables of the database: all at once in one that is empty, else by what migrations are missing
(docs/decisions/0042).

One after the other, the migrations take half a minute of processor on an empty database: for each step Django draws
every model again. What a new installation is to have is known from how they leave the models.
"""

from collections.abc import Iterable

from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, migrations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

# Rooms of earlier versions: what they have changed is still written down.
_FORMER_APPS = {"sessions"}


class NewerTables(Exception):
    """The tables were changed by a later version; `args[0]`: by which migrations this one does not know."""


class InEmptyOnesToo(migrations.RunPython):
    """What a migration does that models do not say, such as a trigger; all others move rows, of which an empty database
    has none."""


def make() -> bool:
    """Make every table that is missing, or change what a new version changes. Returns whether the database was empty.

    In an empty one everything is one transaction: cut off, nothing is there, and the next start begins again.
    """
    if connection.introspection.table_names():
        if later := unknown_to_this_version():
            raise NewerTables(later)
        call_command("migrate", verbosity=0, interactive=False)
        return False
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    # As the migrations leave the models, drawn once.
    at_last = executor.loader.project_state().apps
    # Its transaction ends with the block, after the keys from one table to another have been added.
    with connection.schema_editor() as editor:
        for model in at_last.get_models():
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        for migration, _backwards in plan:
            for step in migration.operations:
                if isinstance(step, InEmptyOnesToo):
                    step.code(at_last, editor)
        editor.create_model(executor.recorder.Migration)
        for migration, _backwards in plan:
            executor.recorder.record_applied(migration.app_label, migration.name)
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)
    return True


def unknown_to_this_version(applied: Iterable[str] | None = None) -> list[str]:
    """Which of the migrations that a database (this one, if none are given) has seen, as `room.name`, this version does
    not have: those of a later one."""
    if applied is None:
        rows = MigrationRecorder(connection).applied_migrations()
        applied = [f"{app}.{name}" for app, name in rows]
    known = MigrationLoader(None).disk_migrations
    names = {f"{app}.{name}" for app, name in known}
    names |= {f"{app}.{name}" for each in known.values() for app, name in each.replaces}
    return sorted(
        name for name in applied if name not in names and name.partition(".")[0] not in _FORMER_APPS
    )


def waiting_changes() -> int:
    """How many migrations the tables of a database lack; 0 where it is empty: there nothing is changed."""
    if not connection.introspection.table_names():
        return 0
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
