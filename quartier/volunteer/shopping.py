"""The list on the page of a visit: ticked off in the shop, also where there is no network."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from quartier.cases.rules import NotPossible
from quartier.lib.text import one_line
from quartier.shopping import actions, queries, rules
from quartier.shopping.models import Item, ShoppingList
from quartier.team.access import Actor
from quartier.visits.access import Details
from quartier.visits.models import Assignment


def shown(assignment: Assignment, details: Details) -> dict[str, Any]:
    """The list of a visit that is active, whose gate was passed; and how to ask where a thing is not there."""
    found = queries.of_request(assignment.request, assignment)
    if found is None or not (found.things or found.has_wishes):
        return {}
    return {
        "shopping": found,
        "if_missing": rules.if_missing(found.substitutions, details.answers),
        "asks": found.substitutions == ShoppingList.Substitutions.ASK,
        "asks_at": details.line or details.phone,
        "advance": queries.most_cents(assignment.request.organisation, found.budget_cents),
    }


def own_limit(assignment: Assignment) -> int | None:
    """What the list of a visit may cost at most, in cents, by the words of its household."""
    has_list = assignment.request.kind in rules.WITH_LIST
    return queries.own_limit(assignment.request_id) if has_list else None


def tick(request: HttpRequest, actor: Actor, assignment: Assignment) -> HttpResponse:
    """What is ticked now, of the things that the page showed. A script sends it at each tick, and needs no page."""
    got, missing = set(request.POST.getlist("got")), set(request.POST.getlist("missing"))
    marks: dict[str, tuple[str, str]] = {}
    for key in request.POST.getlist("shown")[:100]:
        instead = one_line(request.POST.get(f"instead-{key}", ""), 200)
        if instead:
            marks[key] = (Item.State.REPLACED, instead)
        elif key in got:
            marks[key] = (Item.State.BOUGHT, "")
        else:
            marks[key] = (Item.State.MISSING if key in missing else Item.State.WANTED, "")
    try:
        actions.tick(actor=actor, assignment=assignment, marks=marks)
    except NotPossible:
        return redirect(request.path)
    if request.headers.get("Quartier-Part"):
        return HttpResponse(status=204)
    return redirect(f"{request.path}#list-title")
