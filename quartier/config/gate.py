"""The gate: reads the policy table before any page is drawn, and says who acts."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse

from quartier.config import bodies, errors, organisation
from quartier.config.policy import ANYONE, POLICY, Row
from quartier.lib import clock, kept
from quartier.team import last_here
from quartier.team.access import Actor, of_account
from quartier.team.sessions import needs_passkey, sees_files

# Where a passkey is demanded and was not shown yet: to add or show one, and out.
WITHOUT_PASSKEY = frozenset(
    {"sign_out_everywhere", "passkey_code", "passkey_add_begin", "passkey_add_finish", "line_sign_out"}
)


class GateMiddleware:
    """Sets `request.organisation` and `request.actor` (`None` for a visitor), and refuses what the table refuses."""

    async_capable = False
    sync_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if bodies.is_too_large(request):
            return errors.bad_request(request, RequestDataTooBig())
        response = self.get_response(request)
        row = _row_of(request)
        if row is not None and row.scope != "none" and not response.has_header("Cache-Control"):
            # On a computer that several share, the way back of the browser would show the page once more.
            response["Cache-Control"] = "no-store"
        last_here.remember(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        request.actor = actor_of(request)  # type: ignore[attr-defined]
        if request.actor is not None and sees_files(request.actor.roles):  # type: ignore[attr-defined]
            request.session.keep_awake(by_hand=_is_by_hand(request))  # type: ignore[attr-defined]
        if request.actor is not None:  # type: ignore[attr-defined]
            kept.forget_old(request.session, clock.now())
        here = organisation.of(request)
        request.organisation = here  # type: ignore[attr-defined]
        row = _row_of(request)
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
        if name_of(request) not in WITHOUT_PASSKEY and needs_passkey(request.session, request.actor):  # type: ignore[attr-defined]
            if request.method == "POST":
                # What was written waits until they have signed in with it.
                self._keep(request)
            return HttpResponseRedirect(reverse("sign_out_everywhere"))
        return None

    def _keep(self, request: HttpRequest) -> str:
        """Signed out midway: what was written waits until they are back. Gives the page to open then."""
        by_script = request.headers.get("HX-Request") or request.headers.get("Accept") == "application/json"
        if not by_script and kept.keep(request.session, request.get_full_path(), request.POST, clock.now()):
            request.session[kept.WHOSE] = last_here.was(request)
            return reverse("kept")
        return request.headers.get("Referer", "")


def _row_of(request: HttpRequest) -> Row | None:
    """What the table says of the address; `None` where it has no row."""
    return POLICY.get(name_of(request))


def name_of(request: HttpRequest) -> str:
    """How the table calls the address."""
    match = request.resolver_match
    return (match.url_name or "") if match else ""


def _is_by_hand(request: HttpRequest) -> bool:
    """Whether somebody did something, and no page has asked for news by itself."""
    by_script = (
        "HX-Request" in request.headers or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    )
    return request.method == "POST" or not by_script


def actor_of(request: HttpRequest) -> Actor | None:
    """The signed-in account, unless it belongs to another organisation than the one whose address was called."""
    account = request.user
    if not account.is_authenticated:
        return None
    here = organisation.of(request)
    if here is not None and here.id != account.organisation_id and (here.host or account.organisation.host):
        return None
    actor = of_account(account)
    request._organisation = actor.organisation  # type: ignore[attr-defined]
    return actor
