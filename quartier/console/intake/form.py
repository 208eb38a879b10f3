"""The form of the screen: what is checked when it is sent. Until then the draft keeps whatever is typed."""

import contextlib
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.validators import validate_email
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from quartier.cases import rides
from quartier.cases.models import Case, Request
from quartier.cases.rules import Where
from quartier.console.intake import parsing
from quartier.console.intake.boxes import ClockField, DayField, LineField
from quartier.console.intake.known_address import other_address_errors
from quartier.console.intake.ride import RideFields
from quartier.expenses import wrong
from quartier.incidents import rules as incidents
from quartier.incidents.queries import offered, running
from quartier.incidents.shipped import TEMPLATES, Template
from quartier.lib import cells, choices, clock, phone
from quartier.lib.rhythm import Rhythm, simple
from quartier.messaging.providers import ways_out
from quartier.people.models import Person
from quartier.places.asking import question_about
from quartier.places.models import Place
from quartier.places.queries import ReadingKind, read_place
from quartier.shopping.forms import NAMES, ListFields
from quartier.team.access import Actor
from quartier.team.models import Organisation

SPOKEN = (("fr", "Français"), ("nl", "Nederlands"), ("de", "Deutsch"), ("en", "English"))
FARTHEST_DAY = timedelta(days=365)


def spoken_at_first(actor: Actor) -> str:
    """The language of a call as long as nobody has said another one: that of the operator's page, where the group
    speaks it."""
    languages, own = actor.organisation.languages, (get_language() or "")[:2]
    return own if own in languages else languages[0]


def number(text: str, organisation: Organisation) -> str:
    """Somebody's own number in E.164, or '' for ''; raises `ValidationError`."""
    if not text:
        return ""
    try:
        e164 = phone.parse(text, organisation.country)
    except phone.NotANumber as error:
        raise forms.ValidationError(
            _("This is not a complete number. Read it back to the caller, digit by digit.")
        ) from error
    if why := phone.why_not_own(e164, organisation.phone, phone.Reader.FOR_ANOTHER):
        raise forms.ValidationError(why)
    return e164


