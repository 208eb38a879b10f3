"""The questions that somebody who asks for help is asked."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from quartier.incidents import rules as incidents
from quartier.incidents.queries import offered, running
from quartier.lib import choices, phone
from quartier.lib.phone import Reader
from quartier.lib.text import one_line
from quartier.messaging.providers import ways_out
from quartier.people.models import Person
from quartier.public.ask.kinds import TEXTS
from quartier.public.questions import Answers, Mail, PhoneNumber, Question, Words
from quartier.public.where import WherePart

SPEAKS = ("fr", "nl", "de", "en")


def kinds_of(answers: Answers) -> list[choices.Kind]:
    """What was ticked, in the order of the page."""
    codes = answers.get("what", {}).get("kinds", [])
    return [kind for kind in choices.KINDS if kind.code in codes]


def for_other(answers: Answers) -> bool:
    return bool(answers.get("for", {}).get("whom") == "other")


def is_called(answers: Answers) -> bool:
    """Whether somebody calls who needs help: there a number is needed."""
    return any(kind.remote for kind in kinds_of(answers))


def can_be_called(answers: Answers) -> bool:
    """Whether who needs help has left a number, if one is needed."""
    return not is_called(answers) or bool(
        answers.get("person" if for_other(answers) else "reach", {}).get("phone")
    )


class ForWhom(Question):
    """The first question."""

    title = _("Is this for you or for someone else?")
    whom = forms.ChoiceField(
        label=title,
        choices=[("me", _("For me")), ("other", _("For someone else"))],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one of the two."),
            "invalid_choice": _("Choose one of the two."),
        },
    )
    whom.texts = {"other": _("A parent, a neighbour, someone you care for.")}  # type: ignore[attr-defined]
    # The kind of help whose door on the first page led here: the next question has it ticked.
    kind = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_kind(self) -> str:
        code = one_line(self.cleaned_data["kind"], 20)
        return code if code in choices.KINDS_BY_CODE else ""

    def answer(self) -> Answers:
        kind = self.cleaned_data["kind"]
        return {"whom": self.cleaned_data["whom"], **({"kind": kind} if kind else {})}


class What(Question):
    """What is needed; several may be ticked."""

    title: str | Promise = _("What do you need?")
    kinds = forms.MultipleChoiceField(
        label=_("What do you need?"),
        help_text=_("Tick one or more."),
        choices=[(kind.code, kind.name) for kind in choices.KINDS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick at least one thing. If nothing fits, tick “Something else”."),
            "invalid_choice": _("Tick what you need from the list."),
        },
    )
    kinds.icons = {kind.code: kind.icon for kind in choices.KINDS}  # type: ignore[attr-defined]
    kinds.texts = TEXTS  # type: ignore[attr-defined]

    def prepare(self) -> None:
        if for_other(self.answers):
            self.title = self.fields["kinds"].label = str(_("What is needed?"))
        # What is offered at the moment; what was ticked before stays.
        kinds = {kind.code: kind for kind in [*offered(self.organisation), *kinds_of(self.answers)]}
        self.fields["kinds"].choices = [(kind.code, kind.name) for kind in kinds.values()]  # type: ignore[attr-defined]
        door = self.answers.get("for", {}).get("kind")
        if door in kinds and "what" not in self.answers:
            self.initial = {"kinds": [door]}

    def answer(self) -> Answers:
        """The kinds, and the templates whose questions follow."""
        kinds = self.cleaned_data["kinds"]
        asking = incidents.asking(running(self.organisation), kinds)
        return {"kinds": kinds, "asking": [template.code for template in asking]}


class Where(WherePart):
    """Where help is needed."""

    title = _("Where is help needed?")


class Address(Question):
    """Street and bell; the neighbour sees it after saying yes."""

    title = _("What is the address?")
    lead = _("Your neighbour sees it only after saying yes.")
    street = Words(
        max_length=200,
        required=False,
        label=_("Street and number"),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    notes = Words(
        max_length=300,
        required=False,
        label=_("Name on the bell, floor, how to get in"),
        help_text=_("For example: second bell, or ring twice."),
    )

    def prepare(self) -> None:
        place = self.answers.get("where", {})
        self.fields["street"].help_text = place.get("label", "")
        if "address" not in self.answers:
            self.initial = {"street": place.get("street", "")}


class Languages(Question):
    """Which languages work."""

    title = _("Which languages do you speak?")
    languages = forms.MultipleChoiceField(
        label=title,
        help_text=_("Tick all that apply."),
        choices=[(language.code, language.name) for language in choices.LANGUAGES],
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick at least one language."),
            "invalid_choice": _("Tick languages from the list."),
        },
    )
    languages.group = "cols"  # type: ignore[attr-defined]

    def prepare(self) -> None:
        if for_other(self.answers):
            # The language of the page is that of whoever asks: of them nothing is known.
            self.title = self.fields["languages"].label = _("Which languages does this person speak?")
        elif "languages" not in self.answers:
            self.initial = {"languages": [(get_language() or "en")[:2]]}


class WhoNeeds(Question):
    """The person who needs help, when somebody else asks."""

    title = _("Who needs help?")
    name = Words(
        max_length=120,
        label=_("First and last name"),
        error_messages={"required": _("Enter the name of the person who needs help.")},
    )
    relation = Words(
        max_length=60,
        required=False,
        label=_("What is your relationship to this person?"),
        help_text=_("For example: daughter, neighbour, nurse."),
    )
    tell = forms.ChoiceField(
        label=_("Who should we tell when someone is coming?"),
        choices=[("them", _("This person, by phone")), ("me", _("Me"))],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose who we should tell."),
            "invalid_choice": _("Choose who we should tell."),
        },
    )
    phone = PhoneNumber(
        label=_("Their phone number"),
        help_text=_("The neighbour will need it if no one opens the door."),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    phone.reader = Reader.FOR_ANOTHER
    phone.width = 16  # type: ignore[attr-defined]
    tell.group = "cols"  # type: ignore[attr-defined]

    def clean(self) -> Answers:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("tell") == "them" and not cleaned.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("Enter their number, so that we can call and say who is coming."))
        elif is_called(self.answers) and not cleaned.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("Enter their number, so that someone can call them for a chat."))
        return cleaned


class Reach(Question):
    """Who asks, and how to reach them."""

    title = _("How can we reach you?")
    name = Words(
        max_length=120,
        label=_("Your first and last name"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name.")},
    )
    channel = forms.ChoiceField(
        label=_("How should we tell you who is coming?"),
        choices=[
            (Person.Channel.CALL, _("Call me")),
            (Person.Channel.TEXT, _("Text me")),
            (Person.Channel.EMAIL, _("Email me")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose how we should tell you."),
            "invalid_choice": _("Choose how we should tell you."),
        },
    )
    phone = PhoneNumber(
        label=_("Your phone number"),
        help_text=_("Landline or mobile."),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    phone.width = 16  # type: ignore[attr-defined]
    shared = forms.BooleanField(required=False, label=_("Other people use this phone too and must not know."))
    email = Mail(label=_("Your email address"), max_length=320)
    email.shown_with = "channel email"  # type: ignore[attr-defined]

    def prepare(self) -> None:
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        ways = {Person.Channel.CALL.value, *ways_out.written_ways()}
        channel = self.fields["channel"]
        channel.choices = [each for each in channel.choices if each[0] in ways]  # type: ignore[attr-defined]
        if len(channel.choices) == 1:  # type: ignore[attr-defined]
            self.initial = {"channel": Person.Channel.CALL.value, **self.initial}

    def clean(self) -> Answers:
        cleaned = super().clean() or self.cleaned_data
        number, mail, channel = cleaned.get("phone"), cleaned.get("email"), cleaned.get("channel")
        if "phone" not in self.errors and not number:
            if channel == Person.Channel.CALL:
                self.add_error("phone", _("Enter your number, so that we can call you."))
            elif channel == Person.Channel.TEXT:
                self.add_error("phone", _("Enter your mobile number, so that we can text you."))
            elif is_called(self.answers) and not for_other(self.answers):
                self.add_error("phone", _("Enter your number, so that someone can call you for a chat."))
        elif channel == Person.Channel.TEXT and number and not phone.is_mobile(number):
            self.add_error(
                "phone", _("A landline cannot receive texts. Enter a mobile number, or choose a call.")
            )
        if channel == Person.Channel.EMAIL and not mail and "email" not in self.errors:
            self.add_error("email", _("Enter your email address, so that we can write to you."))
        if channel == Person.Channel.TEXT and cleaned.get("shared"):
            self.add_error("channel", _("Others could read a text on this phone. Choose a call or an email."))
        return cleaned


class Send(Question):
    """The last page: consent, in plain words."""

    title = _("Is everything right?")
    consent = forms.BooleanField(
        label=_(
            "I agree that the team keeps these answers to find help, and that the neighbour who comes sees "
            "the name, address and phone number."
        ),
        error_messages={"required": _("Tick the box if you agree. Without it we cannot look for anyone.")},
    )

    def prepare(self) -> None:
        if for_other(self.answers):
            # Nobody agrees for somebody else without having asked.
            self.fields["consent"].label = _(
                "The person it is for agrees, or I may decide for them, and I agree too: the team keeps these "
                "answers to find help, and the neighbour who comes sees the name, address and phone number."
            )
            self.fields["consent"].error_messages["required"] = _(
                "Tick the box if you both agree. Without it we cannot look for anyone."
            )

    def heading(self) -> Any:
        return one_line(str(self.title))
