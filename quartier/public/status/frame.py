"""What all pages behind a private link share: the link is found, and the page is kept out of caches and searches."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from quartier.cases import access
from quartier.cases.models import StatusLink
from quartier.team.access import Actor, link

View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """Finds the link; keeps the page out of caches, search engines and the addresses that others are told."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str, **more: UUID) -> HttpResponse:
        try:
            found = access.by_token(token)
            if found.organisation_id != request.organisation.id:  # type: ignore[attr-defined]
                raise Http404
        except Http404:
            response = render(request, "public/status/gone.html", status=404)
        else:
            response = view(request, token, found, **more)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return guarded


def actor_of(found: StatusLink) -> Actor:
    """Who holds the link, as one who acts."""
    return link(found.case.organisation, found.person_id)
