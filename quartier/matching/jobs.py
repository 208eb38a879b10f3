"""What the worker pulls: requests whose time has come, and offers whose time is over."""

import logging

from quartier.cases.models import Request
from quartier.jobs.pull import puller
from quartier.jobs.schedule import every
from quartier.lib import clock
from quartier.matching import actions

log = logging.getLogger(__name__)
AT_ONCE = 20


@puller("matching.waves")
def waves() -> bool:
    """Ask for every open request that is due, those that failed before first. True when something was done.

    When very many are due at once, the neighbours are shared out among them before.
    """
    if not clock.is_asked_ahead():
        # A process remembers that it has planned: not where it is only asked what will be due.
        actions.plan_when_many(clock.now())
    due = list(
        Request.objects.filter(state=Request.State.OPEN, next_at__lte=clock.now())
        .order_by("-priority", "next_at")
        .values_list("pk", flat=True)[:AT_ONCE]
    )
    for pk in due:
        actions.send_wave(request_id=pk)
    return bool(due)


@puller("matching.expiry")
def expiry() -> bool:
    """Let unanswered offers expire."""
    return bool(actions.expire_offers(clock.now()))


@every(600, "matching.resume", atomic=False)
def resume() -> int:
    """A new day has places again: what was given up the day before is looked for once more."""
    return actions.resume_searches()


@every(600, "matching.learning", atomic=False)
def learning() -> None:
    """What the answers of each organisation's volunteers teach, once on each of its days."""
    for organisation_id in actions.learners():
        while actions.learn_answers(organisation_id=organisation_id):
            pass
