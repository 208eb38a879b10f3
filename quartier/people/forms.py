"""What a volunteer says of themselves, as forms: who, what, when, how far, where.

Two surfaces that may not know each other ask for it: `public` when somebody joins, `volunteer` when they
change it. So the fields, their checks and their words stand here, in the room whose rows they fill.
`VolunteerForm` is all of it; a page that asks one thing at a time takes its parts.
"""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from quartier.incidents.queries import offered
from quartier.lib import choices, phone
from quartier.lib.text import one_line
from quartier.people.actions import Readiness, Who
from quartier.people.models import Person, Volunteer
from quartier.places import queries as places
from quartier.places.queries import Found
from quartier.team.models import Organisation

SLOTS = [(str(bit), "") for bit in range(len(choices.DAYS) * len(choices.PARTS))]
RADII_M = (1000, 2000, 5000, 10_000, 20_000)
CAPACITIES = (1, 2, 3, 5)
BUDGETS = (1, 2, 3)
UI_LANGUAGES = (("fr", "Français"), ("nl", "Nederlands"), ("de", "Deutsch"), ("en", "English"))


class Line(forms.CharField):
    """One line of words, without control characters. What is too long is said so, never cut."""

    def to_python(self, value: Any) -> str:
        return one_line(str(value), 400) if value else ""


class Mail(forms.EmailField):
    """A mail address, without what cannot be seen."""

    def to_python(self, value: Any) -> str:
        return one_line(str(value), 400) if value else ""


class Ticks(forms.MultipleChoiceField):
    """Cards to tick; the pictures are those of `look`."""

    widget = forms.CheckboxSelectMultiple
    icons: dict[str, str] = {}


class Which(forms.ChoiceField):
    """One of the places found. A choice made for other words is no mistake: the form asks again."""

    widget = forms.RadioSelect

    def valid_value(self, value: Any) -> bool:
        return True


class Asked(forms.Form):
    """A form that knows whose line it is."""

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation


