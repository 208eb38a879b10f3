"""Which drafts this browser may open: their ids stand signed in a cookie, one of them in the address of a page.

So each tab has its own draft, the back button works, and an address that somebody else copies opens nothing.
"""

from uuid import UUID

from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse

from quartier.intake.jobs import KEEP_DAYS
from quartier.intake.models import Draft

COOKIE = "drafts"
SALT = "quartier.public.drafts"
MOST = 6
PARAMETER = "d"


def opened(request: HttpRequest, form: str) -> Draft | None:
    """The draft that the address names, if this browser began it; `None` also when it was deleted."""
    try:
        key = UUID(request.GET.get(PARAMETER, "")[:40])
    except ValueError:
        return None
    if key not in _ids(request):
        return None
    organisation = request.organisation  # type: ignore[attr-defined]
    return Draft.objects.filter(pk=key, form=form, organisation=organisation).first()


def remember(request: HttpRequest, response: HttpResponse, draft: Draft) -> None:
    """Let this browser open the draft from now on."""
    ids = [*(key for key in _ids(request) if key != draft.id), draft.id][-MOST:]
    response.set_signed_cookie(
        COOKIE,
        ".".join(key.hex for key in ids),
        salt=SALT,
        max_age=KEEP_DAYS * 86_400,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )


def _ids(request: HttpRequest) -> list[UUID]:
    try:
        text = request.get_signed_cookie(COOKIE, salt=SALT, max_age=KEEP_DAYS * 86_400) or ""
        return [UUID(part) for part in text.split(".") if part]
    except (KeyError, BadSignature, ValueError):
        return []
