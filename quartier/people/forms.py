"""What a volunteer says of themselves, as forms: who, what, when, how far, where.

Two surfaces that may not know each other ask for it: `public` when somebody joins, `volunteer` when they
change it. So the fields, their checks and their words stand here, in the room whose rows they fill.
`VolunteerForm` is all of it; a page that asks one thing at a time takes its parts.
"""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from quartier.incidents.queries import offered
from quartier.lib import choices, phone
from quartier.lib.text import one_line
from quartier.people.actions import Readiness, Who
from quartier.people.fields import MailField, OneLineField, OrganisationForm, PlaceChoiceField, TicksField
from quartier.people.models import Person, Volunteer
from quartier.places import queries as places
from quartier.places.asking import ELSEWHERE, ELSEWHERE_NAME, ELSEWHERE_QUESTION, question_about
from quartier.places.queries import Found, ReadingKind

SLOTS = [(str(bit), "") for bit in range(len(choices.DAYS) * len(choices.PARTS))]
RADII_M = (1000, 2000, 5000, 10_000, 20_000)
CAPACITIES = (1, 2, 3, 5)
BUDGETS = (1, 2, 3)
UI_LANGUAGES = (("fr", "Français"), ("nl", "Nederlands"), ("de", "Deutsch"), ("en", "English"))


