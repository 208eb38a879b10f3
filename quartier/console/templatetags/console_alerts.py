"""The strip of alerts, which stands on every page of the console; and being woken."""

from typing import Any

from django import template

from quartier.alerts.models import Wake
from quartier.console import alerts

register = template.Library()


@register.inclusion_tag("console/alerts_strip.html", takes_context=True)
def alerts_strip(context: template.Context) -> dict[str, Any]:
    """Every alert that is not closed, folded while the bar above says that a call goes on. One query."""
    folded = getattr(context["request"], "_line_standing", "") in alerts.IN_A_CALL
    return {**alerts.context(context["page"].actor, folded=folded), **_request(context)}


@register.inclusion_tag("console/pulse.html")
def worker_pulse() -> dict[str, Any]:
    """A line where no work is being done any more. One query."""
    return alerts.pulse_context()


@register.inclusion_tag("console/wake.html", takes_context=True)
def wake_me(context: template.Context) -> dict[str, Any]:
    """The button by which an operator is woken, or not any more. One query."""
    return {"wakes": Wake.objects.filter(account=context["page"].actor.id).exists(), **_request(context)}


def _request(context: template.Context) -> dict[str, Any]:
    return {name: context.get(name) for name in ("page", "request", "csrf_token")}
