"""One offer, by the link in the message: yes or no before, the visit after. Looking at it changes nothing."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache

from quartier.cases.models import Request
from quartier.followup.models import HelperSays
from quartier.lib import choices, clock
from quartier.limits.actions import first_time
from quartier.look.rules import minutes_between
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.people.models import Volunteer
from quartier.shopping import queries as shopping
from quartier.team import access as team
from quartier.visits import access, actions
from quartier.visits.actions.accept import Result
from quartier.visits.models import Assignment
from quartier.visits.queries import asked_count
from quartier.visits.rules import is_early
from quartier.volunteer import rules, visit
from quartier.volunteer.app.frame import keep

IDENTITY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# A phone that was without a network sends what it kept, for days, and perhaps twice.
REMEMBERED = timedelta(days=7)
WHY_NOT = (
    (Offer.Decline.NO_TIME, gettext_lazy("I have no time then")),
    (Offer.Decline.TOO_FAR, gettext_lazy("It is too far for me")),
    (Offer.Decline.NOT_THIS, gettext_lazy("I would rather do other things")),
    (Offer.Decline.NOT_WELL, gettext_lazy("I am not well")),
    (Offer.Decline.OTHER, gettext_lazy("Another reason")),
)

# In the address to which a yes leads that there is no room for.
FULL_PARAMETER = "full"

# What is said of a thing that was ticked and is not taken along.
NOT_TAKEN = {
    actions.NotTakenAlong.COVERED: gettext_lazy("Someone else is already bringing the other thing."),
    actions.NotTakenAlong.OVER: gettext_lazy("The other thing is no longer needed."),
    actions.NotTakenAlong.FULL: gettext_lazy(
        "You have as many visits as you wanted. We’ll ask someone else for the other thing."
    ),
    actions.NotTakenAlong.HOURS: gettext_lazy(
        "The other thing is needed at another time. We’ll ask someone else for it."
    ),
}


@never_cache
def show(request: HttpRequest, token: str) -> HttpResponse:
    """What this volunteer may know of it now; POST: an answer, or a step of the visit."""
    offer = access.offer_by_token(token)
    team.only_at(request.organisation, offer.organisation_id)  # type: ignore[attr-defined]
    request.organisation = offer.organisation  # type: ignore[attr-defined]
    actor = team.link(offer.organisation, offer.volunteer.person_id)
    assignment = access.visit_of(offer)
    if request.method == "POST":
        return _answer_once(request, actor, offer, assignment)
    if assignment is not None and assignment.state in Assignment.ACTIVE:
        step = request.GET.get("early", "")
        if step in visit.EARLY_QUESTIONS and is_early(assignment, clock.now()):
            return visit.early(request, assignment, step)
        if visit.has_nothing_new(request, assignment):
            return HttpResponse(status=204)
        return visit.page(request, actor, assignment)
    if assignment is not None and assignment.state == Assignment.State.DONE:
        return visit.over(request, actor, assignment)
    said = _said(offer, assignment)
    # Also behind "I can do it after all", and where the time to answer had run out; not once there is room.
    if FULL_PARAMETER in request.GET and said["needed"] and _is_full(offer.volunteer):
        return keep(render(request, "volunteer/full.html", {"volunteer": offer.volunteer}), None)
    until = offer.request.window_until if said["state"] in {"open", "expired"} else None
    return keep(render(request, "volunteer/offer.html", said), until, said["state"])


def _is_full(me: Volunteer) -> bool:
    return me.state != Volunteer.State.ACTIVE or me.open_count >= me.capacity


def _answer_once(
    request: HttpRequest, actor: team.Actor, offer: Offer, assignment: Assignment | None
) -> HttpResponse:
    """`once` is the sender's own key for this answer: the same one again changes nothing, whatever happened since."""
    once = request.POST.get("once", "")
    if not re.fullmatch(r"[0-9a-f-]{36}", once):
        return _answer(request, actor, offer, assignment)
    with transaction.atomic():
        if first_time(purpose="offer", what=f"{offer.pk} {once}", until=clock.now() + REMEMBERED):
            return _answer(request, actor, offer, assignment)
    return redirect(request.path)


