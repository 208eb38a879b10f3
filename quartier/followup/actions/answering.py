"""An answer is kept; what is not right goes to a human at once, and coordinators are told."""

from django.db import transaction

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.followup import access
from quartier.followup.actions.ledger import changed, tell_coordinators
from quartier.followup.models import FollowUp, HelperSays
from quartier.followup.rules import Said, may_still_answer
from quartier.lib import clock
from quartier.lib.text import clean
from quartier.team.access import Actor
from quartier.visits.models import Assignment

State = FollowUp.State
WORDS_AT_MOST = 2000


@transaction.atomic
def answer(*, actor: Actor, follow_up: FollowUp, said: Said, by: str) -> FollowUp:
    """Keep what was said; said again, nothing happens; said otherwise, the last word holds.

    What is not right is looked after from now on, once. An empty answer changes nothing, nor one that is too late.
    """
    Request.objects.select_for_update().get(assignments=follow_up.assignment_id)
    row = _locked(follow_up)
    words = clean(said.words, WORDS_AT_MOST)
    said = Said(said.happened, said.how, said.wants_call, words or row.words)
    if said.is_empty or not may_still_answer(row, clock.now()):
        return row
    if row.state == State.ANSWERED and said == _said(row):
        return row
    was_bad = row.is_bad
    row.state, row.answered_at, row.by = State.ANSWERED, clock.now(), FollowUp.By(by)
    row.happened, row.how, row.wants_call, row.words = said.happened, said.how, said.wants_call, said.words
    row.is_bad = was_bad or said.is_bad
    row.claimed_by = row.claimed_until = None
    if said.is_bad:
        row.looked_after_at = row.looked_after_by = None
    row.save()
    changed(actor, "follow_up.answer", "follow_up", row.pk, by=by, bad=said.is_bad)
    if said.is_bad and not was_bad:
        _raise(actor, row)
    return row


def _said(row: FollowUp) -> Said:
    return Said(row.happened, row.how, row.wants_call, row.words)


def _locked(follow_up: FollowUp) -> FollowUp:
    return (
        FollowUp.objects.select_for_update(of=("self",))
        .select_related("organisation", "person", "assignment__request__case")
        .get(pk=follow_up.pk)
    )


def _raise(actor: Actor, row: FollowUp) -> None:
    """It goes to a human: what was closed is open again. Where somebody else goes there already, it stands on the
    coordinators' page alone. What was said never reaches who went there.

    (A worry about somebody's safety becomes a concern of its own, past whoever it is about: from here.)
    """
    request = row.assignment.request
    if request.state == Request.State.CLOSED and request.closure != Request.Closure.DUPLICATE:
        request = cases.reopen_request(actor=actor, request=request, human=Request.Why.ASKED)
    elif request.state == Request.State.OPEN:
        request = cases.ask_human(actor=actor, request=request, why=Request.Why.ASKED)
    case = request.case
    values = {
        "kind": request.kind,
        "place": (case.postcode, case.place_name),
        "page": ("request_page", request.pk),
    }
    if tell_coordinators(row.organisation, "after_bad", str(row.pk), values):
        # `duty` tells them once more only when the word is nearly broken.
        cases.team_knows(request)


@transaction.atomic
def look_after(*, actor: Actor, follow_up: FollowUp) -> FollowUp:
    """A coordinator has looked after what was not right. Raises `Http404` for who may not."""
    row = access.answer_for(actor, follow_up.pk)
    done = FollowUp.objects.filter(pk=row.pk, is_bad=True, looked_after_at=None).update(
        looked_after_at=clock.now(), looked_after_by=actor.account
    )
    if done:
        changed(actor, "follow_up.look_after", "follow_up", row.pk)
    row.refresh_from_db()
    return row


@transaction.atomic
def helper_says(*, actor: Actor, assignment: Assignment, how: str, words: str = "") -> HelperSays | None:
    """How it was for the volunteer, of a visit that is done; the last word holds. `None` for another one."""
    if assignment.state != Assignment.State.DONE:
        return None
    Assignment.objects.select_for_update().get(pk=assignment.pk)
    row = HelperSays.objects.filter(assignment=assignment).first()
    row = row or HelperSays(organisation_id=assignment.organisation_id, assignment=assignment)
    row.how, row.words, row.at = HelperSays.How(how), clean(words, WORDS_AT_MOST) or row.words, clock.now()
    row.save()
    changed(actor, "helper.says", "assignment", assignment.pk)
    return row
