"""My next weeks, day by day: what I have promised, and the times for which I come each time. Nothing on it says who is
helped or at which door."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from quartier.lib import choices, clock
from quartier.matching.actions import token_of
from quartier.people.models import Volunteer
from quartier.places.queries import place_called
from quartier.visits.queries import coming, regulars_of, visits_to_make
from quartier.volunteer import rules
from quartier.volunteer.access import me

SHOWN = timedelta(weeks=4)
# Of what comes each time, so many times: no rhythm is denser than a day.
TIMES = 28


@dataclass(frozen=True)
class Time:
    """One line of a day. `again`: it comes each time; `planned`: nobody was asked yet, it is mine as each time."""

    start: datetime
    until: datetime
    kind: choices.Kind
    where: str
    url: str
    again: bool
    planned: bool = False


@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """The days on which there is something."""
    _actor, volunteer = me(request)
    zone, today = volunteer.organisation.zone, clock.now().astimezone(volunteer.organisation.zone).date()
    days: dict[date, list[Time]] = defaultdict(list)
    found = [*_promised(volunteer), *_each_time(volunteer)]
    for one in sorted(found, key=lambda one: (one.start, one.until)):
        # What began before and is not over stands on today.
        day = max(one.start.astimezone(zone).date(), today)
        if day <= today + SHOWN:
            days[day].append(one)
    context = {"days": sorted(days.items()), "until": today + SHOWN}
    return render(request, "volunteer/days.html", context)


def _promised(volunteer: Volunteer) -> list[Time]:
    return [
        Time(
            visit.comes_from,
            visit.comes_until,
            choices.kind(visit.request.kind),
            "" if visit.request.remote else rules.where(visit.request),
            reverse("offer_link", args=[token_of(visit.offer)]),
            visit.request.series_id is not None,
        )
        for visit in visits_to_make(volunteer)
    ]


def _each_time(volunteer: Volunteer) -> list[Time]:
    """Times of what I do each time that have no request yet, without those on which I said that I cannot."""
    found = []
    for regular in regulars_of(volunteer):
        series, not_on = regular.series, set(regular.not_on.values_list("day", flat=True))
        case = series.case
        for one in coming(series, TIMES):
            if one.request is None and not one.left_out and one.day not in not_on:
                found.append(
                    Time(
                        one.start,
                        one.end,
                        series.what,
                        place_called(series.organisation.country, case.postcode, case.place_name),
                        reverse("volunteer_regular", args=[regular.pk]),
                        again=True,
                        planned=True,
                    )
                )
    return found
