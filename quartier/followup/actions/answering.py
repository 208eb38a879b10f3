"""An answer is kept; what is not right goes to a human at once, and coordinators are told."""

from django.db import transaction

from quartier.alerts.queries import team_on_duty
from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.followup import access
from quartier.followup.actions.ledger import changed, coordinators, tell_each
from quartier.followup.actions.overdue import answer_overdue
from quartier.followup.models import FollowUp, HelperSays
from quartier.followup.rules import Said, may_still_answer
from quartier.lib import clock
from quartier.lib.rows import hold
from quartier.lib.text import clean
from quartier.people.queries import first_name
from quartier.promises import actions as promises
from quartier.promises.models import Promise
from quartier.team.access import Actor
from quartier.visits import actions as visits
from quartier.visits.models import Assignment

State = FollowUp.State
WORDS_AT_MOST = 2000


@transaction.atomic
def answer(*, actor: Actor, follow_up: FollowUp, said: Said, by: str) -> FollowUp:
    """Keep what was said; said again, nothing happens; said otherwise, the last word holds.

    What is not right is looked after from now on, once. An empty answer changes nothing, nor one that is too late.
    """
    _hear_of_visit(actor, follow_up, said)
    hold(Request, assignments=follow_up.assignment_id)
    row = _locked(follow_up)
    words = clean(said.words, WORDS_AT_MOST)
    said = Said(said.happened, said.how, said.wants_call, words or row.words)
    if said.is_empty or not may_still_answer(row, clock.now()):
        return row
    if row.state == State.ANSWERED and said == _said(row):
        return row
    was_bad, was_settled = row.is_bad, row.looked_after_at is not None
    row.state, row.answered_at, row.by = State.ANSWERED, clock.now(), FollowUp.By(by)
    row.happened, row.how, row.wants_call, row.words = said.happened, said.how, said.wants_call, said.words
    row.is_bad = was_bad or said.is_bad
    row.claimed_by = row.claimed_until = None
    if said.is_bad:
        row.looked_after_at = row.looked_after_by = None
    row.save()
    changed(actor, "follow_up.answer", "follow_up", row.pk, by=by, bad=said.is_bad)
    if said.is_bad and (was_settled or not was_bad):
        _raise(actor, row, again=was_settled)
    return row


def _hear_of_visit(actor: Actor, follow_up: FollowUp, said: Said) -> None:
    """Of a visit of which the volunteer has not said how it went, their word counts; also when nobody waits for the
    volunteer's any more. Locks series and request."""
    visit = Assignment.objects.select_related("request").get(pk=follow_up.assignment_id)
    if said.happened and visit.failure == Assignment.Failure.UNSAID:
        request = visit.request
        if request.why_human == Request.Why.TIME_OVER and request.window_until == visit.comes_until:
            answer_overdue(actor=actor, request=request, said="done")
        return
    if visit.state != Assignment.State.ON_WAY or said.happened is None:
        return
    if said.happened:
        visits.was_there(actor=actor, assignment=visit)
    else:
        visits.was_not_there(actor=actor, assignment=visit)


def _promise_answer(row: FollowUp, request: Request) -> None:
    """The page tells them by when one of us calls, or writes to who has no number. Whoever has answered otherwise hears
    it in a message."""
    if row.by == FollowUp.By.WEB and request.state != Request.State.CLOSED:
        cases.promise_about(
            request,
            cases.call_or_write(row.person),
            person=row.person,
            told_by=Promise.ToldBy.PAGE,
            needs_team=True,
            complaint_id=row.pk,
        )


def _said(row: FollowUp) -> Said:
    return Said(row.happened, row.how, row.wants_call, row.words)


def _locked(follow_up: FollowUp) -> FollowUp:
    return (
        FollowUp.objects.select_for_update(of=("self",))
        .select_related("organisation", "person", "assignment__request__case", "assignment__volunteer")
        .get(pk=follow_up.pk)
    )


def _raise(actor: Actor, row: FollowUp, *, again: bool) -> None:
    """It goes to a human: what was closed is open again. Where somebody else goes there already, it stands on the
    coordinators' page alone. What was said never reaches who went there. `again`: it had been looked after, and still
    is not right; the team hears of it once more.

    (A worry about somebody's safety becomes a concern of its own, past whoever it is about: from here.)
    """
    request = row.assignment.request
    is_over = request.why_human == Request.Why.TIME_OVER
    if is_over or (request.state == Request.State.CLOSED and request.closure != Request.Closure.DUPLICATE):
        request = cases.reopen_request(actor=actor, request=request, human=Request.Why.ASKED)
    elif request.state == Request.State.OPEN:
        request = cases.ask_human(actor=actor, request=request, why=Request.Why.ASKED)
    case, group = request.case, row.organisation
    _promise_answer(row, request)
    # Whoever went there may be of the team too: it may be about them.
    about = row.assignment.volunteer.person_id
    owner = next((each for each in team_on_duty(group, clock.now()) if each.pk != about), None)
    if owner is not None:
        # One of them owes the answer, and is told first when it is nearly late.
        promises.give_to_account(subject_kind="request", subject_id=request.pk, account=owner.account)
    values = {
        "name": first_name(owner) if owner is not None else group.name,
        "kind": request.kind,
        "place": (case.postcode, case.place_name),
        "page": ("request_page", request.pk),
    }
    key = f"{row.pk}:{row.answered_at:%Y%m%d%H%M%S}" if again else str(row.pk)
    tell_each([owner] if owner is not None else [], "after_bad", key, values | {"yours": True})
    if tell_each(coordinators(group, without=about), "after_bad", key, values):
        # `duty` tells them once more only when the word is nearly broken.
        cases.team_knows(request)


@transaction.atomic
def look_after(*, actor: Actor, follow_up: FollowUp) -> FollowUp:
    """A coordinator has looked after what was not right, so that the answer is owed no more. Raises `Http404` for who
    may not."""
    row = access.answer_for(actor, follow_up.pk)
    request = Request.objects.select_for_update().get(assignments=row.assignment_id)
    unsettled = FollowUp.objects.filter(assignment__request=request, is_bad=True, looked_after_at=None)
    done = unsettled.filter(pk=row.pk).update(looked_after_at=clock.now(), looked_after_by=actor.account)
    if done:
        changed(actor, "follow_up.look_after", "follow_up", row.pk)
        left = unsettled.order_by("-answered_at").values_list("pk", flat=True).first()
        cases.settle_complaint(actor=actor, request=request, left=left)
    row.refresh_from_db()
    return row


@transaction.atomic
def helper_says(*, actor: Actor, assignment: Assignment, how: str, words: str = "") -> HelperSays | None:
    """How it was for the volunteer, of a visit that is done; the last word holds. `None` for another one."""
    if assignment.state != Assignment.State.DONE:
        return None
    hold(Assignment, pk=assignment.pk)
    row = HelperSays.objects.filter(assignment=assignment).first()
    row = row or HelperSays(organisation_id=assignment.organisation_id, assignment=assignment)
    row.how, row.words, row.at = HelperSays.How(how), clean(words, WORDS_AT_MOST) or row.words, clock.now()
    row.save()
    changed(actor, "helper.says", "assignment", assignment.pk)
    return row
