"""What somebody of the team does about a visit on the page of its request: a yes that was heard on the phone, who was
called, how it went; and each of them taken back."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.cases.rules import NotPossible
from quartier.console.intake import parsing
from quartier.console.intake.boxes import ClockField, DayField
from quartier.followup import actions as followup
from quartier.lib import clock
from quartier.lib.text import one_line
from quartier.look import rules as look
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.people import queries as people
from quartier.people.access import volunteer_for
from quartier.people.models import Volunteer
from quartier.team.access import Actor
from quartier.visits import actions as visits
from quartier.visits.actions.accept import Result
from quartier.visits.models import Assignment
from quartier.visits.queries import called_off
from quartier.visits.rules import fits, is_too_long


class WrongHours(Exception):
    """The hours that were agreed on the phone cannot be: said beside them."""


# What is said to whoever pressed, and whether it was done.
Said = tuple[str, bool]


def _told(actor: Actor, found: Request, request: HttpRequest) -> Said:
    visits.told(actor=actor, assignment=visit_of(found, request))
    return _("Saved: they know who is coming."), True


def _called_off(actor: Actor, found: Request, request: HttpRequest) -> Said:
    named = set(request.POST.getlist("off"))
    fell = {str(each.pk) for each in called_off([found.pk]).get(found.pk, [])}
    if named and fell - named:
        # One more has fallen away since the page was shown: of that one they have not been told.
        raise NotPossible
    cases.record_call_off(actor=actor, request=found)
    return _("Saved: they know that no one is coming then."), True


def _done(actor: Actor, found: Request, request: HttpRequest) -> Said:
    if visits.done(actor=actor, assignment=visit_of(found, request)).state != Assignment.State.DONE:
        raise NotPossible
    return _("Saved: it is done."), True


def _undo_done(actor: Actor, found: Request, request: HttpRequest) -> Said:
    undone = followup.undo_done(actor=actor, assignment=visit_of(found, request))
    return still_goes(undone), True


def still_goes(undone: Assignment) -> str:
    """That whoever had said yes goes as before."""
    return _("Undone: %(name)s is still going, as before.") % {"name": undone.volunteer.person.name}


def _undo_told(actor: Actor, found: Request, request: HttpRequest) -> Said:
    visits.undo_told(actor=actor, assignment=visit_of(found, request))
    return _("Undone: they are still to be called."), True


def _undo_called_off(actor: Actor, found: Request, request: HttpRequest) -> Said:
    visits.undo_call_off(actor=actor, request=found)
    return _("Undone: they are still to be called."), True


def _could_not(actor: Actor, found: Request, request: HttpRequest) -> Said:
    reason = request.POST.get("failure", "")
    if reason not in Assignment.Failure.values:
        return _("Choose why it did not work."), False
    ended = visits.could_not(actor=actor, assignment=visit_of(found, request), failure=reason)
    if ended.state != Assignment.State.FAILED:
        raise NotPossible
    if ended.request.state == Request.State.HUMAN:
        return _(
            "Saved. No one else is asked before one of us has spoken to them: it is with the team."
        ), True
    if ended.request.state == Request.State.CLOSED:
        return _("Saved."), True
    return _("Saved. We are looking for someone else, first in the queue."), True


def _ask(actor: Actor, found: Request, request: HttpRequest) -> Said:
    volunteer = _volunteer(actor, request)
    name = {"name": volunteer.person.name}
    if people.are_kept_apart(volunteer, found.case.person_id):
        return _("These two will not be matched again."), False
    if Assignment.objects.filter(request=found, volunteer=volunteer, state__in=Assignment.ACTIVE).exists():
        return _("%(name)s is going already: nothing was sent.") % name, False
    before = Offer.made.filter(request=found, volunteer=volunteer).first()
    if before is not None and before.state in Offer.LIVE:
        return _("%(name)s was asked already and has not answered yet: nothing was sent again.") % name, False
    offer = matching.offer_by_hand(actor=actor, request=found, volunteer=volunteer)
    if offer.message is None:
        return _(
            "No message reaches %(name)s: nothing was sent. Call them, and enter their answer."
        ) % name, False
    # Taken after it was written: what goes at once is not held back.
    now = clock.now()
    if offer.message.not_before > now:
        at = look.day_time(offer.message.not_before, now)
        words_ = _("%(name)s does not want to be disturbed at this hour, and is asked %(at)s.")
        return words_ % {**name, "at": at}, True
    if before is not None and before.state in (Offer.State.DECLINED, Offer.State.ACCEPTED):
        return _("We are asking %(name)s again, who could not come before.") % name, True
    return _("We are asking %(name)s now.") % name, True


def _agreed_hours(found: Request, request: HttpRequest) -> tuple[datetime, datetime] | None:
    """When they come, as it was agreed on the phone; `None` where nothing was entered. Raises `ValidationError` or
    `Over` for hours that cannot be, or that are longer than anybody can wait."""
    day = DayField().clean(request.POST.get("day", ""))
    start, end = (ClockField(limit=20).clean(request.POST.get(name, "")) for name in ("start", "end"))
    if day is None and start is None and end is None:
        return None
    if start is None:
        raise parsing.Over
    group, now = found.organisation, clock.now()
    day = day or max(found.window_from, now).astimezone(group.zone).date()
    hours = (group.opens, group.closes)
    begins, ends = parsing.window(day, start, end, now=now, zone=group.zone, open_hours=hours)
    if not begins or not ends or is_too_long(begins, ends) or not fits(found, begins, ends, now):
        raise parsing.Over
    return begins, ends


def wrong_hours(request: HttpRequest) -> dict[str, str]:
    """What was typed with a yes that was heard on the phone, and what is wrong with it."""
    typed = {name: one_line(request.POST.get(name, ""), 40) for name in ("volunteer", "day", "start", "end")}
    return typed | {
        "text": _(
            "Nothing was recorded: enter a day and a time when help was asked for, three hours at most."
        )
    }


def _accept(actor: Actor, found: Request, request: HttpRequest) -> Said:
    """A volunteer who said yes on the phone. The address is disclosed only after the question whether that is so.
    Raises `WrongHours`."""
    volunteer = _volunteer(actor, request)
    if people.are_kept_apart(volunteer, found.case.person_id):
        return _("These two will not be matched again."), False
    try:
        window = _agreed_hours(found, request)
    except (ValidationError, parsing.Over) as error:
        raise WrongHours from error
    with transaction.atomic():
        offer = Offer.made.filter(request=found, volunteer=volunteer).first()
        if offer is None:
            offer = matching.offer_by_hand(actor=actor, request=found, volunteer=volunteer)
    answer = visits.accept_offer(actor=actor, offer=offer, window=window, answers_by_text=True)
    name = {"name": volunteer.person.name}
    match answer.result:
        case Result.YOURS:
            until = {"until": look.clock_time(clock.now() + visits.UNDO_WINDOW)}
            words_ = _(
                "%(name)s is going, and can see the address now. You can undo it here until %(until)s."
            )
            return words_ % (name | until), True
        case Result.COVERED:
            return _("Someone else is already going. Tell %(name)s, with thanks.") % name, False
        case Result.OVER:
            return _("It is no longer needed. Tell %(name)s, with thanks.") % name, False
        case Result.FULL:
            return _("%(name)s has as many visits as agreed, or is on a break.") % name, False


def _undo(actor: Actor, found: Request, request: HttpRequest) -> Said:
    undone = visits.undo_acceptance(actor=actor, assignment=visit_of(found, request))
    name = {"name": undone.volunteer.person.name}
    return _("Undone: %(name)s no longer sees the address, and we are looking for neighbours.") % name, True


def _alone(actor: Actor, found: Request, request: HttpRequest) -> Said:
    visits.let_go_alone(actor=actor, request=found)
    return _("Both sides are told: one person is coming."), True


def _volunteer(actor: Actor, request: HttpRequest) -> Volunteer:
    try:
        return volunteer_for(actor, UUID(request.POST.get("volunteer", "")))
    except ValueError as error:
        raise Http404 from error


def visit_of(found: Request, request: HttpRequest) -> Assignment:
    """The visit that the button was about."""
    try:
        return Assignment.objects.get(pk=UUID(request.POST.get("assignment", "")), request=found)
    except (ValueError, Assignment.DoesNotExist) as error:
        raise Http404 from error


VISIT_STEPS: dict[str, Callable[[Actor, Request, HttpRequest], Said]] = {
    "told": _told,
    "called_off": _called_off,
    "done": _done,
    "undo_done": _undo_done,
    "undo_told": _undo_told,
    "undo_called_off": _undo_called_off,
    "could_not": _could_not,
    "ask": _ask,
    "accept": _accept,
    "undo": _undo,
    "alone": _alone,
}
