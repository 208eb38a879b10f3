"""Four short pages, made of the parts in which a volunteer is described (`people.forms`)."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from quartier.people import forms as people
from quartier.public.questions import Answers


class _Page(people.Asked):
    """A part as a page of a flow."""

    use_required_attribute = False
    title: Any = ""
    lead: Any = ""

    def __init__(self, data: Any = None, *, organisation: Any, answers: Answers, initial: Any = None) -> None:
        super().__init__(data, organisation=organisation, initial=initial)

    def answer(self) -> Answers:
        """What to keep, as JSON."""
        return dict(self.cleaned_data)

    def heading(self) -> Any:
        """The question of the page."""
        return self.title

    @property
    def first(self) -> BoundField | None:
        """The first field that is seen."""
        return next(iter(self.visible_fields()), None)


def _only(form: forms.Form, *names: str) -> None:
    """Keep these fields, in this order; cards in two columns."""
    form.fields = {name: form.fields[name] for name in names}
    for field in form.fields.values():
        field.group = "cols"  # type: ignore[attr-defined]


class Where(people.WhereForm):
    """In which neighbourhood."""

    use_required_attribute = False
    title = _("Where do you live?")
    lead = ""

    def __init__(self, data: Any = None, *, organisation: Any, answers: Answers, initial: Any = None) -> None:
        kept = answers.get("where", {})
        super().__init__(
            data, organisation=organisation, initial=initial, kept=kept.get("found") if kept else None
        )

    def visible_fields(self) -> list[BoundField]:
        fields = super().visible_fields()
        return [each for each in fields if each.name != "place" or self.asks_which]

    def answer(self) -> Answers:
        """The words, and what they stand for."""
        return {"where": self.cleaned_data["where"], "found": self.where_fields()}

    def heading(self) -> Any:
        """The question of the page."""
        return self.title

    @property
    def first(self) -> BoundField | None:
        """The first field that is seen."""
        return next(iter(self.visible_fields()), None)


class What(_Page, people.WhatForm):
    """Kinds of help and languages."""

    title = _("How would you like to help?")

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        _only(self, "kinds", "languages")

    def clean(self) -> dict[str, Any]:
        return forms.Form.clean(self) or self.cleaned_data


class When(_Page, people.WhatForm):
    """When, how far, how often."""

    title = _("When and how far?")

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        _only(self, "slots", "always", "travel", "radius_m", "capacity", "budget")


class Who(_Page, people.WhoForm):
    """Name, how to reach, and the charter."""

    title = _("How can we reach you?")
    charter = forms.BooleanField(
        label=_("I have read it, and I will keep to it. I agree that the team keeps these answers."),
        error_messages={"required": _("Tick the box if you agree. Without it we cannot ask you.")},
    )

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        _only(self, "name", "channel", "phone", "email", "language", "charter")
