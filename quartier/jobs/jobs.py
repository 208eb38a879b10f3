"""The room's own schedule: what is long over is forgotten."""

from datetime import timedelta

from quartier.jobs.models import Job, State, Tick
from quartier.lib import clock
from quartier.lib.background import every

DONE_KEPT = timedelta(days=7)
FAILED_KEPT = timedelta(days=90)
BATCH = 2000


@every(600, "jobs.prune")
def prune() -> int:
    """Delete jobs done a week ago or failed a quarter ago, and old ticks; at most a batch of each."""
    now = clock.now()
    count = 0
    for old in (
        Job.objects.filter(state=State.DONE, finished_at__lt=now - DONE_KEPT),
        Job.objects.filter(state=State.FAILED, finished_at__lt=now - FAILED_KEPT),
        Tick.objects.filter(at__lt=now - DONE_KEPT),
    ):
        keys = list(old.order_by("pk").values_list("pk", flat=True)[:BATCH])
        count += old.model._default_manager.filter(pk__in=keys).delete()[0]
    return count
