"""Whether it is needed once, or again and again: asked where a day was chosen, and of whoever says that it is."""

from datetime import date, datetime, timedelta

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quartier.lib import clock
from quartier.lib.rhythm import Rhythm, simple
from quartier.public.ask import days, ride
from quartier.public.questions import Answers, Question
from quartier.team.models import Organisation

ONCE = "once"
OFFERED = ("week", "weeks2", "month_day", "day")
# What nobody needs each week is not offered each week.
ONCE_ONLY = frozenset({"cleanup", "shelter", "interpret", "things"})
# As long as no day is chosen the rhythms have no day either.
WITHOUT_DAY: dict[str, str | Promise] = {
    "week": gettext_lazy("Every week, on the same day"),
    "weeks2": gettext_lazy("Every two weeks, on the same day"),
    "month_day": gettext_lazy("Every month, on the same day of the week"),
    "day": gettext_lazy("Every day"),
}
# So long after today the first day is proposed to whoever chose none, by how urgent it is.
FIRST_AFTER = {
    "now": timedelta(0),
    "day": timedelta(days=1),
    "week": timedelta(days=2),
    "any": timedelta(days=7),
}


def chosen_day(answers: Answers) -> date | None:
    """The day that was chosen for when it is needed; `None` where no day was."""
    chosen = answers.get("when", {}).get("day")
    return date.fromisoformat(chosen) if chosen else None


def is_repeated(answers: Answers) -> bool:
    """Whether it was said how often it comes again."""
    return bool(answers.get("again", {}).get("again", ONCE) != ONCE)


def first_day(answers: Answers) -> date | None:
    """The day on which it begins: the one for which it is needed, or the one on the page of how often."""
    begins = answers.get("again", {}).get("begins")
    return chosen_day(answers) or (date.fromisoformat(begins) if begins else None)


def rhythm_of(answers: Answers) -> Rhythm | None:
    """How often it comes again; `None` for once."""
    day = first_day(answers)
    if day is None or not is_asked(answers) or not is_repeated(answers):
        return None
    return simple(answers["again"]["again"], day)


def window_without_day(answers: Answers, organisation: Organisation) -> tuple[datetime, datetime] | None:
    """The day of the first time, where it was chosen only with how often."""
    day = first_day(answers)
    if day is None or chosen_day(answers) or rhythm_of(answers) is None:
        return None
    return days.window(organisation, day)


def may_repeat_without_day(answers: Answers) -> bool:
    """Whether it can be said already with how urgent it is. The hour of a ride means nothing without its day."""
    kinds = set(answers.get("what", {}).get("kinds", []))
    return not ride.needs_day(answers) and not kinds <= ONCE_ONLY


def is_asked(answers: Answers) -> bool:
    """Whether the question is put at all."""
    repeats = bool(answers.get("when", {}).get("repeats")) and may_repeat_without_day(answers)
    return chosen_day(answers) is not None or repeats


def is_ahead(answers: Answers) -> bool:
    """Whether what comes again has a first day, and it is not over."""
    if chosen_day(answers) or not is_repeated(answers):
        return True
    day = answers["again"].get("begins")
    # Kept with its zone, as the organisation is not known here.
    until = answers["again"].get("until")
    return bool(day and until) and datetime.fromisoformat(until) > clock.now()


class Again(Question):
    """Once, or with a rhythm that begins on the day chosen. Whoever chose no day is proposed one."""

    title = gettext_lazy("Is this needed once or regularly?")
    again = forms.ChoiceField(
        label=title,
        help_text=gettext_lazy("If it is needed regularly, we look for someone who can come every time."),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose how often."),
            "invalid_choice": gettext_lazy("Choose how often."),
        },
    )
    begins = forms.ChoiceField(
        required=False,
        label=gettext_lazy("When is the first time?"),
        help_text=gettext_lazy("We suggest a day. Press another if it suits you better."),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("Choose the day.")},
    )
    begins.group = "days"  # type: ignore[attr-defined]
    begins.shown_with = f"again {' '.join(OFFERED)}"  # type: ignore[attr-defined]

    def prepare(self) -> None:
        how_often, begins = self.fields["again"], self.fields["begins"]
        assert isinstance(how_often, forms.ChoiceField)
        assert isinstance(begins, forms.ChoiceField)
        day = chosen_day(self.answers)
        if day:
            del self.fields["begins"]
            rhythms = [(code, words(simple(code, day))) for code in OFFERED]
        else:
            begins.choices = days.chips(self.organisation, clock.now())
            rhythms = [(code, str(name)) for code, name in WITHOUT_DAY.items()]
            self.initial = {"again": "week", **self.initial}
            if self.initial.get("begins") not in dict(begins.choices):
                self.initial["begins"] = self._proposed().isoformat()
        how_often.choices = [(ONCE, _("Only this time")), *rhythms]

    def _proposed(self) -> date:
        ahead = days.ahead(self.organisation, clock.now())
        today = clock.now().astimezone(self.organisation.zone).date()
        wished = today + FIRST_AFTER.get(self.answers.get("when", {}).get("urgency", ""), timedelta(days=1))
        return min(max(wished, ahead[0]), ahead[-1])

    def answer(self) -> Answers:
        chosen = self.cleaned_data
        if chosen["again"] == ONCE or "begins" not in self.fields:
            return {"again": chosen["again"]}
        day = chosen["begins"] or self._proposed().isoformat()
        until = days.window(self.organisation, date.fromisoformat(day))[1]
        return {"again": chosen["again"], "begins": day, "until": until.isoformat()}


def words(rhythm: Rhythm) -> str:
    """A rhythm as the beginning of a line."""
    said = str(rhythm)
    return said[:1].upper() + said[1:]
