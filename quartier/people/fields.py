"""What the questions of this room are made of."""

from typing import Any

from django import forms

from quartier.lib.text import one_line
from quartier.team.models import Organisation


class OneLineField(forms.CharField):
    """One line of words, without control characters. What is too long is said so, never cut."""

    def to_python(self, value: Any) -> str:
        return one_line(str(value), 400) if value else ""


class MailField(forms.EmailField):
    """A mail address, without what cannot be seen."""

    def to_python(self, value: Any) -> str:
        return one_line(str(value), 400) if value else ""


class TicksField(forms.MultipleChoiceField):
    """Cards to tick; the pictures are those of `look`."""

    widget = forms.CheckboxSelectMultiple
    icons: dict[str, str] = {}


class PlaceChoiceField(forms.ChoiceField):
    """One of the places found. A choice made for other words is no mistake: the form asks again."""

    widget = forms.RadioSelect

    def valid_value(self, value: Any) -> bool:
        return True


class OrganisationForm(forms.Form):
    """A form that knows whose line it is."""

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
