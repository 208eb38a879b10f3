"""Calls are planned and watched, pairings follow what happened elsewhere, and old notebooks are emptied."""

from quartier.companions import actions
from quartier.jobs.pull import puller
from quartier.jobs.schedule import every
from quartier.lib import clock


@puller("companions.plan")
def plan() -> bool:
    """The calls of the next two weeks become rows."""
    return actions.plan_due(clock.now()) > 0


@puller("companions.watch")
def watch() -> bool:
    """Who has not said how a call went is reminded; then the supervisor is told."""
    return actions.watch(clock.now()) > 0


@puller("companions.follow")
def follow() -> bool:
    """A death, a break that is over, a listener who cannot go on."""
    return actions.follow(clock.now()) > 0


@every(60, "companions.checks")
def checks() -> None:
    """Whoever was not reached and was met since need not be checked on any more."""
    actions.end_checks_of_met()


@every(3600, "companions.empty")
def empty() -> None:
    """Notebooks of pairings that ended three months ago are emptied."""
    actions.empty_due(clock.now())


@every(3600, "companions.instead")
def instead() -> None:
    """Handovers whose days are over are closed."""
    actions.end_past(clock.now())
