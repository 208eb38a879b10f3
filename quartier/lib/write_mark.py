"""Tells cheaply whether the database was written to: what polls it then reads tables only when that can matter."""

from django.db import connection


def write_mark() -> object:
    """A value that is another one once a connection other than this one has committed a write.

    One statement, 0.1 ms. It may change without a write (PostgreSQL: another database of the server; a connection that
    was opened anew), and never says that nothing is due: a row can fall due by time alone. Outside a transaction only.
    Sources: SQLite, `PRAGMA data_version`; PostgreSQL, `pg_current_snapshot()`, which lists what is not committed yet.
    """
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text" if postgresql else "PRAGMA data_version")
        return cursor.fetchone()[0]
