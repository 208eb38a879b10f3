"""What the holder of a private link can send."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from quartier.cases import rules
from quartier.cases.models import Request
from quartier.lib import clock, phone
from quartier.people import wishes
from quartier.people.forms import UI_LANGUAGES
from quartier.people.models import Person
from quartier.people.wish_form import HALVES, hour_field, quiet_in, written
from quartier.public.ask.forms import When, urgency_of
from quartier.public.questions import Question, Words
from quartier.team.models import Organisation
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
    # What the button says.
    go = pgettext_lazy("a concern", "Send it")
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


class Told(Question):
    """How the holder of the link wants to be told things, in what language, and at which hours not."""

    title = _("How do we tell you?")
    channel = forms.ChoiceField(
        label=title, widget=forms.RadioSelect, error_messages={"required": _("Choose how we tell you.")}
    )
    language = forms.ChoiceField(
        label=_("In what language?"),
        choices=UI_LANGUAGES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a language.")},
    )
    quiet_from = hour_field(_("Nothing from"), HALVES, pgettext_lazy("an hour of one's own", "None"))
    quiet_until = hour_field(_("Until"), HALVES, pgettext_lazy("an hour of one's own", "None"))

    def __init__(self, data: Any = None, *, organisation: Organisation, person: Person) -> None:
        self.person, self.wish = person, wishes.of(person)
        quiet = wishes.quiet_of(self.wish)
        initial: dict[str, Any] = {"channel": person.channel, "language": person.language}
        if quiet is not None:
            initial |= {"quiet_from": written(quiet.start), "quiet_until": written(quiet.end)}
        super().__init__(data, organisation=organisation, answers={}, initial=initial)

    def prepare(self) -> None:
        person, country = self.person, self.organisation.country
        # A number is not broken over two lines.
        shown = (
            phone.display(person.phone, country).replace(" ", "\N{NO-BREAK SPACE}") if person.phone else ""
        )
        ways, number = [], {"to": shown}
        if person.phone and phone.is_mobile(person.phone) and not person.phone_is_shared:
            ways.append(("text", _("By text message, to %(to)s") % number))
        if person.email:
            ways.append(("email", _("By e-mail, to %(to)s") % {"to": person.email}))
        if person.phone:
            ways.append(("call", _("By a call, at %(to)s") % number))
        self.fields["channel"].choices = ways  # type: ignore[attr-defined]
        spoken = set(self.organisation.languages) | {person.language}
        self.fields["language"].choices = [each for each in UI_LANGUAGES if each[0] in spoken]  # type: ignore[attr-defined]
        self.fields["quiet_from"].help_text = _(
            "Hours at which you would rather hear nothing. If somebody is on the way to you, we tell you all the same."
        )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data["quiet"] = quiet_in(self)
        return data

    def page(self) -> wishes.Page:
        """What a valid form says; what it does not ask stays as it was."""
        data, was = self.cleaned_data, self.wish
        said = wishes.Said(data["quiet"], was.urgent, was.rhythm, was.daily_at)
        return wishes.Page(said, data["language"], channel=data["channel"])


class Cancel(Question):
    """Nothing to fill in: only the button."""

    def answer(self) -> dict[str, Any]:
        return {}
