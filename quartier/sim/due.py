"""When the worker has something to do next, in one statement: a simulation asks it at every step."""

from datetime import UTC, datetime

from django.db import connection
from django.utils.dateparse import parse_datetime

from quartier.visits import rules

_NEXT = """
    SELECT (SELECT min(next_at) FROM cases_request WHERE state = 'open'),
           (SELECT min(expires_at) FROM matching_offer WHERE state = 'sent'),
           (SELECT min(not_before) FROM messaging_message WHERE state IN ('due', 'unknown')),
           (SELECT min(comes_until) FROM visits_assignment
             WHERE state IN ('accepted', 'on_way') AND reminded_at IS NULL),
           (SELECT min(comes_until) FROM visits_assignment WHERE state = 'accepted'),
           (SELECT min(announce_at) FROM visits_assignment WHERE state = 'accepted'),
           (SELECT min(next_at) FROM cases_series)
"""


def next_due() -> datetime | None:
    """The earliest moment at which a wave, an expiry, a message or a late visit is due; `None` if nothing is."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT)
        wave, expiry, message, late, gone, *others = map(_moment, cursor.fetchone())
    late = late and late + rules.REMIND_AFTER
    gone = gone and gone + rules.NO_SHOW_AFTER
    return min((moment for moment in (wave, expiry, message, late, gone, *others) if moment), default=None)


def _moment(value: object) -> datetime | None:
    if isinstance(value, str):
        value = parse_datetime(value)
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)
