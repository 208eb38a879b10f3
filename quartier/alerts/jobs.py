"""Alerts climb, and operators are woken, by themselves."""

from quartier.alerts import actions, edge_trouble, line_stops
from quartier.jobs.pull import puller
from quartier.jobs.schedule import every
from quartier.lib import clock


@puller("alerts.climb")
def climb() -> bool:
    """Tell the next one of an alert that nobody has taken. True when there was one."""
    return actions.climb(clock.now())


@puller("alerts.wake")
def wake() -> bool:
    """Wake operators where somebody waits and nobody is there. True when some were; idle, it only looks."""
    return actions.wake(clock.now()) > 0


@puller("alerts.line_stops")
def line_stop() -> bool:
    """Alert of outgoing calls that were stopped. True when there was such a stop; idle, it only looks."""
    return line_stops.alert_next_stop()


@puller("alerts.edge_trouble")
def edge_alerts() -> bool:
    """Alert of an edge of the line that is away for long, and end the alert when it is back. True when there was one;
    idle, it only looks."""
    return edge_trouble.settle_edge_alerts()


@every(60, "alerts.line_money")
def line_money() -> None:
    """Coordinators hear once a day when the line's money is nearly spent, and when it is."""
    actions.tell_line_money(clock.now())
