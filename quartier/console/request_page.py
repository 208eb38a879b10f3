"""One request: what, for whom, what happened, the next step, and who could be asked."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quartier.cases import actions as cases
from quartier.cases.access import request_for
from quartier.cases.models import Request
from quartier.cases.rules import NotPossible
from quartier.console import rules, why, words
from quartier.console.intake import parsing
from quartier.console.intake.form import Clock, Day, Line
from quartier.console.queries import money
from quartier.console.queries import request as read
from quartier.lib import choices, clock
from quartier.lib.text import clean
from quartier.look import rules as look
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.messaging.saying import PROMISED
from quartier.people.access import volunteer_for
from quartier.people.models import Volunteer
from quartier.promises.queries import open_about, told_of
from quartier.shopping import queries as shopping
from quartier.shopping.rules import WITH_LIST, substitutions
from quartier.team.access import Actor
from quartier.team.models import Role
from quartier.visits import actions as visits
from quartier.visits.actions.accept import Result
from quartier.visits.models import Assignment

# Of those of the team who were told of a promise, the page names so many, the last ones first.
MAX_NOTICES = 5
COORDINATES = (Role.Name.COORDINATOR, Role.Name.ADMIN)


class ChangeForm(forms.Form):
    """Another time, urgency or other words for the neighbour."""

    use_required_attribute = False
    urgency = forms.ChoiceField(
        label=gettext_lazy("How urgent?"), choices=list(words.URGENCIES.items()), required=False
    )
    day = Day(label=gettext_lazy("Day"), limit=20, widget=forms.DateInput(attrs={"type": "date"}))
    start = Clock(label=gettext_lazy("From"), limit=20)
    end = Clock(label=gettext_lazy("Until"), limit=20)
    details = Line(label=gettext_lazy("What exactly, for the neighbour"), limit=2000, lines=True)


def show(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The request. Who looks is written down."""
    actor = request.actor  # type: ignore[attr-defined]
    found = request_for(actor, request_id)
    return _page(request, found)


def _page(
    request: HttpRequest, found: Request, form: ChangeForm | None = None, status: int = 200
) -> HttpResponse:
    actor, now = request.actor, clock.now()  # type: ignore[attr-defined]
    offers, assignments = read.offers_of(found), read.assignments_of(found)
    active = [visit for visit in assignments if visit.state in Assignment.ACTIVE]
    open_ = found.state in {Request.State.OPEN, Request.State.HUMAN}
    going = [rules.Going(visit.comes_until, visit.told_at is not None) for visit in active]
    seen = rules.Open(
        found.pk,
        found.kind,
        found.urgency,
        found.languages,
        found.area,
        found.state,
        found.taken_by_id,
        found.waiting_since,
        found.promised_at,
        any(offer.state in Offer.LIVE for offer in offers),
    )
    context = {
        "asked": found,
        "case": found.case,
        "wait": rules.wait_of(seen, going, now) if found.state != Request.State.CLOSED else None,
        "languages": choices.chosen(choices.LANGUAGES, found.languages),
        "urgency": words.URGENCIES[Request.Urgency(found.urgency)],
        "closure": words.CLOSURES[Request.Closure(found.closure)] if found.closure else "",
        "offers": [
            {
                "offer": offer,
                "state": words.OFFERS[Offer.State(offer.state)],
                "declined": _declined(offer),
                "why": words.why_him(offer.reasons),
            }
            for offer in offers
        ],
        "asked_count": len(offers),
        "assignments": assignments,
        "active": active,
        "ranked": [why.standing(each) for each in read.ranked(found, now)] if open_ else [],
        "not_asked": [why.hindered(each, found) for each in read.not_asked(found)] if open_ else [],
        "history": [
            (step.at, words.happened(step.code, step.values))
            for step in read.history(found, offers, assignments)
        ],
        "form": form or ChangeForm(initial={"urgency": found.urgency, "details": found.details}),
        "failures": [each for each in words.FAILURES.items() if each[0] != Assignment.Failure.UNSAID],
        "closures": words.CLOSURES.items(),
        "coordinates": actor.has(*COORDINATES),
        "is_open": open_,
        "is_closed": found.state == Request.State.CLOSED,
        "now": now,
        "mine": found.taken_by_id == actor.id,
        "shopping": (listed := shopping.of_request(found)),
        "if_missing": substitutions().get(listed.substitutions, "") if listed else "",
        "money": money.rows(found.pk),
        "here": request.path,
        "tell": found.case.asked_by if found.case.tell_asker else found.case.person,
        **_owed(found, now),
    }
    return render(request, "console/request.html", context, status=status)


