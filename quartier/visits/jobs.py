"""Watching over what was promised."""

from quartier.jobs.pull import puller
from quartier.lib import clock
from quartier.lib.background import every
from quartier.visits import actions


@puller("visits.watch")
def watch() -> bool:
    """Remind of what is tomorrow; ask those who are late how it went; look for somebody else where nobody came; ask who
    was to be helped where nobody says how it went."""
    now = clock.now()
    late = actions.remind_late(now) + actions.find_no_shows(now) + actions.end_unsaid(now)
    return bool(late + actions.announce(now))


@puller("visits.rhythm")
def rhythm() -> bool:
    """Help that comes again: the next days become requests, and who comes each time has them."""
    return bool(actions.open_due(clock.now()))


@puller("visits.alone")
def alone() -> bool:
    """Ask those who went alone and are not out again; tell the team of those who do not answer."""
    now = clock.now()
    return bool(actions.ask_overdue(now) + actions.raise_overdue(now))


@puller("visits.pairs")
def pairs() -> bool:
    """Tell a coordinator of first visits that begin soon, with nobody experienced to go along."""
    return bool(actions.call_for_decision(clock.now()))


@every(1800, "visits.holidays", atomic=False)
def point_out_visits() -> int:
    """Point out to those who are away from tomorrow on what they have promised. Returns for how many visits."""
    return actions.point_out(clock.now())
