"""My page: what I am asked, what I promised, what I did, and a break when I need one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache

from quartier.lib import choices, clock
from quartier.matching.actions import token_of
from quartier.people.models import Volunteer
from quartier.team.models import Passkey
from quartier.visits.actions.ledger import first_name
from quartier.visits.queries import open_offers, visits_made, visits_to_make
from quartier.volunteer.access import me


@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """The page of the volunteer who is signed in."""
    actor, volunteer = me(request)
    suspended = volunteer.state == Volunteer.State.SUSPENDED
    now = clock.now()
    return render(
        request,
        "volunteer/home.html",
        {
            "volunteer": volunteer,
            "first_name": first_name(volunteer.person),
            "suspended": suspended,
            "paused": volunteer.state == Volunteer.State.PAUSED,
            "visits": []
            if suspended
            else [
                {
                    "kind": choices.kind(each.request.kind),
                    "where": each.request.case.place_name,
                    "remote": each.request.remote,
                    "start": each.comes_from if each.comes_from > now else None,
                    "until": each.comes_until,
                    "is_over": each.comes_until <= now,
                    "url": reverse("offer_link", args=[token_of(each.offer)]),
                }
                for each in visits_to_make(volunteer)
            ],
            "offers": []
            if suspended
            else [
                {
                    "kind": choices.kind(each.request.kind),
                    "where": each.request.case.place_name,
                    "metres": each.distance_m,
                    "start": each.request.window_from if each.request.window_from > now else None,
                    "until": each.request.window_until,
                    "url": reverse("offer_link", args=[token_of(each)]),
                }
                for each in open_offers(volunteer)
            ],
            "made": [(choices.kind(each.request.kind), each.ended_at) for each in visits_made(volunteer)],
            "passkey_begin": _address("passkey_add_begin"),
            "passkey_finish": _address("passkey_add_finish"),
            "has_passkey": Passkey.objects.filter(account=actor.account).exists(),
        },
    )


def _address(name: str) -> str:
    """An address that another surface may have; empty where it has none."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
