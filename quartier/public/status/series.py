"""Help that comes again, as the holder of the private link sees it: the next times, not this time, a rest, the end."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from quartier.cases import actions as cases
from quartier.cases.access import series_by_link
from quartier.cases.models import Series, StatusLink
from quartier.cases.rules import NotPossible
from quartier.conversation.numbers import with_numbers
from quartier.lib import public_holidays
from quartier.lib.waiting_form import answer_by_redirect, sent_or_waiting
from quartier.public.status import weekly
from quartier.public.status.forms import EachTime
from quartier.public.status.frame import actor_of, private
from quartier.public.status.pages import back, heard_words
from quartier.public.status.steps import first_name
from quartier.visits import actions as visits
from quartier.visits import queries
from quartier.visits.models import Assignment, Regular

SHOWN = 5


@private
def show(request: HttpRequest, token: str, found: StatusLink, series_id: UUID) -> HttpResponse:
    """The next times; POST: one of them is not needed, or is after all; it rests, goes on or ends."""
    series = series_by_link(found, series_id)
    if request.method == "POST":
        said = _act(request, found, series)
        return redirect(f"{reverse('status_series', args=[token, series.pk])}?done={said}")
    context = {
        "series": series,
        "token": token,
        "back": reverse("status", args=[token]),
        "coming": [_shown(series, each) for each in queries.coming(series, SHOWN)],
        "pause": weekly.pause_of(series),
        "is_pause_ahead": weekly.is_pause_ahead(series),
        "regulars": [first_name(each.volunteer.person) for each in queries.counted_on(series)],
        "over": series.state == Series.State.ENDED,
        "done": request.GET.get("done", "")[:10],
        "link": found,
        "for_other": found.person_id != found.case.person_id,
        "person": first_name(found.case.person),
    }
    return render(request, "public/status/series.html", context)


def _shown(series: Series, one: queries.Coming) -> dict[str, Any]:
    """A day: when, who comes with which word, and whether it is a public holiday."""
    return {
        "one": one,
        "when": weekly.when_of(one),
        "going": [(first_name(visit.volunteer.person), visit.code_word) for visit in one.visits],
        "holiday": public_holidays.name_of(one.shown_day, series.organisation.country),
    }


def _act(request: HttpRequest, found: StatusLink, series: Series) -> str:
    actor, do = actor_of(found), request.POST.get("do", "")
    try:
        match do:
            case "leave_out":
                visits.leave_out(actor=actor, series=series, day=_day(request))
            case "take_in":
                day = _day(request)
                visits.take_in(actor=actor, series=series, day=day)
                return "take_in" if _somebody_comes(series, day) else "needed"
            case "pause":
                visits.pause_series(actor=actor, series=series, until=None)
            case "resume":
                visits.resume_series(actor=actor, series=series)
            case "end":
                visits.end_series(actor=actor, series=series)
            case _:
                raise Http404
    except NotPossible:
        return "over"
    return do


def _somebody_comes(series: Series, day: date) -> bool:
    """Whether somebody goes on that day, or has yet to be asked for it and comes each time."""
    request = series.requests.filter(day=day).first()
    if request is not None:
        return request.assignments.filter(state__in=Assignment.ACTIVE).exists()
    return Regular.objects.filter(series=series, ended_at=None).exists()


@private
@answer_by_redirect
def each_time(request: HttpRequest, token: str, found: StatusLink, series_id: UUID) -> HttpResponse:
    """What is needed each time, where no time has words of its own yet."""
    series, page = series_by_link(found, series_id), reverse("status", args=[token])
    if not weekly.can_change_each_time(series):
        raise Http404
    form = EachTime(
        sent_or_waiting(request),
        organisation=series.organisation,
        answers={},
        initial={"details": series.details},
    )
    if request.method == "POST" and form.is_valid():
        heard = heard_words(found, form.cleaned_data["details"], series.pk)
        try:
            if not heard.is_aside:
                cases.change_series_details(actor=actor_of(found), series=series, details=heard.to_keep)
        except NotPossible:
            return with_numbers(back(token, "over"), heard.signs)
        return with_numbers(back(token, "tell" if heard.is_aside else "each_time"), heard.signs)
    context = {"form": form, "token": token, "link": found, "back": page}
    return render(request, "public/status/form.html", context)


def _day(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.POST.get("day", ""))
    except ValueError as error:
        raise Http404 from error
