"""Alerts climb, and operators are woken, by themselves."""

from quartier.alerts import actions
from quartier.jobs.pull import puller
from quartier.jobs.schedule import every
from quartier.lib import clock


@puller("alerts.climb")
def climb() -> bool:
    """Tell the next one of an alert that nobody has taken. True when there was one."""
    return actions.climb(clock.now())


@every(5, "alerts.wake")
def wake() -> None:
    """Wake operators where somebody waits and nobody is there."""
    actions.wake(clock.now())
