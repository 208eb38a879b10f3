"""One appeal: what came of it until now, and stopping it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from quartier.appeals import access, actions, queries
from quartier.appeals.models import Appeal
from quartier.console.appeals import saying
from quartier.lib import clock
from quartier.team.access import Actor


def show(request: HttpRequest, appeal_id: UUID) -> HttpResponse:
    """The page; asked by htmx, only its moving part."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    appeal = access.appeal_for(actor, appeal_id)
    tally = queries.tally(appeal)
    parts = [
        (_("yes"), "bar-yes", tally.yes),
        (_("not for me"), "bar-no", tally.no),
        (_("later"), "bar-later", tally.later),
        (_("no answer yet"), "bar-none", tally.silent),
    ]
    context = {
        "appeal": appeal,
        "title": saying.title(appeal),
        "purpose": saying.PURPOSES[Appeal.Purpose(appeal.purpose)][0],
        "state": saying.STATES[Appeal.State(appeal.state)],
        "tally": tally,
        "bar": _stacked(parts, tally.sent),
        "parts": parts,
        "could": len(queries.could_be_asked(appeal, clock.now())) if appeal.ended_at is None else 0,
        "board": f"{reverse('board')}?area={appeal.area}" if appeal.area else "",
    }
    template = "console/appeal_live.html" if request.htmx else "console/appeal.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def _stacked(parts: list[tuple[str, str, int]], whole: int) -> list[tuple[str, float, float]]:
    """Class, where it begins and how wide it is, of 100."""
    drawn, x = [], 0.0
    for _name, css, count in parts:
        width = round(100 * count / whole, 2) if whole else 0.0
        if width:
            drawn.append((css, x, width))
        x += width
    return drawn


def act(request: HttpRequest, appeal_id: UUID) -> HttpResponse:
    """Stop it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    appeal = access.appeal_for(actor, appeal_id)
    if request.POST.get("do") != "stop":
        raise Http404
    if actions.stop(actor=actor, appeal=appeal):
        messages.success(request, _("No one else will be asked."))
    return redirect("appeal", appeal.pk)
