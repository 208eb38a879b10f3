"""Help that comes again, as the holder of the private link sees it: the next times, not this time, a rest, the end."""

from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from quartier.cases import actions as cases
from quartier.cases.access import series_by_link
from quartier.cases.models import Series, StatusLink
from quartier.cases.rules import NotPossible
from quartier.public.status.frame import actor_of, private
from quartier.public.status.showing import first_name
from quartier.visits import actions as visits
from quartier.visits import queries
from quartier.visits.models import Regular

SHOWN = 5


@private
def show(request: HttpRequest, token: str, found: StatusLink, series_id: UUID) -> HttpResponse:
    """The next times; POST: one of them is not needed, or is after all; it rests, goes on or ends."""
    series = series_by_link(found, series_id)
    if request.method == "POST":
        said = _act(request, found, series)
        return redirect(f"{reverse('status_series', args=[token, series.pk])}?done={said}")
    regulars = Regular.objects.filter(series=series, ended_at=None).select_related("volunteer__person")
    context = {
        "series": series,
        "token": token,
        "back": reverse("status", args=[token]),
        "coming": [
            (each, [(first_name(visit.volunteer.person), visit.code_word) for visit in each.visits])
            for each in queries.coming(series, SHOWN)
        ],
        "regulars": [first_name(each.volunteer.person) for each in regulars],
        "over": series.state == Series.State.ENDED,
        "done": request.GET.get("done", "")[:10],
        "link": found,
    }
    return render(request, "public/status/series.html", context)


def _act(request: HttpRequest, found: StatusLink, series: Series) -> str:
    actor, do = actor_of(found), request.POST.get("do", "")
    try:
        match do:
            case "leave_out":
                visits.leave_out(actor=actor, series=series, day=_day(request))
            case "take_in":
                cases.take_in(actor=actor, series=series, day=_day(request))
            case "pause":
                visits.pause_series(actor=actor, series=series, until=None)
            case "resume":
                cases.resume_series(actor=actor, series=series)
            case "end":
                visits.end_series(actor=actor, series=series)
            case _:
                raise Http404
    except NotPossible:
        return "over"
    return do


def _day(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.POST.get("day", ""))
    except ValueError as error:
        raise Http404 from error