def _owed(found: Request, now: datetime) -> dict[str, Any]:
    """What they were promised and is still owed, and who of us was told of it."""
    promise = open_about("request", found.pk) if found.state != Request.State.CLOSED else None
    if promise is None:
        return {"promise": None}
    said = PROMISED[promise.kind] % {"by": look.before(promise.due_at, now)}
    return {"promise": promise, "promised": said, "notices": told_of(promise)[:MAX_NOTICES]}


def _declined(offer: Offer) -> str:
    return str(words.DECLINES[Offer.Decline(offer.decline_reason)]) if offer.decline_reason else ""


def act(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """What operators may do. Done twice, it changes nothing the second time; who comes too late is told so."""
    actor = request.actor  # type: ignore[attr-defined]
    found = request_for(actor, request_id)
    do = ACTS.get(request.POST.get("do", ""))
    if request.POST.get("do") == "change":
        return _change(request, found)
    if do is None:
        raise Http404
    try:
        said, fine = do(actor, found, request)
    except NotPossible:
        said, fine = too_late(), False
    (messages.success if fine else messages.warning)(request, said)
    return back(request, found)


def too_late() -> str:
    """Somebody else was quicker, or it makes no sense any more."""
    return _("Nothing was changed: somebody else was quicker, or this is over. Here is how it stands now.")


def back(request: HttpRequest, found: Request) -> HttpResponseRedirect:
    """To where the button was: the board or the page of the request."""
    to = request.POST.get("next", "")
    if to and url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure()):
        return HttpResponseRedirect(to)
    return redirect("request_page", found.pk)


Said = tuple[str, bool]


def _look_again(actor: Actor, found: Request, request: HttpRequest) -> Said:
    cases.look_again(actor=actor, request=found, from_start=bool(request.POST.get("from_start")))
    return _("Neighbours are looked for now."), True


def _take(actor: Actor, found: Request, request: HttpRequest) -> Said:
    cases.take(actor=actor, request=found)
    return _("You have it now."), True


def _contact(actor: Actor, found: Request, request: HttpRequest) -> Said:
    cases.record_contact_made(actor=actor, request=found)
    return _("Noted: they have heard from us."), True


def _human(actor: Actor, found: Request, request: HttpRequest) -> Said:
    changed = cases.ask_human(actor=actor, request=found, why=Request.Why.ASKED)
    if changed.state != Request.State.HUMAN:
        raise NotPossible
    return _('It stands on the board under "A human first".'), True


def _told(actor: Actor, found: Request, request: HttpRequest) -> Said:
    visits.told(actor=actor, assignment=_assignment(found, request))
    return _("Noted: they know who comes."), True


def _done(actor: Actor, found: Request, request: HttpRequest) -> Said:
    if visits.done(actor=actor, assignment=_assignment(found, request)).state != Assignment.State.DONE:
        raise NotPossible
    return _("Noted: it is done."), True


def _could_not(actor: Actor, found: Request, request: HttpRequest) -> Said:
    reason = request.POST.get("failure", "")
    if reason not in Assignment.Failure.values:
        return _("Choose why it did not work."), False
    ended = visits.could_not(actor=actor, assignment=_assignment(found, request), failure=reason)
    if ended.state != Assignment.State.FAILED:
        raise NotPossible
    return _("Noted. Somebody else is looked for, first in the queue."), True


def _ask(actor: Actor, found: Request, request: HttpRequest) -> Said:
    volunteer = _volunteer(actor, request)
    offer = matching.offer_by_hand(actor=actor, request=found, volunteer=volunteer)
    name, now = {"name": volunteer.person.name}, clock.now()
    if offer.message is not None and offer.message.not_before > now:
        at = look.day_time(offer.message.not_before, now)
        words_ = _("%(name)s does not want to be disturbed at this hour, and is asked %(at)s.")
        return words_ % {**name, "at": at}, True
    return _("%(name)s is asked now.") % name, True


