"""The name by which Django finds a database's wrapper."""

import time
from typing import Any

from django.db.backends.postgresql import base
from psycopg_pool import PoolTimeout

from quartier.lib import postgresql

# When somebody of this process was given a connection last.
_given_at = float("-inf")


class DatabaseWrapper(base.DatabaseWrapper):
    """Waits for a connection of the pool as long as others get some."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        global _given_at
        begun = time.monotonic()
        while True:
            asked = time.monotonic()
            try:
                found = super().get_new_connection(conn_params)
            except PoolTimeout:
                now = time.monotonic()
                is_busy = _given_at > asked
                if (
                    not is_busy and now - begun >= postgresql.patience_s
                ) or now - begun >= postgresql.LONGEST_WAIT_S:
                    raise
            else:
                _given_at = time.monotonic()
                return found
