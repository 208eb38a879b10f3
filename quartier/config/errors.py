"""Pages for what went wrong: a clear sentence, what to do, and the phone number."""

import logging
import sys

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quartier.config import context, organisation
from quartier.team.models import Organisation

log = logging.getLogger(__name__)


def _answer(request: HttpRequest, status: int, title: str | Promise, words: str | Promise) -> HttpResponse:
    try:
        here = organisation.of(request)
    except Exception:
        log.exception("no organisation for the error page")
        here = _last_seen(request)
    page = context.Page(request, here)
    body = render_to_string(
        "public/error.html", {"page": page, "title": title, "words": words, "status": status}
    )
    response = HttpResponse(body, status=status)
    if status == 503:
        response["Retry-After"] = "30"
    return response


def _last_seen(request: HttpRequest) -> Organisation | None:
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
            "Something was too long or got lost on the way. Please go back and try again, with a shorter text. "
            "You can also call us."
        ),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Signed in, but this is not for this role."""
    return _answer(
        request,
        403,
        _("This page is not for you"),
        _(
            "You are signed in, but this page is for others of the team."
            " If you need it, ask whoever runs Quartier for your group."
        ),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No such page, or one that this person may not know of."""
    return _answer(
        request,
        404,
        _("This page does not exist"),
        _("The link may be old or cut off. You can start again from the first page, or call us."),
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
    busy = isinstance(sys.exc_info()[1], DatabaseError)
    return _answer(
        request,
        503 if busy else 500,
        _("Something went wrong on our side"),
        _("What you wrote before this page is kept. Please try again in a minute. You can also call us."),
    )


def no_organisation(request: HttpRequest) -> HttpResponse:
    """An installation on which `quartier init` was not run."""
    return _answer(
        request,
        503,
        _("This line is being set up"),
        _("Nobody answers here yet. In danger, call the numbers below."),
    )
