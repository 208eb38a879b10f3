"""When it is needed: how urgent it is, or a day with a part of it."""

from datetime import date, datetime, timedelta

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from quartier.cases.models import Request
from quartier.lib import clock
from quartier.public.ask import again, days, ride
from quartier.public.questions import Answers, Question

MAX_AHEAD = timedelta(days=60)
# For a later day than those that can be pressed its date is written. This press asks for it.
OTHER_DAY = "other"


class When(Question):
    """How urgent it is, or a day with a part of it. Answers an urgency, and a time when a day was chosen."""

    title = _("When is it needed?")
    urgency = forms.ChoiceField(
        label=title,
        choices=[
            ("now", _("As soon as possible")),
            ("day", _("Today or tomorrow")),
            ("week", _("This week")),
            ("any", _("There is no hurry")),
            ("date", _("On a day that I choose")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose when it is needed."),
            "invalid_choice": _("Choose when it is needed."),
        },
    )
    urgency.texts = {  # type: ignore[attr-defined]
        "now": _("Within a few hours. In an emergency, call 112 first."),
        "any": _("Within two weeks."),
    }
    chip = forms.ChoiceField(
        required=False,
        label=_("Which day?"),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose the day.")},
    )
    chip.group = "days"  # type: ignore[attr-defined]
    chip.shown_with = "urgency date"  # type: ignore[attr-defined]
    day = forms.DateField(
        required=False,
        label=_("The date, if it is another day"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("We cannot read this date. Write it like 31/12/2026.")},
    )
    day.width = 16  # type: ignore[attr-defined]
    day.shown_with = f"chip {OTHER_DAY}"  # type: ignore[attr-defined]
    part = forms.ChoiceField(
        required=False,
        label=_("What time of day?"),
        choices=[
            ("", _("Any time")),
            ("0", pgettext_lazy("part of the day", "Morning")),
            ("1", pgettext_lazy("part of the day", "Afternoon")),
            ("2", pgettext_lazy("part of the day", "Evening")),
        ],
        error_messages={"invalid_choice": _("Choose a time of day.")},
    )
    part.width = 16  # type: ignore[attr-defined]
    part.shown_with = "urgency date"  # type: ignore[attr-defined]
    # Whoever chooses a day is asked on the next page.
    repeats = forms.BooleanField(required=False, label=_("This is needed regularly, for example every week"))
    repeats.shown_with = "urgency now day week any"  # type: ignore[attr-defined]
    lead: str | Promise = ""

    def prepare(self) -> None:
        day = self.fields["day"]
        assert isinstance(day, forms.DateField)
        day.input_formats = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y"]
        self._put_chips()
        if ride.needs_day(self.answers):
            self._ask_day_alone()
        if not again.may_repeat_without_day(self.answers):
            del self.fields["repeats"]
        elif again.chosen_day(self.answers) and again.is_repeated(self.answers):
            # It was answered for a day that was chosen before: it is not forgotten with the day.
            self.initial = {"repeats": True, **self.initial}
        if not is_ahead(self.answers) and not self.is_bound:
            self.lead = _("The time you chose has passed. Please choose another one.")

    def _put_chips(self) -> None:
        """The days that come; what was chosen before is pressed."""
        names = days.chips(self.organisation, clock.now())
        field = self.fields["chip"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*names, (OTHER_DAY, _("Another day"))]
        before = self.initial.get("day")
        if before in dict(names):
            self.initial = {**self.initial, "chip": before, "day": None}
        elif before:
            self.initial = {**self.initial, "chip": OTHER_DAY}

    def _ask_day_alone(self) -> None:
        """The hour of a ride means nothing without its day: nothing else is offered."""
        self.fields["urgency"] = forms.ChoiceField(
            required=False, choices=[("date", "")], widget=forms.HiddenInput, initial="date"
        )
        self.initial = {**self.initial, "urgency": "date"}
        for name in ("chip", "part"):
            self.fields[name].shown_with = ""  # type: ignore[attr-defined]
        if ride.is_alone(self.answers):
            del self.fields["part"]

    def clean(self) -> Answers:
        cleaned = super().clean() or self.cleaned_data
        if ride.needs_day(self.answers):
            # A page that was open since before the ride was ticked says how urgent it is: the day is asked for.
            self.errors.pop("urgency", None)
            cleaned["urgency"] = "date"
        self.window: tuple[datetime, datetime] | None = None
        chip = cleaned.get("chip", "")
        name = "day" if chip in ("", OTHER_DAY) else "chip"
        # What was written in a box that does not count any more is no mistake.
        unused = (
            ("chip", "day", "part")
            if cleaned.get("urgency") != "date"
            else ("day",)
            if name == "chip"
            else ()
        )
        for each in unused:
            self.errors.pop(each, None)
        if cleaned.get("urgency") != "date" or {"chip", "day", "part"} & set(self.errors):
            return cleaned
        day = cleaned.get("day") if name == "day" else date.fromisoformat(chip)
        if day is None:
            self.add_error("day" if chip else "chip", _("Enter the day.") if chip else _("Choose the day."))
            return cleaned
        cleaned["day"] = day
        now = clock.now()
        today = now.astimezone(self.organisation.zone).date()
        if day < today:
            self.add_error(name, _("This date has passed. Choose today or a later date."))
        elif day > today + MAX_AHEAD:
            self.add_error(name, _("This is too far ahead. Choose a day in the next two months."))
        else:
            self.window = days.window(self.organisation, day, cleaned.get("part", ""))
            at = ride.window({**self.answers, "when": {"day": day.isoformat()}}, self.organisation)
            if (at or self.window)[1] <= now + days.MIN_NOTICE:
                self.add_error(name, _("It is too late for that today. Choose a later time, or another day."))
        return cleaned

    def answer(self) -> Answers:
        chosen = self.cleaned_data
        if self.window is None:
            return {"urgency": chosen["urgency"]} | ({"repeats": True} if chosen.get("repeats") else {})
        return {
            "urgency": "date",
            "day": chosen["day"].isoformat(),
            "part": chosen.get("part", ""),
            "from": self.window[0].isoformat(),
            "until": self.window[1].isoformat(),
        }


def is_ahead(answers: Answers) -> bool:
    """Whether the time that was chosen is not over, nor the hour of a ride on that day."""
    until, now = answers.get("when", {}).get("until"), clock.now()
    if until is None:
        return True
    end = datetime.fromisoformat(until)
    assert end.tzinfo is not None
    return end > now and not ride.is_over(answers, end.tzinfo, now)


def urgency_of(answer: Answers, now: datetime) -> str:
    """The urgency of an answer to `When`: a chosen day counts by how near it is."""
    if answer["urgency"] != "date":
        return str(answer["urgency"])
    away = datetime.fromisoformat(answer["from"]) - now
    if away < timedelta(hours=24):
        return Request.Urgency.DAY
    return Request.Urgency.WEEK if away < timedelta(days=6) else Request.Urgency.ANY
