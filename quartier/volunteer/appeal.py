"""What an appeal asks, by the link in its message: yes, not for me, or later. Looking at it changes nothing."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.views.decorators.cache import never_cache

from quartier.appeals import access, actions, queries
from quartier.appeals.actions.answering import OPEN
from quartier.appeals.models import Appeal, Invitation
from quartier.appeals.rules import ROLE_NAMES, ROLES, taken_on
from quartier.lib import choices
from quartier.people.models import Volunteer
from quartier.places.queries import name_of_area
from quartier.team import access as team
from quartier.visits.actions.ledger import first_name
from quartier.volunteer import rules
from quartier.volunteer.app.frame import keep

ANSWERS = {"yes", "no", "later"}


@never_cache
def show(request: HttpRequest, token: str) -> HttpResponse:
    """The one decision; once it is made, what it changed and how to take it back. POST: an answer, or `undo`."""
    invitation = access.invitation_by_token(token)
    team.only_at(request.organisation, invitation.organisation_id)  # type: ignore[attr-defined]
    request.organisation = invitation.organisation  # type: ignore[attr-defined]
    actor = team.link(invitation.organisation, invitation.volunteer.person_id)
    if request.method == "POST":
        said = request.POST.get("do", "")
        if said in ANSWERS:
            actions.answer(actor=actor, invitation=invitation, said=said)
        elif said == "undo":
            actions.take_back(actor=actor, invitation=invitation)
        return redirect(request.path)
    return keep(render(request, "volunteer/appeal.html", _said(invitation)), None, invitation.state)


def open_ones(volunteer: Volunteer) -> list[dict[str, Any]]:
    """What appeals have asked and is not answered, for the volunteer's own page."""
    found = []
    for each in queries.open_invitations(volunteer):
        if (each.appeal.purpose, each.state) == (Appeal.Purpose.QUIET, Invitation.State.LATER):
            # They have taken their break.
            continue
        each.volunteer = volunteer
        found.append(_titled(each) | {"url": reverse("appeal_link", args=[actions.token_of(each)])})
    return found


def _titled(invitation: Invitation) -> dict[str, Any]:
    """What `volunteer/appeal_title.html` needs."""
    appeal = invitation.appeal
    return {
        "appeal": appeal,
        "kind": choices.kind(appeal.kind) if appeal.kind else None,
        "where": name_of_area(appeal.area, (get_language() or "en")[:2]) if appeal.area else "",
    }


def _said(invitation: Invitation) -> dict[str, Any]:
    appeal, volunteer = invitation.appeal, invitation.volunteer
    is_place = appeal.purpose == Appeal.Purpose.PLACE and appeal.area is not None
    you, here = pgettext("on a map", "you"), pgettext("on a map", "here")
    language = (get_language() or "en")[:2]
    return _titled(invitation) | {
        "invitation": invitation,
        "volunteer": volunteer,
        "first_name": first_name(volunteer.person),
        "is_open": appeal.state in OPEN,
        "role": ROLES[Appeal.Role(appeal.role)] if appeal.role else "",
        "role_name": ROLE_NAMES[Appeal.Role(appeal.role)] if appeal.role else "",
        "farther": queries.short_m(volunteer, appeal) or invitation.farther_m or 0,
        "reach": volunteer.radius_m,
        "cells": rules.neighbourhood(appeal.area, volunteer.area, you=you, here=here)
        if is_place and appeal.area
        else [],
        **_event(appeal, volunteer),
        "own_words": appeal.words.get(language, ""),
        "language": next((each.name for each in choices.LANGUAGES if each.code == appeal.language), ""),
    }


def _event(appeal: Appeal, volunteer: Volunteer) -> dict[str, Any]:
    """Of an appeal in an incident: the kinds of help that a yes adds, and those that they may tick themselves."""
    if appeal.incident is None:
        return {}
    adds = taken_on(appeal.incident.kinds)
    kinds = [kind for kind in map(choices.KINDS_BY_CODE.get, appeal.incident.kinds) if kind]
    return {
        "taken_on": [kind for kind in kinds if kind.code in adds],
        "to_tick": [
            kind
            for kind in kinds
            if kind.code not in adds and kind.code != "other" and not volunteer.kinds & kind.mask
        ],
    }
