"""A service of the directory, written by hand."""

import re
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from quartier.companions.forms.programme import Line, Lines, Ticks, ticked
from quartier.companions.hsds import KINDS, Listed
from quartier.companions.models import Service
from quartier.lib import choices

_NUMBER = re.compile(r"\+?[0-9][0-9 ./()-]{1,29}")
_POSTCODE = re.compile(r"[0-9A-Z]{3,10}")
_BETWEEN = re.compile(r"[\s,;]+")
MOST_POSTCODES = 200


class ServiceForm(forms.Form):
    """What it does and for whom, how it is reached, when and where. What only files can say stays as it is."""

    use_required_attribute = False

    name = Line(
        label=pgettext_lazy("a service", "Its name"),
        max_length=200,
        error_messages={"required": _("Enter its name.")},
    )
    provider = Line(
        label=_("Who offers it"), help_text=_("Empty: it is the same name."), required=False, max_length=200
    )
    about = Lines(
        label=_("What it does"),
        help_text=_("In plain words, as you would say it to them."),
        max_length=2000,
        error_messages={"required": _("Say what it does.")},
    )
    kinds = Ticks(KINDS, label=_("What it is about"), required=False)
    phone = Line(label=_("Phone number"), required=False, max_length=30)
    url = Line(label=_("Website"), required=False, max_length=300)
    email = forms.EmailField(
        label=_("Email address"),
        required=False,
        error_messages={"invalid": _("This is not an email address.")},
    )
    languages = Ticks(choices.LANGUAGES, label=_("Languages"), required=False)
    hours = Lines(
        label=_("When it is open"),
        help_text=_("For example: Monday to Friday from 9 to 12."),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    address = Line(label=_("Street and number"), required=False, max_length=200)
    postal_code = Line(label=_("Postcode"), required=False, max_length=12)
    city = Line(label=pgettext_lazy("an address", "Town"), required=False, max_length=120)
    postcodes = Lines(
        label=_("For which postcodes"),
        help_text=_("For example: 1050 1060. Empty: for everyone."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    for_whom = Lines(
        label=_("For whom, and on what conditions"),
        help_text=_("For example: from the age of 65, with a letter from the doctor."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    cost = Lines(
        label=_("What it costs"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_phone(self) -> str:
        """As it is written: short numbers, too."""
        number: str = self.cleaned_data["phone"]
        if number and not _NUMBER.fullmatch(number):
            raise forms.ValidationError(_("Enter the number in digits, for example 02 511 22 33 or 107."))
        return number

    def clean_url(self) -> str:
        """An address of the web; without its beginning, it is understood."""
        url: str = self.cleaned_data["url"]
        if not url:
            return ""
        url = url if "://" in url else f"https://{url}"
        try:
            URLValidator(schemes=["http", "https"])(url)
        except forms.ValidationError as error:
            raise forms.ValidationError(_("This is not the address of a website.")) from error
        return url

    def clean_postcodes(self) -> list[str]:
        """The postcodes, one by one."""
        codes = list(dict.fromkeys(_BETWEEN.split(self.cleaned_data["postcodes"].strip().upper())))
        codes = [code for code in codes if code]
        wrong = next((code for code in codes if not _POSTCODE.fullmatch(code)), "")
        if wrong:
            raise forms.ValidationError(_("“%(code)s” is not a postcode.") % {"code": wrong[:20]})
        if len(codes) > MOST_POSTCODES:
            raise forms.ValidationError(_("There are too many: leave it empty if it is for everyone."))
        return codes

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if not (said.get("phone") or said.get("url") or said.get("email") or self.errors):
            self.add_error("phone", _("Enter a phone number, a website or an email address."))
        return said

    def listed(self, service: Service | None = None) -> Listed:
        """What was said. Of a service that is known already, further numbers and places, and its languages that we have
        no word for, stay."""
        said = self.cleaned_data
        phones, places, hours = (
            (
                [*service.phones],
                [*service.places],
                [each for each in service.schedules if each["opens_at"] or each["byday"]],
            )
            if service
            else ([], [], [])
        )
        own = {each.code for each in choices.LANGUAGES}
        others = [code for code in service.languages if code not in own] if service else []
        return Listed(
            key=service.key if service else "",
            provider_key=service.provider_key if service else "",
            name=said["name"],
            provider=said["provider"] or said["name"],
            provider_about=service.provider_about if service else "",
            about=said["about"],
            kinds=said["kinds"],
            url=said["url"],
            email=said["email"],
            languages=[each.code for each in choices.chosen(choices.LANGUAGES, said["languages"])] + others,
            phones=_first(phones, {"number": said["phone"], "extension": "", "description": ""}, "number"),
            places=_first(places, _place(said, places[:1]), "address", "postal_code", "city"),
            schedules=_spoken(said["hours"]) + hours,
            postcodes=said["postcodes"],
            for_whom=said["for_whom"],
            cost=said["cost"],
        )

    @staticmethod
    def begin_with(service: Service) -> dict[str, Any]:
        """The form as it stands for this service."""
        place = service.places[0] if service.places else {}
        spoken = [
            each["description"] for each in service.schedules if not (each["opens_at"] or each["byday"])
        ]
        known = [code for code in service.languages if code in {each.code for each in choices.LANGUAGES}]
        return {
            **{
                name: getattr(service, name) for name in ("name", "about", "url", "email", "for_whom", "cost")
            },
            "provider": "" if service.provider == service.name else service.provider,
            "kinds": ticked(KINDS, service.kinds),
            "languages": known,
            "phone": service.phones[0]["number"] if service.phones else "",
            "hours": "\n".join(spoken),
            "postcodes": " ".join(service.postcodes),
            **{name: place.get(name, "") for name in ("address", "postal_code", "city")},
        }


def _first(rows: list[dict[str, Any]], said: dict[str, Any], *names: str) -> list[dict[str, Any]]:
    """The rows with what was said as the first one; emptied in the form, the first one is gone."""
    if rows and all(rows[0].get(name, "") == said[name] for name in names):
        return rows
    return ([said] if any(said[name] for name in names) else []) + rows[1:]


def _place(said: dict[str, Any], before: list[dict[str, Any]]) -> dict[str, Any]:
    """The address; where it lies on the map is not known for a new one."""
    return {
        "name": before[0]["name"] if before else "",
        **{name: said[name] for name in ("address", "city", "postal_code")},
        "country": before[0]["country"] if before else "",
        "latitude": None,
        "longitude": None,
    }


def _spoken(words: str) -> list[dict[str, str]]:
    """Hours in words, one line each."""
    return [
        {"byday": "", "opens_at": "", "closes_at": "", "description": line.strip()[:300]}
        for line in words.splitlines()
        if line.strip()
    ]
