"""How long people wait."""

from datetime import datetime, timedelta
from math import inf, isinf
from statistics import median_high

from django.db.models import Min

from quartier.cases.models import Request
from quartier.team.models import Organisation

# A median of fewer says nothing; of more, nothing new.
FEWEST, MOST = 20, 400
RECENT, A_DAY = timedelta(days=30), timedelta(days=1)
# They did not wait for a neighbour to the end, by their own wish.
NOT_COUNTED = (Request.Closure.WITHDRAWN, Request.Closure.DUPLICATE)


def median_wait(organisation: Organisation, now: datetime) -> timedelta | None:
    """From asking to a neighbour's yes, the median of the requests closed in the last 30 days and of those that have
    waited for a day: for whoever nobody came they count as longer than all others. `None` while they are fewer than
    20, or more than half of them had nobody. Reads at most 400 rows by an index."""
    ours = Request.objects.filter(organisation=organisation)
    closed = (
        ours.filter(closed_at__gt=now - RECENT).exclude(closure__in=NOT_COUNTED).order_by("-closed_at", "-pk")
    )
    waiting = ours.exclude(state=Request.State.CLOSED).filter(
        covered_at=None, created_at__gt=now - RECENT, created_at__lt=now - A_DAY
    )
    halves = (closed, waiting.order_by("-pk"))
    rows = [row for half in halves for row in half.values_list("created_at", "covered_at")[: MOST // 2]]
    waits = [
        max(0.0, (covered - created).total_seconds()) if covered is not None else inf
        for created, covered in rows
    ]
    middle = median_high(waits) if len(waits) >= FEWEST else inf
    return None if isinf(middle) else timedelta(seconds=middle)


def search_due_since() -> datetime | None:
    """Since when the matcher should have looked for the open request that is due for longest, of everybody on this
    installation; in the future where it is in time. One query."""
    at: datetime | None = Request.objects.filter(state=Request.State.OPEN).aggregate(at=Min("next_at"))["at"]
    return at
