"""A break: until a day, or until I say so; and back again."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from quartier.lib import clock
from quartier.people import actions
from quartier.volunteer.access import me

LONGEST = timedelta(days=366)
LENGTHS = (
    ("7", _("A week")),
    ("30", _("A month")),
    ("day", _("Until a day that I choose")),
    ("open", _("Until I say that I am back")),
)


class PauseForm(forms.Form):
    """How long. `today` is the day on the organisation's calendar."""

    length = forms.ChoiceField(
        label=_("How long would you like a break?"),
        choices=LENGTHS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how long.")},
    )
    until = forms.DateField(
        label=_("The day on which you are back"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as 31/12/2030.")},
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y"],
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["until"].widget.attrs |= {
            "min": (today + timedelta(days=1)).isoformat(),
            "max": (today + LONGEST).isoformat(),
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("length") == "day" and "until" not in self.errors:
            day = data.get("until")
            if day is None:
                self.add_error("until", _("Choose the day."))
            elif not self.today < day <= self.today + LONGEST:
                self.add_error("until", _("Choose a day after today, within a year."))
        elif data.get("length") != "day":
            # What stands in a box that does not count is nobody's mistake.
            self.errors.pop("until", None)
        return data

    def day(self) -> date | None:
        """The first day on which offers may come again; `None`: when they say so."""
        length = self.cleaned_data["length"]
        if length == "open":
            return None
        return self.cleaned_data["until"] if length == "day" else self.today + timedelta(days=int(length))


@never_cache
def pause(request: HttpRequest) -> HttpResponse:
    """Ask how long; POST: the break begins."""
    actor, volunteer = me(request)
    today = clock.now().astimezone(actor.organisation.zone).date()
    form = PauseForm(request.POST if request.method == "POST" else None, today=today)
    if request.method == "POST" and form.is_valid():
        actions.pause(actor=actor, volunteer=volunteer, until=form.day())
        messages.success(request, _now("Enjoy your break. We do not ask you anything until then."))
        return redirect("volunteer_home")
    return render(request, "volunteer/pause.html", {"form": form, "volunteer": volunteer})


def resume(request: HttpRequest) -> HttpResponse:
    """The break is over."""
    actor, volunteer = me(request)
    actions.resume(actor=actor, volunteer=volunteer)
    messages.success(request, _now("Welcome back. We ask you again when a neighbour needs somebody."))
    return redirect("volunteer_home")
