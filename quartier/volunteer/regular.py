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
from quartier.matching.actions import token_of
from quartier.messaging.saying import place
from quartier.people.models import Volunteer
from quartier.visits import actions
from quartier.visits.access import regular_for
from quartier.visits.models import Regular
from quartier.visits.queries import coming, regulars_of
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
                    messages.warning(request, _("This day is over, or too far ahead."))
                else:
                    messages.success(request, _("Noted: we ask somebody else for that day."))
            case "after_all":
                if actions.this_time_after_all(actor=actor, regular=mine, day=_day(request)):
                    messages.success(request, _("Good, it is you on that day."))
                else:
                    messages.warning(
                        request, _("Somebody else goes on that day already. Thank you all the same.")
                    )
            case "stop":
                actions.stop_coming(actor=actor, regular=mine)
                messages.success(
                    request,
                    _(
                        "Noted. What you have promised already stands on your page; you can give it back there."
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
                "start": visit.comes_from if visit else each.start,
                "until": visit.comes_until if visit else each.end,
                "left_out": each.left_out,
                "not_then": each.day in not_on and visit is None,
                "covered": bool(each.visits) and visit is None,
                "url": reverse("offer_link", args=[token_of(visit.offer)]) if visit else "",
            }
        )
    return {"times": rows, "series": mine.series, "where": where(mine.series)}


def where(series: Series) -> str:
    """What the place is called in the reader's language; nothing for help by phone."""
    if series.what.remote:
        return ""
    return place(series.organisation.country, series.case.postcode, series.case.place_name)


def mine(volunteer: Volunteer) -> list[dict[str, Any]]:
    """What the volunteer does each time, for their own page: nothing of it says for whom or at which door."""
    return [
        {
            "kind": each.series.what,
            "rhythm": each.series.rhythm,
            "where": where(each.series),
            "rests": each.series.state == Series.State.PAUSED,
            "url": reverse("volunteer_regular", args=[each.pk]),
        }
        for each in regulars_of(volunteer)
    ]


def _day(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.POST.get("day", ""))
    except ValueError as error:
        raise Http404 from error
