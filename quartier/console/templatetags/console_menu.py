"""The menu of the console."""

from typing import Any

from django import template
from django.http import HttpRequest

from quartier.console.menu import BAR, MORE, Entry
from quartier.console.templatetags.console_line import has_line

register = template.Library()


@register.inclusion_tag("console/menu.html", takes_context=True)
def console_menu(context: template.Context) -> dict[str, Any]:
    """What this reader may open; what holds the page at which they are is marked."""
    request: HttpRequest = context["request"]
    page, roles = context["page"], set(context["page"].roles)
    match = request.resolver_match
    at = (match.url_name if match else "") or ""

    def shown(entries: tuple[Entry, ...]) -> list[dict[str, Any]]:
        return [
            {"words": each.words, "address": each.address, "current": each.is_at(at)}
            for each in entries
            if roles & each.roles and (not each.line or has_line(context)) and (not each.demo or page.demo)
        ]

    more = shown(MORE)
    here = next((each["words"] for each in more if each["current"]), "")
    return {"bar": shown(BAR), "more": more, "here": here}
