"""What I did: a few calm figures, and what the neighbourhood did together. Nothing of it says who was helped."""

from collections import Counter
from datetime import date, datetime, time
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from quartier.lib import clock
from quartier.people import actions
from quartier.people.models import Volunteer
from quartier.visits import queries
from quartier.visits.models import Thanks
from quartier.visits.rules import THANKS
from quartier.volunteer import milestones as dates
from quartier.volunteer.access import me
from quartier.volunteer.app.frame import keep
from quartier.volunteer.home import KEPT

# Fewer than this could tell who it was.
LEAST = 5
BAR, GAP, HIGH = 22, 8, 96


@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """The page; POST: show the dates worth remembering, or hide them."""
    _actor, volunteer = me(request)
    if request.method == "POST":
        do = request.POST.get("do")
        if do not in {"show", "hide"}:
            raise Http404
        actions.show_milestones(volunteer=volunteer, shown=do == "show")
        return redirect("volunteer_impact")
    shown = render(request, "volunteer/impact.html", _said(volunteer))
    return keep(shown, clock.now() + KEPT)


def _said(volunteer: Volunteer) -> dict[str, Any]:
    zone, now = volunteer.organisation.zone, clock.now()
    today = now.astimezone(zone).date()
    deeds = queries.deeds(volunteer)
    days = [deed.at.astimezone(zone).date() for deed in deeds]
    month = datetime.combine(today.replace(day=1), time.min, tzinfo=zone)
    together = queries.together(volunteer, month)
    months = dates.months(days, today)
    thanked = Counter(deed.thanks for deed in deeds if deed.thanks)
    return {
        "volunteer": volunteer,
        "visits": len(deeds),
        "people": len({deed.person for deed in deeds}),
        "hours": round(sum(deed.minutes for deed in deeds) / 60),
        "kilometres": round(sum(deed.metres for deed in deeds) / 1000)
        if volunteer.travel in {"foot", "bike"}
        else 0,
        "travel": volunteer.travel,
        "weeks": dates.longest_run(days),
        "first": deeds[0].at if deeds else None,
        "last": deeds[-1].at if deeds else None,
        "bars": _bars(months),
        "width": len(months) * (BAR + GAP),
        "chart_says": _chart_says(months),
        "together": together if min(together.visits, together.people, together.helpers) >= LEAST else None,
        "thanks": [(THANKS[Thanks.Said(said)], count) for said, count in thanked.most_common()],
        "milestones": dates.milestones(deeds, zone) if volunteer.shows_milestones else [],
    }


def _bars(months: list[tuple[date, int]]) -> list[dict[str, Any]]:
    """Each month as a bar of the small chart."""
    most = max(count for _month, count in months) or 1
    return [
        {
            "x": place * (BAR + GAP) + GAP // 2,
            "middle": place * (BAR + GAP) + GAP // 2 + BAR // 2,
            "y": HIGH - round(count / most * (HIGH - 18)),
            "height": round(count / most * (HIGH - 18)),
            "above": HIGH - round(count / most * (HIGH - 18)) - 4,
            "count": count,
            "name": date_format(month, "b")[:1].upper(),
            "whole": date_format(month, "F Y"),
        }
        for place, (month, count) in enumerate(months)
    ]


def _chart_says(months: list[tuple[date, int]]) -> str:
    """The chart, in words, for who does not see it."""
    said = [f"{date_format(month, 'F')} {count}" for month, count in months if count]
    return _("Visits by month, over a year: %(months)s.") % {"months": ", ".join(said) or "0"}
