"""Promises are watched over by themselves."""

from quartier.duty import actions
from quartier.jobs.pull import puller
from quartier.lib import clock


@puller("duty.promises")
def promises() -> bool:
    """Tell the team of what it owes, and people of what was not kept. True when something was due."""
    return actions.watch_promises(clock.now())
