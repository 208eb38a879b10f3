"""My page: what I am asked, what I promised, what I did, and a break when I need one."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from quartier.appeals import queries as appeals
from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.cases.queries.links import links_followed
from quartier.companions import queries as companions
from quartier.companions.access import own_listener
from quartier.companions.models import StandIn
from quartier.incidents import queries as incidents
from quartier.incidents import rules as incidents_rules
from quartier.lib import choices, clock
from quartier.matching.actions import token_of
from quartier.people.models import Volunteer
from quartier.people.wishes import times_away
from quartier.team.access import Actor
from quartier.team.models import Passkey, Role
from quartier.visits.actions.ledger import first_name
from quartier.visits.queries import open_offers, visits_made, visits_to_make
from quartier.volunteer import alone, appeal, beginning, calendar, chats, regular, rules
from quartier.volunteer.access import me
from quartier.volunteer.app.frame import keep

KEPT = timedelta(days=7)


@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """The page of the volunteer who is signed in."""
    actor, volunteer = me(request)
    today = clock.now().astimezone(volunteer.organisation.zone).date()
    shown = render(
        request,
        "volunteer/home.html",
        {
            "volunteer": volunteer,
            "first_name": first_name(volunteer.person),
            "paused": volunteer.state == Volunteer.State.PAUSED,
            "calendar": calendar.address(volunteer),
            "subscribe": calendar.subscription(volunteer),
            "chats": chats.title(),
            "own_word": alone.word_of(volunteer),
            "away": times_away(volunteer, today),
            "today": today,
            "now": clock.now(),
            "wishes": bool(appeals.wishes_of(volunteer)),
            "next_call": _next_call(actor),
            "asked": _asked(volunteer),
            "has_passkey": Passkey.objects.filter(account=actor.account).exists(),
        }
        | _work(volunteer)
        | beginning.frame(volunteer),
    )
    # Nothing on it says who is helped or where.
    return keep(shown, clock.now() + KEPT)


def _asked(volunteer: Volunteer) -> list[tuple[str, datetime]]:
    """The private pages of what they have asked for themselves, and when they did: nothing there brings the links by a
    message when they sign in."""
    return [
        (reverse("status", args=[cases.token_of(link)]), link.created_at)
        for link in links_followed([volunteer.person_id])
    ]


def _next_call(actor: Actor) -> datetime | None:
    """When a listener calls next, or has still to say how a call went. Whom, is on a page that no phone keeps."""
    if not actor.has(Role.Name.LISTENER):
        return None
    listener = own_listener(actor)
    own = companions.next_talks([each.pk for each in companions.mine(listener)]).values()
    accepted = [each for each in companions.instead(listener) if each.state == StandIn.State.ACCEPTED]
    standing = [companions.next_talk_of(each) for each in accepted]
    return min((talk.at for talk in [*own, *standing] if talk is not None), default=None)


def _work(volunteer: Volunteer) -> dict[str, Any]:
    """What they go to, what they are asked, what they did: nothing of it says who or at which door."""
    visits, offers, now = visits_to_make(volunteer), open_offers(volunteer), clock.now()
    places = _places([*(each.request for each in visits), *(each.request for each in offers)])
    running = incidents.running(volunteer.organisation)
    more = [kind for kind in incidents_rules.offered(running) if not volunteer.kinds & kind.mask]
    return {
        "incidents": running if more else [],
        "more": more,
        "regulars": regular.mine(volunteer),
        "visits": [
            {
                "kind": choices.kind(each.request.kind),
                "where": places[each.request.case_id],
                "remote": each.request.remote,
                "start": each.comes_from if each.comes_from > now else None,
                "until": each.comes_until,
                "is_over": each.comes_until <= now,
                "url": reverse("offer_link", args=[token_of(each.offer)]),
            }
            for each in visits
        ],
        "offers": [
            {
                "kind": choices.kind(each.request.kind),
                "where": places[each.request.case_id],
                "metres": each.distance_m,
                "start": each.request.window_from if each.request.window_from > now else None,
                "until": each.request.window_until,
                "url": reverse("offer_link", args=[token_of(each)]),
            }
            for each in offers
        ],
        "appeals": appeal.open_ones(volunteer),
        "made": [(choices.kind(each.request.kind), each.ended_at) for each in visits_made(volunteer)],
    }


def _places(asked: Iterable[Request]) -> dict[Any, str]:
    """By case, what its place is called; each place is looked up once."""
    said: dict[tuple[str, str], str] = {}
    found = {}
    for each in asked:
        key = (each.case.postcode, each.case.place_name)
        if key not in said:
            said[key] = rules.where(each)
        found[each.case_id] = said[key]
    return found
