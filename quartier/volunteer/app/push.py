"""Being told at once in this browser: switched on, tried, switched off. The browser says who it is by the address of
its push service, and gets the box with how things stand."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from quartier.limits.actions import allow
from quartier.messaging import actions
from quartier.messaging.actions import Browser
from quartier.messaging.providers.push import keys
from quartier.people.models import Person
from quartier.team.access import Actor

TRIES, TRIES_S = 5, 300


@never_cache
def act(request: HttpRequest) -> HttpResponse:
    """POST `do`: `state`, `on`, `try` or `off`, with the browser's `endpoint` (and its keys): the box as HTML."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    person = Person.objects.filter(account=actor.account).select_related("organisation").first()
    if person is None:
        raise Http404
    endpoint, do = request.POST.get("endpoint", ""), request.POST.get("do", "state")
    is_phone, tried, wrong = _is_phone(request), False, False
    row = actions.push_in(person.organisation, endpoint) if endpoint else None
    if row is not None and row.person_id != person.pk:
        row = None
    if do == "on":
        given = Browser(
            endpoint,
            {name: request.POST.get(name, "") for name in ("p256dh", "auth")},
            get_language() or "fr",
            "phone" if is_phone else "computer",
        )
        try:
            row = actions.switch_push_on(person=person, browser=given)
        except ValueError:
            wrong = True
    elif do == "off" and endpoint:
        actions.switch_push_off(person=person, endpoint=endpoint)
        row = None
    elif do == "try" and row is not None:
        if allow(purpose="push", who=str(person.pk), limit=TRIES, per_seconds=TRIES_S):
            actions.try_push(person=person)
        tried = True
    return render(
        request,
        "volunteer/app/push.html",
        {
            "row": row,
            "key": keys.public(),
            "is_phone": is_phone,
            "is_volunteer": "volunteer" in actor.roles,
            "tried": tried,
            "wrong": wrong,
        },
    )


@csrf_exempt
def renew(request: HttpRequest) -> HttpResponse:
    """A browser has got another address from its push service, while no page is open. JSON: `old`, `endpoint`, `keys`.
    Who knows the old address is that browser: it is told to nobody else."""
    try:
        said = json.loads(request.body[:10_000])
        given = Browser(str(said["endpoint"]), dict(said["keys"]))
        renewed = actions.renew_push(
            organisation=request.organisation,  # type: ignore[attr-defined]
            old=str(said["old"]),
            browser=given,
        )
    except (ValueError, KeyError, TypeError):
        return HttpResponse(status=400)
    return HttpResponse(status=204 if renewed else 404)


def _is_phone(request: HttpRequest) -> bool:
    """By what the browser says of itself, or by its page: on a narrow screen (`narrow`) nobody looks at a computer."""
    return "narrow" in request.POST or any(
        word in request.headers.get("User-Agent", "") for word in ("Mobile", "Android", "iPhone")
    )
