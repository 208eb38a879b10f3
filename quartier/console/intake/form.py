"""The form of the screen: what is checked when it is sent. Until then the draft keeps whatever is typed."""

import contextlib
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.validators import validate_email
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from quartier.cases.models import Case, Request
from quartier.cases.rules import Where
from quartier.console.intake import parsing
from quartier.expenses import wrong
from quartier.incidents import rules as incidents
from quartier.incidents.queries import offered, running
from quartier.incidents.shipped import TEMPLATES, Template
from quartier.lib import cells, choices, clock, phone
from quartier.lib.rhythm import Rhythm, simple
from quartier.lib.text import clean, one_line
from quartier.people.models import Person
from quartier.places.models import Place
from quartier.places.queries import search
from quartier.shopping.forms import NAMES, ListFields
from quartier.team.models import Organisation

SPOKEN = (("fr", "Français"), ("nl", "Nederlands"), ("de", "Deutsch"), ("en", "English"))
FARTHEST_DAY = timedelta(days=365)


class Line(forms.CharField):
    """Text from a box: made safe, never cut short, refused when it is too long."""

    def __init__(self, *, limit: int = 200, lines: bool = False, **given: Any) -> None:
        given.setdefault("required", False)
        widget = forms.Textarea(attrs={"rows": 3}) if lines else forms.TextInput()
        super().__init__(widget=given.pop("widget", widget), **given)
        self.limit, self.lines = limit, lines

    def to_python(self, value: Any) -> str:
        text = (
            clean(str(value or ""), parsing.KEPT) if self.lines else one_line(str(value or ""), parsing.KEPT)
        )
        if len(text) > self.limit:
            raise forms.ValidationError(
                _("This is too long: %(count)s characters, at most %(limit)s.")
                % {"count": len(text), "limit": self.limit}
            )
        return text


class Clock(Line):
    """A time of the day, as people write it."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        found = parsing.clock_time(text)
        if found is None:
            raise forms.ValidationError(_("Write the time as 15.30 or 15:30."))
        return found


class Day(Line):
    """A day, as a calendar box sends it or as one writes it here: `2027-01-12`, `12/1`, `12.1.2027`."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        found = parsing.day(text, clock.now().date())
        if found is None:
            raise forms.ValidationError(_("Write the day as 12/1/2027."))
        return found


def number(text: str, country: str) -> str:
    """The number in E.164, or '' for ''; raises `ValidationError`."""
    if not text:
        return ""
    try:
        return phone.parse(text, country)
    except phone.NotANumber as error:
        raise forms.ValidationError(
            _("This is not a complete number. Read it back to the caller, digit by digit.")
        ) from error