class WhoForm(OrganisationForm):
    """Name, how to reach, in what language. A mobile number or a mail address is needed, for the codes."""

    name = OneLineField(
        label=_("Your name"),
        help_text=_("The person you help is told your first name."),
        max_length=120,
        error_messages={"required": _("Enter your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = OneLineField(
        label=_("Your mobile number"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
    )
    email = MailField(
        label=_("Your email address"),
        required=False,
        max_length=254,
        error_messages={"invalid": _("Check the address: it should read like name@example.org.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    channel = forms.ChoiceField(
        label=_("How should we ask you?"),
        help_text=_("One message each time, with a link to say yes or no."),
        choices=[(Person.Channel.TEXT, _("By text")), (Person.Channel.EMAIL, _("By email"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose text or email.")},
    )
    language = forms.ChoiceField(
        label=_("In which language should we write to you?"),
        choices=UI_LANGUAGES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a language.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken = set(self.organisation.languages or dict(UI_LANGUAGES))
        self.fields["language"].choices = [each for each in UI_LANGUAGES if each[0] in spoken]  # type: ignore[attr-defined]
        here = (get_language() or "")[:2]
        self.fields["language"].initial = here if here in spoken else None
        self._known_phone = self.initial.get("phone", "")
        if self._known_phone.startswith("+"):
            self.initial["phone"] = phone.display(self._known_phone, self.organisation.country)

    def offer_only(self, ways: Collection[str]) -> None:
        """Offer of text and email those that the installation has; what is chosen already stays, as long as nothing
        else is: else nothing else on the page could be saved."""
        field = self.fields["channel"]
        known = self.initial.get("channel")
        may_stay = known in {each[0] for each in field.choices} and known not in ways  # type: ignore[attr-defined]
        field.required = not may_stay
        offered = [each for each in field.choices if each[0] in ways]  # type: ignore[attr-defined]
        if offered:
            field.choices = offered  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        if not typed:
            return ""
        try:
            number = phone.parse(typed, self.organisation.country)
        except phone.NotANumber as error:
            raise forms.ValidationError(
                _(
                    "Check the number: a digit may be missing. For a number from another country, begin "
                    "with +."
                )
            ) from error
        # What is known already stays: else nothing else on the page could be saved.
        if number != self._known_phone and (why := phone.why_not_own(number, self.organisation.phone)):
            raise forms.ValidationError(why)
        return number

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        number, mail = data.get("phone"), data.get("email")
        broken = {"phone", "email"} & set(self.errors)
        if not number and not mail and not broken:
            self.add_error("phone", _("Enter a mobile number or an email address, so that we can ask you."))
        elif data.get("channel") == Person.Channel.TEXT and "phone" not in broken:
            if not number:
                self.add_error("phone", _("To text you, we need your mobile number."))
            elif not phone.is_mobile(number):
                self.add_error(
                    "phone", _("This number cannot receive texts. Enter a mobile number, or choose email.")
                )
        elif data.get("channel") == Person.Channel.EMAIL and not mail and "email" not in broken:
            self.add_error("email", _("To email you, we need your address."))
        return data

    def who(self) -> Who:
        """What a valid form says."""
        data = self.cleaned_data
        return Who(
            name=data["name"],
            phone=data["phone"],
            email=data["email"],
            language=data["language"],
            channel=data["channel"] or str(self.initial.get("channel", "")),
            phone_is_shared=bool(self.initial.get("phone_is_shared")),
        )


class WhatForm(OrganisationForm):
    """Kinds of help, languages, times, how far, how much."""

    kinds = TicksField(
        label=_("What can you do?"),
        choices=[(each.code, each.name) for each in choices.KINDS],
        error_messages={"required": _("Tick at least one kind of help.")},
    )
    kinds.icons = {each.code: each.icon for each in choices.KINDS}
    languages = TicksField(
        label=_("Which languages do you speak?"),
        help_text=_("Well enough to chat at a door."),
        choices=[(each.code, each.name) for each in choices.LANGUAGES],
        error_messages={"required": _("Tick at least one language.")},
    )
    always = forms.BooleanField(
        label=_("It varies: ask me at any time, and I’ll say yes or no"),
        required=False,
    )
    slots = forms.MultipleChoiceField(
        label=_("When are you free?"), choices=SLOTS, required=False, widget=forms.CheckboxSelectMultiple
    )
    travel = forms.ChoiceField(
        label=_("How do you get around?"),
        choices=[(each.code, each.name) for each in choices.TRAVEL],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you get around.")},
    )
    radius_m = forms.TypedChoiceField(
        label=_("How far would you go?"),
        help_text=_("As the crow flies, from the middle of your neighbourhood."),
        coerce=int,
        initial=2000,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how far you would go.")},
    )
    capacity = forms.TypedChoiceField(
        label=_("How many neighbours at the same time?"),
        help_text=_("While you have this many, we’ll not ask you for more."),
        coerce=int,
        initial=1,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how many.")},
    )
    budget = forms.TypedChoiceField(
        label=_("How often may we ask you?"),
        help_text=_("You are free to say no every time."),
        coerce=int,
        initial=2,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how often.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What is offered at the moment, in the order in which it is asked for, and what was ticked before.
        ticked = [each for each in choices.KINDS if each.code in self.initial.get("kinds", [])]
        names = {each.code: each.name for each in [*offered(self.organisation), *ticked]}
        if "transport" in names:
            names["transport"] = _("A lift, in your car")
        self.fields["kinds"].choices = list(names.items())  # type: ignore[attr-defined]
        # What was written elsewhere (an import, a coordinator) stays one of the answers.
        for name, usual, say in (
            ("radius_m", RADII_M, kilometres),
            ("capacity", CAPACITIES, _people),
            ("budget", BUDGETS, times_a_day),
        ):
            numbers = sorted({*usual, int(self.initial.get(name) or usual[0])})
            if name == "budget":
                # What the organisation does not allow is not offered: a choice holds.
                most = self.organisation.daily_budget
                numbers = [each for each in numbers if each <= most]
                self.initial[name] = min(int(self.initial.get(name) or self.fields[name].initial), most)
            self.fields[name].choices = [(number, say(number)) for number in numbers]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("always") and not data.get("slots") and "slots" not in self.errors:
            self.add_error("slots", _("Tick when you are free, or “It varies”."))
        if "transport" in data.get("kinds", []) and data.get("travel", choices.CAR) != choices.CAR:
            self.add_error("travel", _("For a lift you need a car. Choose “By car”, or untick the lift."))
        return data

    def bits(self) -> dict[str, Any]:
        """What a valid form says, as `Readiness` names it; where is missing."""
        data = self.cleaned_data
        slots = choices.ALL_SLOTS if data["always"] else sum(1 << int(bit) for bit in data["slots"])
        return {
            "kinds": choices.mask(choices.KINDS, data["kinds"]),
            "languages": choices.mask(choices.LANGUAGES, data["languages"]),
            "slots": slots,
            **{name: data[name] for name in ("travel", "radius_m", "capacity", "budget")},
        }


class WhereForm(OrganisationForm):
    """In which neighbourhood: words that forgive, and a choice when they can mean several places.

    `kept`: what the words in `initial["where"]` stood for, so that an unchanged line moves nobody.
    """

    where = OneLineField(
        label=_("Where do you live?"),
        help_text=_("Postcode or town. We keep only the neighbourhood."),
        max_length=200,
        error_messages={"required": _("Enter a postcode or a town.")},
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    place = PlaceChoiceField(label=_("Which one do you mean?"), required=False)
    # For which words the places on the page were drawn: a choice among others is none.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    # A page of this question alone asks; one with many questions says what is left to put right.
    asks_calmly = False
    asks = ""

    def __init__(self, *args: Any, kept: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept
        self.found: Found | None = None
        if self.is_bound:
            self._typed = one_line(str(self.data.get(self.add_prefix("where"), "")), 200)
            if not self._unchanged():
                self._look()

    def _unchanged(self) -> bool:
        return self.kept is not None and self._typed == one_line(str(self.initial.get("where", "")))

    def _look(self) -> None:
        language = (get_language() or "en")[:2]
        self._reading = places.read_place(self._typed, self.organisation.country, language)
        shown = [] if self._reading.kind == ReadingKind.NO_TOWN else self._reading.found
        seen = one_line(str(self.data.get(self.add_prefix("seen"), self._typed)), 200)
        self._chosen = str(self.data.get(self.add_prefix("place"), "")) if seen == self._typed else ""
        self._is_elsewhere = self._chosen == ELSEWHERE
        if self._is_elsewhere:
            # None of those that were shown: they are not shown again.
            shown = []
        found = [(str(each.place.pk), each.choice) for each in shown]
        self.fields["place"].choices = [*found, (ELSEWHERE, ELSEWHERE_NAME)] if found else []  # type: ignore[attr-defined]

    @property
    def asks_which(self) -> bool:
        """Whether the page shows the places to choose from."""
        return bool(self.fields["place"].choices) and self.found is None and self.is_bound  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("where") or self._unchanged():
            return data
        found = self._reading.found
        self.found = next((each for each in found if str(each.place.pk) == self._chosen), None)
        if self.found is None and self._reading.kind == ReadingKind.CERTAIN:
            self.found = found[0]
        if self.found is None and self._is_elsewhere:
            self._ask_elsewhere()
        elif self.found is None:
            self._ask(question_about(self._reading, self._typed, self.organisation.country))
        return data

    def _ask_elsewhere(self) -> None:
        """It is none of those that were shown: which town it is, with the words as they are."""
        if not self.asks_calmly:
            self.add_error("where", str(ELSEWHERE_QUESTION))
            return
        self.asks = str(ELSEWHERE_QUESTION)
        self._draw_again(place="", seen="")

    def _draw_again(self, **words: str) -> None:
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        for name, value in words.items():
            data[self.add_prefix(name)] = value
        self.data = data

    def _ask(self, question: str) -> None:
        """Say why the place is not found yet; what only needs a yes is no mistake where there is room to ask."""
        first = next(iter(self._reading.found), None)
        self._draw_again(place=str(first.place.pk) if first and first.likely else "", seen=self._typed)
        if not self.asks_calmly or self._reading.kind == ReadingKind.UNKNOWN:
            self.add_error("place" if self.asks_which else "where", question)
            return
        self.asks = question
        if self._reading.kind == ReadingKind.NO_TOWN:
            self._draw_again(where="")

    def where_fields(self) -> dict[str, Any]:
        """What a valid form says, as `Readiness` names it: cell, postcode, place name."""
        if self.found is None:
            assert self.kept is not None
            return self.kept
        place = self.found.place
        return {"cell": self.found.cell, "postcode": place.postcode, "place_name": place.name}


class VolunteerForm(WhereForm, WhatForm, WhoForm):
    """Everything a volunteer says, on one page."""

    field_order = [
        *("name", "phone", "email", "channel", "language", "where", "place"),
        *("kinds", "languages", "slots", "always", "travel", "radius_m", "capacity", "budget"),
    ]

    def ready(self) -> Readiness:
        """What a valid form says of what they can do."""
        return Readiness(**self.bits(), **self.where_fields())


def said_by(volunteer: Volunteer) -> dict[str, Any]:
    """The keywords (`initial`, `kept`) of a form that shows what this volunteer has said."""
    person = volunteer.person
    where = volunteer.place_name
    if where and volunteer.postcode:
        named = places.place_called(volunteer.organisation.country, volunteer.postcode, where)
        where = f"{named} ({volunteer.postcode})"
    always = volunteer.slots == choices.ALL_SLOTS
    initial = {
        "name": person.name,
        "phone": person.phone,
        "phone_is_shared": person.phone_is_shared,
        "email": person.email,
        "language": person.language,
        "channel": person.channel,
        "where": where,
        "kinds": [each.code for each in choices.chosen(choices.KINDS, volunteer.kinds)],
        "languages": [each.code for each in choices.chosen(choices.LANGUAGES, volunteer.languages)],
        "always": always,
        "slots": [] if always else [bit for bit, _name in SLOTS if volunteer.slots >> int(bit) & 1],
        **{name: getattr(volunteer, name) for name in ("travel", "radius_m", "capacity", "budget")},
    }
    kept = {"cell": volunteer.cell, "postcode": volunteer.postcode, "place_name": volunteer.place_name}
    return {"initial": initial, "kept": kept if where else None}


def kilometres(metres: int) -> str:
    """How far somebody would go, in words."""
    number = f"{metres / 1000:g}".replace(".", "," if (get_language() or "")[:2] != "en" else ".")
    return f"{number}\u00a0km"


def _people(number: int) -> str | Promise:
    return ngettext_lazy("%(number)s neighbour", "%(number)s neighbours", "number") % {"number": number}


def times_a_day(number: int) -> str | Promise:
    """How often somebody may be asked, in words."""
    return ngettext_lazy("At most once a day", "At most %(number)s times a day", "number") % {
        "number": number
    }
