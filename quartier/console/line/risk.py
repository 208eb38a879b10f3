"""Somebody is in danger: what to say, whom to call, and the coordinators are told."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from quartier.alerts import actions as alerts
from quartier.alerts.models import Alert
from quartier.console.line import script
from quartier.console.queries import line as read
from quartier.console.queries.danger import danger_heard_on
from quartier.lib import emergency
from quartier.team.access import Actor
from quartier.telephony.access import call_for
from quartier.telephony.models import Call


def heard(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """The panel with the sentences and the numbers; the team is told, one after the other, until somebody has it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    call = call_for(actor, call_id)
    alert = alerts.raise_alert(actor=actor, call=call)
    context = {"call": call, "risk": _panel(actor, call, alert), "is_new": True}
    panel = request.htmx  # type: ignore[attr-defined]
    return render(request, "console/line_risk.html" if panel else "console/line_risk_page.html", context)


def open_panel(actor: Actor, call: Call) -> dict[str, Any] | None:
    """The same for a page that comes later: it stays until the danger is over. None where nothing was heard on this
    call, and for whoever is not, and was not, the one who talks. One query, where there is danger three."""
    alert = danger_heard_on(actor, call)
    if alert is None or (call.operator_id != actor.id and read.own_call(actor) != call):
        return None
    return _panel(actor, call, alert)


def _panel(actor: Actor, call: Call, alert: Alert) -> dict[str, Any]:
    spoken = call.language or get_language() or "en"
    told = alert.tellings.filter(unreachable=False).select_related("person")
    return {
        "danger": alert,
        "sentences": script.risk(spoken),
        "said_in": spoken,
        "numbers": emergency.numbers(actor.organisation.country, spoken),
        "told": [each.person.name for each in told],
    }
