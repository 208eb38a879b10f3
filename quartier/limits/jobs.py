"""The room's schedule: what no longer counts is forgotten."""

from quartier.lib import clock
from quartier.lib.background import every
from quartier.limits.models import Counter, Spent


@every(300, "limits.prune")
def prune() -> int:
    """Delete counters whose windows are over, and used challenges that have expired."""
    now = clock.now()
    counters = Counter.objects.filter(until__lt=now).delete()[0]
    return counters + Spent.objects.filter(until__lt=now).delete()[0]
