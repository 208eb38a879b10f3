"""What was pressed by mistake can be taken back for a short time: a yes that one of the team wrote down, that whoever
waits was called (that somebody comes, or does not), and "it is done"."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from quartier.audit.models import Entry
from quartier.audit.queries import of_subject
from quartier.cases import actions as cases
from quartier.cases.actions.ledger import changed
from quartier.cases.models import Request
from quartier.cases.rules import NotPossible
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.messaging import actions as messaging
from quartier.people import queries as people
from quartier.people.models import Volunteer
from quartier.team.access import Actor
from quartier.telephony import actions as telephony
from quartier.visits import rules
from quartier.visits.actions import ledger, pairing
from quartier.visits.actions.progress import end, lock, lock_series_of
from quartier.visits.models import Assignment, Watch

UNDO_WINDOW = timedelta(minutes=10)
CALLED_OFF, NOT_CALLED_OFF = "request.call_off", "request.undo_call_off"


def is_undoable(assignment: Assignment) -> bool:
    """Whether there is still time to take back the yes, and the volunteer has not set out."""
    is_recent = clock.now() < assignment.accepted_at + UNDO_WINDOW
    return assignment.state == Assignment.State.ACCEPTED and is_recent


def is_done_undoable(assignment: Assignment) -> bool:
    """Whether "it is done" can still be taken back: nobody was told of it yet."""
    ended = assignment.ended_at if assignment.state == Assignment.State.DONE else None
    return ended is not None and clock.now() < ended + rules.DONE_UNDO_WINDOW


@transaction.atomic
def undo_done(*, actor: Actor, assignment: Assignment) -> Assignment:
    """It was not done yet: the volunteer goes as before, and sees the address again. Nobody hears of either.

    Raises `NotPossible` when it is too late, or the volunteer has not said that it was done.
    """
    lock_series_of(assignment)
    locked = lock(assignment)
    if not may_undo_done(actor, locked):
        raise NotPossible
    return _undo_done(actor, locked)


@transaction.atomic
def undo_done_ahead(*, actor: Actor, assignment: Assignment) -> Assignment:
    """The same for whoever waits, who changes or cancels what was said to be done ahead of its time, before they were
    told of it: it stands as before, for them and for who goes. Raises `NotPossible` where it was not so."""
    lock_series_of(assignment)
    locked = lock(assignment)
    if not rules.is_done_ahead(locked, clock.now()):
        raise NotPossible
    return _undo_done(actor, locked)


def _undo_done(actor: Actor, locked: Assignment) -> Assignment:
    request, ended = locked.request, locked.ended_at
    over = request.state == Request.State.CLOSED and request.closure != Request.Closure.FULFILLED
    going = request.assignments.filter(state__in=[*Assignment.ACTIVE, Assignment.State.DONE]).count()
    # Open again since, its places are counted anew: neighbours are asked for them, or somebody else has been there.
    is_taken = ended is not None and request.assignments.filter(accepted_at__gt=ended).exists()
    over |= (request.state != Request.State.CLOSED or is_taken) and request.accepted < going
    # Closed by hand before everybody was found who was asked for, it cannot be as it was.
    over |= request.state == Request.State.CLOSED and request.accepted < request.needed
    # Kept apart since, they are not brought together by this either.
    over |= people.are_kept_apart(locked.volunteer, request.case.person_id)
    if not is_done_undoable(locked) or over:
        raise NotPossible
    # Who said until when they are there is watched over again, as before.
    Watch.objects.filter(assignment=locked, out_at=locked.ended_at, until__isnull=False).update(out_at=None)
    locked.state = Assignment.State.ON_WAY if locked.on_way_at else Assignment.State.ACCEPTED
    locked.ended_at = None
    locked.save(update_fields=["state", "ended_at"])
    mine = Volunteer.objects.filter(pk=locked.volunteer_id)
    mine.filter(done_total__gt=0).update(done_total=F("done_total") - 1)
    if not request.remote:
        mine.filter(doors__gt=0).update(doors=F("doors") - 1)
    if not locked.regular:
        mine.update(open_count=F("open_count") + 1)
    matching.never_met(person=request.case.person, volunteer=locked.volunteer)
    cases.undo_fulfilled(actor=actor, request=request)
    # What this visit would have done of earlier days is looked for as before.
    missed = Request.objects.filter(
        series=request.series_id, merged_into=request, closure=Request.Closure.DUPLICATE, closed_at__gte=ended
    )
    for each in missed.exclude(series=None).order_by("day"):
        cases.reopen_request(actor=actor, request=each)
    pairing.refresh(request)
    telephony.reopen_masked(about=locked.id)
    ledger.may_call_each_other(locked)
    ledger.take_back_done(locked)
    ledger.changed(actor, "assignment.undo_done", locked)
    if locked.told_at is None:
        cases.team_must_tell(request)
    return locked


def may_undo_done(actor: Actor, assignment: Assignment) -> bool:
    """Whether they have pressed "done" themselves, or a colleague has for the volunteer: each side its own. One
    query."""
    entry, own = _done_entry(assignment), assignment.volunteer.person.account_id
    if entry is None:
        return False
    is_team = actor.kind == "account" and actor.id != own
    return entry.actor_id == actor.id or (is_team and _is_of_team(entry, own))


def was_done_by_volunteer(assignment: Assignment) -> bool:
    """Whether the volunteer has pressed "done", and nobody for them. One query."""
    entry, person = _done_entry(assignment), assignment.volunteer.person
    return entry is not None and entry.actor_id in {person.pk, person.account_id}


def was_done_by_team(assignment: Assignment) -> bool:
    """Whether one of the team has pressed "done" for the volunteer, who may know nothing of it. One query."""
    entry = _done_entry(assignment)
    return entry is not None and _is_of_team(entry, assignment.volunteer.person.account_id)


def _done_entry(assignment: Assignment) -> Entry | None:
    return of_subject(assignment.organisation_id, assignment.pk).filter(verb="assignment.done").first()


def _is_of_team(entry: Entry, own: UUID | None) -> bool:
    return entry.actor_kind == "account" and entry.actor_id != own


def is_told_undoable(assignment: Assignment) -> bool:
    """Whether that whoever waits was called can still be taken back."""
    told_at = assignment.told_at
    was_called = told_at is not None and told_at > assignment.accepted_at
    is_recent = told_at is not None and clock.now() < told_at + UNDO_WINDOW
    return assignment.state in Assignment.ACTIVE and was_called and is_recent


@transaction.atomic
def undo_told(*, actor: Actor, assignment: Assignment) -> Assignment:
    """Nobody has called them yet: it is to be done still. Raises `NotPossible` when it is too late."""
    locked = lock(assignment)
    if not is_told_undoable(locked):
        raise NotPossible
    told_at, locked.told_at = locked.told_at, None
    locked.save(update_fields=["told_at"])
    ledger.changed(actor, "assignment.undo_told", locked)
    cases.team_must_tell(locked.request, before=locked.comes_from)
    assert told_at is not None
    ledger.owe_call_off_again(locked.request, told_at)
    return locked


@transaction.atomic
def undo_call_off(*, actor: Actor, request: Request) -> None:
    """Nobody has called them yet to say who is not coming: it is to be done still. Raises `NotPossible` when it is too
    late, or nobody has said that they were called."""
    Request.objects.select_for_update(of=("self",)).get(pk=request.pk)
    verbs = [CALLED_OFF, NOT_CALLED_OFF]
    entry = of_subject(request.organisation_id, request.pk).filter(verb__in=verbs).first()
    since = clock.now() - UNDO_WINDOW
    is_recent = entry is not None and entry.verb == CALLED_OFF and entry.at > since
    if not is_recent or not ledger.owe_call_off_again(request, since):
        raise NotPossible
    changed(actor, NOT_CALLED_OFF, request)


@transaction.atomic
def undo_acceptance(*, actor: Actor, assignment: Assignment) -> Assignment:
    """Take back a yes that one of the team wrote down: the address is hidden again, and neighbours are looked for.
    What is still unsent is not sent; whoever was told already hears that it is not so.

    Raises `NotPossible` when it is too late, or the volunteer gave the answer.
    """
    locked = lock(assignment)
    if not is_undoable(locked) or not _was_noted_by_team(locked):
        raise NotPossible
    end(locked, Assignment.State.CANCELLED)
    ledger.changed(actor, "assignment.undo", locked)
    # It was no yes of theirs: it counts neither for nor against them.
    Volunteer.objects.filter(pk=locked.volunteer_id, accepted_total__gt=0).update(
        accepted_total=F("accepted_total") - 1
    )
    Offer.objects.filter(pk=locked.offer_id).update(
        state=Offer.State.WITHDRAWN, withdrawn_at=clock.now(), answered_at=None
    )
    request = locked.request
    Request.objects.filter(pk=request.pk, accepted__gt=0).update(accepted=F("accepted") - 1)
    case = request.case
    locked.request = cases.reopen_request(actor=actor, request=request)
    locked.request.case = case
    pairing.refresh(locked.request)
    _tell_both(locked)
    return locked


def _was_noted_by_team(assignment: Assignment) -> bool:
    entry = of_subject(assignment.organisation_id, assignment.pk).filter(verb="assignment.accept").first()
    return entry is not None and _is_of_team(entry, assignment.volunteer.person.account_id)


def _tell_both(undone: Assignment) -> None:
    if not _cancel_unsent(undone, ("accepted", "call_accepted")):
        ledger.tell_volunteer(undone, "visit_cancelled")
    was_unsent = _cancel_unsent(undone, ("someone_comes", "someone_calls"))
    if was_unsent or pairing.tell_of_change(undone) or undone.request.unasked or undone.told_at is None:
        return
    ledger.tell_not_coming(undone, "caller_cannot" if undone.request.remote else "looking_again")


def _cancel_unsent(assignment: Assignment, templates: Iterable[str]) -> bool:
    keys = [f"{template}:{assignment.pk}:" for template in templates]
    return bool(messaging.cancel_by_key(organisation=assignment.request.organisation, keys=keys))
