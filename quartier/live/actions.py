"""Saying that something changed."""

from uuid import UUID

from django.db import connection, transaction

from quartier.lib import clock
from quartier.live import rules
from quartier.live.models import Change

CHANNEL = "quartier_live"


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
    now = clock.now()
    with transaction.atomic():
        Change.objects.bulk_create(
            [Change(organisation_id=organisation_id, topic=topic, at=now) for topic in topics]
        )
