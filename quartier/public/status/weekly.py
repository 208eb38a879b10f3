"""Help that comes again, on the private page itself: who comes, the next day; a pause, and how it begins."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quartier.cases.access import series_by_link
from quartier.cases.models import Request, Series, StatusLink
from quartier.cases.rides import RIDE_KIND
from quartier.cases.rules import FARTHEST, NotPossible
from quartier.lib import clock, public_holidays, rhythm
from quartier.lib.waiting_form import answer_by_redirect, sent_or_waiting
from quartier.look import rules as look
from quartier.public.ask import days
from quartier.public.ask.again import OFFERED, ONCE_ONLY, words
from quartier.public.ask.when import OTHER_DAY
from quartier.public.questions import Question
from quartier.public.status.frame import actor_of, private
from quartier.public.status.showing import Help, saying_names
from quartier.public.status.steps import first_name
from quartier.visits import actions as visits
from quartier.visits import queries
from quartier.visits.models import Regular

# Public holidays are pointed out so far ahead.
HOLIDAYS_AHEAD = timedelta(weeks=10)
DAY_INPUTS = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y"]


@dataclass
class ShownSeries:
    """One series as the private page shows it."""

    series: Series
    names: str
    coming: queries.Coming | None
    going: str = ""
    when: str = ""
    holiday: str = ""
    pause: str = ""
    # Whether the pause is noted and has not begun.
    is_pause_ahead: bool = False
    # Days that are not needed and lie ahead: their place in the series, and in words.
    skipped: list[tuple[date, str]] = field(default_factory=list)
    # What is needed each time, where no time has its own yet.
    each_time: str = ""
    can_change: bool = False


def series_of(helps: list[Help]) -> list[ShownSeries]:
    """What comes again of what is shown, whether the last time is over or not. No query where nothing does."""
    found: dict[UUID, Series] = {}
    for each in helps:
        series = each.request.series
        if series is not None and series.state != Series.State.ENDED:
            series.organisation = each.request.organisation
            found.setdefault(series.pk, series)
    return [_again(series) for series in found.values()]


def _again(series: Series) -> ShownSeries:
    names = saying_names([first_name(each.volunteer.person) for each in queries.counted_on(series)])
    now = clock.now()
    ahead = [each for each in queries.coming(series, 3) if each.end > now]
    nearest = next((each for each in ahead if not each.left_out), None)
    shown = ShownSeries(series, names, nearest, pause=pause_of(series))
    shown.is_pause_ahead = is_pause_ahead(series)
    shown.skipped = [(each.day, when_of(each)) for each in ahead if each.left_out]
    if not any(each.request for each in ahead):
        shown.each_time, shown.can_change = series.details, can_change_each_time(series)
    if nearest is not None:
        shown.when = when_of(nearest)
        shown.holiday = public_holidays.name_of(nearest.shown_day, series.organisation.country)
        shown.going = saying_names([first_name(each.volunteer.person) for each in nearest.visits])
    return shown


def when_of(one: queries.Coming) -> str:
    """The day with its hours, or the day alone where nobody has named an hour yet."""
    hours, now = one.hours, clock.now()
    return look.window(*hours, now) if hours else look.day(one.shown_day, now)


def pause_of(series: Series) -> str:
    """The pause in words; nothing where there is none."""
    is_paused = series.state == Series.State.PAUSED
    return look.pause(series.paused_from, series.paused_until) if is_paused else ""


def is_pause_ahead(series: Series) -> bool:
    """Whether a pause is noted that has not begun: nothing rests yet that could go on."""
    begins = series.paused_from if series.state == Series.State.PAUSED else None
    return begins is not None and begins > _today(series.organisation)


def can_change_each_time(series: Series) -> bool:
    """Whether what is needed each time is words alone: those of a ride say its hour."""
    return series.kind != RIDE_KIND


def is_earlier_time(shown: Help) -> bool:
    """Whether this is a time of regular help that took place or was not needed: one line is enough for it. What went
    wrong is told at length."""
    is_usual = shown.request.closure in {Request.Closure.FULFILLED, Request.Closure.WITHDRAWN}
    return shown.request.series_id is not None and shown.is_over and is_usual


def can_begin(shown: Help) -> bool:
    """Whether this can be wished again and again: somebody comes or came for it, and it is not so already."""
    request = shown.request
    if request.series_id or request.kind in ONCE_ONLY or request.unasked:
        return False
    if request.state == Request.State.CLOSED:
        since = clock.now() - visits.AGAIN_WITHIN
        is_lately = request.closed_at is not None and request.closed_at > since
        return request.closure == Request.Closure.FULFILLED and is_lately
    return bool(shown.helpers)


# ---- a pause ----


class PauseQuestion(Question):
    """From when until when nobody needs to come."""

    title = _("When is no visit needed?")
    chip = forms.ChoiceField(
        required=False,
        label=_("The first day of the pause"),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose the day.")},
    )
    chip.group = "days"  # type: ignore[attr-defined]
    first = forms.DateField(  # type: ignore[assignment]
        required=False,
        label=_("The date, if it is another day"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=DAY_INPUTS,
        error_messages={
            "invalid": _("We cannot read this date. Write it like 31/12/2026."),
        },
    )
    first.width = 16  # type: ignore[attr-defined]
    first.shown_with = f"chip {OTHER_DAY}"  # type: ignore[attr-defined]
    until = forms.DateField(
        required=False,
        label=_("The first day you need someone again"),
        help_text=_(
            "Leave it empty if you do not know yet. The visits will then start again when you say so."
        ),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=DAY_INPUTS,
        error_messages={"invalid": _("We cannot read this date. Write it like 31/12/2026.")},
    )
    until.width = 16  # type: ignore[attr-defined]

    def prepare(self) -> None:
        chip = self.fields["chip"]
        assert isinstance(chip, forms.ChoiceField)
        chip.choices = [*days.chips(self.organisation, clock.now()), (OTHER_DAY, _("Another day"))]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        today = _today(self.organisation)
        chip = data.get("chip", "")
        if chip and chip != OTHER_DAY:
            # What stands in a box that does not count is no mistake; a date that was written beside another day is
            # asked about, since one of the two was there before anything was pressed.
            self.errors.pop("first", None)
            pressed, written = date.fromisoformat(chip), data.get("first")
            if written and written not in {pressed, self.initial.get("first")}:
                self.add_error("first", self._which(pressed, written))
            data["first"] = pressed
        elif not {"chip", "first"} & set(self.errors) and not data.get("first"):
            self.add_error("first" if chip else "chip", _("Enter the first day of the pause."))
        first, until = data.get("first"), data.get("until")
        if first and not today <= first <= today + FARTHEST:
            self.add_error("first", _("Choose today or a later date, within a year."))
        if first and until and not first < until <= today + FARTHEST:
            self.add_error("until", _("Choose a day after the first one, within a year."))
        return data

    @staticmethod
    def _which(pressed: date, written: date) -> str:
        words = _("You chose %(pressed)s and wrote %(written)s. Empty the box, or choose “Another day”.")
        now = clock.now()
        return words % {"pressed": look.day(pressed, now), "written": look.day(written, now)}


@private
@answer_by_redirect
def pause(request: HttpRequest, token: str, found: StatusLink, series_id: UUID) -> HttpResponse:
    """Nobody needs to come from one day to another, over Christmas for example."""
    series = series_by_link(found, series_id)
    address = reverse("status_series", args=[token, series.pk])
    today = _today(series.organisation)
    form = PauseQuestion(
        sent_or_waiting(request),
        organisation=series.organisation,
        answers={},
        initial=_noted_pause(series, today),
    )
    if request.method == "POST" and form.is_valid():
        first, until = form.cleaned_data["first"], form.cleaned_data["until"]
        try:
            visits.pause_series(actor=actor_of(found), series=series, since=first, until=until)
        except NotPossible:
            return redirect(f"{address}?done=over")
        return redirect(f"{address}?done=pause")
    country = series.organisation.country
    context = {
        "form": form,
        "back": address,
        "series": series,
        "holidays": list(public_holidays.ahead(today, today + HOLIDAYS_AHEAD, country)),
        "christmas": _christmas(today),
        "regulars": Regular.objects.filter(series=series, ended_at=None).exists(),
    }
    return render(request, "public/status/pause.html", context)


def _noted_pause(series: Series, today: date) -> dict[str, Any]:
    """The days of the pause that is noted, to be changed; else it begins as soon as it can."""
    ahead = days.ahead(series.organisation, clock.now())
    if series.state != Series.State.PAUSED:
        return {"chip": ahead[0].isoformat()}
    # One that has begun goes on from today: another first day is not to be asked for.
    first = max(series.paused_from or today, today)
    shown: dict[str, Any] = {"until": series.paused_until}
    return shown | ({"chip": first.isoformat()} if first in ahead else {"chip": OTHER_DAY, "first": first})


def _christmas(today: date) -> tuple[date, date, date] | None:
    """Over Christmas: first day, last day, and the one after it."""
    found = public_holidays.christmas_days(today, HOLIDAYS_AHEAD)
    return (*found, found[1] + timedelta(days=1)) if found else None


def _today(organisation: Any) -> date:
    return clock.now().astimezone(organisation.zone).date()


# ---- again and again ----


class RhythmQuestion(Question):
    """How often it is needed from now on."""

    title = _("How often do you need it?")
    lead = _(
        "At the same time as this one. We’ll first ask the person who came to you; you can stop at any time."
    )
    again = forms.ChoiceField(
        label=title, widget=forms.RadioSelect, error_messages={"required": _("Choose how often.")}
    )

    def prepare(self) -> None:
        day = self.answers["day"]
        self.fields["again"].choices = [  # type: ignore[attr-defined]
            (code, words(rhythm.simple(code, day))) for code in OFFERED
        ]


@private
@answer_by_redirect
def begin(request: HttpRequest, token: str, found: StatusLink, request_id: UUID) -> HttpResponse:
    """What somebody came for is wished each week, or as often as is chosen."""
    one = Request.objects.select_related("organisation").filter(pk=request_id, case_id=found.case_id).first()
    page = reverse("status", args=[token])
    visit = queries.first_visit(one) if one is not None else None
    if one is None or visit is None:
        return redirect(f"{page}?done=over")
    day = visit.comes_from.astimezone(one.organisation.zone).date()
    form = RhythmQuestion(
        sent_or_waiting(request),
        organisation=one.organisation,
        answers={"day": day},
        initial={"again": "week"},
    )
    if request.method == "POST" and form.is_valid():
        wish = rhythm.simple(form.cleaned_data["again"], day)
        try:
            series = visits.begin_again(actor=actor_of(found), request=one, wish=wish)
        except NotPossible:
            return redirect(f"{page}?done=over")
        return redirect(f"{reverse('status_series', args=[token, series.pk])}?done=begin")
    context = {"form": form, "token": token, "link": found, "back": page}
    return render(request, "public/status/form.html", context)
