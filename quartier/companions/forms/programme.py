"""What listeners and those who would like to be called say of themselves, and when they speak with each other.

Shared by the surfaces, which may not know each other: the team writes it down, or people fill it in themselves.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from quartier.companions import rules, scales
from quartier.companions.actions.listeners import Listening
from quartier.companions.actions.pairing import Wanted
from quartier.companions.actions.standing_in import Days
from quartier.companions.models import CallWish, Listener, Pairing
from quartier.lib import choices, clock
from quartier.lib.rhythm import Rhythm, Unit
from quartier.lib.text import clean, one_line

SLOTS = [(str(bit), "") for bit in range(len(choices.DAYS) * len(choices.PARTS))]
TALK_MINUTES = (5, 15, 30, 45, 60)


class Line(forms.CharField):
    """One line of words, without control characters."""

    def to_python(self, value: Any) -> str:
        return one_line(str(value), 400) if value else ""


class Lines(forms.CharField):
    """Words on several lines, without control characters."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> str:
        return clean(str(value), 8000) if value else ""


class Ticks(forms.MultipleChoiceField):
    """Things to tick, as bits of one number."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, group: tuple[choices.Choice, ...], **given: Any) -> None:
        super().__init__(choices=[(each.code, each.name) for each in group], **given)
        self.group = group

    def clean(self, value: Any) -> int:
        return choices.mask(self.group, super().clean(value))


class Week(forms.MultipleChoiceField):
    """Times of the week, as bits of one number."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **given: Any) -> None:
        super().__init__(choices=SLOTS, **given)

    def clean(self, value: Any) -> int:
        return sum(1 << int(bit) for bit in super().clean(value))


def ticked(group: tuple[choices.Choice, ...], bits: int) -> list[str]:
    """The codes whose bit is set, as a form begins with them."""
    return [each.code for each in choices.chosen(group, bits)]


def week_of(bits: int) -> list[str]:
    """The slots whose bit is set, as a form begins with them."""
    return [value for value, _name in SLOTS if bits >> int(value) & 1]


class Side(forms.Form):
    """What both sides say: languages, times, interests."""

    use_required_attribute = False

    languages = Ticks(
        choices.LANGUAGES,
        label=_("Languages"),
        error_messages={"required": _("Tick at least one language.")},
    )
    slots = Week(
        label=_("When is a call welcome?"),
        error_messages={"required": _("Tick at least one time of the week.")},
    )
    interests = Ticks(rules.INTERESTS, label=_("What they like to talk about"), required=False)
    words = Line(label=_("And also, in a few words"), required=False, max_length=200)


class ListeningForm(Side):
    """A listener, with room for so many people."""

    capacity = forms.TypedChoiceField(
        label=_("How many people at once"), choices=[(n, str(n)) for n in range(1, 7)], coerce=int, initial=3
    )

    def listening(self) -> Listening:
        """What was said."""
        said = self.cleaned_data
        return Listening(said["languages"], said["slots"], said["interests"], said["words"], said["capacity"])

    @staticmethod
    def begin_with(listener: Listener) -> dict[str, Any]:
        """The form as it stands for this listener."""
        return {
            "languages": ticked(choices.LANGUAGES, listener.languages),
            "slots": week_of(listener.slots),
            "interests": ticked(rules.INTERESTS, listener.interests),
            "words": listener.words,
            "capacity": listener.capacity,
        }


