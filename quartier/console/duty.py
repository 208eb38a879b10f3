"""Who is on duty: the week on one look, shifts, and who is away."""

from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from quartier.console.calendar_page import title
from quartier.console.menu import COORDINATES
from quartier.console.queries.duty import duty_week, team_accounts
from quartier.lib import choices, clock
from quartier.lib.text import one_line
from quartier.look import rules as look
from quartier.rota import actions
from quartier.rota.actions import ShiftSpec
from quartier.rota.models import DutyAbsence, DutyShift
from quartier.team.access import Actor
from quartier.team.models import Account

# Nobody plans farther ahead.
MAX_AHEAD = timedelta(days=400)
ONE_DAY = "day"
WEEK = timedelta(days=7)


class DayInput(forms.DateInput):
    """The calendar of the browser."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _hour(hour: int) -> str:
    return look.clock_time(time(hour)) if hour % 24 else _("midnight")


class ShiftForm(forms.Form):
    """One shift."""

    use_required_attribute = False

    account = forms.ChoiceField(
        label=gettext_lazy("Who is on duty?"), error_messages={"required": gettext_lazy("Choose someone.")}
    )
    when = forms.ChoiceField(
        label=gettext_lazy("When?"), error_messages={"required": gettext_lazy("Choose a day.")}
    )
    day = forms.DateField(
        label=gettext_lazy("The day, if it is one day only"),
        required=False,
        widget=DayInput,
        error_messages={"invalid": gettext_lazy("Enter the day.")},
    )
    from_hour = forms.TypedChoiceField(label=gettext_lazy("From"), coerce=int)
    until_hour = forms.TypedChoiceField(
        label=gettext_lazy("Until"),
        help_text=gettext_lazy("A time that is not later is on the next day."),
        coerce=int,
    )
    stand_in = forms.ChoiceField(label=gettext_lazy("Who covers when they are away?"), required=False)
    postcodes = forms.CharField(
        label=gettext_lazy("Only for these postcodes"),
        help_text=gettext_lazy("With spaces between. They are told first of anything from there."),
        required=False,
        max_length=200,
    )

    def __init__(self, *given: Any, actor: Actor, **named: Any) -> None:
        super().__init__(*given, **named)
        self.actor = actor
        self.accounts = {str(each.pk): each for each in team_accounts(actor.organisation)}
        people = [(pk, each.name) for pk, each in self.accounts.items()]
        days = [
            (str(number), capfirst(_("every %(day)s") % {"day": name}))
            for number, name in enumerate(choices.DAYS)
        ]
        self._offer("account", [("", _("Choose…")), *people])
        self._offer("stand_in", [("", pgettext("a stand-in", "no one")), *people])
        self._offer("when", [("", _("Choose…")), *days, (ONE_DAY, _("One day only"))])
        self._offer("from_hour", [(hour, _hour(hour)) for hour in range(24)])
        self._offer("until_hour", [(hour, _hour(hour)) for hour in range(1, 25)])

    def _offer(self, name: str, offered: list[tuple[Any, str]]) -> None:
        self.fields[name].choices = offered  # type: ignore[attr-defined]

    def clean_postcodes(self) -> str:
        return " ".join(one_line(self.cleaned_data["postcodes"], 200).replace(",", " ").split())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("when") == ONE_DAY and "day" not in self.errors:
            self._check_day(given.get("day"))
        if given.get("stand_in") and given["stand_in"] == given.get("account"):
            self.add_error("stand_in", _("Choose someone else, or no one."))
        return given

    def _check_day(self, day: date | None) -> None:
        today = _today(self.actor)
        if day is None:
            self.add_error("day", _("Enter the day."))
        elif not today <= day <= today + MAX_AHEAD:
            self.add_error("day", _("This date has passed, or is too far ahead."))

    def spec(self) -> ShiftSpec:
        """What a valid form says."""
        given = self.cleaned_data
        is_one_day = given["when"] == ONE_DAY
        return ShiftSpec(
            self.accounts[given["account"]],
            given["from_hour"],
            given["until_hour"],
            weekday=None if is_one_day else int(given["when"]),
            day=given["day"] if is_one_day else None,
            stand_in=self.accounts.get(given["stand_in"]),
            postcodes=given["postcodes"],
        )


class AbsenceForm(forms.Form):
    """From which day to which day somebody is away. Whoever does not coordinate says it of themselves."""

    use_required_attribute = False

    account = forms.ChoiceField(label=gettext_lazy("Who is away?"))
    starts_on = forms.DateField(
        label=pgettext_lazy("days", "From"),
        widget=DayInput,
        error_messages=dict.fromkeys(("required", "invalid"), gettext_lazy("Enter the first day.")),
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Up to and including"),
        widget=DayInput,
        error_messages=dict.fromkeys(("required", "invalid"), gettext_lazy("Enter the last day.")),
    )

    def __init__(self, *given: Any, actor: Actor, **named: Any) -> None:
        super().__init__(*given, **named)
        self.actor = actor
        self.accounts = {str(each.pk): each for each in team_accounts(actor.organisation)}
        if actor.has(*COORDINATES):
            self.fields["account"].choices = [(pk, each.name) for pk, each in self.accounts.items()]  # type: ignore[attr-defined]
        else:
            del self.fields["account"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        starts_on, ends_on = given.get("starts_on"), given.get("ends_on")
        today = _today(self.actor)
        if ends_on and ends_on < today:
            self.add_error("ends_on", _("This date has passed."))
        elif starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("This is before the first day."))
        return given

    def of_account(self) -> Account:
        """Whom a valid form is about."""
        return self.accounts[self.cleaned_data.get("account") or str(self.actor.id)]


def duty(request: HttpRequest) -> HttpResponse:
    """Seven days, from today on. `day`: the first of them."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    now, today = clock.now(), _today(actor)
    first = max(_day_asked(request.GET.get("day", ""), today), today)
    found = duty_week(actor.organisation, first, now, actor.id)
    context = {
        "found": found,
        "title": title(first, first + timedelta(days=6)),
        "today": today,
        "before": f"{reverse('duty')}?day={max(first - WEEK, today)}" if first > today else "",
        "after": f"{reverse('duty')}?day={first + WEEK}",
        "coordinates": actor.has(*COORDINATES),
        "me": actor.id,
    }
    return render(request, "console/duty.html", context)


