"""One request: what, for whom, what happened, the next step, and who could be asked."""

import contextlib
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quartier.cases import actions as cases
from quartier.cases.access import request_for
from quartier.cases.models import Request
from quartier.cases.rules import NotPossible
from quartier.console import candidates, rules, words
from quartier.console.alerts import PULSE_TIMEOUT
from quartier.console.intake import parsing
from quartier.console.intake.boxes import ClockField, DayField, LineField
from quartier.console.queries import money
from quartier.console.queries import request as read
from quartier.console.queries.unread_words import unread_words_of
from quartier.console.visit_steps import VISIT_STEPS, Said, WrongHours, still_goes, visit_of, wrong_hours
from quartier.console.why import why_asked
from quartier.followup import actions as followup
from quartier.lib import choices, clock
from quartier.lib.text import clean
from quartier.look import rules as look
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.messaging.who_waits import PROMISED
from quartier.people.access import looked
from quartier.promises.queries import open_about, told_of
from quartier.shopping import queries as shopping
from quartier.shopping.rules import WITH_LIST, if_missing
from quartier.team.access import Actor
from quartier.team.models import Role
from quartier.visits import actions as visits
from quartier.visits.actions.ledger import first_name, whom_to_reach
from quartier.visits.models import Assignment
from quartier.visits.queries import called_off
from quartier.visits.rules import DONE_UNDO_WINDOW

# Of those of the team who were told of a promise, the page names so many, the last ones first.
MAX_NOTICES = 5
COORDINATES = (Role.Name.COORDINATOR, Role.Name.ADMIN)
# Found by the machine, and said by nobody.
FOUND_FAILURES = frozenset({Assignment.Failure.UNSAID, Assignment.Failure.UNTOLD})


class ChangeForm(forms.Form):
    """Another time, urgency or other words for the neighbour."""

    use_required_attribute = False
    urgency = forms.ChoiceField(
        label=gettext_lazy("How urgent?"), choices=list(words.URGENCIES.items()), required=False
    )
    day = DayField(label=gettext_lazy("Day"), limit=20, widget=forms.DateInput(attrs={"type": "date"}))
    start = ClockField(label=gettext_lazy("From"), limit=20)
    end = ClockField(label=gettext_lazy("Until"), limit=20)
    details = LineField(label=gettext_lazy("What exactly, for the neighbour"), limit=2000, lines=True)


