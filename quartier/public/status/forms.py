"""What the holder of a private link can send."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quartier.cases import rules
from quartier.cases.models import Request
from quartier.lib import clock
from quartier.public.ask.forms import When, urgency_of
from quartier.public.questions import Question, Words
from quartier.visits.rules import THANKS


class Time(When):
    """Another time for one request."""

    title = _("When does it suit?")
    # The page says what is noted until now.
    says_when = True

    def prepare(self) -> None:
        super().prepare()
        self.fields["urgency"].label = self.title

    def window_of(self, request: Request) -> tuple[tuple[datetime, datetime], str]:
        """The time that was chosen, and how urgent that is."""
        now, answer = clock.now(), self.answer()
        urgency = urgency_of(answer, now)
        start, end = self.window or (None, None)
        wanted = rules.Wanted(request.kind, request.languages, urgency, "", start, end)
        return rules.window(now, wanted, request.organisation), urgency


class List(Question):
    """Another list, or other details."""

    title = _("What is needed?")
    details = Words(
        max_length=2000,
        lines=True,
        required=False,
        label=title,
        help_text=_("Only the neighbour who helps you reads this, and our team."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class Tell(Question):
    """A thank you, or what was not right."""

    title = _("What would you like to tell us?")
    words = Words(
        max_length=2000,
        lines=True,
        label=title,
        help_text=_("Our team reads it."),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write a few words.")},
    )
    thanks = forms.ChoiceField(
        required=False,
        label=_("Or a thank you, in one press"),
        help_text=_("Whoever came to you reads it on their own page, without your name."),
        choices=list(THANKS.items()),
        widget=forms.RadioSelect,
    )
    call = forms.BooleanField(required=False, label=_("Something is not right. Please call me."))

    def prepare(self) -> None:
        if not self.answers.get("helped"):
            del self.fields["thanks"]
        elif self.data.get("thanks"):
            self.fields["words"].required = False


class Cancel(Question):
    """Nothing to fill in: only the button."""

    def answer(self) -> dict[str, Any]:
        return {}
