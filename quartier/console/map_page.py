"""Need and help by neighbourhood: a map, and the same as a list."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quartier.console.cut import CutList, href_of_all, limit_of
from quartier.console.queries import map as read
from quartier.console.queries.lanes import count_by_area
from quartier.console.request_page import COORDINATES
from quartier.engine import warming
from quartier.lib import clock

LISTED = 200
LAND_TTL_S = 24 * 60 * 60


def show(request: HttpRequest) -> HttpResponse:
    """The map and its list; asked by htmx, the list alone."""
    # From here one goes on to "what if".
    warming.load_soon()
    actor = request.actor  # type: ignore[attr-defined]
    areas = read.areas_with_need(actor.organisation, count_by_area(actor.organisation, clock.now()))
    board, what_if = reverse("board"), reverse("what_if")
    here = limit_of(request, "list", LISTED)
    listed = areas.first(here)
    context = {
        "rows": [
            (one, f"{board}?area={one.area}", f"{what_if}?area={one.area}", area_words(one)) for one in listed
        ],
        "listed": CutList(listed, len(areas.tallies), href_of_all(request, "list") if here == LISTED else ""),
        "waiting": areas.waiting,
        "nobody": len(areas.alone),
        "coordinates": actor.has(*COORDINATES),
    }
    template = "console/map_list.html" if request.htmx else "console/map.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def area_words(one: read.Area) -> str:
    """What is counted in a neighbourhood, here and beside the board: "3 waiting, 1 late, 2 free"."""
    waiting, late, free = one.waiting, one.late, one.free
    words = [ngettext("%(counter)s waiting", "%(counter)s waiting", waiting) % {"counter": waiting}]
    if late:
        words.append(ngettext("%(counter)s late", "%(counter)s late", late) % {"counter": late})
    if one.past:
        # As the lane of the board says it: nobody knows yet how it went.
        words.append(_("time passed: %(counter)s") % {"counter": one.past})
    if free:
        words.append(ngettext("%(counter)s free", "%(counter)s free", free) % {"counter": free})
    return ", ".join(words)


def data(request: HttpRequest) -> HttpResponse:
    """GeoJSON of the neighbourhoods of the actor's organisation: counts, never a point. `?land=1`: the country itself,
    which the browser keeps: it changes with the gazetteer alone."""
    actor = request.actor  # type: ignore[attr-defined]
    if request.GET.get("land"):
        found, kept = read.land(actor.organisation.country), f"private, max-age={LAND_TTL_S}"
    else:
        found, kept = (
            read.features(actor.organisation, count_by_area(actor.organisation, clock.now())),
            "no-store",
        )
    return HttpResponse(
        f'{{"type":"FeatureCollection","features":[{",".join(found)}]}}',
        content_type="application/geo+json",
        headers={"Cache-Control": kept},
    )