def show(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The request. Who looks is written down.

    Who could be asked comes after the page, as a part of its own, or with it where `?candidates=1` says so.
    """
    actor = request.actor  # type: ignore[attr-defined]
    found = request_for(actor, request_id)
    return _page(request, found)


def _page(
    request: HttpRequest,
    found: Request,
    form: ChangeForm | None = None,
    status: int = 200,
    yes_wrong: dict[str, str] | None = None,
) -> HttpResponse:
    actor, now = request.actor, clock.now()  # type: ignore[attr-defined]
    offers, assignments = read.offers_of(found), read.assignments_of(found)
    decided = read.decisions(found, assignments)
    active = [visit for visit in assignments if visit.state in Assignment.ACTIVE]
    open_ = found.state in {Request.State.OPEN, Request.State.HUMAN}
    going = [rules.Going(visit.comes_until, visit.told_at is not None) for visit in active]
    # Whoever said yes once more has the same offer: only what came of the last yes counts.
    last = {visit.offer_id: visit for visit in reversed(assignments)}
    fell = {Assignment.State.CANCELLED, Assignment.State.FAILED}
    fallen = {key: visit for key, visit in last.items() if visit.state in fell}
    were_asked = [offer for offer in offers if not read.is_standing(offer)]
    off, off_at = called_off([found.pk]).get(found.pk, []), read.called_off_at(decided)
    asked_count = sum(read.was_asked(offer) for offer in offers)
    is_asked = any(offer.state in Offer.LIVE and read.was_asked(offer) for offer in offers)
    seen = rules.Open.of(found, asked=is_asked, call_off=bool(off))
    if active:
        # Their numbers stand on the page, for whoever calls them.
        looked(actor, "volunteers", found.pk, count=len(active))
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
                "state": words.offer_state(offer, fallen.get(offer.pk)),
                "is_fallen": offer.pk in fallen,
                "unreached": open_ and read.is_to_be_called(offer),
                "declined": _declined(offer),
                "why": why_asked(offer, found),
            }
            for offer in were_asked
        ],
        "asked_count": asked_count,
        "assignments": assignments,
        "active": active,
        "called_off": off,
        "call_off_undoable": off_at + visits.UNDO_WINDOW
        if off_at and now < off_at + visits.UNDO_WINDOW and not off
        else None,
        "undoable": [
            (visit, visit.accepted_at + visits.UNDO_WINDOW)
            for visit in active
            if visit.pk in decided.noted and visits.is_undoable(visit)
        ],
        "untellable": [
            (visit, visit.told_at + visits.UNDO_WINDOW)
            for visit in active
            if visit.told_at and visits.is_told_undoable(visit)
        ],
        "done_undoable": [
            (visit, visit.ended_at + DONE_UNDO_WINDOW)
            for visit in assignments
            if visit.ended_at and decided.pressed.get((visit.pk, "done")) and visits.is_done_undoable(visit)
        ],
        **_asked(request, active, now),
        "history": [
            (step.at, words.happened(step.code, step.values))
            for step in read.history(found, offers, assignments, decided)
        ],
        "form": form or ChangeForm(initial={"urgency": found.urgency, "details": found.details}),
        "failures": [each for each in words.FAILURES.items() if each[0] not in FOUND_FAILURES],
        "closures": words.CLOSURES.items(),
        "coordinates": actor.has(*COORDINATES),
        "is_open": open_,
        "is_closed": found.state == Request.State.CLOSED,
        "now": now,
        "overdue": now - PULSE_TIMEOUT,
        "mine": found.taken_by_id == actor.id,
        "shopping": (listed := shopping.of_request(found)),
        "if_missing": if_missing(listed.substitutions, first_name(whom_to_reach(found.case)))
        if listed
        else "",
        "money": money.rows(found.pk),
        "here": request.path,
        "tell": found.case.asked_by if found.case.tell_asker else found.case.person,
        **_owed(found, now),
        **(
            candidates.who_could(actor, found, now)
            if open_ and (yes_wrong or request.GET.get("candidates"))
            else {}
        ),
        "yes_wrong": yes_wrong,
        "own_words": read.words_to_read(found),
        "unread_words": unread_words_of(actor, found.case),
    }
    return render(request, "console/request.html", context, status=status)


def _owed(found: Request, now: datetime) -> dict[str, Any]:
    """What they were promised and is still owed, and who of us was told of it."""
    promise = open_about("request", found.pk)
    if promise is None:
        return {"promise": None}
    said = PROMISED[promise.kind] % {"by": look.before(promise.due_at, now)}
    return {"promise": promise, "promised": said, "notices": told_of(promise)[:MAX_NOTICES]}


def _asked(request: HttpRequest, active: list[Assignment], now: datetime) -> dict[str, Any]:
    """What the page asks before something is done. `early`: the visit that may be done already, though its time has not
    come; `gone`: the one that does not take place, `gone_why`; `heard`: whether who waits has heard from us."""
    visits_ = {str(each.pk): each for each in active}
    early, gone = visits_.get(request.GET.get("early", "")), visits_.get(request.GET.get("gone", ""))
    why = request.GET.get("why", "")
    is_gone = gone is not None and now < gone.comes_until and why in words.FAILURES
    return {
        "early": early if early is not None and now < early.comes_from else None,
        "gone": gone if is_gone else None,
        "gone_why": (why, words.FAILURES[why]) if is_gone else None,  # type: ignore[index]
        "heard": bool(request.GET.get("heard")),
    }


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
    if not request.POST.get("sure") and (asks := _asks_first(found, request)):
        return redirect(f"{reverse('request_page', args=[found.pk])}?{asks}#next")
    try:
        said, fine = do(actor, found, request)
    except NotPossible:
        said, fine = too_late(), False
    except WrongHours:
        return _page(request, found, status=422, yes_wrong=wrong_hours(request))
    (messages.success if fine else messages.warning)(request, said)
    return back(request, found)


def _asks_first(found: Request, request: HttpRequest) -> str:
    """What the page asks before it is done, as its address says it; "" for what needs no question."""
    match request.POST.get("do"):
        case "contact":
            return "heard=1"
        case "done":
            visit = visit_of(found, request)
            is_early = visit.state in Assignment.ACTIVE and clock.now() < visit.comes_from
            return f"early={visit.pk}" if is_early else ""
        case "could_not" if (why := request.POST.get("failure", "")) in Assignment.Failure.values:
            visit = visit_of(found, request)
            still_goes_ = visit.state in Assignment.ACTIVE and clock.now() < visit.comes_until
            return urlencode({"gone": visit.pk, "why": why}) if still_goes_ else ""
    return ""


def too_late() -> str:
    """Somebody else was quicker, or it makes no sense any more."""
    return _(
        "Nothing was changed: someone else was quicker, or this has ended. Here is how things stand now."
    )


def back(request: HttpRequest, found: Request) -> HttpResponseRedirect:
    """To where the button was: the board or the page of the request."""
    to = request.POST.get("next", "")
    if to and url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure()):
        return HttpResponseRedirect(to)
    return redirect("request_page", found.pk)


def _look_again(actor: Actor, found: Request, request: HttpRequest) -> Said:
    with transaction.atomic():
        again = cases.look_again(actor=actor, request=found, from_start=bool(request.POST.get("from_start")))
        if found.state != Request.State.HUMAN or matching.can_ask_anyone(again):
            return _("We are looking for neighbours now."), True
        # A search would end at once: it stays with the team, and so does the hour that they were promised. What one of
        # us has read just now begins all the same: it ends with its true reason, and is looked for again each morning.
        if found.why_human in Request.SEARCH_ENDED:
            transaction.set_rollback(True)
    said = _("No neighbours can be asked now: it stays with the team. See below who lives nearby, and why.")
    return said, False


def _take(actor: Actor, found: Request, request: HttpRequest) -> Said:
    cases.take(actor=actor, request=found)
    return _("You have it now."), True


def _release(actor: Actor, found: Request, request: HttpRequest) -> Said:
    now = cases.release(actor=actor, request=found)
    if now.taken_by is not None:
        return _("Given back: %(name)s has it again.") % {"name": now.taken_by.name}, True
    return _("Given back: no one has it now. The person on duty keeps what was promised."), True


def _contact(actor: Actor, found: Request, request: HttpRequest) -> Said:
    cases.record_contact_made(actor=actor, request=found)
    return _("Saved: they have heard from us."), True


def _human(actor: Actor, found: Request, request: HttpRequest) -> Said:
    changed = cases.ask_human(actor=actor, request=found, why=Request.Why.ASKED)
    if changed.state != Request.State.HUMAN:
        raise NotPossible
    return _("It is on the board under “Needs a person”."), True


ACTS: dict[str, Callable[[Actor, Request, HttpRequest], Said]] = {
    "look_again": _look_again,
    "take": _take,
    "release": _release,
    "contact": _contact,
    "human": _human,
    **VISIT_STEPS,
}


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
            if window[0] and window[1]:
                # Whoever goes hears the other time.
                visits.move_request(actor=actor, request=found, window=window, urgency=urgency)  # type: ignore[arg-type]
                if found.for_experienced:
                    # Somebody new waits to be taken along: neighbours are asked anew.
                    cases.look_again(actor=actor, request=found)
            visits.change_details(
                actor=actor,
                request=found,
                window=window if window[0] and window[1] else None,  # type: ignore[arg-type]
                urgency=urgency,
                # A list has a page of its own.
                details=None if found.kind in WITH_LIST else data["details"],
            )
        except parsing.Over:
            form.add_error("end", _("This time has passed, or it ends before it begins. Ask again for when."))
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
    messages.success(request, _("Closed. Everyone who was asked or on the way is told."))
    return back(request, found)


def _reopen(request: HttpRequest, found: Request) -> HttpResponseRedirect:
    actor = request.actor  # type: ignore[attr-defined]
    for visit in Assignment.objects.filter(request=found, state=Assignment.State.DONE):
        # Whoever had said yes goes as before, where it was closed by mistake before they went.
        if clock.now() < visit.comes_until:
            with contextlib.suppress(NotPossible):
                messages.success(request, still_goes(followup.undo_done(actor=actor, assignment=visit)))
                return redirect("request_page", found.pk)
    with transaction.atomic():
        locked = (
            Request.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=found.pk)
        )
        if locked.state != Request.State.CLOSED:
            messages.warning(request, too_late())
            return redirect("request_page", found.pk)
        opened = visits.reopen_ended(actor=actor, request=locked)
    if opened.state == Request.State.HUMAN:
        messages.success(request, _("Open again: one of us reads it first. No neighbours are asked before."))
    else:
        messages.success(request, _("Open again: we are looking for neighbours, first in the queue."))
    return redirect("request_page", found.pk)
