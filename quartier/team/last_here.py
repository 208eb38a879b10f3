"""Who was signed in last in a browser: what they wrote when they were signed out by then is shown to them alone, also
on a computer that several share."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from quartier.lib.crypto import blind
from quartier.team.access import Actor

COOKIE = "last_here"
LASTS_S = settings.SESSION_COOKIE_AGE


def mark_of(actor: Actor | None) -> str:
    """A keyed hash that says nothing of who it is; '' for a visitor."""
    if actor is None or actor.account is None:
        return ""
    return blind("last here", actor.organisation.pk, str(actor.account.pk))


def was(request: HttpRequest) -> str:
    """The mark of who was signed in last here; '' where nobody was."""
    return request.COOKIES.get(COOKIE, "")


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Keep the mark of who is signed in, where it is another one than before."""
    mark = mark_of(getattr(request, "actor", None))
    if mark and mark != was(request):
        response.set_cookie(
            COOKIE,
            mark,
            max_age=LASTS_S,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
