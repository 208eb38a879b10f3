"""What the worker does by itself: appeals whose next wave is due, what a yes has changed for a time that is over, and
whoever has been silent for long."""

from quartier.appeals import actions
from quartier.jobs.pull import puller
from quartier.jobs.schedule import every
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


@every(6 * 3600, "appeals.quiet", atomic=False)
def quiet() -> int:
    """Whoever has been silent for a month is asked once whether they want a break. Returns how many appeals."""
    now = clock.now()
    actions.ask_as_before(now)
    return actions.ask_quiet(now)
