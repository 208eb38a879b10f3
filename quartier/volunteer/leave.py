"""Leaving for good: what happens is said first."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from quartier.messaging import chats
from quartier.messaging.actions import switch_push_off
from quartier.people.models import Volunteer
from quartier.visits import actions
from quartier.visits.actions.ledger import first_name
from quartier.visits.queries import visits_to_make
from quartier.volunteer.access import me


@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """Say what leaving does; POST: leave, and be signed out if nothing else is left to do here."""
    actor, volunteer = me(request)
    if request.method == "POST" and volunteer.state != Volunteer.State.SUSPENDED:
        actions.volunteer_leaves(actor=actor, volunteer=volunteer)
        switch_push_off(person=volunteer.person)
        chats.take_away(person=volunteer.person)
        if actor.account is not None:
            actor.account.refresh_from_db()
            if not actor.account.is_active:
                logout(request)
        return render(
            request,
            "volunteer/left.html",
            {"volunteer": volunteer, "first_name": first_name(volunteer.person)},
        )
    promised = visits_to_make(volunteer)
    return render(request, "volunteer/leave.html", {"volunteer": volunteer, "promised": len(promised)})
