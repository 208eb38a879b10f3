"""Whether it is needed once, or again and again: asked where a day was chosen."""

from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quartier.lib.rhythm import Rhythm, simple
from quartier.public.questions import Answers, Question

ONCE = "once"
OFFERED = ("week", "weeks2", "month_day", "day")


def day_of(answers: Answers) -> date | None:
    """The day that was chosen; `None` where no day was."""
    chosen = answers.get("when", {}).get("day")
    return date.fromisoformat(chosen) if chosen else None


def rhythm_of(answers: Answers) -> Rhythm | None:
    """How often it comes again; `None` for once."""
    day, code = day_of(answers), answers.get("again", {}).get("again", ONCE)
    return None if day is None or code == ONCE else simple(code, day)


def has_day(answers: Answers) -> bool:
    return day_of(answers) is not None


class Again(Question):
    """Once, or with a rhythm that begins on the day chosen."""

    title = gettext_lazy("Is it needed once, or again and again?")
    lead = gettext_lazy("If it comes again, we look for somebody who can come each time.")
    again = forms.ChoiceField(
        label=title,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose how often."),
            "invalid_choice": gettext_lazy("Choose how often."),
        },
    )

    def prepare(self) -> None:
        field = self.fields["again"]
        assert isinstance(field, forms.ChoiceField)
        day = day_of(self.answers)
        rhythms = [(code, words(simple(code, day))) for code in OFFERED] if day else []
        field.choices = [(ONCE, _("Only this time")), *rhythms]


def words(rhythm: Rhythm) -> str:
    """A rhythm as the beginning of a line."""
    said = str(rhythm)
    return said[:1].upper() + said[1:]