class TrainingForm(ListeningForm):
    """Somebody has passed the training. `reach`: the number or address with which they sign in."""

    reach = Line(
        label=_("Mobile number or email address"),
        help_text=_("The one they sign in with here. They must already be a volunteer or in the team."),
        max_length=200,
        error_messages={"required": _("Enter a number or an address.")},
    )
    passed_on = forms.DateField(
        label=_("Training passed on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose the day."), "invalid": _("Choose the day.")},
    )
    good_until = forms.DateField(
        label=_("Good until"),
        help_text=_("Empty: two years."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Choose the day.")},
    )
    field_order = ["reach", "passed_on", "good_until"]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        passed: date | None = said.get("passed_on")
        if passed and passed > clock.now().date():
            self.add_error("passed_on", _("This day is still to come."))
        elif passed:
            said["good_until"] = said.get("good_until") or passed + rules.TRAINING_LASTS
            if said["good_until"] < clock.now().date():
                self.add_error("good_until", _("This training has expired: it must be passed again."))
        return said


class WishForm(Side):
    """Somebody would like to be called. The consent is ticked, never assumed."""

    to_know = Lines(label=_("What the listener should know"), required=False, max_length=1000)
    consent = forms.BooleanField(
        label=_("Yes, this may be kept"),
        error_messages={"required": _("We keep none of this unless they agree.")},
    )

    def wanted(self) -> Wanted:
        """What was said."""
        said = self.cleaned_data
        return Wanted(said["languages"], said["slots"], said["interests"], said["words"], said["to_know"])

    @staticmethod
    def begin_with(wish: CallWish) -> dict[str, Any]:
        """The form as it stands for this wish."""
        return {
            "languages": ticked(choices.LANGUAGES, wish.languages),
            "slots": week_of(wish.slots),
            "interests": ticked(rules.INTERESTS, wish.interests),
            "words": wish.words,
            "to_know": wish.to_know,
        }


class RhythmForm(forms.Form):
    """When they speak: which days of the week, how often, at what time."""

    use_required_attribute = False

    days = forms.TypedMultipleChoiceField(
        label=_("On which days"),
        choices=[(number, name) for number, name in enumerate(choices.DAYS)],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one day.")},
    )
    every = forms.TypedChoiceField(
        label=_("How often"),
        choices=[
            (1, pgettext_lazy("how often they call", "each week")),
            (2, pgettext_lazy("how often they call", "every second week")),
        ],
        coerce=int,
        initial=1,
    )
    at = forms.TimeField(
        label=_("At what time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        input_formats=["%H:%M", "%H.%M", "%Hh%M", "%H:%M:%S"],
        error_messages={"required": _("Choose the time."), "invalid": _("Enter the time as 15:30.")},
    )

    def rhythm(self) -> Rhythm:
        """What was chosen."""
        return Rhythm(Unit.WEEK, self.cleaned_data["every"], tuple(sorted(self.cleaned_data["days"])))

    def time(self) -> time:
        chosen: time = self.cleaned_data["at"]
        return chosen

    @staticmethod
    def begin_with(pairing: Pairing) -> dict[str, Any]:
        """The form as it stands for this pairing."""
        rhythm = pairing.rhythm
        if rhythm is None:
            return {}
        return {"days": list(rhythm.days), "every": rhythm.every, "at": pairing.at}


class LaterForm(forms.Form):
    """Another day and hour for one call, on the organisation's clock."""

    use_required_attribute = False
    day = forms.DateField(
        label=_("On which day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose the day."), "invalid": _("Choose the day.")},
    )
    at = forms.TimeField(
        label=_("At what time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": _("Choose the time."), "invalid": _("Enter the time as 15:30.")},
    )

    def moment(self, zone: Any) -> datetime:
        """What was chosen, aware."""
        return rules.talk_at(self.cleaned_data["day"], self.cleaned_data["at"], zone)


class MoodForm(forms.Form):
    """The five statements of the WHO-5, each with how often it was so in the last two weeks; or one question."""

    use_required_attribute = False

    def __init__(self, *args: Any, scale: str = Pairing.Scale.WHO5, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if scale == Pairing.Scale.HAPPY:
            self.fields["happy"] = forms.TypedChoiceField(
                label=scales.HAPPY,
                help_text=_("0: not at all happy. 10: completely happy."),
                choices=[("", "…"), *((number, str(number)) for number in range(11))],
                coerce=int,
                error_messages={"required": _("Choose a number.")},
            )
            return
        for number, words in enumerate(scales.WHO5, 1):
            self.fields[f"who{number}"] = forms.TypedChoiceField(
                label=words,
                choices=[("", "…"), *scales.WHO5_ANSWERS],
                coerce=int,
                error_messages={"required": _("Choose how often it was so.")},
            )

    def answers(self) -> list[int]:
        """What she said, in the order of what was asked."""
        return [self.cleaned_data[name] for name in self.fields]


class StandInForm(forms.Form):
    """Somebody else calls for some days: who, from when to when, and what they need to know."""

    use_required_attribute = False
    first = forms.DateField(
        label=pgettext_lazy("days", "From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose the day."), "invalid": _("Choose the day.")},
    )
    last = forms.DateField(
        label=pgettext_lazy("days", "To"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose the day."), "invalid": _("Choose the day.")},
    )
    note = Lines(
        label=_("What they need to know for these days"),
        help_text=_("A few sentences. They read this and nothing else: not the notebook."),
        required=False,
        max_length=1000,
    )
    listener = forms.UUIDField(
        label=_("Who calls"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who calls."), "invalid": _("Choose who calls.")},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.initial.setdefault("first", today)
        self.initial.setdefault("last", today + timedelta(days=6))

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = said.get("first"), said.get("last")
        if first and last and last < first:
            self.add_error("last", _("This date is before the first one."))
        elif last and last < self.today:
            self.add_error("last", _("This date has passed."))
        elif first and last and max(last, first) > self.today + rules.STANDS_IN:
            self.add_error("last", _("At most six weeks from now: for longer, they need another listener."))
        return said

    def days(self) -> Days:
        """What was said."""
        said = self.cleaned_data
        return Days(said["first"], said["last"], said["note"])


STATES: dict[str, str | Promise] = {
    Pairing.State.PROPOSED: pgettext_lazy("a pairing", "proposed"),
    Pairing.State.AGREED: pgettext_lazy("a pairing", "agreed"),
    Pairing.State.RUNNING: pgettext_lazy("a pairing", "running"),
    Pairing.State.PAUSED: pgettext_lazy("a pairing", "paused"),
    Pairing.State.ENDED: pgettext_lazy("a pairing", "ended"),
}
TALKS: dict[str, str | Promise] = {
    "planned": pgettext_lazy("a call", "planned"),
    "spoken": pgettext_lazy("a call", "spoken"),
    "not_reached": pgettext_lazy("a call", "not reached"),
    "postponed": pgettext_lazy("a call", "put off"),
    "missed": pgettext_lazy("a call", "not reported"),
    "dropped": pgettext_lazy("a call", "cancelled"),
}
WHYS: list[tuple[str, str | Promise]] = [
    (Pairing.Why.ENOUGH, _("They no longer need the calls")),
    (Pairing.Why.PERSON, _("They would like to stop")),
    (Pairing.Why.LISTENER, _("The listener cannot go on")),
    (Pairing.Why.NO_FIT, _("They do not get on")),
    (Pairing.Why.REFERRED, _("Someone else is better placed: referred")),
]
NEXTS: list[tuple[str, str | Promise]] = [
    (Pairing.Next.NOTHING, _("nothing")),
    (Pairing.Next.ANOTHER, _("another listener")),
    (Pairing.Next.REFERRAL, _("a service they are referred to")),
]


OUTCOMES: list[tuple[str, str | Promise]] = [
    ("waits", pgettext_lazy("a referral", "they are waiting for an answer")),
    ("taken", pgettext_lazy("a referral", "the service is helping them")),
    ("full", pgettext_lazy("a referral", "the service has no room")),
    ("refused", pgettext_lazy("a referral", "they would rather not")),
]


class EndForm(forms.Form):
    """How a pairing ends well."""

    use_required_attribute = False
    why = forms.ChoiceField(
        label=_("Why is it ending?"),
        choices=[("", "…"), *WHYS],
        error_messages={"required": _("Choose why it is ending.")},
    )
    what_next = forms.ChoiceField(label=_("What comes after it?"), choices=NEXTS)
    goodbye_on = forms.DateField(
        label=_("They said goodbye in a call on"),
        help_text=_("Empty: there was no such call."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Choose the day.")},
    )
