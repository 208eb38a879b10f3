"""The questions that somebody who asks for help is asked."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from quartier.cases.models import Request
from quartier.incidents import rules as incidents
from quartier.incidents.queries import offered, running
from quartier.lib import choices, clock, phone
from quartier.lib.text import one_line
from quartier.people.models import Person
from quartier.public.ask.kinds import HINTS, TEXTS
from quartier.public.ask.shopping import GROCERIES
from quartier.public.questions import Answers, Mail, PhoneNumber, Question, Words
from quartier.public.where import WherePart

SPEAKS = ("fr", "nl", "de", "en")
FARTHEST = timedelta(days=60)


def kinds_of(answers: Answers) -> list[choices.Kind]:
    """What was ticked, in the order of the page."""
    codes = answers.get("what", {}).get("kinds", [])
    return [kind for kind in choices.KINDS if kind.code in codes]


def for_other(answers: Answers) -> bool:
    return bool(answers.get("for", {}).get("whom") == "other")


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
    whom.texts = {"other": _("A parent, a neighbour, somebody you care for.")}  # type: ignore[attr-defined]


class What(Question):
    """What is needed; several may be ticked."""

    title: str | Promise = _("What do you need?")
    kinds = forms.MultipleChoiceField(
        label=_("What do you need?"),
        help_text=_("Tick one or more. It helps us to find a neighbour who can do it."),
        choices=[(kind.code, kind.name) for kind in choices.KINDS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick at least one thing. If nothing fits, tick “Something else”."),
            "invalid_choice": _("Tick what you need in the list."),
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

    def answer(self) -> Answers:
        """The kinds, and the templates whose questions follow."""
        kinds = self.cleaned_data["kinds"]
        asking = incidents.asking(running(self.organisation), kinds)
        return {"kinds": kinds, "asking": [template.code for template in asking]}


class Details(Question):
    """A few words for each thing; only “something else” needs them."""

    title: str | Promise = _("Would you like to tell us more?")
    lead: str | Promise = _(
        "Only the neighbour who helps you reads this, and our team. You may leave it empty."
    )

    def prepare(self) -> None:
        kinds = [kind for kind in kinds_of(self.answers) if kind.code != GROCERIES]
        for kind in kinds:
            other = kind.code == "other"
            self.fields[kind.code] = Words(
                max_length=2000,
                lines=True,
                required=other,
                label=_("What is it that you need?") if other else kind.name,
                help_text=HINTS.get(
                    kind.code, _("In your own words. We read it and call you if it is not clear.")
                ),
                widget=forms.Textarea(attrs={"rows": 3}),
                error_messages={"required": _("Write a few words, so that we know what to look for.")},
            )
        if [kind.code for kind in kinds] == ["other"]:
            self.title, self.lead = _("What is it that you need?"), ""


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


class When(Question):
    """How urgent it is, or a day with a part of it. Answers an urgency, and a time when a day was chosen."""

    title = _("When do you need it?")
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
            "required": _("Choose when you need it."),
            "invalid_choice": _("Choose when you need it."),
        },
    )
    urgency.texts = {  # type: ignore[attr-defined]
        "now": _("Within a few hours. In danger, call 112 first."),
        "any": _("Within two weeks."),
        "date": _("Fill in the day below."),
    }
    day = forms.DateField(
        required=False,
        label=_("Which day?"),
        help_text=_("Only if you chose a day."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("We cannot read this date. Write it like 31/12/2026.")},
    )
    day.width = 16  # type: ignore[attr-defined]
    part = forms.ChoiceField(
        required=False,
        label=_("At what time of the day?"),
        choices=[
            ("", _("It does not matter")),
            ("0", pgettext_lazy("part of the day", "Morning")),
            ("1", pgettext_lazy("part of the day", "Afternoon")),
            ("2", pgettext_lazy("part of the day", "Evening")),
        ],
        error_messages={"invalid_choice": _("Choose a time of the day.")},
    )
    part.width = 16  # type: ignore[attr-defined]
    lead: str | Promise = ""

    def prepare(self) -> None:
        day = self.fields["day"]
        assert isinstance(day, forms.DateField)
        day.input_formats = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y"]
        if not is_ahead(self.answers) and not self.is_bound:
            self.lead = _("The time that you chose is over. Please choose another one.")

    def clean(self) -> Answers:
        cleaned = super().clean() or self.cleaned_data
        self.window: tuple[datetime, datetime] | None = None
        if cleaned.get("urgency") != "date" or "day" in self.errors or "part" in self.errors:
            return cleaned
        day = cleaned.get("day")
        if day is None:
            self.add_error("day", _("Fill in the day."))
            return cleaned
        now = clock.now()
        today = now.astimezone(self.organisation.zone).date()
        if day < today:
            self.add_error("day", _("This day is over. Choose today or a day that comes."))
        elif day > today + FARTHEST:
            self.add_error("day", _("This is too far ahead. Choose a day in the next two months."))
        else:
            self.window = self._window(day, cleaned.get("part", ""))
            if self.window[1] <= now + timedelta(minutes=30):
                self.add_error("day", _("This time is over for today. Choose a later one, or another day."))
        return cleaned

    def _window(self, day: date, part: str) -> tuple[datetime, datetime]:
        if part:
            _name, first, last = choices.PARTS[int(part)]
        else:
            first, last = choices.PARTS[0][1], choices.PARTS[-1][2]
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.organisation.zone)
        return midnight.replace(hour=first), midnight.replace(hour=last)

    def answer(self) -> Answers:
        chosen = self.cleaned_data
        if self.window is None:
            return {"urgency": chosen["urgency"]}
        return {
            "urgency": "date",
            "day": chosen["day"].isoformat(),
            "part": chosen["part"],
            "from": self.window[0].isoformat(),
            "until": self.window[1].isoformat(),
        }


def is_ahead(answers: Answers) -> bool:
    """Whether the time that was chosen is not over."""
    until = answers.get("when", {}).get("until")
    return until is None or datetime.fromisoformat(until) > clock.now()


def urgency_of(answer: Answers, now: datetime) -> str:
    """The urgency of an answer to `When`: a chosen day counts by how near it is."""
    if answer["urgency"] != "date":
        return str(answer["urgency"])
    away = datetime.fromisoformat(answer["from"]) - now
    if away < timedelta(hours=24):
        return Request.Urgency.DAY
    return Request.Urgency.WEEK if away < timedelta(days=6) else Request.Urgency.ANY


class Languages(Question):
    """Which languages work."""

    title = _("Which languages do you speak?")
    languages = forms.MultipleChoiceField(
        label=title,
        help_text=_("Tick all that suit, so that you and your neighbour understand each other."),
        choices=[(language.code, language.name) for language in choices.LANGUAGES],
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick at least one language."),
            "invalid_choice": _("Tick languages of the list."),
        },
    )
    languages.group = "cols"  # type: ignore[attr-defined]

    def prepare(self) -> None:
        if for_other(self.answers):
            self.title = self.fields["languages"].label = _("Which languages does this person speak?")
        if "languages" not in self.answers:
            self.initial = {"languages": [(get_language() or "en")[:2]]}


class WhoNeeds(Question):
    """The person who needs help, when somebody else asks."""

    title = _("Who needs help?")
    name = Words(
        max_length=120,
        label=_("First and last name"),
        error_messages={"required": _("Write the name of who needs help.")},
    )
    relation = Words(
        max_length=60,
        required=False,
        label=_("Who are you for this person?"),
        help_text=_("For example: daughter, neighbour, nurse."),
    )
    tell = forms.ChoiceField(
        label=_("Whom do we tell when somebody comes?"),
        choices=[("them", _("This person, by phone")), ("me", _("Me"))],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose whom we tell."),
            "invalid_choice": _("Choose whom we tell."),
        },
    )
    phone = PhoneNumber(
        label=_("Their phone number"),
        help_text=_("The neighbour needs it if nobody opens."),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    phone.width = 16  # type: ignore[attr-defined]
    tell.group = "cols"  # type: ignore[attr-defined]

    def clean(self) -> Answers:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("tell") == "them" and not cleaned.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("Write their number, so that we can call and say who comes."))
        return cleaned


class Reach(Question):
    """Who asks, and how to reach them."""

    title = _("How can we reach you?")
    name = Words(
        max_length=120,
        label=_("Your first and last name"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name.")},
    )
    channel = forms.ChoiceField(
        label=_("How shall we tell you who comes?"),
        choices=[
            (Person.Channel.CALL, _("Call me")),
            (Person.Channel.TEXT, _("Send me a text")),
            (Person.Channel.EMAIL, _("Send me a mail")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose how we tell you."),
            "invalid_choice": _("Choose how we tell you."),
        },
    )
    phone = PhoneNumber(
        label=_("Your phone number"),
        help_text=_("Landline or mobile."),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    phone.width = 16  # type: ignore[attr-defined]
    shared = forms.BooleanField(required=False, label=_("Other people use this phone too and must not know."))
    email = Mail(label=_("Your mail address"), max_length=320)

    def prepare(self) -> None:
        self.fields["email"].widget.attrs["autocomplete"] = "email"

    def clean(self) -> Answers:
        cleaned = super().clean() or self.cleaned_data
        number, mail, channel = cleaned.get("phone"), cleaned.get("email"), cleaned.get("channel")
        if "phone" not in self.errors and not number:
            if channel == Person.Channel.CALL:
                self.add_error("phone", _("Write your number, so that we can call you."))
            elif channel == Person.Channel.TEXT:
                self.add_error("phone", _("Write your mobile number, so that we can send you a text."))
        elif channel == Person.Channel.TEXT and number and not phone.is_mobile(number):
            self.add_error(
                "phone", _("A landline cannot receive texts. Write a mobile number, or choose a call.")
            )
        if channel == Person.Channel.EMAIL and not mail and "email" not in self.errors:
            self.add_error("email", _("Write your mail address, so that we can write to you."))
        if channel == Person.Channel.TEXT and cleaned.get("shared"):
            self.add_error("channel", _("Others could read a text on this phone. Choose a call or a mail."))
        return cleaned


class Send(Question):
    """The last page: consent, in plain words."""

    title = _("Is everything right?")
    consent = forms.BooleanField(
        label=_(
            "I agree that the team keeps these answers to find help, and that the neighbour who comes sees the "
            "name, the address and the phone number."
        ),
        error_messages={"required": _("Tick the box if you agree. Without it we cannot look for anybody.")},
    )

    def heading(self) -> Any:
        return one_line(str(self.title))
