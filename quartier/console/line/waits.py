"""Who waits for one of us on the line at this moment: callers, and those whom we call back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quartier.console.queries import line as read
from quartier.console.request_page import COORDINATES
from quartier.lib import clock
from quartier.team.access import Actor
from quartier.telephony import queries


def line_waits(request: HttpRequest) -> HttpResponse:
    """What the bar (`at=bar`) or the board says of them, for a page that hears that something changed. `calm`: nothing
    else on the board waits for a human."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.GET.get("at") == "bar":
        return render(request, "console/line_owed.html", {"owed": callback_counts(actor)})
    context = {"waits": waits_of(actor), "calm": "calm" in request.GET}
    return render(request, "console/board_waits.html", context)


def waits_of(actor: Actor) -> dict[str, Any] | None:
    """`callers` who wait on the line, who is `owed` a call, and numbers that colleagues want `blocked`. Four queries;
    None for a group without a line."""
    if not read.has_line(actor):
        return None
    return {
        "callers": queries.all_waiting_count(actor.organisation),
        "owed": callback_counts(actor),
        "blocked": queries.block_request_counts(actor, decides=actor.has(*COORDINATES)),
    }


def callback_counts(actor: Actor) -> queries.CallbackCounts:
    """How many wait for their call back, now and later, and messages that nobody has heard. Two queries."""
    return queries.callers_to_call_back(actor.organisation, clock.now())