def _answer(
    request: HttpRequest, actor: team.Actor, offer: Offer, assignment: Assignment | None
) -> HttpResponse:
    match request.POST.get("do"):
        case "yes":
            window = rules.chosen_time(request.POST.get("when", ""))
            wanted = {UUID(each) for each in request.POST.getlist("also")[:10] if IDENTITY.fullmatch(each)}
            answer, missed = actions.accept_with(actor=actor, offer=offer, window=window, wanted=wanted)
            if answer.result == Result.FULL:
                return redirect(f"{request.path}?{FULL_PARAMETER}=1")
            if missed is not None:
                messages.warning(request, NOT_TAKEN[missed])
        case "no":
            matching.decline_offer(actor=actor, offer=offer)
        case "why" if request.POST.get("reason") in Offer.Decline.values:
            matching.decline_offer(actor=actor, offer=offer, reason=request.POST["reason"])
        case "how" if assignment is not None and request.POST.get("how") in HelperSays.How.values:
            return visit.says_how(request, actor, assignment)
        case str() as step if assignment is not None:
            return visit.take_step(request, actor, assignment, step)
    return redirect(request.path)


def _said(offer: Offer, assignment: Assignment | None) -> dict[str, Any]:
    asked, now = offer.request, clock.now()
    needed = asked.state in {Request.State.OPEN, Request.State.HUMAN} and asked.accepted < asked.needed
    # Its time is over; or somebody else is looked for, since this volunteer was not heard from.
    missed = assignment is not None and assignment.failure in {
        Assignment.Failure.NO_SHOW,
        Assignment.Failure.UNSAID,
        Assignment.Failure.UNTOLD,
    }
    is_apart = getattr(offer, "is_apart", False)
    needed = needed and asked.window_until > now and not missed and not is_apart
    return {
        "offer": offer,
        "asked": asked,
        "where": rules.where(asked),
        "state": _state(offer, assignment, now, needed=needed),
        "needed": needed,
        "kind": choices.kind(asked.kind),
        "start": asked.window_from if asked.window_from > now else None,
        "volunteer": offer.volunteer,
        "last": assignment,
        "why_not": WHY_NOT,
    } | (_known_before_yes(offer, now) if needed else {})


def _state(offer: Offer, assignment: Assignment | None, now: datetime, *, needed: bool) -> str:
    """Which page it is: `open`, `expired`, `declined`, `gave_back`, `cancelled`, `unsaid`, `covered` or `over`."""
    if assignment is not None and assignment.failure == Assignment.Failure.UNSAID:
        return "unsaid"
    if assignment is not None:
        is_ours = assignment.failure == Assignment.Failure.UNTOLD or getattr(offer, "is_apart", False)
        return "cancelled" if is_ours or assignment.state == Assignment.State.CANCELLED else "gave_back"
    if offer.state == Offer.State.DECLINED:
        return "declined"
    if offer.request.state == Request.State.CLOSED or offer.request.window_until <= now:
        return "over"
    if not needed:
        return "covered"
    return "open" if now < offer.expires_at else "expired"


def _known_before_yes(offer: Offer, now: datetime) -> dict[str, Any]:
    """Need, neighbourhood, distance, time, why: nothing that tells who it is or at which door."""
    asked = offer.request
    return {
        "left": minutes_between(now, offer.expires_at),
        "promise": minutes_between(offer.created_at, offer.expires_at),
        "asked_count": asked_count(asked),
        "why": rules.why_you(offer.reasons, by_hand=offer.by_hand_of_id is not None),
        "beside": [(each.pk, choices.kind(each.kind).name) for each in actions.needed_beside(offer)],
        **frame_before_yes(asked, offer.volunteer, now),
    }


def frame_before_yes(asked: Request, me: Volunteer, now: datetime) -> dict[str, Any]:
    """What the page says before a yes of any request, kept or only shown as an example."""
    common = choices.chosen(choices.LANGUAGES, asked.languages & me.languages)
    travel = next((each for each in choices.TRAVEL if each.code == me.travel), None)
    you, here = pgettext("on a map", "you"), pgettext("on a map", "here")
    is_drawn = not asked.remote and asked.area is not None
    return {
        "language": common[0].name if common else "",
        "travel": travel,
        "travel_icon": "walk" if travel and travel.code == "foot" else travel.code if travel else "pin",
        "with_money": asked.kind in rules.WITH_MONEY,
        "advance": shopping.most_cents(asked.organisation, shopping.own_limit(asked.pk)),
        "doorstep": rules.doorstep(asked),
        "at_door": rules.at_door(asked),
        "missing": asked.needed - asked.accepted,
        "cells": rules.neighbourhood(asked.area, me.area, you=you, here=here) if is_drawn else [],
        "same_area": asked.area == me.area,
        "times": rules.times(asked, now),
        "former_hour": rules.former_hour(asked),
        "suggested": rules.suggested(asked, me, now),
    }
