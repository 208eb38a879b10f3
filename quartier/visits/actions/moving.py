"""Another time, when somebody may be on their way already."""

from datetime import datetime

from django.db import transaction

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.lib import clock
from quartier.team.access import Actor
from quartier.visits import rules
from quartier.visits.actions import ledger
from quartier.visits.actions.progress import lock
from quartier.visits.models import Assignment


@transaction.atomic
def move_request(
    *, actor: Actor, request: Request, window: tuple[datetime, datetime], urgency: str
) -> Request:
    """Who is helped wishes another time. Whoever goes hears it at once, and can still say that it does not suit.

    Raises `NotPossible` when the request or the time is over.
    """
    moved = cases.change_request(actor=actor, request=request, window=window, urgency=urgency)
    Request.objects.filter(pk=moved.pk).update(pair_told_at=None)
    for assignment in Assignment.objects.filter(request=moved, state__in=Assignment.ACTIVE):
        locked = lock(assignment)
        if locked.state not in Assignment.ACTIVE or (locked.comes_from, locked.comes_until) == window:
            continue
        locked.comes_from, locked.comes_until = window
        locked.reminded_at = None
        locked.announce_at = rules.announce_at(
            window[0], clock.now(), moved.organisation.zone, regular=locked.regular
        )
        locked.save(update_fields=["comes_from", "comes_until", "reminded_at", "announce_at"])
        ledger.changed(actor, "assignment.move", locked)
        ledger.may_call_each_other(locked)
        ledger.tell_volunteer(locked, "visit_moved", again=f"{window[0]:%d%H%M}{window[1]:%d%H%M}")
    return moved
