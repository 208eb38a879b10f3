"""Somebody is in danger: what to say, whom to call, and the coordinators are told."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quartier.alerts import actions as alerts
from quartier.alerts.actions import mistakes
from quartier.alerts.models import Alert
from quartier.console.line import script
from quartier.console.queries import line as read
from quartier.console.queries.danger import danger_heard_on
from quartier.console.request_page import COORDINATES
from quartier.lib import emergency
from quartier.team.access import Actor
from quartier.telephony import queries
from quartier.telephony.access import call_for
from quartier.telephony.models import Call


def heard(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """The panel with the sentences and the numbers; the team is told, one after the other, until somebody has it.

    Only for who is, or was, on that call, and for those who coordinate: of any other one nobody has heard a thing.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    call = call_for(actor, call_id)
    if not (actor.has(*COORDINATES) or queries.has_had(actor, call)):
        raise Http404
    if request.POST.get("do") == "mistake":
        return _withdraw(request, call)
    alert = alerts.raise_alert(actor=actor, call=call)
    context = {"call": call, "risk": _panel(actor, call, alert), "is_new": True}
    panel = request.htmx  # type: ignore[attr-defined]
    return render(request, "console/line_risk.html" if panel else "console/line_risk_page.html", context)


def _withdraw(request: HttpRequest, call: Call) -> HttpResponse:
    """It was a mistake: the panel goes, and a word says so; too late, the word says what to do."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    is_late = False
    try:
        mistakes.withdraw_alert(actor=actor, call=call, words=_("Pressed by mistake."))
    except mistakes.TooLate:
        is_late = True
        said = _("It can no longer be undone. Tell a coordinator that it was a mistake.")
    else:
        said = _("Undone. No one else is told. Anyone already told can read that it was a mistake.")
    if not request.htmx:  # type: ignore[attr-defined]
        (messages.warning if is_late else messages.success)(request, said)
        return redirect("line_call", call.pk)
    context = {"call": call, "risk": open_panel(actor, call), "said": said, "is_late": is_late}
    return render(request, "console/line_risk.html", context)


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
        "questions": script.danger_questions(spoken),
        "said_in": spoken,
        "numbers": emergency.numbers(actor.organisation.country, spoken),
        "may_withdraw": mistakes.may_withdraw(actor, alert),
        "told": [each.person.name for each in told],
    }
