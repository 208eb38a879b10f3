"""Counting attempts, over all processes and machines."""

from datetime import datetime

from django.db import connection, transaction

from quartier.lib import clock, crypto
from quartier.limits import rules
from quartier.limits.models import Counter


def allow(*, purpose: str, who: str, limit: int, per_seconds: int) -> bool:
    """Count one attempt; false when there were already `limit` of them in the last `per_seconds` seconds.

    `who`: an address, an account, a phone number; only a keyed hash of it is kept, with the day as salt, so
    that nobody can follow it from one day to the next. An attempt that is refused is not counted, so waiting
    helps. Call it before the transaction of what it protects: what is rolled back was not counted.
    Raises `ValueError` for a limit or a time below 1.
    """
    if limit < 1 or per_seconds < 1:
        raise ValueError("a limit needs at least one attempt and one second")
    now = clock.now()
    number, over = rules.window(now, per_seconds)
    key, key_before = (_key(purpose, who, each, per_seconds) for each in (number, number - 1))
    seen = dict(
        Counter.objects.filter(key__in={key, key_before}, number__in=[number, number - 1]).values_list(
            "number", "count"
        )
    )
    before = seen.get(number - 1, 0)
    # Whoever is refused costs a reading, and never waits for SQLite's write lock.
    if rules.too_many(before, seen.get(number, 0) + 1, over, limit):
        return False
    with transaction.atomic():
        count = _count(key, number, rules.ends(number, per_seconds))
        if rules.too_many(before, count, over, limit):
            _count(key, number, rules.ends(number, per_seconds), by=-1)
            return False
    return True


def first_time(*, purpose: str, what: str, until: datetime) -> bool:
    """Whether `what` was not seen before; it is remembered until then, in the caller's transaction: what is rolled
    back was not seen. Two at once wait for each other. Only a keyed hash is kept."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO limits_spent (challenge, until) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [crypto.blind(f"once {purpose}", "", what), connection.ops.adapt_datetimefield_value(until)],
        )
        return bool(cursor.rowcount == 1)


def _key(purpose: str, who: str, number: int, seconds: int) -> str:
    day = number * seconds // 86400
    return crypto.blind(f"limits {purpose} {seconds} day {day}", "", who or "nobody")


def _count(key: str, number: int, until: datetime, by: int = 1) -> int:
    """Add to a counter, in one statement, so that two at once are two."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO limits_counter (key, number, count, until) VALUES (%s, %s, 1, %s) "
            "ON CONFLICT (key, number) DO UPDATE SET count = limits_counter.count + %s RETURNING count",
            [key, number, connection.ops.adapt_datetimefield_value(until), by],
        )
        return int(cursor.fetchone()[0])
