"""Ending what is under way: a request that is over, a volunteer who goes."""

from django.db import transaction
from django.db.models import F

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.matching import actions as matching
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.people import actions as people
from quartier.people.models import Volunteer
from quartier.team.access import Actor
from quartier.visits.actions import ledger
from quartier.visits.actions.progress import could_not, end, lock
from quartier.visits.models import Assignment


@transaction.atomic
def end_request(
    *, actor: Actor, request: Request, closure: str, note: str = "", merged_into: Request | None = None
) -> Request:
    """Close a request with everything that hangs on it: offers are withdrawn, volunteers need not go any more."""
    active = Assignment.objects.filter(request=request, state__in=Assignment.ACTIVE)
    for assignment in active:
        locked = lock(assignment)
        if locked.state in Assignment.ACTIVE:
            fulfilled = closure == Request.Closure.FULFILLED
            end(locked, Assignment.State.DONE if fulfilled else Assignment.State.CANCELLED)
            ledger.changed(actor, "assignment.done" if fulfilled else "assignment.cancel", locked)
            if fulfilled:
                Volunteer.objects.filter(pk=locked.volunteer_id).update(done_total=F("done_total") + 1)
            else:
                Request.objects.filter(pk=request.pk, accepted__gt=0).update(accepted=F("accepted") - 1)
                ledger.tell_volunteer(locked, "visit_cancelled")
    closed = cases.close_request(
        actor=actor, request=request, closure=closure, note=note, merged_into=merged_into
    )
    matching.withdraw_offers(request=closed)
    if closure == Request.Closure.WITHDRAWN:
        case = closed.case
        told = case.asked_by if case.tell_asker else case.person
        messaging.write(
            organisation=closed.organisation,
            letter=Letter(
                told, "withdrawn", f"withdrawn:{closed.id}:{closed.reopened}", {"kind": closed.kind}
            ),
        )
    return closed


@transaction.atomic
def volunteer_leaves(*, actor: Actor, volunteer: Volunteer) -> None:
    """A volunteer goes for good: what they had promised is looked for again at once, offers end, and so does
    the account."""
    people.leave(actor=actor, volunteer=volunteer)
    _give_back(actor, volunteer)
    people.close_account(actor=actor, volunteer=volunteer)


@transaction.atomic
def volunteer_suspended(*, actor: Actor, volunteer: Volunteer) -> None:
    """A coordinator suspends somebody: no more addresses, no more visits, from this moment."""
    people.suspend(actor=actor, volunteer=volunteer)
    _give_back(actor, volunteer)


def _give_back(actor: Actor, volunteer: Volunteer) -> None:
    for assignment in Assignment.objects.filter(volunteer=volunteer, state__in=Assignment.ACTIVE):
        could_not(actor=actor, assignment=assignment, failure=Assignment.Failure.CANNOT_GO)
    matching.withdraw_offers_of(volunteer=volunteer)