class IntakeForm(ListFields, RideFields, forms.Form):
    """Everything on the screen. Needs the organisation, whose country, hours and people count."""

    use_required_attribute = False
    # The name, the number and the place are demanded unless they are known already.
    marks_optional = False

    phone = LineField(label=gettext_lazy("Phone number"), limit=40)
    caller = LineField(limit=36)
    caller_name = LineField(label=gettext_lazy("Name of the caller"), limit=120)
    language = forms.ChoiceField(
        label=gettext_lazy("We speak"), choices=SPOKEN, required=False, widget=forms.Select
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("We give news"),
        choices=[
            ("call", pgettext_lazy("how we give news", "by a call")),
            ("text", pgettext_lazy("how we give news", "by text")),
            ("email", pgettext_lazy("how we give news", "by email")),
        ],
        required=False,
    )
    email = LineField(label=gettext_lazy("Email address"), limit=200)
    phone_is_shared = forms.BooleanField(
        label=gettext_lazy("Other people use this phone: leave no message"), required=False
    )
    for_other = forms.BooleanField(label=gettext_lazy("The help is for someone else"), required=False)
    person_name = LineField(label=gettext_lazy("Who needs help"), limit=120)
    person_phone = LineField(label=gettext_lazy("Their phone number"), limit=40)
    relation = LineField(label=gettext_lazy("The caller is their"), limit=60)
    tell = forms.ChoiceField(
        label=gettext_lazy("Who we tell"),
        choices=[
            ("person", gettext_lazy("who needs help")),
            ("asker", gettext_lazy("who is calling")),
        ],
        required=False,
    )
    place = LineField(label=gettext_lazy("Postcode or place"))
    place_choice = LineField(limit=36)
    address = LineField(label=gettext_lazy("Street and number"))
    access_notes = LineField(label=gettext_lazy("How to get in, what to know at the door"), limit=1000)
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
    day = DayField(label=gettext_lazy("Only on this day"), help_text=gettext_lazy("As 12/1."), limit=20)
    start = ClockField(label=gettext_lazy("From"), limit=20)
    end = ClockField(label=gettext_lazy("Until"), limit=20)
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
        label=gettext_lazy("Languages of the person who needs help"),
        choices=[(each.code, each.name) for each in choices.LANGUAGES],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    words = LineField(label=gettext_lazy("In their words, for us only"), limit=4000, lines=True)
    consent = forms.BooleanField(
        label=gettext_lazy("I have read this out, and the answer is yes"),
        error_messages={
            "required": gettext_lazy(
                "Before we look for a neighbour: read out the sentence above, and tick this box if the "
                "answer is yes. If it is no, nothing is sent."
            )
        },
    )
    case = LineField(limit=36)

    def __init__(self, *given: Any, organisation: Organisation, **named: Any) -> None:
        super().__init__(*given, **named)
        self.organisation = organisation
        ways, channel = {Person.Channel.CALL.value, *ways_out.written_ways()}, self.fields["channel"]
        channel.choices = [each for each in channel.choices if each[0] in ways]  # type: ignore[attr-defined]
        self.prepare_list(organisation, _("I have read this out, and the answer is yes"))
        for kind in choices.KINDS:
            self.fields[f"detail_{kind.code}"] = LineField(label=kind.name, limit=2000)
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
        return number(self.cleaned_data["phone"], self.organisation)

    def clean_person_phone(self) -> str:
        return number(self.cleaned_data["person_phone"], self.organisation)

    def clean_email(self) -> str:
        text: str = self.cleaned_data["email"]
        if text:
            try:
                validate_email(text)
            except forms.ValidationError as error:
                raise forms.ValidationError(_("Something is missing from this address.")) from error
        return text

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data["day"]
        today = clock.now().astimezone(self.organisation.zone).date()
        if day and day < today:
            raise forms.ValidationError(_("This date has passed. Choose today or later."))
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
        self._check_called(data)
        if "other" in (data.get("kinds") or ()) and not data.get("detail_other"):
            # What stands under "in their words" is for us only: a neighbour would read nothing.
            self.add_error("detail_other", _("Ask what exactly is needed: the neighbour reads only this."))
        if data.get("for_other") and not data.get("person_name") and self.file is None:
            self.add_error("person_name", _("Ask who needs help."))
        if self.file is None and not self.errors.get("place"):
            self._find_place(data)
        if self.file is not None:
            self._refuse_other_address(data, self.file)
        self.check_ride(data)
        self._check_window(data)
        return data

    def _refuse_other_address(self, data: dict[str, Any], file: Case) -> None:
        for name, text in other_address_errors(file, data, self.organisation.country).items():
            if name not in self.errors:
                self.add_error(name, text)

    def _of_ours(self, rows: Any, text: str) -> Any:
        try:
            return rows.filter(pk=UUID(text), organisation=self.organisation).first() if text else None
        except ValueError:
            return None

    def _check_channel(self, data: dict[str, Any]) -> None:
        channel = data.get("channel")
        if channel == "email" and not data.get("email") and not (self.known and self.known.email):
            self.add_error("email", _("Ask for the email address, or choose a call."))
        number_ = data.get("phone") or (self.known.phone if self.known else "")
        if channel == "text" and "phone" not in self.errors and not (number_ and phone.is_mobile(number_)):
            self.add_error("channel", _("This number cannot receive texts. Choose a call."))

    def _check_called(self, data: dict[str, Any]) -> None:
        """Whoever is to be called by a volunteer has a number."""
        if not any(choices.KINDS_BY_CODE[code].remote for code in data.get("kinds") or ()):
            return
        named = "person_phone" if data.get("for_other") else "phone"
        known = None if data.get("for_other") else self.known
        if self.file is not None:
            known = self.file.person
        if named not in self.errors and not (data.get(named) or (known and known.phone)):
            self.add_error(named, _("Ask for the number where a volunteer can call for a chat."))

    def _find_place(self, data: dict[str, Any]) -> None:
        chosen = None
        with contextlib.suppress(ValueError):
            chosen = Place.objects.filter(pk=UUID(data.get("place_choice") or "")).first()
        text = data.get("place", "")
        country = self.organisation.country
        reading = read_place(text, country, get_language() or "en")
        if text.strip() and chosen is not None and chosen.pk not in {one.place.pk for one in reading.found}:
            # It was ticked for other words than those that stand there now.
            chosen = None
        for one in reading.found:
            if chosen is None and one.certain:
                chosen = one.place
            if chosen is not None and one.place.pk == chosen.pk:
                self.street = one.street
        if chosen is None:
            self.add_error(
                "place",
                _("Ask for the postcode or the town.")
                if not text.strip()
                else question_about(reading, text, country)
                if reading.kind in {ReadingKind.NO_TOWN, ReadingKind.ABROAD}
                else _("Choose one of the places below.")
                if reading.found
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
        if self._asks_ride_alone and not (start or end):
            # Its own hour says when, also on a day whose opening hours are over.
            self.window = self.ride_window or (None, None)
            if self.ride_window is not None:
                # Else what is asked for is its hour, and not its day once more.
                self._check_rhythm(data)
            return
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
                _("This time has passed, or it ends before it begins. Ask again for when."),
            )
            return
        self._check_rhythm(data)

    @property
    def _asks_ride_alone(self) -> bool:
        return self.cleaned_data.get("kinds") == [rides.RIDE_KIND]

    def window_of(self, kind: str) -> tuple[datetime | None, datetime | None]:
        """When somebody is to come for this kind. For a ride asked for alone the times that were said hold."""
        is_own = kind == rides.RIDE_KIND and not self._asks_ride_alone
        return (self.ride_window if is_own else None) or self.window

    def _check_rhythm(self, data: dict[str, Any]) -> None:
        if not data.get("again"):
            return
        if self.window[0] is None:
            self.add_error("day", _("Ask for the first date of the regular help."))
        else:
            first = self.window[0].astimezone(self.organisation.zone).date()
            self.rhythm = simple(data["again"], first)
