"""The map: hexagons where people asked, drawn flat; which size they have, where they stand, and which towns to name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians

import h3.api.basic_int as h3
import numpy as np

from quartier.lib import cells
from quartier.sim.report import moments, names

WIDTH, EDGE = 360, 8
# On a phone a hexagon narrower than this is not seen. Neighbourhoods are put together until they are wider.
NARROWEST, MOST_PARTS = 5.5, 1200
RESOLUTIONS = (7, 6, 5, 4)
# How large a hexagon is drawn, by size and by level of a letter, as a share of its cell.
BY_SIZE = (0.0, 0.58, 0.79, 0.98)
BY_LEVEL = (0.0, 0.3, 0.5, 0.7, 0.88, 1.0)
# Towns keep this distance (in units of the drawing), and so many are named.
APART, TOWNS = 44, 9
LETTER = 7.2


@dataclass(frozen=True)
class Town:
    """The name of a town on the map. `side`: on which side of its point the words stand (`start`, `end`)."""

    x: float
    y: float
    name: str
    side: str


@dataclass(frozen=True)
class Ground:
    """A flat map.

    height    of the drawing, whose width is `WIDTH`
    part_of   for each neighbourhood where somebody asked, which hexagon it belongs to
    at        the middle of each hexagon
    corners   of a hexagon, around its middle
    land      path of the hexagons where volunteers live or somebody asked
    """

    height: int
    part_of: dict[int, int]
    at: list[tuple[float, float]]
    corners: list[tuple[float, float]]
    land: str
    towns: list[Town]

    def hexagon(self, scale: float) -> str:
        """The outline of a hexagon as steps from its middle: a path to put behind `M x y`."""
        points = [(x * scale, y * scale) for x, y in self.corners]
        steps = [(bx - ax, by - ay) for (ax, ay), (bx, by) in pairwise(points)]
        return f"m{_pair(*points[0])}l" + " ".join(_pair(*step) for step in steps) + "z"

    def layers(self, letters: Sequence[str]) -> tuple[str, str, str]:
        """Paths of one picture: everybody who asked, those with nobody among them, those left among these."""
        known = moments.codes()
        paths: tuple[list[str], list[str], list[str]] = ([], [], [])
        for (x, y), letter in zip(self.at, letters, strict=True):
            size, nobody, left = known[letter]
            for path, level in zip(paths, (5 if size else 0, nobody, left), strict=True):
                if level:
                    path.append(f"M{_pair(x, y)}{self.hexagon(BY_SIZE[size] * BY_LEVEL[level])}")
        asked, alone, gone = ("".join(path) for path in paths)
        return asked, alone, gone


def ground(asked: Iterable[int], lived: Iterable[int], language: str) -> Ground:
    """The map on which all these neighbourhoods (H3, resolution 7) have a hexagon. Raises `ValueError` without any."""
    areas = sorted(set(asked))
    if not areas:
        raise ValueError("a map needs at least one neighbourhood")
    frame = _Frame(areas)
    for resolution in RESOLUTIONS:
        part = {area: _up(area, resolution) for area in areas}
        found = sorted(set(part.values()))
        corners = frame.around(found[len(found) // 2])
        wide = 2 * max(abs(x) for x, _ in corners)
        if wide >= NARROWEST and len(found) <= MOST_PARTS:
            break
    number = {cell: place for place, cell in enumerate(found)}
    at = [frame.flat(*cells.centre(cell)) for cell in found]
    around = {_up(area, resolution) for area in lived} | set(found)
    spots = [frame.flat(*cells.centre(cell)) for cell in sorted(around)]
    inside = [(x, y) for x, y in spots if -EDGE < x < WIDTH + EDGE and -EDGE < y < frame.height + EDGE]
    drawn = Ground(
        frame.height,
        {area: number[cell] for area, cell in part.items()},
        at,
        corners,
        "",
        frame.towns(language),
    )
    land = "".join(f"M{_pair(x, y)}{drawn.hexagon(1.02)}" for x, y in inside)
    return Ground(drawn.height, drawn.part_of, at, corners, land, drawn.towns)


class _Frame:
    """Degrees on a flat drawing: true to shape in the middle, which is enough for a country."""

    def __init__(self, areas: Sequence[int]) -> None:
        points = np.array([cells.centre(area) for area in areas])
        (south, west), (north, east) = points.min(axis=0), points.max(axis=0)
        # A single neighbourhood, or a street of them, still needs something around it.
        grow = max(0.0, 0.04 - (east - west)) / 2, max(0.0, 0.03 - (north - south)) / 2
        west, east, south, north = west - grow[0], east + grow[0], south - grow[1], north + grow[1]
        self._east = cos(radians((south + north) / 2))
        usable = WIDTH - 4 * EDGE
        self._scale = min(usable / ((east - west) * self._east), usable * 1.2 / (north - south))
        self.height = round((north - south) * self._scale) + 4 * EDGE
        self._left = (WIDTH - (east - west) * self._east * self._scale) / 2
        self._west, self._north = west, north

    def flat(self, lat: float, lon: float) -> tuple[float, float]:
        return (
            self._left + (lon - self._west) * self._east * self._scale,
            2 * EDGE + (self._north - lat) * self._scale,
        )

    def around(self, cell: int) -> list[tuple[float, float]]:
        x, y = self.flat(*cells.centre(cell))
        corners = [self.flat(lat, lon) for lat, lon in h3.cell_to_boundary(cell)][:6]
        return [(a - x, b - y) for a, b in corners]

    def towns(self, language: str) -> list[Town]:
        found: list[Town] = []
        for place in names.largest():
            x, y = self.flat(place.lat, place.lon)
            inside = EDGE < x < WIDTH - EDGE and EDGE < y < self.height - EDGE
            if inside and all(abs(x - a.x) > 2 * APART or abs(y - a.y) > APART / 2 for a in found):
                name = place.name_in(language)
                side = "end" if x + len(name) * LETTER > WIDTH else "start"
                found.append(Town(round(x, 1), round(y, 1), name, side))
            if len(found) == TOWNS:
                break
        return found


def _up(area: int, resolution: int) -> int:
    return int(h3.cell_to_parent(area, min(resolution, h3.get_resolution(area))))


def _pair(x: float, y: float) -> str:
    """Two coordinates as a path has them, short: `12.3 4`."""
    return f"{x:.1f}".removesuffix(".0") + " " + f"{y:.1f}".removesuffix(".0")
