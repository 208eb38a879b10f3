"""What keeps machines from flooding the public forms: limits for each visitor, and a proof of work.

Neither is ever in a person's way: without the proof a form is read by one of us before neighbours are asked,
and who meets a limit keeps what they wrote and reads the number to call.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from quartier.lib.crypto import blind
from quartier.lib.networks import client_network
from quartier.limits import proof
from quartier.limits.actions import allow
from quartier.team.models import Organisation

# How often in how many seconds. Many people can share one address: a home, a hospital, a whole mobile network.
LIMITS = {
    "begin": (120, 3600),
    "send": (40, 3600),
    "concern": (20, 3600),
    "objection": (5, 3600),
    # "Is this volunteer yours?": few, since a code word is one of few.
    "ours": (6, 600),
    "ours_plain": (3, 600),
    "ours_place": (30, 3600),
    "code": (30, 900),
    # To one number or mailbox: asked for from one network, and by everybody together.
    "code_to": (5, 900),
    "code_day": (10, 86400),
    # To whoever is signed in, before passkeys are changed.
    "code_own": (5, 900),
    "try": (60, 900),
}


def may(request: HttpRequest, purpose: str, who: str = "") -> bool:
    """Count one use by this visitor's address (of IPv6, its network; or by `who`), and say whether it is within the
    limit.

    Call it outside the transaction of what it protects.
    """
    limit, seconds = LIMITS[purpose]
    visitor = who or client_network(str(request.META.get("REMOTE_ADDR", "")))
    return allow(purpose=f"public {purpose}", who=visitor, limit=limit, per_seconds=seconds)


def code_key(organisation: Organisation, to: str) -> str:
    """By which codes to a number or mail address are counted, however it is typed. A keyed hash: it may be kept."""
    return blind("code to", organisation.pk, to.strip().lower())


def may_send_code(request: HttpRequest, key: str) -> bool:
    """Count one code for this visitor and this `code_key`, and say whether it is within the limits."""
    return may(request, "code") and may_send_to(request, key)


def may_send_to(request: HttpRequest, key: str) -> bool:
    """Count one code to this `code_key`: few from one network, so that nobody uses up what somebody else may ask for,
    and a number a day, which is also how often a code can be guessed."""
    network = client_network(str(request.META.get("REMOTE_ADDR", "")))
    return may(request, "code_to", f"{key} {network}") and may(request, "code_day", key)


def refuse(request: HttpRequest, back: str, *, kept: bool) -> HttpResponse:
    """The page for who meets a limit: the number to call, and the way `back`. `kept`: what was written before is."""
    response = render(request, "public/too_many.html", {"back": back, "kept": kept}, status=429)
    response["Retry-After"] = "600"
    return response


BUSY_PARAMETER = "busy"


def refuse_later(back: str) -> HttpResponse:
    """The same for a form whose every answer is a redirect: `back`, where `is_refused` says to show that page."""
    return HttpResponseRedirect(f"{back}{'&' if '?' in back else '?'}{BUSY_PARAMETER}=1")


def is_refused(request: HttpRequest) -> bool:
    """Whether the visitor comes from a form that met a limit."""
    return request.method != "POST" and BUSY_PARAMETER in request.GET


def challenge(purpose: str) -> str:
    """What the form asks the browser to work out, see `limits/proof.html`."""
    return proof.challenge(purpose)


def is_proven(request: HttpRequest, purpose: str) -> bool:
    """Whether the browser has done the work. Uses the answer up, in the surrounding transaction."""
    return proof.verify(purpose, request.POST.get("proof", "")[:600])
