"""One offer, by the link in the message: yes or no before, the visit after. Looking at it changes nothing."""

import re
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache

from quartier.cases.models import Request
from quartier.followup import actions as followup
from quartier.followup.models import HelperSays
from quartier.lib import choices, clock
from quartier.limits.actions import first_time
from quartier.look.rules import minutes_between
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.team import access as team
from quartier.visits import access, actions
from quartier.visits.actions.accept import Result
from quartier.visits.models import Assignment
from quartier.visits.queries import asked_count
from quartier.volunteer import rules, visit
from quartier.volunteer.app.frame import keep

# A phone that was without a network sends what it kept, for days, and perhaps twice.
REMEMBERED = timedelta(days=7)
WHY_NOT = (
    (Offer.Decline.NO_TIME, gettext_lazy("I have no time then")),
    (Offer.Decline.TOO_FAR, gettext_lazy("It is too far for me")),
    (Offer.Decline.NOT_THIS, gettext_lazy("I would rather do other things")),
    (Offer.Decline.NOT_WELL, gettext_lazy("I am not well")),
    (Offer.Decline.OTHER, gettext_lazy("Another reason")),
)


@never_cache
def show(request: HttpRequest, token: str) -> HttpResponse:
    """What this volunteer may know of it now; POST: an answer, or a step of the visit."""
    offer = access.offer_by_token(token)
    # The frame of the page is that of the organisation that sent the link, whatever the address.
    request.organisation = offer.organisation  # type: ignore[attr-defined]
    actor = team.link(offer.organisation, offer.volunteer.person_id)
    assignment = access.visit_of(offer)
    if request.method == "POST":
        return _answer_once(request, actor, offer, assignment)
    if assignment is not None and assignment.state in Assignment.ACTIVE:
        return visit.page(request, actor, assignment)
    if assignment is not None and assignment.state == Assignment.State.DONE:
        return visit.over(request, actor, assignment)
    said = _said(offer, assignment)
    until = offer.request.window_until if said["state"] in {"open", "expired"} else None
    return keep(render(request, "volunteer/offer.html", said), until, said["state"])


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
            answer = actions.accept_offer(actor=actor, offer=offer, window=window)
            if answer.result == Result.FULL:
                return render(request, "volunteer/full.html", {"volunteer": offer.volunteer})
        case "no":
            matching.decline_offer(actor=actor, offer=offer)
        case "why" if request.POST.get("reason") in Offer.Decline.values:
            matching.decline_offer(actor=actor, offer=offer, reason=request.POST["reason"])
        case "how" if assignment is not None and request.POST.get("how") in HelperSays.How.values:
            words = request.POST.get("words", "")
            followup.helper_says(actor=actor, assignment=assignment, how=request.POST["how"], words=words)
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
    }
    needed = needed and asked.window_until > now and not missed
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
        return "cancelled" if assignment.state == Assignment.State.CANCELLED else "gave_back"
    if offer.state == Offer.State.DECLINED:
        return "declined"
    if offer.request.state == Request.State.CLOSED or offer.request.window_until <= now:
        return "over"
    if not needed:
        return "covered"
    return "open" if now < offer.expires_at else "expired"


def _known_before_yes(offer: Offer, now: datetime) -> dict[str, Any]:
    """Need, neighbourhood, distance, time, why: nothing that tells who it is or at which door."""
    asked, me = offer.request, offer.volunteer
    common = choices.chosen(choices.LANGUAGES, asked.languages & me.languages)
    travel = next((each for each in choices.TRAVEL if each.code == me.travel), choices.TRAVEL[0])
    you, here = pgettext("on a map", "you"), pgettext("on a map", "here")
    cells = [] if asked.remote else rules.neighbourhood(asked.area, me.area, you=you, here=here)
    return {
        "left": minutes_between(now, offer.expires_at),
        "promise": minutes_between(offer.created_at, offer.expires_at),
        "asked_count": asked_count(asked),
        "language": common[0].name if common else "",
        "travel": travel,
        "travel_icon": "walk" if travel.code == "foot" else travel.code,
        "with_money": asked.kind in rules.WITH_MONEY,
        "advance": asked.organisation.visit_cap_cents,
        "doorstep": rules.doorstep(asked),
        "at_door": rules.at_door(asked),
        "missing": asked.needed - asked.accepted,
        "why": rules.why_you(offer.reasons, by_hand=offer.by_hand_of_id is not None),
        "cells": cells,
        "same_area": asked.area == me.area,
        "times": rules.times(asked, now),
    }
