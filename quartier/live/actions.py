"""Saying that something changed."""

from uuid import UUID

from django.db import connection

from quartier.lib import clock
from quartier.live import rules

CHANNEL = "quartier_live"
_WRITE = "INSERT INTO live_change (organisation_id, topic, at) VALUES (%s, %s, %s)"


def touch(organisation_id: UUID, *topics: str) -> None:
    """Tell the pages that show these topics to fetch again, once the surrounding transaction has committed.

    Topics: `board`, `request:ID`, `account:ID`, `link:HASH` (of a private link's token). Call it in the
    transaction of the change; nobody hears of what was rolled back. Raises `rules.BadTopics`.
    """
    topics = tuple(dict.fromkeys(topics))
    rules.check(topics)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for topic in topics:
                cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, rules.address(organisation_id, topic)])
        return
    now = connection.ops.adapt_datetimefield_value(clock.now())
    with connection.cursor() as cursor:
        # Every change of anything passes here, and has no use for the objects.
        cursor.executemany(_WRITE, [(organisation_id.hex, topic, now) for topic in topics])
