"""The question where: a search that forgives, its suggestions as radios drawn by the server."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from quartier.lib.text import one_line
from quartier.places.queries import Found, search
from quartier.public.questions import Answers, Question, Words

# Nearer than this in score, two suggestions are equally likely: none of them is ticked in advance.
ALIKE = 5


class WherePart(Question):
    """Asks for a place and finds it. Answers the cell, the postcode, the name, and a street found in the words."""

    text = Words(
        max_length=200,
        label=gettext_lazy("Postcode, town or street"),
        help_text=gettext_lazy("For example 1050, or Ixelles. A spelling mistake does not matter."),
        error_messages={"required": gettext_lazy("Write a postcode or the name of a town.")},
    )
    place = forms.CharField(
        required=False, label=gettext_lazy("Which place is it?"), widget=forms.RadioSelect
    )
    # For which words the suggestions on the page were drawn.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    text.width = ""  # type: ignore[attr-defined]

    def prepare(self) -> None:
        self.found: Found | None = None
        if not self.is_bound:
            self.suggest([])

    def suggest(self, places: list[Found]) -> None:
        """Show these as radios; none: no radios."""
        if not places:
            self.fields.pop("place", None)
            return
        widget = self.fields["place"].widget
        widget.choices = [(str(each.place.pk), each.label) for each in places]

    def clean(self) -> Answers:
        cleaned = super().clean() or self.cleaned_data
        text = cleaned.get("text", "")
        if not text:
            self.suggest([])
            return cleaned
        places = search(text, self.organisation.country, get_language() or "en", limit=5)
        chosen = one_line(self.data.get("place", ""), 40)
        seen = one_line(self.data.get("seen", ""), 200)
        again = [each for each in places if str(each.place.pk) == chosen and seen == text]
        if again or (places and places[0].certain):
            self.found = (again or places)[0]
            self.suggest([])
            return cleaned
        self.suggest(places)
        self._draw_again(text, places)
        self.add_error("text", self._sentence(text, places))
        return cleaned

    def _draw_again(self, text: str, places: list[Found]) -> None:
        data = cast(QueryDict, self.data).copy()
        data["seen"] = text
        alone = len(places) == 1 or (places and places[0].score - places[1].score >= ALIKE)
        data["place"] = str(places[0].place.pk) if alone else ""
        self.data = data

    @staticmethod
    def _sentence(text: str, places: list[Found]) -> str:
        if not places:
            return _(
                "We can't find “%(text)s”. Try the postcode, or the name of the town. You can also call us."
            ) % {"text": text}
        if places[0].score >= 95:
            return _("There are several places called “%(text)s”. Which one is it?") % {"text": text}
        return _("We can't find “%(text)s”. Did you mean %(place)s?") % {
            "text": text,
            "place": places[0].label,
        }

    def answer(self) -> Answers:
        assert self.found is not None
        return place_answer(self.cleaned_data["text"], self.found)


def place_answer(text: str, found: Found) -> dict[str, Any]:
    """What is kept of a place that was found."""
    language = get_language() or "en"
    return {
        "text": text,
        "label": found.label,
        "cell": found.place.cell,
        "postcode": found.place.postcode,
        "name": found.place.name_in(language),
        "precision": str(found.precision),
        "street": found.street,
    }
