"""How neighbours are asked: the way, its numbers, quiet hours, learning. The head of the organisation chooses."""

from dataclasses import dataclass
from datetime import time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from quartier.console.intake.parsing import clock_time
from quartier.lib.text import one_line
from quartier.matching import actions as matching
from quartier.matching.rules import BOUNDS, Way, policy_of
from quartier.team.models import Organisation

NAMES = {
    "adaptive": gettext_lazy("As many as it takes"),
    "waves": gettext_lazy("A dozen at a time"),
    "nearest": gettext_lazy("One after the other"),
    "broadcast": gettext_lazy("Everyone at once"),
}
SENTENCES = {
    "waves": gettext_lazy(
        "A group of the nearest neighbours is asked; after a while the next group, a little further away."
    ),
    "adaptive": gettext_lazy(
        "Every five minutes, exactly as many neighbours are asked as it takes for someone to say yes soon. "
        "If there are far too few neighbours for all the requests, one or two at a time, all day long."
    ),
    "nearest": gettext_lazy("The nearest neighbour is asked alone; if there is no answer, the next one."),
    "broadcast": gettext_lazy(
        "Everyone within reach gets the message at the same moment. Only for a real emergency: people who "
        "are asked too often leave."
    ),
}
SIZES = {
    "wave_size": (
        gettext_lazy("Neighbours asked together"),
        gettext_lazy("From 1 to 60. Twelve is usual. If it is urgent, two thirds more are asked."),
    ),
    "wave_minutes": (
        gettext_lazy("Minutes until the next ones are asked"),
        gettext_lazy("From 2 to 60. If it is urgent, half of that."),
    ),
    "daily_budget": (
        gettext_lazy("Requests a day for each volunteer, at most"),
        gettext_lazy("From 1 to 10. Anyone who wants fewer gets fewer."),
    ),
    "waves_before_human": (
        gettext_lazy("Groups asked before one of you takes over"),
        gettext_lazy("From 1 to 12. If there is no one left to ask, you take over sooner."),
    ),
}


@dataclass(frozen=True)
class Measured:
    """What came of a way of asking in the simulation: the median wait in minutes of those who were helped, how many
    in 100 were helped within a day, and how many neighbours were asked for each of them."""

    minutes: int
    helped: int
    asked: int


# `quartier replay day`, 8,000 volunteers and 80 requests, the mean of the seeds 1 and 2 (docs/policy.md).
MEASURED = {
    "adaptive": Measured(minutes=9, helped=86, asked=22),
    "waves": Measured(minutes=9, helped=84, asked=21),
    "nearest": Measured(minutes=82, helped=85, asked=11),
    "broadcast": Measured(minutes=7, helped=86, asked=220),
}


class Hour(forms.CharField):
    """A time of the day, as people write it; what was typed is kept as it was."""

    def to_python(self, value: Any) -> Any:
        text = one_line(str(value or ""), 40)
        found = clock_time(text)
        if text and found is None:
            raise forms.ValidationError(_("Enter the time as 22.00 or 22:00."))
        return found

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, time) else value


class AskingForm(forms.Form):
    """The choice, with the bounds of `matching.rules`."""

    field_order = ["policy", *SIZES, "quiet_from", "quiet_until", "learns"]

    policy = forms.ChoiceField(
        label=gettext_lazy("How?"),
        help_text=gettext_lazy(
            "The figures are those of a simulated day, with 80 people who ask for help and 8,000 volunteers."
        ),
        choices=list(NAMES.items()),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose one of the ways."),
            "invalid_choice": gettext_lazy("Choose one of the ways."),
        },
    )
    quiet_from = Hour(
        label=pgettext_lazy("quiet hours", "No one is asked from"),
        error_messages={"required": gettext_lazy("Enter the time when quiet hours begin.")},
    )
    quiet_until = Hour(
        label=pgettext_lazy("quiet hours", "until"),
        error_messages={"required": gettext_lazy("Enter the time when quiet hours end.")},
    )
    learns = forms.BooleanField(
        label=gettext_lazy("Learn from answers"),
        help_text=gettext_lazy(
            "People who seldom say yes are asked a little later than others. No one is left out for saying "
            "no, and after a month without being asked everyone starts afresh."
        ),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, hint) in SIZES.items():
            least, most = BOUNDS[name]
            wrong = _("“%(label)s”: a whole number from %(least)s to %(most)s.") % {
                "label": label,
                "least": least,
                "most": most,
            }
            codes = ("required", "invalid", "min_value", "max_value")
            self.fields[name] = forms.IntegerField(
                label=label,
                help_text=hint,
                min_value=least,
                max_value=most,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
                error_messages=dict.fromkeys(codes, wrong),
            )
        self.order_fields(self.field_order)

    def way(self) -> Way:
        """What a valid form says."""
        return Way(**self.cleaned_data)


def show(request: HttpRequest) -> HttpResponse:
    """The page; sent, it is changed from the next step on."""
    actor = request.actor  # type: ignore[attr-defined]
    organisation = Organisation.objects.get(pk=actor.organisation.pk)
    if request.method == "POST":
        form = AskingForm(request.POST)
        if form.is_valid():
            changed = matching.choose_way(actor=actor, way=form.way())
            said = _("From now on, neighbours are asked this way.") if changed else _("Nothing has changed.")
            messages.success(request, said)
            return redirect("asking")
    else:
        form = AskingForm(initial=_chosen(organisation))
    context = {
        "form": form,
        "texts": {name: f"{SENTENCES[name]} {_figures(MEASURED[name])}" for name in NAMES},
    }
    return render(request, "console/asking.html", context, status=422 if form.errors else 200)


def _chosen(organisation: Organisation) -> dict[str, Any]:
    names = (*SIZES, "quiet_from", "quiet_until", "learns")
    return {"policy": policy_of(organisation).name, **{name: getattr(organisation, name) for name in names}}


def _figures(measured: Measured) -> str:
    return " ".join(
        [
            ngettext(
                "Half of the people who were helped waited less than %(count)s minute.",
                "Half of the people who were helped waited less than %(count)s minutes.",
                measured.minutes,
            )
            % {"count": measured.minutes},
            _("%(count)s in 100 were helped within a day.") % {"count": measured.helped},
            _("For each of them, %(count)s neighbours were asked.") % {"count": measured.asked},
        ]
    )