class WhoForm(Asked):
    """Name, how to reach, in what language. A mobile number or a mail address is needed, for the codes."""

    name = Line(
        label=_("Your name"),
        help_text=_("Who you help hears your first name."),
        max_length=120,
        error_messages={"required": _("Write your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = Line(
        label=_("Your mobile number"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
    )
    email = Mail(
        label=_("Your e-mail address"),
        required=False,
        max_length=254,
        error_messages={"invalid": _("Look at the address again: it should read like name@example.org.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    channel = forms.ChoiceField(
        label=_("How do we ask you?"),
        help_text=_("One message each time, with a link to say yes or no."),
        choices=[(Person.Channel.TEXT, _("By text message")), (Person.Channel.EMAIL, _("By e-mail"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose text message or e-mail.")},
    )
    language = forms.ChoiceField(
        label=_("In what language do we write to you?"),
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
        if self.initial.get("phone", "").startswith("+"):
            self.initial["phone"] = phone.display(self.initial["phone"], self.organisation.country)

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        if not typed:
            return ""
        try:
            return phone.parse(typed, self.organisation.country)
        except phone.NotANumber as error:
            raise forms.ValidationError(
                _("Look at the number again: a digit may be missing. From another country, begin with +.")
            ) from error

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        number, mail = data.get("phone"), data.get("email")
        broken = {"phone", "email"} & set(self.errors)
        if not number and not mail and not broken:
            self.add_error("phone", _("Give a mobile number or an e-mail address: how else do we ask you?"))
        elif data.get("channel") == Person.Channel.TEXT and "phone" not in broken:
            if not number:
                self.add_error("phone", _("For text messages we need your mobile number."))
            elif not phone.is_mobile(number):
                self.add_error(
                    "phone", _("No text reaches this number. Give a mobile number, or choose e-mail.")
                )
        elif data.get("channel") == Person.Channel.EMAIL and not mail and "email" not in broken:
            self.add_error("email", _("For e-mail we need your address."))
        return data

    def who(self) -> Who:
        """What a valid form says."""
        data = self.cleaned_data
        return Who(
            name=data["name"],
            phone=data["phone"],
            email=data["email"],
            language=data["language"],
            channel=data["channel"],
            phone_is_shared=bool(self.initial.get("phone_is_shared")),
        )


class WhatForm(Asked):
    """Kinds of help, languages, times, how far, how much."""

    kinds = Ticks(
        label=_("What can you do?"),
        choices=[(each.code, each.name) for each in choices.KINDS],
        error_messages={"required": _("Tick at least one kind of help.")},
    )
    kinds.icons = {each.code: each.icon for each in choices.KINDS}
    languages = Ticks(
        label=_("What languages do you speak?"),
        help_text=_("Well enough to chat at a door."),
        choices=[(each.code, each.name) for each in choices.LANGUAGES],
        error_messages={"required": _("Tick at least one language.")},
    )
    always = forms.BooleanField(
        label=_("It varies: ask me at any time, I say yes or no"),
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
        help_text=_("While you have as many as that, we do not ask you for more."),
        coerce=int,
        initial=1,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how many.")},
    )
    budget = forms.TypedChoiceField(
        label=_("How often may we ask you?"),
        help_text=_("You are free to say no each time."),
        coerce=int,
        initial=2,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how often.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What is offered at the moment, and what was ticked before.
        codes = {*(each.code for each in offered(self.organisation)), *self.initial.get("kinds", [])}
        self.fields["kinds"].choices = [  # type: ignore[attr-defined]
            (each.code, each.name) for each in choices.KINDS if each.code in codes
        ]
        # What was written elsewhere (an import, a coordinator) stays one of the answers.
        for name, usual, say in (
            ("radius_m", RADII_M, _kilometres),
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


class WhereForm(Asked):
    """In which neighbourhood: words that forgive, and a choice when they can mean several places.

    `kept`: what the words in `initial["where"]` stood for, so that an unchanged line moves nobody.
    """

    where = Line(
        label=_("Where do you live?"),
        help_text=_("Postcode, town or street. We keep only the neighbourhood."),
        max_length=200,
        error_messages={"required": _("Write a postcode or a town.")},
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    place = Which(label=_("Which one do you mean?"), required=False)

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
        self._results = places.search(self._typed, self.organisation.country, language) if self._typed else []
        self.fields["place"].choices = [(str(each.place.pk), each.label) for each in self._results]  # type: ignore[attr-defined]

    @property
    def asks_which(self) -> bool:
        """Whether the page shows the places to choose from."""
        return bool(self.fields["place"].choices) and self.found is None and self.is_bound  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("where") or self._unchanged():
            return data
        chosen = data.get("place", "")
        self.found = next((each for each in self._results if str(each.place.pk) == chosen), None)
        if self.found is None and self._results and self._results[0].certain:
            self.found = self._results[0]
        if self.found is None and self._results:
            self.add_error("place", _("Tell us which of these places you mean."))
        elif self.found is None:
            words = gettext("We can't find “%(words)s”. Try the postcode alone, or the next town.")
            self.add_error("where", words % {"words": self._typed})
        return data

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
    where = f"{volunteer.place_name} ({volunteer.postcode})" if volunteer.postcode else volunteer.place_name
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


def _kilometres(metres: int) -> str:
    number = f"{metres / 1000:g}".replace(".", "," if (get_language() or "")[:2] != "en" else ".")
    return f"{number}\u00a0km"


def _people(number: int) -> str | Promise:
    return ngettext_lazy("%(number)s neighbour", "%(number)s neighbours", "number") % {"number": number}


def times_a_day(number: int) -> str | Promise:
    """How often somebody may be asked, in words."""
    return ngettext_lazy("At most once a day", "At most %(number)s times a day", "number") % {
        "number": number
    }
