"""Promises are watched over, and letters written, by themselves."""

from quartier.duty import actions
from quartier.jobs.pull import puller
from quartier.jobs.schedule import every
from quartier.lib import clock


@puller("duty.promises")
def promises() -> bool:
    """Tell the team of what it owes, and people of what was not kept. True when something was due."""
    return actions.watch_promises(clock.now())


@every(60, "duty.leavers", atomic=False)
def leavers() -> int:
    """What is owed by who is not of the team any more comes back to it. Returns how much."""
    return actions.give_back_of_leavers()


@every(300, "duty.letters", atomic=False)
def letters() -> int:
    """Whoever is on duty hears who waits, at its beginning and its end; the heads, when nobody will be. Returns how
    many letters."""
    return actions.write_letters(clock.now())
