"""Signing out of the console: whoever is on a call, on the line, or has something of their own is asked first."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from quartier.console.queries.own_work import own_work
from quartier.lib import clock
from quartier.team.access import Actor
from quartier.telephony.actions import shifts


def line_sign_out(request: HttpRequest) -> HttpResponse:
    """GET asks; POST signs out whoever leaves nothing behind, and asks everybody else. The yes goes to `sign_out`."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    shown = {
        "talk": shifts.own_talk(actor),
        "is_on_line": shifts.is_on_line(actor),
        "own_work": own_work(actor, clock.now()),
    }
    if request.method != "POST":
        return render(request, "console/line_sign_out.html", shown)
    if any(shown.values()):
        return redirect("line_sign_out")
    logout(request)
    return redirect("home")
