"""The calendar of the team: a week or a day of visits, those that come again, and where nobody comes yet."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from quartier.console.queries.calendar import calendar
from quartier.lib import clock
from quartier.people.access import looked
from quartier.team.access import Actor

# Nobody plans farther ahead, or looks farther back.
FARTHEST = timedelta(days=400)
DAYS = {"week": 7, "day": 1}


def show(request: HttpRequest) -> HttpResponse:
    """`day`: one of the days; `view`: `week` or `day`; `area`, `volunteer`: only these."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today = clock.now().astimezone(actor.organisation.zone).date()
    day, view = _day(request, today), request.GET.get("view", "week")
    view = view if view in DAYS else "week"
    first = day - timedelta(days=day.weekday()) if view == "week" else day
    area, volunteer = _number(request.GET.get("area", "")), _id(request.GET.get("volunteer", ""))
    found = calendar(actor.organisation, first, DAYS[view], area=area, volunteer=volunteer)
    count = sum(len(entries) for _each, entries in found.days)
    if count:
        looked(actor, "calendar", actor.organisation.pk, day=str(first), count=count)
    kept = {"area": area or "", "volunteer": volunteer or ""}
    step = timedelta(days=DAYS[view])

    def to(day: date, **changes: Any) -> str:
        words = {"view": view, "day": day.isoformat(), **kept} | changes
        return f"{reverse('calendar')}?{urlencode({name: word for name, word in words.items() if word})}"

    context = {
        "found": found,
        "count": count,
        "view": view,
        "title": title(first, first + step - timedelta(days=1)),
        "is_now": first <= today < first + step,
        "today": today,
        "days": [(day, to(day, view="day"), [(one, *STATES[one.state]()) for one in entries])
                 for day, entries in found.days],
        "before": to(first - step),
        "after": to(first + step),
        "now_there": to(today),
        "views": [
            (_("Week"), to(day, view="week"), view == "week"),
            (_("Day"), to(day, view="day"), view == "day"),
        ],
        "day": day,
        "area": area,
        "volunteer": volunteer,
        "narrowed": bool(area or volunteer),
        "everything": to(day, area="", volunteer=""),
    }  # fmt: skip
    return render(request, "console/calendar.html", context)


def title(first: date, last: date) -> str:
    """`23 to 29 November 2026`, as it is said: both months where there are two, one day alone with its weekday."""
    if first == last:
        return capfirst(_said(first, "l Y"))
    short = "" if (first.month, first.year) == (last.month, last.year) else "F"
    return _("%(first)s to %(last)s") % {"first": _said(first, short), "last": _said(last, "F Y")}


def _said(day: date, parts: str) -> str:
    """A day with what is wanted of weekday (`l`), month and year (`F`, `Y`)."""
    language = (get_language() or "en")[:2]
    number = "j." if language == "de" else r"j\e\r" if language == "fr" and day.day == 1 else "j"
    weekday = "" if "l" not in parts else "l, " if language == "de" else "l "
    month = " F" if "F" in parts or "l" in parts else ""
    return date_format(day, f"{weekday}{number}{month}{' Y' if 'Y' in parts else ''}")


# What stands beside a line: words, kind of the tag and icon; nothing where the time says all.
STATES: dict[str, Any] = {
    "gap": lambda: (_("no one yet"), "none", "alert"),
    "planned": lambda: ("", "", ""),
    "accepted": lambda: ("", "", ""),
    "on_way": lambda: (_("on the way"), "way", "walk"),
    "done": lambda: (pgettext("a visit", "done"), "done", "tick"),
    "failed": lambda: (_("did not go ahead"), "closed", "x"),
}


def _day(request: HttpRequest, today: date) -> date:
    typed = request.GET.get("day", "")
    if not typed:
        return today
    try:
        day = date.fromisoformat(typed[:10])
    except ValueError:
        day = None
    if day is None or abs(day - today) > FARTHEST:
        messages.warning(request, _("We cannot show this day. Here is today."))
        return today
    return day


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= 19 else None


def _id(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None
