"""Somebody is in danger: what to say, whom to call, and the coordinators are told."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from quartier.alerts import actions as alerts
from quartier.console.line import script
from quartier.lib import emergency
from quartier.team.access import Actor
from quartier.telephony.access import call_for


def heard(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """The panel with the sentences and the numbers; the team is told, one after the other, until somebody has it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    call = call_for(actor, call_id)
    spoken = call.language or get_language() or "en"
    alert = alerts.raise_alert(actor=actor, call=call)
    told = [each.person.name for each in alert.tellings.select_related("person") if not each.unreachable]
    context = {
        "call": call,
        "sentences": script.risk(spoken),
        "said_in": spoken,
        "numbers": emergency.numbers(actor.organisation.country, spoken),
        "told": told,
    }
    panel = request.htmx  # type: ignore[attr-defined]
    return render(request, "console/line_risk.html" if panel else "console/line_risk_page.html", context)
