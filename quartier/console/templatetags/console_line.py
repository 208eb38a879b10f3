"""The bar of the line, which stands on every page of the console."""

import math
from datetime import datetime
from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.translation import gettext, pgettext

from quartier.cases.models import Case, Request
from quartier.console.intake import known_address as addresses
from quartier.console.line import bar
from quartier.console.line.callbacks import called_from
from quartier.console.line.shortcuts import (
    CALL_PAGE_SHORTCUTS,
    INTAKE_SHORTCUTS,
    LINE_SHORTCUTS,
    LineShortcut,
)
from quartier.console.queries import line as read
from quartier.lib import choices, clock
from quartier.look import rules as look
from quartier.telephony.models import Callback

register = template.Library()


@register.inclusion_tag("console/line_bar.html", takes_context=True)
def line_bar(context: template.Context) -> dict[str, Any]:
    """Where the operator stands; nothing for a group without a line."""
    page, request = context["page"], context["request"]
    shown = bar.context(page.actor, clock.now()) if has_line(context) else {}
    # What stands below is folded during a call, and need not ask again.
    request._line_standing = shown["mine"].standing if shown else ""
    return {**shown, "page": page, "request": request, "csrf_token": context.get("csrf_token")}


@register.simple_tag(takes_context=True)
def has_line(context: template.Context) -> bool:
    """Whether the group has a line at all. Asked once a page."""
    request: HttpRequest = context["request"]
    if not hasattr(request, "_has_line"):
        actor = context["page"].actor
        request._has_line = actor is not None and read.has_line(actor)  # type: ignore[attr-defined]
    return bool(request._has_line)  # type: ignore[attr-defined]


@register.simple_tag
def line_shortcuts() -> list[tuple[str, tuple[LineShortcut, ...]]]:
    """The Alt keys of whoever is on the line, by where they are."""
    return [
        (gettext("The line"), LINE_SHORTCUTS),
        (gettext("On the page of a call"), CALL_PAGE_SHORTCUTS),
    ]


@register.simple_tag
def form_shortcuts() -> tuple[LineShortcut, ...]:
    """The Alt keys of the page on which a request is taken."""
    return INTAKE_SHORTCUTS


@register.filter
def spoken(codes: list[str]) -> str:
    """Languages by their names."""
    return ", ".join(bar.language_names(codes))


@register.filter
def language_name(code: str) -> str:
    """One language by its name."""
    return bar.language_names([code])[0]


register.filter("away_text", bar.away_text)


@register.filter
def caller_of(callback: Callback) -> str:
    """Whom a callback is to: a name, or how the number ends."""
    return called_from(callback.person, callback.number)


@register.filter
def known_address(case: Case) -> str:
    """Where a request of this household goes."""
    return addresses.known_address(case)


@register.filter
def kind_of(request: Request) -> str:
    """The kind of help of a request, by its name."""
    return str(choices.kind(request.kind).name)


@register.simple_tag
def euros_of(spent: float, cap: float) -> str:
    """`€3.20 of €5.00`, of cents; what has begun is counted whole."""
    values = {"spent": look.money(math.ceil(spent)), "cap": look.money(round(cap))}
    return gettext("%(spent)s of %(cap)s") % values


@register.simple_tag
def elapsed(since: datetime | None, now: datetime) -> str:
    """`12:05`, the time that a call has taken so far. `line.js` goes on counting."""
    seconds = max(0, int((now - since).total_seconds())) if since else 0
    return f"{seconds // 60}:{seconds % 60:02}"


@register.simple_tag
def wall_age(since: datetime, now: datetime, seconds: bool = False) -> dict[str, str]:
    """An age for the wallboard, to be read from six metres: `number` and `unit`. `wallboard.js` says the same."""
    whole = max(0, int((now - since).total_seconds()))
    minutes, hours = whole // 60, whole // 3600
    if hours >= 48:
        return {"number": str(hours // 24), "unit": pgettext("a unit of time", "days")}
    if hours >= 1:
        # `2:15` alone is read as a time of the clock.
        return {"number": f"{hours}:{minutes % 60:02}", "unit": pgettext("a unit of time", "hours")}
    number = f"{minutes}:{whole % 60:02}" if seconds else str(minutes)
    return {"number": number, "unit": pgettext("a unit of time", "min")}


@register.simple_tag
def wall_said(since: datetime, now: datetime, seconds: bool = False) -> str:
    """The same in one line: `1 h 35 min`."""
    minutes = max(0, int((now - since).total_seconds())) // 60
    if 60 <= minutes < 48 * 60:
        hour, minute = pgettext("a unit of time", "h"), pgettext("a unit of time", "min")
        return f"{minutes // 60} {hour} {minutes % 60:02} {minute}".replace(" ", "\u00a0")
    age = wall_age(since, now, seconds)
    return f"{age['number']}\u00a0{age['unit']}"
