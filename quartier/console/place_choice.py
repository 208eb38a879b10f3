"""A place that is typed to look around it: one is taken, and of several it is asked which."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import get_language

from quartier.places.asking import question_about
from quartier.places.queries import Found, ReadingKind, read_place
from quartier.team.models import Organisation

# The key of the place that was chosen among several; it counts as long as the words beside it may mean it.
CHOICE = "place_choice"


@dataclass(frozen=True)
class PlaceAround:
    """The place `found`, or the `question` and the places to choose from."""

    found: Found | None = None
    question: str = ""
    choices: tuple[Found, ...] = ()


def place_around(text: str, choice: str, organisation: Organisation) -> PlaceAround:
    """What the words mean. Nothing that is only alike is taken."""
    country = organisation.country
    reading = read_place(text, country, get_language() or "en")
    near = [one for one in reading.found if one.is_near]
    chosen = next((one for one in near if str(one.place.pk) == choice), None)
    if chosen is None and reading.kind == ReadingKind.SEVERAL and len(near) > 1:
        return PlaceAround(question=question_about(reading, text, country), choices=tuple(near))
    return PlaceAround(chosen or (near[0] if near else None))


def choice_links(request: HttpRequest, choices: tuple[Found, ...]) -> list[tuple[str, str]]:
    """The places by name, each with the address of this page around it."""
    links = []
    for one in choices:
        given = request.GET.copy()
        given[CHOICE] = str(one.place.pk)
        given.pop("after", None)
        links.append((one.choice, f"?{given.urlencode()}"))
    return links
