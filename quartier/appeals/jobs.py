"""What the worker pulls: appeals whose next wave is due, and what a yes has changed for a time that is over."""

from quartier.appeals import actions
from quartier.jobs.pull import puller
from quartier.lib import clock


@puller("appeals.waves")
def waves() -> bool:
    """Ask the next ones for every open appeal that is due. True when something was done."""
    due = actions.due(clock.now())
    for pk in due:
        actions.send_wave(appeal_id=pk)
    return bool(due)


@puller("appeals.farther")
def farther() -> bool:
    """Who went farther for a month goes as far as before."""
    return bool(actions.end_farther(clock.now()))
