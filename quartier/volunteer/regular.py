"""What I do each time: the next days, not on one of them, and not each time any more."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from quartier.cases.models import Series
from quartier.cases.rules import NotPossible
from quartier.lib import clock, public_holidays
from quartier.look import rules as look
from quartier.matching.actions import token_of
from quartier.people.models import Volunteer
from quartier.places.queries import place_called
from quartier.visits import actions
from quartier.visits.access import regular_for
from quartier.visits.models import Assignment, Regular
from quartier.visits.queries import Coming, coming, regulars_of
from quartier.volunteer.access import me

SHOWN = 6


@never_cache
def show(request: HttpRequest, regular_id: UUID) -> HttpResponse:
    """The next times; POST: "not on that day", "after all", or "not each time any more"."""
    actor, volunteer = me(request)
    mine = regular_for(actor, volunteer, regular_id)
    if request.method == "POST":
        match request.POST.get("do"):
            case "not_then":
                try:
                    actions.not_this_time(actor=actor, regular=mine, day=_day(request))
                except NotPossible:
                    messages.warning(request, _("This date has passed, or is too far ahead."))
                else:
                    messages.success(
                        request, _("Thank you for telling us: we’ll ask someone else for that day.")
                    )
            case "after_all":
                if actions.this_time_after_all(actor=actor, regular=mine, day=_day(request)):
                    messages.success(request, _("Good, you are going on that day."))
                else:
                    messages.warning(
                        request, _("Someone else is already going on that day. Thank you all the same.")
                    )
            case "stop":
                actions.stop_coming(actor=actor, regular=mine)
                messages.success(
                    request,
                    _(
                        "Thank you for telling us. The visits you have already promised are on your page; "
                        "you can give them back there."
                    ),
                )
                return redirect("volunteer_home")
            case _:
                raise Http404
        return redirect("volunteer_regular", mine.pk)
    return render(request, "volunteer/regular.html", {"volunteer": volunteer, "regular": mine} | _times(mine))


def _times(mine: Regular) -> dict[str, Any]:
    not_on = set(mine.not_on.values_list("day", flat=True))
    rows = []
    for each in coming(mine.series, SHOWN):
        visit = next((one for one in each.visits if one.volunteer_id == mine.volunteer_id), None)
        rows.append(
            {
                "day": each.day,
                "when": _when(each, visit),
                "holiday": public_holidays.name_of(each.day, mine.organisation.country),
                "left_out": each.left_out,
                "not_then": each.day in not_on and visit is None,
                "covered": bool(each.visits) and visit is None,
                "url": reverse("offer_link", args=[token_of(visit.offer)]) if visit else "",
            }
        )
    series = mine.series
    pause = look.pause(series.paused_from, series.paused_until) if series.state == Series.State.PAUSED else ""
    return {"times": rows, "series": series, "where": where(series), "pause": pause}


def _when(one: Coming, visit: Assignment | None) -> str:
    """The hours of their own visit, or of what was asked; the day alone where that is longer than anybody waits."""
    hours = (visit.comes_from, visit.comes_until) if visit else one.hours
    return look.window(*hours, clock.now()) if hours else look.day(one.day, clock.now())


def where(series: Series) -> str:
    """What the place is called in the reader's language; nothing for help by phone."""
    if series.what.remote:
        return ""
    return place_called(series.organisation.country, series.case.postcode, series.case.place_name)


def mine(volunteer: Volunteer) -> list[dict[str, Any]]:
    """What the volunteer does each time, for their own page: nothing of it says for whom or at which door."""
    return [
        {
            "kind": each.series.what,
            "rhythm": each.series.rhythm,
            "where": where(each.series),
            "rests": each.series.rests_on(clock.now().astimezone(each.series.organisation.zone).date()),
            "url": reverse("volunteer_regular", args=[each.pk]),
        }
        for each in regulars_of(volunteer)
    ]


def _day(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.POST.get("day", ""))
    except ValueError as error:
        raise Http404 from error
