"""The room's schedule: changes that every stream has seen are forgotten."""

from datetime import timedelta

from quartier.lib import clock
from quartier.lib.background import every
from quartier.live.models import Change

KEPT = timedelta(hours=1)


@every(300, "live.prune")
def prune() -> int:
    """Delete changes older than an hour."""
    return Change.objects.filter(at__lt=clock.now() - KEPT).delete()[0]
