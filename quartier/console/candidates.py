"""Who could be asked for a request: a part of its page that comes after the rest.

Looking for neighbours takes longer than everything else on the page together, and whoever opens it reads first what is
asked.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quartier.cases.access import request_for
from quartier.cases.models import Request
from quartier.console import why
from quartier.console.queries import request as read
from quartier.lib import clock
from quartier.people.access import looked
from quartier.team.access import Actor


def request_candidates(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The part alone. Empty for a request that nobody is looked for any more."""
    actor, now = request.actor, clock.now()  # type: ignore[attr-defined]
    found = request_for(actor, request_id, is_part=True)
    if found.state not in {Request.State.OPEN, Request.State.HUMAN}:
        return HttpResponse()
    context = {"asked": found, "case": found.case, **who_could(actor, found, now)}
    return render(request, "console/who_could.html", context)


def who_could(actor: Actor, found: Request, now: datetime) -> dict[str, Any]:
    """What the part shows. Who looks is written down, since the candidates' numbers stand there."""
    candidates = read.ranked(found, now)
    if candidates:
        looked(actor, "volunteers", found.pk, count=len(candidates))
    return {
        "with_candidates": True,
        "ranked": [why.standing(each) for each in candidates],
        "not_asked": [why.hindered(each, found) for each in read.not_asked(found)],
    }
