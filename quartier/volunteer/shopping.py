"""The list on the page of a visit: ticked off in the shop, also where there is no network."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from quartier.cases.rules import NotPossible
from quartier.lib.text import one_line
from quartier.shopping import actions, queries, rules
from quartier.shopping.models import Item
from quartier.team.access import Actor
from quartier.visits.models import Assignment


def shown(assignment: Assignment) -> dict[str, Any]:
    """The list of a visit that is active, whose gate was passed."""
    found = queries.of_request(assignment.request, assignment)
    if found is None or not (found.things or found.has_wishes):
        return {}
    return {"shopping": found, "if_missing": rules.substitutions().get(found.substitutions, "")}


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
