"""The tables of the database: all at once in one that is empty, else by what migrations are missing
(docs/decisions/0042).

One after the other, the migrations take half a minute of processor on an empty database: for each step Django draws
every model again. What a new installation is to have is known from how they leave the models.
"""

from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, migrations
from django.db.migrations.executor import MigrationExecutor


class InEmptyOnesToo(migrations.RunPython):
    """What a migration does that models do not say, such as a trigger; all others move rows, of which an empty database
    has none."""


def make() -> bool:
    """Make every table that is missing, or change what a new version changes. Returns whether the database was empty.

    In an empty one everything is one transaction: cut off, nothing is there, and the next start begins again.
    """
    if connection.introspection.table_names():
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
