"""What all pages behind a private link share: the link is found, and the page is kept out of caches and searches."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from quartier.cases import access
from quartier.cases.models import StatusLink
from quartier.cases.queries import shown_until
from quartier.team.access import Actor, link

View = Callable[..., HttpResponse]
# In the address to which whoever has closed their page is led.
CLOSED_PARAMETER = "closed"
_AFTER_CALL = "opens_after_call"


def private(view: View) -> View:
    """Finds the link; keeps the page out of caches, search engines and the addresses that others are told."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str, **more: UUID) -> HttpResponse:
        try:
            found = access.by_token(token)
            if found.organisation_id != request.organisation.id:  # type: ignore[attr-defined]
                raise Http404
        except Http404:
            is_closed = CLOSED_PARAMETER in request.GET
            response = render(request, "public/status/gone.html", {"revoked": is_closed}, status=404)
        else:
            response = _opened(view, request, token, found, more)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return guarded


def _opened(
    view: View, request: HttpRequest, token: str, found: StatusLink, more: dict[str, UUID]
) -> HttpResponse:
    until = shown_until(found)
    if until is None:
        return view(request, token, found, **more)
    if getattr(view, _AFTER_CALL, False):
        return view(request, token, found, until, **more)
    return _own_link(request, token)


def after_call(view: View) -> View:
    """A page that also opens by a link that shows only what stood in the file before a call (`shown_until`), which is
    its last argument. Under `private`."""
    setattr(view, _AFTER_CALL, True)
    return view


def _own_link(request: HttpRequest, token: str) -> HttpResponse:
    return render(request, "public/status/own_link.html", {"token": token}, status=403)


def of_person(view: View) -> View:
    """A page that belongs to the person and not to one request: it opens by the link that went to their own number or
    address. Whoever has filled in a form with a name and a number is told where that link is."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str, found: StatusLink, **more: UUID) -> HttpResponse:
        if not found.is_proven:
            return _own_link(request, token)
        return view(request, token, found, **more)

    return guarded


def actor_of(found: StatusLink) -> Actor:
    """Who holds the link, as one who acts."""
    return link(found.case.organisation, found.person_id)
