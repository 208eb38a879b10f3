"""Help that comes again: its rhythm, its next times, and who comes each time."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quartier.cases import actions as cases
from quartier.cases.access import request_for, series_for
from quartier.cases.models import Request, Series
from quartier.cases.rules import NotPossible
from quartier.console.intake.boxes import ClockField, DayField
from quartier.console.request_page import too_late
from quartier.lib import choices, clock
from quartier.lib.rhythm import WHICH, Rhythm, Unit
from quartier.look import rules as look
from quartier.visits import actions as visits
from quartier.visits import queries
from quartier.visits.models import Regular

SHOWN = 8


class RhythmForm(forms.Form):
    """How often, in words that the telephone brings: every so many days, weeks or months."""

    use_required_attribute = False
    every = forms.IntegerField(
        label=gettext_lazy("Every"),
        min_value=1,
        max_value=31,
        initial=1,
        error_messages={
            "required": gettext_lazy("Enter a number, for example 1."),
            "invalid": gettext_lazy("Enter a number, for example 1."),
            "min_value": gettext_lazy("Enter a number, for example 1."),
            "max_value": gettext_lazy("That is too seldom for regular help."),
        },
    )
    unit = forms.ChoiceField(
        label=gettext_lazy("Days, weeks or months"),
        choices=[
            (Unit.WEEK, gettext_lazy("weeks")),
            (Unit.DAY, gettext_lazy("days")),
            (Unit.MONTH, gettext_lazy("months")),
        ],
    )
    days = forms.MultipleChoiceField(
        label=gettext_lazy("On which weekdays (for weeks)"),
        choices=[(str(number), name) for number, name in enumerate(choices.DAYS)],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    which = forms.ChoiceField(label=gettext_lazy("On which day (for months)"), required=False)
    until = DayField(
        label=gettext_lazy("Until, if it ends"), limit=20, widget=forms.DateInput(attrs={"type": "date"})
    )
    start = ClockField(label=gettext_lazy("From"), limit=20)
    end = ClockField(label=gettext_lazy("Until"), limit=20)

    def __init__(self, *given: Any, first: date, **named: Any) -> None:
        super().__init__(*given, **named)
        self.first = first
        self.fields["which"].choices = [  # type: ignore[attr-defined]
            ("", _("on day %(day)s") % {"day": first.day}),
            *(
                (
                    str(each),
                    _("the %(which)s %(day)s") % {"which": name, "day": choices.DAYS[first.weekday()]},
                )
                for each, name in WHICH.items()
            ),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.rhythm: Rhythm | None = None
        if {"every", "unit", "days", "which"} & set(self.errors):
            return data
        unit, every = Unit(data["unit"]), data["every"]
        try:
            if unit == Unit.WEEK:
                days = tuple(int(day) for day in data["days"]) or (self.first.weekday(),)
                self.rhythm = Rhythm(unit, every, days)
            elif unit == Unit.MONTH and data["which"]:
                self.rhythm = Rhythm(unit, every, (self.first.weekday(),), which=int(data["which"]))
            elif unit == Unit.MONTH:
                self.rhythm = Rhythm(unit, every, on=self.first.day)
            else:
                self.rhythm = Rhythm(unit, every)
        except ValueError:
            self.add_error("every", _("That is too seldom for regular help."))
        start, end = data.get("start"), data.get("end")
        if bool(start) != bool(end) or (start and end and start >= end):
            self.add_error("end", _("It must end after it begins: enter both times."))
        if data.get("until") and data["until"] < self.first:
            self.add_error("until", _("This date is before the first one."))
        return data


def initial_of(series: Series) -> dict[str, Any]:
    """The form as the series stands."""
    one = series.rhythm
    return {
        "every": one.every,
        "unit": one.unit,
        "days": [str(day) for day in one.days] if one.unit == Unit.WEEK else [],
        "which": str(one.which or ""),
        "until": series.last_day,
        "start": f"{series.starts:%H:%M}",
        "end": f"{series.ends:%H:%M}",
    }


def begin(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """What this request asks for comes again: how often? Answered, the page of the series follows."""
    actor = request.actor  # type: ignore[attr-defined]
    found = request_for(actor, request_id)
    if found.series_id:
        return redirect("series", found.series_id)
    first = found.window_from.astimezone(actor.organisation.zone).date()
    form = RhythmForm(request.POST if request.method == "POST" else None, first=first)
    for name in ("start", "end"):
        del form.fields[name]
    if request.method == "POST" and form.is_valid() and form.rhythm:
        try:
            series = cases.begin_series(
                actor=actor, request=found, wish=form.rhythm, until=form.cleaned_data["until"]
            )
        except NotPossible:
            form.add_error(None, _("Choose a day and a time for the first visit, then make it regular."))
        else:
            messages.success(request, _("It is regular from now on."))
            return redirect("series", series.pk)
    status = 422 if form.is_bound else 200
    return render(
        request,
        "console/series_begin.html",
        {"asked": found, "case": found.case, "form": form},
        status=status,
    )


def show(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """Its rhythm, its next times, and who comes each time."""
    return _page(request, series_for(request.actor, series_id))  # type: ignore[attr-defined]


def _page(request: HttpRequest, series: Series, form: RhythmForm | None = None) -> HttpResponse:
    first = series.made_until or series.first_day
    context = {
        "series": series,
        "case": series.case,
        "form": form or RhythmForm(first=first, initial=initial_of(series)),
        "coming": queries.coming(series, SHOWN),
        "regulars": Regular.objects.filter(series=series, ended_at=None).select_related("volunteer__person"),
        "past": series.requests.filter(state=Request.State.CLOSED)
        .order_by("-day", "-pk")
        .prefetch_related("assignments__volunteer__person")[:SHOWN],
        "over": series.state == Series.State.ENDED,
        "pause": look.pause(series.paused_from, series.paused_until),
        "now": clock.now(),
    }
    return render(request, "console/series.html", context, status=422 if form else 200)


def act(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """Another rhythm, a day left out, a pause, the end; who comes each time. Done twice, it was done once."""
    actor = request.actor  # type: ignore[attr-defined]
    series = series_for(actor, series_id)
    do = request.POST.get("do", "")
    try:
        match do:
            case "change":
                return _change(request, series)
            case "leave_out":
                visits.leave_out(actor=actor, series=series, day=_day(request))
                messages.success(request, _("No one comes on that day; the person who was going is told."))
            case "take_in":
                visits.take_in(actor=actor, series=series, day=_day(request))
                messages.success(request, _("Someone will come on that day after all."))
            case "pause":
                until = _day(request) if request.POST.get("day") else None
                since = _day(request, "since") if request.POST.get("since") else None
                visits.pause_series(actor=actor, series=series, until=until, since=since)
                messages.success(request, _("It is paused."))
            case "resume":
                visits.resume_series(actor=actor, series=series)
                messages.success(request, _("The visits carry on."))
            case "end":
                visits.end_series(actor=actor, series=series)
                messages.success(
                    request, _("The regular help has ended; the person who came every time is told.")
                )
            case "not_each_time":
                regular = Regular.objects.filter(
                    series=series, pk=_uuid(request.POST.get("regular", ""))
                ).first()
                if regular is None:
                    raise Http404
                visits.stop_coming(actor=actor, regular=regular)
                messages.success(request, _("From now on neighbours are asked for each date."))
            case _:
                raise Http404
    except NotPossible:
        messages.warning(request, too_late())
    return redirect("series", series.pk)


def _change(request: HttpRequest, series: Series) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    form = RhythmForm(request.POST, first=series.made_until or series.first_day)
    if not form.is_valid() or form.rhythm is None:
        return _page(request, series, form)
    data = form.cleaned_data
    cases.change_series(
        actor=actor,
        series=series,
        wish=form.rhythm,
        until=data["until"],
        hours=(data["start"], data["end"]) if data["start"] else None,
    )
    messages.success(request, _("Changed, from the next date for which no one has been asked yet."))
    return _back(series)


def _back(series: Series) -> HttpResponseRedirect:
    return redirect("series", series.pk)


def _day(request: HttpRequest, name: str = "day") -> date:
    try:
        return date.fromisoformat(request.POST.get(name, ""))
    except ValueError as error:
        raise Http404 from error


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error
