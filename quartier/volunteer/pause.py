"""A break: now, until a day or until I say so, and back again; or ahead, from a day to another."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from quartier.lib import clock
from quartier.people import actions, wishes
from quartier.people.models import Volunteer
from quartier.visits.actions import promised_while
from quartier.volunteer.access import me

LONGEST = timedelta(days=366)
LENGTHS = (
    ("7", _("A week")),
    ("30", _("A month")),
    ("day", _("Until a day that I choose")),
    ("open", _("Until I say that I am back")),
    ("ahead", _("From a day to another")),
)
TYPED = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y"]


class PauseForm(forms.Form):
    """How long. `today` is the day on the organisation's calendar. Which day counts depends on the first answer; what
    is missing in the other boxes is nobody's mistake."""

    use_required_attribute = False

    length = forms.ChoiceField(
        label=_("How long would you like a break?"),
        choices=LENGTHS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how long.")},
    )
    until = forms.DateField(
        label=_("The day on which you are back"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as 31/12/2030."), "required": _("Choose the day.")},
        input_formats=TYPED,
    )
    first = forms.DateField(
        label=_("The first day that you are away"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as 31/12/2030."), "required": _("Choose the day.")},
        input_formats=TYPED,
    )
    last = forms.DateField(
        label=_("The last day that you are away"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as 31/12/2030."), "required": _("Choose the day.")},
        input_formats=TYPED,
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["until"].widget.attrs |= {
            "min": (today + timedelta(days=1)).isoformat(),
            "max": (today + LONGEST).isoformat(),
        }
        for name in ("first", "last"):
            self.fields[name].widget.attrs |= {"min": today.isoformat()}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        length, until = data.get("length"), data.get("until")
        if length == "day" and until and not self.today < until <= self.today + LONGEST:
            self.add_error("until", _("Choose a day after today, within a year."))
        if length == "ahead":
            self._look_at(data.get("first"), data.get("last"))
        counts = {"day": {"until"}, "ahead": {"first", "last"}}.get(str(length), set())
        for name in {"until", "first", "last"} - counts:
            # What stands in a box that does not count is nobody's mistake.
            self.errors.pop(name, None)
        return data

    def _look_at(self, first: date | None, last: date | None) -> None:
        """Whether these are days to be away on; what is wrong with one alone was said."""
        if first is None or last is None:
            return
        if not self.today <= first <= self.today + LONGEST:
            self.add_error("first", _("Choose a day from today on, within a year."))
        elif not first <= last <= first + LONGEST:
            self.add_error("last", _("Choose a day that is not before the first one, within a year."))

    def day(self) -> date | None:
        """The first day on which offers may come again; `None`: when they say so."""
        length = self.cleaned_data["length"]
        if length == "open":
            return None
        return self.cleaned_data["until"] if length == "day" else self.today + timedelta(days=int(length))


@never_cache
def pause(request: HttpRequest) -> HttpResponse:
    """Ask how long, or from when to when; POST: the break begins, or is noted."""
    actor, volunteer = me(request)
    today = clock.now().astimezone(actor.organisation.zone).date()
    form = PauseForm(request.POST if request.method == "POST" else None, today=today)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["length"] != "ahead":
            actions.pause(actor=actor, volunteer=volunteer, until=form.day())
            messages.success(request, gettext("Enjoy your break. We do not ask you anything until then."))
            return redirect("volunteer_home")
        if volunteer.state == Volunteer.State.SUSPENDED or _goes_away(request, volunteer, form):
            return redirect("volunteer_home")
    away = wishes.times_away(volunteer, today)
    return render(request, "volunteer/pause.html", {"form": form, "volunteer": volunteer, "away": away})


def _goes_away(request: HttpRequest, volunteer: Volunteer, form: PauseForm) -> bool:
    """Note the days; a visit that was promised for then is pointed out at once. False when there are too many."""
    actor = request.actor  # type: ignore[attr-defined]
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    try:
        away = wishes.go_away(actor=actor, volunteer=volunteer, starts_on=first, ends_on=last)
    except wishes.TooMany:
        form.add_error("first", _("There are many such times already. Take some away first."))
        return False
    messages.success(
        request,
        gettext("It is noted. For that time we ask you nothing, and you need not come back to say so."),
    )
    if promised := promised_while(away):
        words = ngettext(
            "You have promised a visit for that time. If you cannot go, open it below and tell us.",
            "You have promised %(count)s visits for that time. If you cannot go, open them below and tell us.",
            len(promised),
        )
        messages.warning(request, words % {"count": len(promised)})
    return True


def stay(request: HttpRequest) -> HttpResponse:
    """I am there after all."""
    actor, volunteer = me(request)
    try:
        away_id = UUID(request.POST.get("away", ""))
    except ValueError as error:
        raise Http404 from error
    if wishes.stay(actor=actor, volunteer=volunteer, away_id=away_id):
        messages.success(request, gettext("It is noted: you are there."))
    return redirect("volunteer_pause")


def resume(request: HttpRequest) -> HttpResponse:
    """The break is over."""
    actor, volunteer = me(request)
    actions.resume(actor=actor, volunteer=volunteer)
    messages.success(request, gettext("Welcome back. We ask you again when a neighbour needs somebody."))
    return redirect("volunteer_home")
