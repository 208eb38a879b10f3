"""A visit that was said to be done, and was not."""

from collections.abc import Callable
from functools import partial

from django.db import transaction

from quartier.cases.models import Request
from quartier.followup.actions.climbing import alert
from quartier.followup.models import Campaign, CheckIn, FollowUp
from quartier.lib import clock
from quartier.team.access import Actor
from quartier.visits import actions as visits
from quartier.visits.models import Assignment
from quartier.visits.rules import REMIND_AFTER, is_done_ahead


@transaction.atomic
def undo_done(*, actor: Actor, assignment: Assignment) -> Assignment:
    """As `visits.undo_done`, with the question how it was, which nobody has been asked yet. Where it was a knock on a
    door, it is not known yet that somebody was there."""
    return _undone(assignment, partial(visits.undo_done, actor=actor, assignment=assignment))


@transaction.atomic
def undo_done_ahead(*, actor: Actor, request: Request) -> None:
    """As `visits.undo_done_ahead`, of everybody who was to go there and has said so. Nothing where it was not so."""
    now = clock.now()
    for each in request.assignments.filter(state=Assignment.State.DONE).order_by("pk"):
        if is_done_ahead(each, now):
            _undone(each, partial(visits.undo_done_ahead, actor=actor, assignment=each))


def _undone(assignment: Assignment, undo: Callable[[], Assignment]) -> Assignment:
    knocks = CheckIn.objects.filter(request=assignment.request_id).select_related("campaign", "organisation")
    # A row is locked before its request, as on the ladder.
    rows = list(knocks.select_for_update(of=("self",)).order_by("pk"))
    undone = undo()
    FollowUp.objects.filter(assignment=undone, asked_at=None, answered_at=None).delete()
    for row in rows:
        if row.state == CheckIn.State.KNOCKED:
            _wait_again(row, undone)
    return undone


def _wait_again(row: CheckIn, undone: Assignment) -> None:
    row.answered_at = None
    if row.campaign.state == Campaign.State.ENDED:
        # Nobody climbs any more: it stands with those who were not reached until the neighbour was there.
        alert(row)
        return
    row.state, row.next_at = CheckIn.State.KNOCKING, undone.comes_until + REMIND_AFTER
    row.save(update_fields=["state", "next_at", "answered_at"])
