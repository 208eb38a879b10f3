"""Where people live: places of the gazetteer drawn by population, with the language that is spoken there."""

import csv
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

import h3.api.basic_int as h3
import numpy as np

from quartier.lib import cells
from quartier.places import shipped
from quartier.sim import draws

# The nine municipalities of the German-speaking community, by postcode.
GERMAN = {4700, 4701, 4710, 4711, 4720, 4721, 4728, 4730, 4731, 4750, 4760, 4761, 4770, 4771, 4780, 4782, 4783,
          4784, 4790, 4791}  # fmt: skip
# A place that nobody counted the people of.
A_HAMLET = 300
# People live around the middle of their place: standard deviation in degrees, about 1.1 km.
NORTH, EAST = 0.010, 0.016
# Second number of a draw: whose home it is.
VOLUNTEERS, REQUESTS = 0, 1


@dataclass(frozen=True)
class Homes:
    """Where people live, a column each. `cell` (resolution 9) with the degrees of its middle; `area` (resolution 7)
    likewise; `place`: row of `Country.places`; `language`: code of the one most spoken there."""

    cell: np.ndarray
    lat: np.ndarray
    lon: np.ndarray
    area: np.ndarray
    area_lat: np.ndarray
    area_lon: np.ndarray
    place: np.ndarray
    language: np.ndarray


class Country:
    """Belgium as the gazetteer that ships with the project knows it. Reads it once.

    places  (postcode, name) of each, in the order of the postcodes
    """

    def __init__(self) -> None:
        self.places, points, people = _shipped()
        self._points = np.array(points)
        self._people = np.array(people, dtype=float)
        self._postcodes = np.array([int(postcode) for postcode, _name in self.places])

    def homes(self, seed: int, whose: int, numbers: np.ndarray, within: Collection[int] = ()) -> Homes:
        """A home for each number, as often as people live there. `within`: only in places with these postcodes.

        Raises `LookupError` if no place has one of them.
        """
        people = self._people
        if within:
            people = people * np.isin(self._postcodes, list(within))
            if not people.any():
                raise LookupError(f"no place has one of these postcodes: {sorted(within)}")
        place = draws.choose(draws.units(seed, draws.HOME, numbers, whose), people)
        lat = self._points[place, 0] + NORTH * draws.normals(seed, draws.HOME + 100, numbers, whose)
        lon = self._points[place, 1] + EAST * draws.normals(seed, draws.HOME + 200, numbers, whose)
        of_a_place = _languages(
            self._postcodes[place], draws.units(seed, draws.LANGUAGE + 100, numbers, whose)
        )
        return _placed(lat, lon, place, of_a_place)


def _placed(lat: np.ndarray, lon: np.ndarray, place: np.ndarray, language: np.ndarray) -> Homes:
    found = [h3.latlng_to_cell(*point, cells.CELL_RESOLUTION) for point in zip(lat, lon, strict=True)]
    areas = [h3.cell_to_parent(cell, cells.AREA_RESOLUTION) for cell in found]
    middles = np.array([h3.cell_to_latlng(cell) for cell in found]).reshape(-1, 2)
    centres = {area: h3.cell_to_latlng(area) for area in set(areas)}
    area_middles = np.array([centres[area] for area in areas]).reshape(-1, 2)
    return Homes(
        np.array(found, dtype=np.int64), middles[:, 0].copy(), middles[:, 1].copy(),
        np.array(areas, dtype=np.int64), area_middles[:, 0].copy(), area_middles[:, 1].copy(),
        place, language,
    )  # fmt: skip


@cache
def _shipped() -> tuple[list[tuple[str, str]], list[tuple[float, float]], list[int]]:
    file = shipped.__path__[0] + "/be.csv"
    with open(file, encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["postcode"].isdigit()]
    rows.sort(key=lambda row: (row["postcode"], row["name"], row["nis"]))
    return (
        [(row["postcode"], row["name"]) for row in rows],
        [(float(row["lat"]), float(row["lon"])) for row in rows],
        [int(row["population"] or 0) or A_HAMLET for row in rows],
    )


def _languages(postcodes: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """The language of somebody who lives there; in Brussels one of two."""
    language = np.full(len(postcodes), "nl", dtype="<U2")
    walloon = ((postcodes >= 1300) & (postcodes < 1500)) | ((postcodes >= 4000) & (postcodes < 8000))
    brussels = (postcodes >= 1000) & (postcodes < 1300)
    language[walloon | (brussels & (chance >= 0.1))] = "fr"
    language[np.isin(postcodes, list(GERMAN))] = "de"
    return language


def language_of(postcode: str, chance: float) -> str:
    """The language of somebody who lives there, for a number in (0, 1)."""
    number = int(postcode) if postcode.isdigit() else 0
    return str(_languages(np.array([number]), np.array([chance]))[0])
