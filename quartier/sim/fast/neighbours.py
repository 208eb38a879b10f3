"""Who may be asked: the product's search (`matching.queries`), every hard constraint, over arrays. Compiled.

Volunteers stand in a grid of about half a kilometre. It is read in growing squares, until nobody unseen can be nearer
than the last one who is kept.
"""

from math import ceil, cos, radians, sqrt
from typing import NamedTuple

import numpy as np

from quartier.matching.queries import METRES_A_DEGREE, METRES_AN_OFFER
from quartier.sim.draws import compiled

NORTH, EAST = 0.005, 0.008
# Up to so many are kept in order while looking; more are gathered and sorted afterwards.
FEW = 64


class Crowd(NamedTuple):
    """The volunteers as the database would know them, a column each: where they are (degrees), what they can do
    (bits), what they carry, what they were asked (`asked_day`: number of the local day of `asked_count`), and the
    metres that their habits add."""

    lat: np.ndarray
    lon: np.ndarray
    active: np.ndarray
    kinds: np.ndarray
    languages: np.ndarray
    slots: np.ndarray
    radius_m: np.ndarray
    capacity: np.ndarray
    budget: np.ndarray
    carries: np.ndarray
    asked_day: np.ndarray
    asked_count: np.ndarray
    asked_total: np.ndarray
    habit_m: np.ndarray


class Grid(NamedTuple):
    """Volunteers by square: those of square `n` are `order[start[n]:start[n + 1]]`, by number."""

    south: float
    west: float
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
    row = ((lat - south) / NORTH).astype(np.int64)
    column = ((lon - west) / EAST).astype(np.int64)
    rows, columns = int(row.max()) + 1, int(column.max()) + 1
    square = row * columns + column
    start = np.zeros(rows * columns + 1, dtype=np.int64)
    np.cumsum(np.bincount(square, minlength=rows * columns), out=start[1:])
    return Grid(south, west, rows, columns, start, np.argsort(square, kind="stable").astype(np.int32))


@compiled
def _may(crowd, wanted, one):  # type: ignore[no-untyped-def]
    """Every hard constraint but the reach."""
    if not crowd.active[one] or crowd.carries[one] >= crowd.capacity[one]:
        return False
    if not (crowd.kinds[one] & wanted.kind and crowd.languages[one] & wanted.languages):
        return False
    if not crowd.slots[one] & wanted.slots:
        return False
    if wanted.budget < 0 or crowd.asked_day[one] < wanted.today:
        return True
    return crowd.asked_count[one] < min(crowd.budget[one], wanted.budget)


@compiled
def nearest(crowd, squares, wanted, most, left_out):  # type: ignore[no-untyped-def]
    """The best `most` who may be asked, and the metres to each; best first. `left_out`: true for whom not to ask."""
    east = METRES_A_DEGREE * cos(radians(wanted.lat))
    row, column = int((wanted.lat - squares.south) // NORTH), int((wanted.lon - squares.west) // EAST)
    rings = ceil(wanted.radius_m / (min(NORTH * METRES_A_DEGREE, EAST * east))) + 1
    few = most <= FEW
    who, metres, costs = np.empty(FEW, np.int32), np.empty(FEW), np.empty(FEW)
    found = 0
    for ring in range(rings + 1):
        # Nobody outside the squares read so far is nearer than this.
        clear = min(
            (wanted.lat - squares.south - (row - ring + 1) * NORTH) * METRES_A_DEGREE,
            ((row + ring) * NORTH - wanted.lat + squares.south) * METRES_A_DEGREE,
            (wanted.lon - squares.west - (column - ring + 1) * EAST) * east,
            ((column + ring) * EAST - wanted.lon + squares.west) * east,
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
                    if left_out[one] or not _may(crowd, wanted, one):
                        continue
                    dy = (crowd.lat[one] - wanted.lat) * METRES_A_DEGREE
                    dx = (crowd.lon[one] - wanted.lon) * east
                    away = sqrt(dx * dx + dy * dy)
                    if away > wanted.radius_m or away > crowd.radius_m[one]:
                        continue
                    asked = crowd.asked_count[one] if crowd.asked_day[one] == wanted.today else 0
                    cost = away + METRES_AN_OFFER * asked + crowd.habit_m[one]
                    if few:
                        if found == most and cost >= costs[found - 1]:
                            continue
                        at = found if found < most else most - 1
                        found = min(found + 1, most)
                        while at > 0 and costs[at - 1] > cost:
                            who[at], metres[at], costs[at] = who[at - 1], metres[at - 1], costs[at - 1]
                            at -= 1
                        who[at], metres[at], costs[at] = one, away, cost
                        continue
                    if found == len(who):
                        who = np.concatenate((who, np.empty(found, np.int32)))
                        metres = np.concatenate((metres, np.empty(found)))
                        costs = np.concatenate((costs, np.empty(found)))
                    who[found], metres[found], costs[found] = one, away, cost
                    found += 1
    if few:
        return who[:found], metres[:found]
    ranked = np.argsort(costs[:found])[:most]
    return who[ranked], metres[ranked]


@compiled
def by_phone(crowd, wanted, most, left_out, least):  # type: ignore[no-untyped-def]
    """For help by phone: the `most` who were asked least so far. `least`: nobody has been asked less than this."""
    who, asked = np.empty(most, np.int32), np.empty(most, np.int64)
    found = 0
    for one in range(len(crowd.lat)):
        total = crowd.asked_total[one]
        if found == most and total >= asked[found - 1]:
            if asked[found - 1] <= least:
                break
            continue
        if left_out[one] or not _may(crowd, wanted, one):
            continue
        at = found if found < most else most - 1
        found = min(found + 1, most)
        while at > 0 and asked[at - 1] > total:
            who[at], asked[at] = who[at - 1], asked[at - 1]
            at -= 1
        who[at], asked[at] = one, total
    return who[:found]