class IntakeForm(ListFields, forms.Form):
    """Everything on the screen. Needs the organisation, whose country, hours and people count."""

    use_required_attribute = False
    # The name, the number and the place are demanded unless they are known already.
    marks_optional = False

    phone = Line(label=gettext_lazy("Phone number"), limit=40)
    caller = Line(limit=36)
    caller_name = Line(label=gettext_lazy("Name of the caller"), limit=120)
    language = forms.ChoiceField(
        label=gettext_lazy("We speak"), choices=SPOKEN, required=False, widget=forms.Select
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("We give news"),
        choices=[
            ("call", pgettext_lazy("how we give news", "by a call")),
            ("text", pgettext_lazy("how we give news", "by text")),
            ("email", pgettext_lazy("how we give news", "by mail")),
        ],
        required=False,
    )
    email = Line(label=gettext_lazy("Mail address"), limit=200)
    phone_is_shared = forms.BooleanField(
        label=gettext_lazy("Others use this phone too: leave no message"), required=False
    )
    for_other = forms.BooleanField(label=gettext_lazy("The help is for somebody else"), required=False)
    person_name = Line(label=gettext_lazy("Who needs help"), limit=120)
    person_phone = Line(label=gettext_lazy("Their phone number"), limit=40)
    relation = Line(label=gettext_lazy("The caller is their"), limit=60)
    tell = forms.ChoiceField(
        label=gettext_lazy("Whom we tell"),
        choices=[
            ("person", gettext_lazy("who needs help")),
            ("asker", gettext_lazy("who is calling")),
        ],
        required=False,
    )
    place = Line(label=gettext_lazy("Postcode or place"))
    place_choice = Line(limit=36)
    address = Line(label=gettext_lazy("Street and number"))
    access_notes = Line(label=gettext_lazy("How to get in, what to know at the door"), limit=1000)
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("What is needed?"),
        choices=[(kind.code, kind.name) for kind in choices.KINDS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one kind of help.")},
    )
    urgency = forms.ChoiceField(
        label=gettext_lazy("How urgent?"),
        choices=[
            (Request.Urgency.NOW, gettext_lazy("Within hours")),
            (Request.Urgency.DAY, gettext_lazy("Today or tomorrow")),
            (Request.Urgency.WEEK, gettext_lazy("This week")),
            (Request.Urgency.ANY, gettext_lazy("No hurry")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    # Typed, in the order of days here: a calendar box would follow the language of the browser.
    day = Day(label=gettext_lazy("Only on this day"), help_text=gettext_lazy("As 12/1."), limit=20)
    start = Clock(label=gettext_lazy("From"), limit=20)
    end = Clock(label=gettext_lazy("Until"), limit=20)
    again = forms.ChoiceField(
        label=gettext_lazy("How often"),
        choices=[
            ("", gettext_lazy("once")),
            ("week", gettext_lazy("every week")),
            ("weeks2", gettext_lazy("every second week")),
            ("month_day", gettext_lazy("every month, on this weekday")),
            ("day", gettext_lazy("every day")),
        ],
        required=False,
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages of who needs help"),
        choices=[(each.code, each.name) for each in choices.LANGUAGES],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    words = Line(label=gettext_lazy("In their words, for us only"), limit=4000, lines=True)
    consent = forms.BooleanField(
        label=gettext_lazy("I have read this out, and the answer is yes"),
        error_messages={
            "required": gettext_lazy(
                "Before we look for a neighbour: read the sentence above out, and tick this box when the answer is "
                "yes. If it is no, nothing is sent."
            )
        },
    )
    case = Line(limit=36)

    def __init__(self, *given: Any, organisation: Organisation, **named: Any) -> None:
        super().__init__(*given, **named)
        self.organisation = organisation
        self.prepare_list(organisation, _("I have read this out, and the answer is yes"))
        for kind in choices.KINDS:
            self.fields[f"detail_{kind.code}"] = Line(label=kind.name, limit=2000)
        for template in TEMPLATES.values():
            for asked in template.questions:
                self.fields[incidents.field_name(template, asked)] = forms.ChoiceField(
                    label=str(asked.words),
                    choices=list(incidents.ANSWERS.items()),
                    widget=forms.RadioSelect,
                    required=False,
                )
        self.known: Person | None = None
        self.file: Case | None = None
        self.where: Where | None = None
        self.street = ""
        self.window: tuple[datetime | None, datetime | None] = (None, None)
        self.rhythm: Rhythm | None = None

    def read_amount(self, text: str) -> int:
        return wrong.cents(text)

    @property
    def writes_list(self) -> bool:
        """Whether a list belongs to what is asked, and something was said for it."""
        return "groceries" in self.cleaned_data["kinds"] and self.has_list

    @property
    def shopping(self) -> list[forms.BoundField]:
        """The fields of the list, before the sentence about allergies."""
        return [self[name] for name in ("lines", "shop", "substitutions", "never", "budget")]

    @property
    def opens_list(self) -> bool:
        """Whether the part of the list is shown open: something stands in it, or is wrong."""
        return any(self[name].value() or self.errors.get(name) for name in NAMES if name != "substitutions")

    @property
    def kinds_shown(self) -> list[choices.Kind]:
        """What is offered at the moment, and what is ticked."""
        ticked = [kind for kind in choices.KINDS if kind.code in (self["kinds"].value() or [])]
        return list({kind.code: kind for kind in [*offered(self.organisation), *ticked]}.values())

    @property
    def asking(self) -> list[Template]:
        """What runs and asks something beside the usual."""
        every = [kind.code for kind in choices.KINDS]
        return incidents.asking(running(self.organisation), every)

    def situation(self, *, for_neighbour: bool) -> str:
        """What was answered to the questions of incidents, a line each."""
        return incidents.notes(TEMPLATES.values(), self.cleaned_data, for_neighbour=for_neighbour)

    def clean_phone(self) -> str:
        return number(self.cleaned_data["phone"], self.organisation.country)

    def clean_person_phone(self) -> str:
        return number(self.cleaned_data["person_phone"], self.organisation.country)

    def clean_email(self) -> str:
        text: str = self.cleaned_data["email"]
        if text:
            try:
                validate_email(text)
            except forms.ValidationError as error:
                raise forms.ValidationError(_("Something is missing in this address.")) from error
        return text

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data["day"]
        today = clock.now().astimezone(self.organisation.zone).date()
        if day and day < today:
            raise forms.ValidationError(_("This day is over. Choose today or later."))
        if day and day > today + FARTHEST_DAY:
            raise forms.ValidationError(_("This day is more than a year away."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.known = self._of_ours(Person.objects.select_related("account"), data.get("caller", ""))
        self.file = self._of_ours(Case.objects.select_related("person"), data.get("case", ""))
        if self.file is not None and self.file.merged_into_id:
            self.file = None
        if not (data.get("caller_name") or self.known):
            self.add_error("caller_name", _("Ask for the name of the caller."))
        if "phone" not in self.errors and not (data.get("phone") or data.get("email") or self.known):
            self.add_error("phone", _("Ask for a number where we can give news."))
        self._check_channel(data)
        if data.get("for_other") and not data.get("person_name") and self.file is None:
            self.add_error("person_name", _("Ask who needs help."))
        if self.file is None and not self.errors.get("place"):
            self._find_place(data)
        self._check_window(data)
        return data

    def _of_ours(self, rows: Any, text: str) -> Any:
        try:
            return rows.filter(pk=UUID(text), organisation=self.organisation).first() if text else None
        except ValueError:
            return None

    def _check_channel(self, data: dict[str, Any]) -> None:
        channel = data.get("channel")
        if channel == "email" and not data.get("email") and not (self.known and self.known.email):
            self.add_error("email", _("Ask for the mail address, or choose a call."))
        number_ = data.get("phone") or (self.known.phone if self.known else "")
        if channel == "text" and "phone" not in self.errors and not (number_ and phone.is_mobile(number_)):
            self.add_error("channel", _("This number cannot receive texts. Choose a call."))

    def _find_place(self, data: dict[str, Any]) -> None:
        chosen = None
        with contextlib.suppress(ValueError):
            chosen = Place.objects.filter(pk=UUID(data.get("place_choice") or "")).first()
        text = data.get("place", "")
        found = search(text, self.organisation.country, get_language() or "en") if text else []
        for one in found:
            if chosen is None and one.certain:
                chosen = one.place
            if chosen is not None and one.place.pk == chosen.pk:
                self.street = one.street
        if chosen is None:
            self.add_error(
                "place",
                _("Choose one of the places below.")
                if found
                else _("We do not know this place. Ask for the postcode, or for a larger place nearby."),
            )
            return
        self.where = Where(
            cells.cell_at(chosen.lat, chosen.lon),
            chosen.postcode,
            chosen.name_in(get_language() or "en"),
            chosen.precision,
        )
        if not data.get("address"):
            data["address"] = self.street

    def _check_window(self, data: dict[str, Any]) -> None:
        if any(self.errors.get(name) for name in ("day", "start", "end")):
            return
        day, start, end = data.get("day"), data.get("start"), data.get("end")
        try:
            self.window = parsing.window(
                day,
                start,
                end,
                now=clock.now(),
                zone=self.organisation.zone,
                open_hours=(self.organisation.opens, self.organisation.closes),
            )
        except parsing.Over:
            self.add_error(
                "end" if start or end else "day",
                _("This time is over, or it ends before it begins. Ask again for when."),
            )
            return
        if not data.get("again"):
            return
        if self.window[0] is None:
            self.add_error("day", _("Ask for the first day of what comes again."))
        else:
            first = self.window[0].astimezone(self.organisation.zone).date()
            self.rhythm = simple(data["again"], first)
