"""Which drafts this browser may open: their ids stand signed in a cookie, one of them in the address of a page.

So each tab has its own draft, the back button works, and an address that somebody else copies opens nothing.
"""

from typing import Any
from uuid import UUID

from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse, QueryDict

from quartier.intake.jobs import KEEP_DAYS
from quartier.intake.models import Draft

COOKIE = "drafts"
SALT = "quartier.public.drafts"
MOST = 6
PARAMETER = "d"
# Where words wait that were sent and not taken yet, by question; and how much of them is kept.
WAITING_KEY = "waiting"
WAITING_MAX_CHARS = 60_000
# With which button somebody left a question before it was answered: to another language, or one page back.
LEAVE_PARAMETER = "leave"
BACK = "back"
_NOT_KEPT = {"csrfmiddlewaretoken", "proof"}


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


def waiting(draft: Draft | None, step: str) -> QueryDict | None:
    """What was sent for a question and not taken yet, as it was sent; `None` for nothing."""
    kept = ((draft.answers or {}) if draft else {}).get(WAITING_KEY, {}).get(step)
    if not kept:
        return None
    sent = QueryDict(mutable=True)
    for name, values in kept.items():
        sent.setlist(name, values)
    return sent


def as_waiting(sent: QueryDict) -> dict[str, list[str]] | None:
    """What was sent, to be kept; `None` where it is too long."""
    kept = {name: values for name, values in sent.lists() if name not in _NOT_KEPT}
    length = sum(len(name) + sum(map(len, values)) for name, values in kept.items())
    # A page sent empty was sent too: what is missing has to be said.
    return (kept or {"": [""]}) if length <= WAITING_MAX_CHARS else None


def with_waiting(draft: Draft, step: str, sent: dict[str, list[str]]) -> dict[str, Any]:
    """The answers to save so that this waits for the question; nothing: what waited was taken."""
    before = (draft.answers or {}).get(WAITING_KEY, {})
    after = {name: words for name, words in before.items() if name != step} | ({step: sent} if sent else {})
    return {WAITING_KEY: after} if after or before else {}


def _ids(request: HttpRequest) -> list[UUID]:
    try:
        text = request.get_signed_cookie(COOKIE, salt=SALT, max_age=KEEP_DAYS * 86_400) or ""
        return [UUID(part) for part in text.split(".") if part]
    except (KeyError, BadSignature, ValueError):
        return []
