"""What keeps machines from flooding the public forms: limits for each visitor, and a proof of work.

Neither is ever in a person's way: without the proof a form is read by one of us before neighbours are asked,
and who meets a limit keeps what they wrote and reads the number to call.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quartier.lib.networks import client_network
from quartier.limits import proof
from quartier.limits.actions import allow

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
    "code_to": (5, 900),
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


def refuse(request: HttpRequest, back: str, *, kept: bool) -> HttpResponse:
    """The page for who meets a limit: the number to call, and the way `back`. `kept`: what was written before is."""
    response = render(request, "public/too_many.html", {"back": back, "kept": kept}, status=429)
    response["Retry-After"] = "600"
    return response


def challenge(purpose: str) -> str:
    """What the form asks the browser to work out, see `limits/proof.html`."""
    return proof.challenge(purpose)


def is_proven(request: HttpRequest, purpose: str) -> bool:
    """Whether the browser has done the work. Uses the answer up, in the surrounding transaction."""
    return proof.verify(purpose, request.POST.get("proof", "")[:600])
