"""What comes by itself after a visit: the question, and its end."""

from quartier.followup import actions
from quartier.jobs.pull import puller
from quartier.lib import clock
from quartier.lib.background import every


@every(60, "followup.plan")
def plan() -> int:
    """Each visit that has ended gets its question, and each of which nobody says how it went."""
    now = clock.now()
    return actions.plan(now) + actions.plan_silent(now)


@puller("followup.ask")
def ask() -> bool:
    """Ask those whose turn it is."""
    return bool(actions.ask_due(clock.now()))


@every(60, "followup.due_calls")
def due_calls() -> int:
    """Calls to make whose time has come stand on open pages."""
    return actions.show_due_calls(clock.now())


@every(600, "followup.expire")
def expire() -> int:
    """Questions that nobody answered end silently."""
    return actions.expire(clock.now())


@every(120, "followup.overdue", atomic=False)
def overdue() -> int:
    """What nobody came for in time is asked about, then closed; a missed day when the next one comes."""
    now = clock.now()
    return actions.end_missed_days(now) + actions.ask_overdue(now) + actions.close_overdue(now)


@puller("followup.news")
def news() -> bool:
    """Those who were helped before hear of an incident, a few at a time."""
    return actions.tell_some(clock.now())


@every(600, "followup.escalate", atomic=False)
def escalate() -> bool:
    """Whoever nobody has reached for a day: the heads are told."""
    return actions.escalate_unreached(clock.now())


@puller("followup.check_ins")
def check_ins() -> bool:
    """Campaigns ask, and whoever does not answer climbs the ladder."""
    now = clock.now()
    # Told once nobody moves any more, so that those who came to a rung together are told together.
    return actions.climb(now) or bool(actions.see_knocks(now)) or actions.tell_ladder_news(now)
