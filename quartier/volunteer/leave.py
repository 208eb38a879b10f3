"""Leaving for good: what happens is said first."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from quartier.lib import clock, kept
from quartier.messaging import chats
from quartier.messaging.actions import switch_push_off
from quartier.visits import actions
from quartier.visits.actions.ledger import first_name
from quartier.visits.queries import visits_to_make
from quartier.volunteer.access import me

GOODBYE_KEY = "goodbye"


@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """Say what leaving does; POST: leave, and be signed out if nothing else is left to do here."""
    actor, volunteer = me(request)
    if request.method == "POST":
        actions.volunteer_leaves(actor=actor, volunteer=volunteer)
        switch_push_off(person=volunteer.person)
        chats.take_away(person=volunteer.person)
        if actor.account is not None:
            actor.account.refresh_from_db()
            if not actor.account.is_active:
                logout(request)
        # Whoever has left has no page of their own any more: this one is anybody's, and this session's alone.
        words = QueryDict(mutable=True)
        words.update({"name": first_name(volunteer.person), "done": str(volunteer.done_total)})
        kept.keep(request.session, request.path, words, clock.now(), key=GOODBYE_KEY)
        return redirect("volunteer_left")
    promised = visits_to_make(volunteer)
    return render(request, "volunteer/leave.html", {"volunteer": volunteer, "promised": len(promised)})


@never_cache
def left(request: HttpRequest) -> HttpResponse:
    """Thanks to whoever has just left, as often as they look at it."""
    found = kept.read(request.session, clock.now(), key=GOODBYE_KEY)
    if found is None:
        return redirect("home")
    words = dict(found[1])
    return render(
        request, "volunteer/left.html", {"first_name": words["name"], "done_total": int(words["done"])}
    )
