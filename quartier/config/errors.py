"""Pages for what went wrong: a clear sentence, what to do, and the phone number."""

import logging
import sys

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quartier.config import context, organisation
from quartier.team.access import is_suspended
from quartier.team.models import Organisation

log = logging.getLogger(__name__)


def _answer(
    request: HttpRequest, status: int, title: str | Promise, words: str | Promise, **more: object
) -> HttpResponse:
    page = context.Page(request, _organisation(request, ask=status != 503))
    body = render_to_string(
        "public/error.html", {"page": page, "title": title, "words": words, "status": status, **more}
    )
    response = HttpResponse(body, status=status)
    if status == 503:
        response["Retry-After"] = "30"
    return response


def _organisation(request: HttpRequest, *, ask: bool) -> Organisation | None:
    """Whose page it is. A database that has just not answered is not asked once more: somebody waits for this page."""
    try:
        if ask:
            return organisation.of(request)
    except SuspiciousOperation:
        # A name that is not ours: `django.security` has said so.
        return None
    except Exception as error:
        log.warning("no organisation for the error page: %s", type(error).__name__)
    try:
        return organisation.last_seen(request)
    except SuspiciousOperation:
        return None


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Something came that no form of ours sends: too large (413), or cut off on the way."""
    return _answer(
        request,
        413 if isinstance(exception, RequestDataTooBig) else 400,
        _("We could not read that"),
        _(
            "Something was too long or got lost on the way. Please go back and try again, with a shorter text or a "
            "smaller file. You can also call us."
        ),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Signed in, but this is not for this role, or for nobody who is suspended."""
    actor = getattr(request, "actor", None)
    if actor is not None and actor.account is not None and is_suspended(actor.account):
        return _answer(
            request,
            403,
            _("This page is closed to you for now"),
            _("Our team has put what you do with us on hold and would like to talk to you. Please call us."),
            # No other page has a way out for them, and others may sit at this computer.
            way_out=True,
            csrf_token=get_token(request),
        )
    return _answer(
        request,
        403,
        _("This page is not for you"),
        _(
            "You are signed in, but this page is for other people in the team. If you need it, ask the "
            "person who runs Quartier for your group."
        ),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No such page, or one that this person may not know of."""
    return _answer(
        request,
        404,
        _("This page does not exist"),
        _("The link may be old or cut off. You can start again from the home page, or call us."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open for too long, or in a browser that refuses our cookie."""
    return _answer(
        request,
        403,
        _("This page was open for too long"),
        _("Go back one page and send it again: what you wrote is still there. You can also call us."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Our own mistake, or a database that does not answer."""
    busy = isinstance(sys.exc_info()[1], (DatabaseError, InterfaceError))
    return _answer(
        request,
        503 if busy else 500,
        _("Something went wrong on our side"),
        _(
            "What you wrote before this page has been kept. Please try again in a minute. You can also "
            "call us."
        ),
    )


def no_organisation(request: HttpRequest) -> HttpResponse:
    """An installation on which `quartier init` was not run."""
    return _answer(
        request,
        503,
        _("This line is being set up"),
        _("No one answers this line yet. In an emergency, call the numbers below."),
    )
