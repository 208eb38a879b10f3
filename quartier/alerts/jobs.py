"""Alerts climb, and operators are woken, by themselves."""

from quartier.alerts import actions
from quartier.jobs.pull import puller
from quartier.lib import clock


@puller("alerts.climb")
def climb() -> bool:
    """Tell the next one of an alert that nobody has taken. True when there was one."""
    return actions.climb(clock.now())


@puller("alerts.wake")
def wake() -> bool:
    """Wake operators where somebody waits and nobody is there. True when some were; idle, it only looks."""
    return actions.wake(clock.now()) > 0
