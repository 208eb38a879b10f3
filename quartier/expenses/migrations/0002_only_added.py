"""The book is only added to: the database refuses to change or to delete a line.

A later migration that makes SQLite rebuild the table must create its triggers again.
"""

from django.db import migrations

from quartier.lib.tables import InEmptyOnesToo

TABLE = "expenses_ledgerentry"
WHY = "the book is only added to"


def refuse(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"""
            CREATE FUNCTION expenses_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{WHY}' USING ERRCODE = 'restrict_violation'; END $$
            """
        )
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_only_added BEFORE UPDATE OR DELETE ON {TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION expenses_refuse()"
        )
    else:
        for verb in ("UPDATE", "DELETE"):
            schema_editor.execute(
                f"CREATE TRIGGER {TABLE}_no_{verb.lower()} BEFORE {verb} ON {TABLE} "
                f"BEGIN SELECT RAISE(ABORT, '{WHY}'); END"
            )


def allow(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_only_added ON {TABLE}")
        schema_editor.execute("DROP FUNCTION expenses_refuse()")
    else:
        for verb in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER {TABLE}_no_{verb}")


class Migration(migrations.Migration):
    dependencies = [("expenses", "0001_first")]
    operations = [InEmptyOnesToo(refuse, allow)]
