"""A few words for each thing that is needed: its own question."""

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quartier.public.ask import ride
from quartier.public.ask.forms import for_other, kinds_of
from quartier.public.ask.kinds import HINTS, HINTS_FOR_OTHER
from quartier.public.ask.shopping import GROCERIES
from quartier.public.questions import Answers, Question, Words


class Details(Question):
    """A few words for each thing; only “something else” and a ride need them."""

    title: str | Promise = _("Would you like to tell us more?")
    lead: str | Promise = _(
        "Only the neighbour who helps you reads this, and our team. You may leave it empty."
    )

    def prepare(self) -> None:
        other_is_helped = for_other(self.answers)
        hints = HINTS_FOR_OTHER if other_is_helped else HINTS
        if other_is_helped:
            self.lead = _(
                "Only the neighbour who helps this person reads this, and our team. You may leave it empty."
            )
        kinds = [kind for kind in kinds_of(self.answers) if kind.code != GROCERIES]
        for kind in kinds:
            if kind.code == ride.RIDE_KIND:
                self.fields |= ride.fields(for_other=other_is_helped)
                self.lead = (
                    _("Only the neighbour who helps this person reads this, and our team.")
                    if other_is_helped
                    else _("Only the neighbour who helps you reads this, and our team.")
                )
            other = kind.code == "other"
            self.fields[kind.code] = Words(
                max_length=2000,
                lines=True,
                required=other,
                label=_("What exactly is needed?") if other else kind.name,
                help_text=hints.get(
                    kind.code, _("In your own words. We’ll read it, and call you if anything is unclear.")
                ),
                widget=forms.Textarea(attrs={"rows": 3}),
                error_messages={"required": _("Write a few words so that we know what to look for.")},
            )
        if [kind.code for kind in kinds] == ["other"]:
            self.title, self.lead = _("What exactly is needed?"), ""
        if [kind.code for kind in kinds] == [ride.RIDE_KIND]:
            self.title = _("Where to, and when?")
            self.fields[ride.RIDE_KIND].label = _("Anything else?")

    def clean(self) -> Answers:
        cleaned = super().clean() or self.cleaned_data
        typed = cleaned.get(ride.AT) or ""
        if typed and (wrong := ride.hour_error(typed)):
            self.add_error(ride.AT, str(wrong))
        elif typed and (at := ride.hour_in(typed)) is not None:
            # Kept as digits: "half tien" is no hour to whoever sends it in English.
            cleaned[ride.AT] = f"{at:%H:%M}"
        return cleaned
