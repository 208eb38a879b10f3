"""What places are called, read from the gazetteer that ships with the project: a report needs no database."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np

from quartier.lib import cells
from quartier.places import shipped

# Farther than this from every place we know, a neighbourhood has no name.
FARTHEST_M = 15_000.0


@dataclass(frozen=True)
class Named:
    """A place: what it is called there and in each language (empty: the same), and how many live there."""

    names: dict[str, str]
    municipality: str
    lat: float
    lon: float
    population: int

    def name_in(self, language: str) -> str:
        return self.names.get(language[:2]) or self.names[""]


def municipalities(areas: Iterable[int], language: str) -> dict[int, str]:
    """The municipality in which each neighbourhood (H3 cell) lies, as this language calls it; "" if unknown."""
    wanted = sorted(set(areas))
    places, towns = _places()
    if not wanted or not places:
        return dict.fromkeys(wanted, "")
    points = np.array([(place.lat, place.lon) for place in places])
    found: dict[int, str] = {}
    for area in wanted:
        lat, lon = cells.centre(area)
        away = np.hypot(points[:, 0] - lat, (points[:, 1] - lon) * np.cos(np.radians(lat))) * 111_195
        nearest = int(away.argmin())
        if away[nearest] > FARTHEST_M:
            found[area] = ""
            continue
        place = places[nearest]
        town = towns.get(place.municipality, place.names)
        found[area] = town.get(language[:2]) or town[""]
    return found


def largest() -> list[Named]:
    """The places by how many live there, the largest first."""
    return sorted(_places()[0], key=lambda place: -place.population)


@cache
def _places() -> tuple[list[Named], dict[str, dict[str, str]]]:
    folder = shipped.__path__[0]
    with open(f"{folder}/be.csv", encoding="utf-8", newline="") as lines:
        places = [
            Named(_names(row), row["nis"], float(row["lat"]), float(row["lon"]), int(row["population"] or 0))
            for row in csv.DictReader(lines)
            if row["postcode"].isdigit()
        ]
    with open(f"{folder}/be-municipalities.csv", encoding="utf-8", newline="") as lines:
        towns = {row["nis"]: _names(row) for row in csv.DictReader(lines)}
    return places, towns


def _names(row: dict[str, str]) -> dict[str, str]:
    return {"": row["name"], **{language: row[language] for language in ("fr", "nl", "de", "en")}}
