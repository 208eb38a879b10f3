"""Who may be asked: the product's search (`matching.queries`), every hard constraint, over arrays. Compiled.

Volunteers stand in a grid. It is read in growing squares, until nobody unseen can be nearer
than the last one who is kept.
"""

from math import ceil, cos, radians, sqrt
from typing import NamedTuple

import numpy as np

from quartier.matching.queries import METRES_A_DEGREE, METRES_AN_OFFER
from quartier.sim.draws import compiled

# Sides of a square in degrees (half a kilometre) where a million volunteers stand in the country; larger for fewer.
NORTH, EAST = 0.005, 0.008
LARGEST = 5.0
# Up to so many are kept in order while looking; more are gathered and sorted afterwards.
FEW = 64


# A volunteer as the database would know one: where (degrees), what they can do (bits), how far they go, what they
# carry, what they were asked (`asked_day`: number of the local day of `asked_count`), and the metres that their habits
# add. One row of 64 bytes each, since the search looks at all of it.
VOLUNTEER = np.dtype(
    [
        ("lat", "f8"), ("lon", "f8"), ("habit_m", "f8"), ("radius_m", "f4"), ("kinds", "i4"), ("languages", "i4"),
        ("slots", "i4"), ("asked_total", "i4"), ("capacity", "i2"), ("budget", "i2"), ("carries", "i2"),
        ("asked_day", "i2"), ("asked_count", "i2"), ("active", "?"), ("left_out", "?"),
    ],
    align=True,
)  # fmt: skip


class Grid(NamedTuple):
    """Volunteers by square: the first corner and the sides of a square in degrees; those of square `n` are
    `order[start[n]:start[n + 1]]`, by number."""

    south: float
    west: float
    north: float
    east: float
    rows: int
    columns: int
    start: np.ndarray
    order: np.ndarray


class Wanted(NamedTuple):
    """What a request asks of a volunteer. `budget`: offers a day, at most; negative: whatever anybody had."""

    lat: float
    lon: float
    kind: int
    languages: int
    slots: int
    radius_m: float
    today: int
    budget: int


def grid(lat: np.ndarray, lon: np.ndarray) -> Grid:
    """Sort the volunteers into squares. At least one of them."""
    south, west = float(lat.min()), float(lon.min())
    larger = min(LARGEST, max(1.0, (1_000_000 / len(lat)) ** 0.5))
    north, east = NORTH * larger, EAST * larger
    row = ((lat - south) / north).astype(np.int64)
    column = ((lon - west) / east).astype(np.int64)
    rows, columns = int(row.max()) + 1, int(column.max()) + 1
    square = row * columns + column
    start = np.zeros(rows * columns + 1, dtype=np.int64)
    np.cumsum(np.bincount(square, minlength=rows * columns), out=start[1:])
    return Grid(
        south, west, north, east, rows, columns, start, np.argsort(square, kind="stable").astype(np.int32)
    )


@compiled
def _may(crowd, wanted, one):  # type: ignore[no-untyped-def]
    """Every hard constraint but the reach."""
    if not crowd[one].active or crowd[one].carries >= crowd[one].capacity:
        return False
    if not (crowd[one].kinds & wanted.kind and crowd[one].languages & wanted.languages):
        return False
    if not crowd[one].slots & wanted.slots:
        return False
    if wanted.budget < 0 or crowd[one].asked_day < wanted.today:
        return True
    return crowd[one].asked_count < min(crowd[one].budget, wanted.budget)


@compiled
def nearest(crowd, squares, wanted, most):  # type: ignore[no-untyped-def]
    """The best `most` who may be asked, best first."""
    east = METRES_A_DEGREE * cos(radians(wanted.lat))
    north, wide = squares.north, squares.east
    row, column = int((wanted.lat - squares.south) // north), int((wanted.lon - squares.west) // wide)
    rings = ceil(wanted.radius_m / (min(north * METRES_A_DEGREE, wide * east))) + 1
    few = most <= FEW
    who, costs = np.empty(FEW, np.int32), np.empty(FEW)
    found = 0
    for ring in range(rings + 1):
        # Nobody outside the squares read so far is nearer than this.
        clear = min(
            (wanted.lat - squares.south - (row - ring + 1) * north) * METRES_A_DEGREE,
            ((row + ring) * north - wanted.lat + squares.south) * METRES_A_DEGREE,
            (wanted.lon - squares.west - (column - ring + 1) * wide) * east,
            ((column + ring) * wide - wanted.lon + squares.west) * east,
        )
        if ring and (clear > wanted.radius_m or (few and found == most and costs[found - 1] <= clear)):
            break
        for r in range(max(0, row - ring), min(squares.rows - 1, row + ring) + 1):
            edge = r in (row - ring, row + ring)
            step = 1 if edge or ring == 0 else 2 * ring
            for c in range(column - ring, column + ring + 1, step):
                if not 0 <= c < squares.columns:
                    continue
                here = r * squares.columns + c
                for place in range(squares.start[here], squares.start[here + 1]):
                    one = squares.order[place]
                    if crowd[one].left_out or not _may(crowd, wanted, one):
                        continue
                    dy = (crowd[one].lat - wanted.lat) * METRES_A_DEGREE
                    dx = (crowd[one].lon - wanted.lon) * east
                    away = sqrt(dx * dx + dy * dy)
                    if away > wanted.radius_m or away > crowd[one].radius_m:
                        continue
                    asked = crowd[one].asked_count if crowd[one].asked_day == wanted.today else 0
                    cost = away + METRES_AN_OFFER * asked + crowd[one].habit_m
                    if few:
                        if found == most and cost >= costs[found - 1]:
                            continue
                        at = found if found < most else most - 1
                        found = min(found + 1, most)
                        while at > 0 and costs[at - 1] > cost:
                            who[at], costs[at] = who[at - 1], costs[at - 1]
                            at -= 1
                        who[at], costs[at] = one, cost
                        continue
                    if found == len(who):
                        who = np.concatenate((who, np.empty(found, np.int32)))
                        costs = np.concatenate((costs, np.empty(found)))
                    who[found], costs[found] = one, cost
                    found += 1
    if few:
        return who[:found]
    return who[np.argsort(costs[:found])[:most]]


@compiled
def by_phone(crowd, wanted, most, least):  # type: ignore[no-untyped-def]
    """For help by phone: the `most` who were asked least so far. `least`: nobody has been asked less than this."""
    who, asked = np.empty(most, np.int32), np.empty(most, np.int64)
    found = 0
    for one in range(len(crowd)):
        total = crowd[one].asked_total
        if found == most and total >= asked[found - 1]:
            if asked[found - 1] <= least:
                break
            continue
        if crowd[one].left_out or not _may(crowd, wanted, one):
            continue
        at = found if found < most else most - 1
        found = min(found + 1, most)
        while at > 0 and asked[at - 1] > total:
            who[at], asked[at] = who[at - 1], asked[at - 1]
            at -= 1
        who[at], asked[at] = one, total
    return who[:found]
