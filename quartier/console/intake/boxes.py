"""The boxes of the form: text, times and days as people type them."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from quartier.console.intake import parsing
from quartier.lib import clock
from quartier.lib.text import clean, one_line


class LineField(forms.CharField):
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


class ClockField(LineField):
    """A time of the day, as people write it."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        found = parsing.clock_time(text)
        if found is None:
            raise forms.ValidationError(_("Enter the time as 15.30 or 15:30."))
        return found


class DayField(LineField):
    """A day, as a calendar box sends it or as one writes it here: `2027-01-12`, `12/1`, `12.1.2027`."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        found = parsing.day(text, clock.now().date())
        if found is None:
            raise forms.ValidationError(_("Enter the day as 12/1/2027."))
        return found
