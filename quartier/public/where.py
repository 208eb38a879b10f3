"""The question where: a search that forgives, its suggestions as radios drawn by the server."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy

from quartier.lib.text import one_line
from quartier.places.asking import ELSEWHERE, ELSEWHERE_NAME, ELSEWHERE_QUESTION, question_about
from quartier.places.queries import Found, PlaceReading, ReadingKind, read_place
from quartier.public.questions import Answers, Question, Words

# A place of a street without a town is shown from this score on: "Rue Neuve 1000" may be in 1000, Rue Neuve in Neuve.
_LEAST_SCORE = 60


class WherePart(Question):
    """Asks for a place and finds it. Answers the cell, the postcode, the name, and a street found in the words."""

    text = Words(
        max_length=200,
        label=gettext_lazy("Postcode or town"),
        help_text=gettext_lazy("For example 1050, or Ixelles. A spelling mistake does not matter."),
        error_messages={"required": gettext_lazy("Enter a postcode or the name of a town.")},
    )
    place = forms.CharField(
        required=False, label=gettext_lazy("Which place is it?"), widget=forms.RadioSelect
    )
    # For which words the suggestions on the page were drawn, and the street that was written without a town.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    street = forms.CharField(required=False, widget=forms.HiddenInput)

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
        found = [(str(each.place.pk), each.choice) for each in places]
        widget.choices = [*found, (ELSEWHERE, ELSEWHERE_NAME)]

    def clean(self) -> Answers:
        cleaned = super().clean() or self.cleaned_data
        text = cleaned.get("text", "")
        if not text:
            self.suggest([])
            return cleaned
        country = self.organisation.country
        reading = read_place(text, country, get_language() or "en", limit=5)
        chosen = one_line(self.data.get("place", ""), 40)
        seen = one_line(self.data.get("seen", ""), 200)
        again = [each for each in reading.found if str(each.place.pk) == chosen and seen == text]
        if again or reading.kind == ReadingKind.CERTAIN:
            self.found = (again or reading.found)[0]
            self.suggest([])
            return cleaned
        if chosen == ELSEWHERE and seen == text:
            self._ask_elsewhere(reading)
            return cleaned
        shown = [each for each in reading.found if each.score >= _LEAST_SCORE]
        self.suggest(shown)
        self._draw_again(text, reading, shown)
        question = question_about(reading, text, country)
        if reading.kind == ReadingKind.UNKNOWN:
            self.add_error("text", question)
        else:
            self.asks = question
        return cleaned

    def _draw_again(self, text: str, reading: PlaceReading, shown: list[Found]) -> None:
        data = cast(QueryDict, self.data).copy()
        data["seen"] = text
        data["place"] = str(shown[0].place.pk) if shown and shown[0].likely else ""
        if reading.kind == ReadingKind.NO_TOWN:
            # The street is kept, and only the town has to be written.
            data["street"] = reading.street
            data["text"] = text if shown else ""
        self.data = data

    def _ask_elsewhere(self, reading: PlaceReading) -> None:
        """It is none of those that were shown: the town is asked for, and the words and a street in them stay."""
        self.suggest([])
        data = cast(QueryDict, self.data).copy()
        data["seen"] = data["place"] = ""
        data["street"] = reading.street or data.get("street", "")
        self.data = data
        self.asks = str(ELSEWHERE_QUESTION)

    def answer(self) -> Answers:
        assert self.found is not None
        answer = place_answer(self.cleaned_data["text"], self.found)
        return {**answer, "street": self.found.street or one_line(self.cleaned_data["street"], 200)}


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