def duty_shift_new(request: HttpRequest) -> HttpResponse:
    """Somebody more is on duty."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    begin = {"from_hour": 9, "until_hour": 13, "when": request.GET.get("when", "")}
    form = ShiftForm(request.POST or None, actor=actor, initial=begin)
    if request.method == "POST" and form.is_valid():
        actions.save_shift(actor=actor, spec=form.spec())
        messages.success(request, _("The shift is planned."))
        return redirect("duty")
    return render(request, "console/duty_shift.html", {"form": form})


def duty_shift(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """One shift changed, or taken away."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    shift = get_object_or_404(DutyShift, pk=shift_id, organisation=actor.organisation)
    if request.POST.get("do") == "remove":
        actions.remove_shift(actor=actor, shift=shift)
        messages.success(request, _("The shift is deleted."))
        return redirect("duty")
    form = ShiftForm(request.POST or None, actor=actor, initial=_initial(shift))
    if request.method == "POST" and form.is_valid():
        actions.save_shift(actor=actor, spec=form.spec(), shift=shift)
        messages.success(request, _("The shift is changed."))
        return redirect("duty")
    return render(request, "console/duty_shift.html", {"form": form, "shift": shift})


def duty_away(request: HttpRequest) -> HttpResponse:
    """Somebody is away for some days."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = AbsenceForm(request.POST or None, actor=actor, initial={"account": str(actor.id)})
    if request.method == "POST" and form.is_valid():
        days = {name: form.cleaned_data[name] for name in ("starts_on", "ends_on")}
        actions.add_absence(actor=actor, account=form.of_account(), **days)
        messages.success(request, _("Saved: the people covering are told instead."))
        return redirect("duty")
    return render(request, "console/duty_away.html", {"form": form})


def duty_back(request: HttpRequest, absence_id: UUID) -> HttpResponse:
    """They are there after all: said by themselves, or by whoever coordinates."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    absence = get_object_or_404(DutyAbsence, pk=absence_id, organisation=actor.organisation)
    if absence.account_id != actor.id and not actor.has(*COORDINATES):
        raise Http404
    actions.remove_absence(actor=actor, absence=absence)
    messages.success(request, _("They are available again."))
    return redirect("duty")


def _initial(shift: DutyShift) -> dict[str, Any]:
    return {
        "account": str(shift.account_id),
        "stand_in": str(shift.stand_in_id or ""),
        "when": ONE_DAY if shift.weekday is None else str(shift.weekday),
        "day": shift.day,
        "from_hour": shift.from_hour,
        "until_hour": shift.until_hour,
        "postcodes": shift.postcodes,
    }


def _today(actor: Actor) -> date:
    return clock.now().astimezone(actor.organisation.zone).date()


def _day_asked(typed: str, today: date) -> date:
    try:
        day = date.fromisoformat(typed[:10])
    except ValueError:
        return today
    return day if abs(day - today) <= MAX_AHEAD else today
