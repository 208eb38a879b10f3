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

from quartier.lib import clock, public_holidays
from quartier.lib.waiting_form import add_error, answer_by_redirect, sent_or_waiting, show_errors
from quartier.look import rules as look
from quartier.people import actions, wishes
from quartier.people.models import Volunteer
from quartier.visits.actions import promised_while
from quartier.volunteer.access import me

LONGEST = timedelta(days=366)
# Public holidays, and the days over Christmas, are pointed out so far ahead.
HOLIDAYS_AHEAD = timedelta(weeks=10)
# So many of the next days can be pressed; for a later one its date is written.
CHIP_DAYS = 7
OTHER_DAY = "other"
OVER_CHRISTMAS = "christmas"
LENGTHS = (
    ("7", _("A week")),
    ("30", _("A month")),
    ("day", _("Until a day I choose")),
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
    chip = forms.ChoiceField(
        required=False,
        label=_("The day you will be back"),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose the day.")},
    )
    until = forms.DateField(
        required=False,
        label=_("The date, if it is another day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Enter the day as 31/12/2030.")},
        input_formats=TYPED,
    )
    first = forms.DateField(
        label=_("The first day you are away"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Enter the day as 31/12/2030."), "required": _("Choose the day.")},
        input_formats=TYPED,
    )
    last = forms.DateField(
        label=_("The last day you are away"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Enter the day as 31/12/2030."), "required": _("Choose the day.")},
        input_formats=TYPED,
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.christmas = public_holidays.christmas_days(today, HOLIDAYS_AHEAD)
        length, chip = self.fields["length"], self.fields["chip"]
        assert isinstance(length, forms.ChoiceField)
        assert isinstance(chip, forms.ChoiceField)
        length.choices = [*LENGTHS, *self._christmas_choice()]
        ahead = [today + timedelta(days=away) for away in range(1, CHIP_DAYS + 1)]
        names = [(each.isoformat(), look.day(each, clock.now())) for each in ahead]
        chip.choices = [*names, (OTHER_DAY, _("Another day"))]
        self.fields["until"].widget.attrs |= {
            "min": (today + timedelta(days=1)).isoformat(),
            "max": (today + LONGEST).isoformat(),
        }
        for name in ("first", "last"):
            self.fields[name].widget.attrs |= {"min": today.isoformat()}

    def _christmas_choice(self) -> list[tuple[str, str]]:
        if self.christmas is None:
            return []
        first, last = (look.calendar_day(each) for each in self.christmas)
        words = gettext("Over Christmas: from %(first)s to %(last)s") % {"first": first, "last": last}
        return [(OVER_CHRISTMAS, words)]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        length, until = data.get("length"), self._back_on(data)
        if length == OVER_CHRISTMAS and self.christmas:
            data["length"], (data["first"], data["last"]) = "ahead", self.christmas
        if length == "day" and until and not self.today < until <= self.today + LONGEST:
            self.add_error("until", _("Choose a day after today, within a year."))
        if length == "ahead":
            self._look_at(data.get("first"), data.get("last"))
        counts = {"day": {"chip", "until"}, "ahead": {"first", "last"}}.get(str(length), set())
        for name in {"chip", "until", "first", "last"} - counts:
            # What stands in a box that does not count is nobody's mistake.
            self.errors.pop(name, None)
        return data

    def _back_on(self, data: dict[str, Any]) -> date | None:
        """The day that was pressed, or else written."""
        chip, until = data.get("chip", ""), data.get("until")
        if chip and chip != OTHER_DAY:
            self.errors.pop("until", None)
            until = date.fromisoformat(chip)
        elif data.get("length") == "day" and not until and not {"chip", "until"} & set(self.errors):
            self.add_error("until" if chip else "chip", _("Choose the day."))
        data["until"] = until
        return until

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
@answer_by_redirect
def pause(request: HttpRequest) -> HttpResponse:
    """Ask how long, or from when to when; POST: the break begins, or is noted."""
    actor, volunteer = me(request)
    today = clock.now().astimezone(actor.organisation.zone).date()
    form = PauseForm(sent_or_waiting(request), today=today)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["length"] != "ahead":
            actions.pause(actor=actor, volunteer=volunteer, until=form.day())
            messages.success(
                request, gettext("Enjoy your break. We will not ask you for anything until then.")
            )
            return redirect("volunteer_home")
        if _goes_away(request, volunteer, form):
            return redirect("volunteer_home")
    show_errors(request, form)
    country = actor.organisation.country
    context = {
        "form": form,
        "volunteer": volunteer,
        "away": wishes.times_away(volunteer, today),
        "holidays": list(public_holidays.ahead(today, today + HOLIDAYS_AHEAD, country)),
    }
    return render(request, "volunteer/pause.html", context)


def _goes_away(request: HttpRequest, volunteer: Volunteer, form: PauseForm) -> bool:
    """Note the days; a visit that was promised for then is pointed out at once. False when there are too many."""
    actor = request.actor  # type: ignore[attr-defined]
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    try:
        away = wishes.go_away(actor=actor, volunteer=volunteer, starts_on=first, ends_on=last)
    except wishes.TooMany:
        add_error(request, form, "first", _("You have too many of these already. Remove some first."))
        return False
    messages.success(
        request,
        gettext(
            "Saved. We will not ask you for anything during that time, and you need not come back to tell us."
        ),
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
        messages.success(request, gettext("Thank you: you are available."))
    return redirect("volunteer_pause")


def resume(request: HttpRequest) -> HttpResponse:
    """The break is over."""
    actor, volunteer = me(request)
    actions.resume(actor=actor, volunteer=volunteer)
    messages.success(request, gettext("Welcome back. We’ll ask you again when a neighbour needs help."))
    return redirect("volunteer_home")
