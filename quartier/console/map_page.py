"""Need and help by neighbourhood: a map, and the same as a list."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from quartier.console.queries import board as requests
from quartier.console.queries import map as read
from quartier.console.request_page import COORDINATES
from quartier.engine import warming
from quartier.lib import clock

LISTED = 200


def show(request: HttpRequest) -> HttpResponse:
    """The map and its list; asked by htmx, the list alone."""
    # From here one goes on to "what if".
    warming.load_soon()
    actor = request.actor  # type: ignore[attr-defined]
    areas = read.areas_with_need(actor.organisation, requests.waits(actor.organisation, clock.now()))
    context = {
        "rows": [
            (one, f"{reverse('board')}?area={one.area}", f"{reverse('what_if')}?area={one.area}")
            for one in areas[:LISTED]
        ],
        "waiting": sum(one.waiting for one in areas),
        "nobody": sum(one.nobody for one in areas),
        "coordinates": actor.has(*COORDINATES),
    }
    template = "console/map_list.html" if request.htmx else "console/map.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def data(request: HttpRequest) -> JsonResponse:
    """GeoJSON of the neighbourhoods of the actor's organisation: counts, never a point. `?land=1`: the country too."""
    actor = request.actor  # type: ignore[attr-defined]
    found = read.collection(actor.organisation, requests.waits(actor.organisation, clock.now()))
    if request.GET.get("land"):
        found["features"] = read.land(actor.organisation.country) + found["features"]
    return JsonResponse(found, content_type="application/geo+json", headers={"Cache-Control": "no-store"})
