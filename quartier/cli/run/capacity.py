"""Whether PostgreSQL takes as many connections as the processes of this machine may open at once."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

# Beside its pool a process listens for changes.
LISTENERS_PER_PROCESS = 1


def connections_needed(processes: int) -> int:
    """How many connections so many processes open at most; 0 where the database counts none."""
    pool = settings.DATABASES["default"].get("OPTIONS", {}).get("pool")
    if connection.vendor != "postgresql" or not pool:
        return 0
    return processes * (int(pool["max_size"]) + LISTENERS_PER_PROCESS)


def too_few(processes: int) -> str:
    """What to say where there may be too few for these processes; "" where there are enough."""
    needed = connections_needed(processes)
    if not needed:
        return ""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('max_connections')::int"
                " - current_setting('superuser_reserved_connections')::int,"
                " (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user)"
            )
            free, own = cursor.fetchone()
    except DatabaseError:
        # Gone a moment after the tables were made ready: the pages say so themselves.
        return ""
    finally:
        connection.close()
    allowed = free if own < 0 else min(free, own)
    if needed <= allowed:
        return ""
    return _(
        "The database allows {allowed} connections, and this machine may need {needed}: at a rush some pages would "
        "fail. Raise max_connections in postgresql.conf, or start fewer processes: quartier run --processes 2"
    ).format(allowed=allowed, needed=needed)
