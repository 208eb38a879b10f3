"""Where people live: places of the gazetteer drawn by population, with the language that is spoken there."""

import random
from dataclasses import dataclass

from quartier.lib import cells
from quartier.places.models import Place

# The nine municipalities of the German-speaking community, by postcode.
GERMAN = {4700, 4701, 4710, 4711, 4720, 4721, 4728, 4730, 4731, 4750, 4760, 4761, 4770, 4771, 4780, 4782, 4783,
          4784, 4790, 4791}  # fmt: skip
# A place that nobody counted the people of.
A_HAMLET = 300
# People live around the middle of their place: standard deviation in degrees, about 1.1 km.
NORTH, EAST = 0.010, 0.016


@dataclass(frozen=True)
class Home:
    """Where somebody lives. `language`: the one most spoken there."""

    cell: int
    postcode: str
    name: str
    language: str


class Country:
    """Belgium as the gazetteer knows it. Reads it once."""

    def __init__(self) -> None:
        rows = list(
            Place.objects.filter(country="BE")
            .exclude(postcode="")
            .order_by("postcode", "key", "admin_code")
            .values_list("lat", "lon", "population", "postcode", "name")
        )
        if not rows:
            raise LookupError("the gazetteer is empty")
        self._places = rows
        self._weights = [population or A_HAMLET for _lat, _lon, population, _postcode, _name in rows]

    def home(self, chance: random.Random) -> Home:
        """A home, anywhere in the country, as often as people live there."""
        ((lat, lon, _population, postcode, name),) = chance.choices(self._places, self._weights)
        cell = cells.cell_at(lat + chance.gauss(0, NORTH), lon + chance.gauss(0, EAST))
        return Home(cell, postcode, name, language_of(postcode, chance))


def language_of(postcode: str, chance: random.Random) -> str:
    """The language of somebody who lives there; in Brussels one of two."""
    number = int(postcode) if postcode.isdigit() else 0
    if number in GERMAN:
        return "de"
    if 1000 <= number < 1300:
        return "nl" if chance.random() < 0.1 else "fr"
    return "fr" if 1300 <= number < 1500 or 4000 <= number < 8000 else "nl"
