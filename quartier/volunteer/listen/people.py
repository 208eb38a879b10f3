"""My people: whom I call, and when next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from quartier.companions import queries
from quartier.companions.access import own_listener
from quartier.lib import clock
from quartier.people.queries import first_name
from quartier.team.access import Actor


@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """Everybody whom this listener calls, the next call first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    listener = own_listener(actor)
    pairings = queries.mine(listener)
    talks = queries.next_talks([each.pk for each in pairings])
    now = clock.now()
    rows = [
        {
            "pairing": each,
            # Before both have said yes, nobody has a name.
            "name": "" if each.state == "proposed" else first_name(each.wish.person),
            "talk": talks.get(each.pk),
            "is_over": bool(each.pk in talks and talks[each.pk].at <= now),
        }
        for each in pairings
    ]
    rows.sort(key=lambda row: (row["talk"] is None, row["talk"].at if row["talk"] else now))  # type: ignore[union-attr]
    instead = [
        {"row": each, "name": first_name(each.pairing.wish.person) if each.state == "accepted" else ""}
        for each in queries.instead(listener)
    ]
    context = {"listener": listener, "rows": rows, "instead": instead}
    return render(request, "volunteer/listen/people.html", context)
