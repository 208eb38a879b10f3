"""The gate: reads the policy table before any page is drawn, and says who acts."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse

from quartier.config import errors, organisation
from quartier.config.policy import ANYONE, POLICY
from quartier.lib import clock, kept
from quartier.team.access import Actor, of_account


class GateMiddleware:
    """Sets `request.organisation` and `request.actor` (`None` for a visitor), and refuses what the table refuses."""

    async_capable = False
    sync_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        request.actor = actor_of(request)  # type: ignore[attr-defined]
        here = organisation.of(request)
        request.organisation = here  # type: ignore[attr-defined]
        name = request.resolver_match.url_name if request.resolver_match else None
        row = POLICY.get(name or "")
        if row is None or (row.scope == "demo" and not (settings.DEMO or settings.DEBUG)):
            raise Http404
        if here is None:
            return errors.no_organisation(request)
        allowed = row.roles(request.method or "GET")
        if not allowed:
            return HttpResponseNotAllowed([method for method in ("GET", "POST") if row.roles(method)])
        if ANYONE in allowed:
            return None
        if request.actor is None:  # type: ignore[attr-defined]
            back = request.get_full_path() if request.method == "GET" else self._keep(request)
            return HttpResponseRedirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': back})}")
        if not request.actor.has(*allowed):  # type: ignore[attr-defined]
            return errors.forbidden(request)
        return None

    def _keep(self, request: HttpRequest) -> str:
        """Signed out midway: what was written waits until they are back. Gives the page to open then."""
        by_script = request.headers.get("HX-Request") or request.headers.get("Accept") == "application/json"
        if not by_script and kept.keep(request.session, request.get_full_path(), request.POST, clock.now()):
            return reverse("kept")
        return request.headers.get("Referer", "")


def actor_of(request: HttpRequest) -> Actor | None:
    """The signed-in account, unless it belongs to another organisation than the one whose address was called."""
    account = request.user
    if not account.is_authenticated:
        return None
    here = organisation.of(request)
    if here is not None and here.host and here.id != account.organisation_id:
        return None
    actor = of_account(account)
    request._organisation = actor.organisation  # type: ignore[attr-defined]
    return actor