def _accept(actor: Actor, found: Request, request: HttpRequest) -> Said:
    """A volunteer who said yes on the phone."""
    volunteer = _volunteer(actor, request)
    with transaction.atomic():
        offer = Offer.made.filter(request=found, volunteer=volunteer).first()
        if offer is None:
            offer = matching.offer_by_hand(actor=actor, request=found, volunteer=volunteer)
    answer = visits.accept_offer(actor=actor, offer=offer)
    name = {"name": volunteer.person.name}
    match answer.result:
        case Result.YOURS:
            return _("%(name)s goes, and can see the address now.") % name, True
        case Result.COVERED:
            return _("Somebody else goes already. Tell %(name)s, with thanks.") % name, False
        case Result.OVER:
            return _("It is not needed any more. Tell %(name)s, with thanks.") % name, False
        case Result.FULL:
            return _("%(name)s has as many visits as agreed, or is on a break.") % name, False


def _alone(actor: Actor, found: Request, request: HttpRequest) -> Said:
    visits.let_go_alone(actor=actor, request=found)
    return _("Both sides are told: it is one who comes."), True


ACTS: dict[str, Callable[[Actor, Request, HttpRequest], Said]] = {
    "look_again": _look_again,
    "take": _take,
    "contact": _contact,
    "human": _human,
    "told": _told,
    "done": _done,
    "could_not": _could_not,
    "ask": _ask,
    "accept": _accept,
    "alone": _alone,
}


def _volunteer(actor: Actor, request: HttpRequest) -> Volunteer:
    try:
        return volunteer_for(actor, UUID(request.POST.get("volunteer", "")))
    except ValueError as error:
        raise Http404 from error


def _assignment(found: Request, request: HttpRequest) -> Assignment:
    try:
        return Assignment.objects.get(pk=UUID(request.POST.get("assignment", "")), request=found)
    except (ValueError, Assignment.DoesNotExist) as error:
        raise Http404 from error


def _change(request: HttpRequest, found: Request) -> HttpResponse:
    """Another time or urgency. What was typed stays on the page when something is wrong."""
    actor = request.actor  # type: ignore[attr-defined]
    organisation, form = actor.organisation, ChangeForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            window = parsing.window(
                data["day"],
                data["start"],
                data["end"],
                now=clock.now(),
                zone=organisation.zone,
                open_hours=(organisation.opens, organisation.closes),
            )
            urgency = data["urgency"] if data["urgency"] != found.urgency else ""
            if window[0] and window[1] and found.for_experienced:
                # Somebody new waits to be taken along: another time is theirs too, and neighbours are asked anew.
                visits.move_request(actor=actor, request=found, window=window, urgency=urgency)  # type: ignore[arg-type]
                cases.look_again(actor=actor, request=found)
            cases.change_request(
                actor=actor,
                request=found,
                window=window if window[0] and window[1] else None,  # type: ignore[arg-type]
                urgency=urgency,
                # A list has a page of its own.
                details=None if found.kind in WITH_LIST else data["details"],
            )
        except parsing.Over:
            form.add_error("end", _("This time is over, or it ends before it begins. Ask again for when."))
        except NotPossible:
            messages.warning(request, too_late())
            return back(request, found)
        else:
            messages.success(request, _("Changed."))
            return back(request, found)
    return _page(request, found, form, status=422)


def close(request: HttpRequest, request_id: UUID) -> HttpResponseRedirect:
    """Over, or open again: a coordinator's decision."""
    actor = request.actor  # type: ignore[attr-defined]
    found = request_for(actor, request_id)
    note = clean(request.POST.get("note", ""), 2000)
    if request.POST.get("do") == "reopen":
        return _reopen(request, found)
    closure = request.POST.get("closure", "")
    if closure not in Request.Closure.values:
        messages.warning(request, _("Choose how it ended."))
        return redirect("request_page", found.pk)
    if found.state == Request.State.CLOSED:
        messages.warning(request, too_late())
        return redirect("request_page", found.pk)
    visits.end_request(actor=actor, request=found, closure=closure, note=note)
    messages.success(request, _("Closed. Whoever was asked or on the way is told."))
    return back(request, found)


def _reopen(request: HttpRequest, found: Request) -> HttpResponseRedirect:
    actor = request.actor  # type: ignore[attr-defined]
    with transaction.atomic():
        locked = (
            Request.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=found.pk)
        )
        if locked.state != Request.State.CLOSED:
            messages.warning(request, too_late())
            return redirect("request_page", found.pk)
        cases.reopen_request(actor=actor, request=locked)
    messages.success(request, _("Open again: neighbours are looked for, first in the queue."))
    return redirect("request_page", found.pk)
