"""Where somebody is, as H3 cells: integers that fit a signed 64-bit column on every database.

Three sizes are used. A **cell** (resolution 9, about 200 m from centre to corner) is as closely as the engine
knows where somebody is. An **area** (resolution 7, about 1.4 km) is the neighbourhood in which helpers are
looked for. A **region** (resolution 5, about 9 km) groups areas. Distances are in metres, as the crow flies,
from centre of cell to centre of cell, so that asking often tells nobody more than asking once.

Looking for the nearest helper means reading the areas around in rings. `clear_distance` says when one may
stop: nobody outside a disk of `rings` rings stands nearer than that. The proof: a cell outside the disk
belongs to an area B outside it; by the triangle inequality it is at least as far as B's centre less the reach
of B, the distance from B's centre to the farthest cell that belongs to B. That reach is at most the distance
to B's farthest corner (H3's children overlap their parent's edge, but the centres of grandchildren stay
within 0.92 of it). The nearest centre outside the disk is one of the ring right behind it. The tests try this
by counting.
"""

from collections.abc import Iterable
from math import asin, cos, floor, isfinite, radians, sin, sqrt
from typing import Any

import h3.api.basic_int as h3

CELL_RESOLUTION = 9
AREA_RESOLUTION = 7
REGION_RESOLUTION = 5
STRIPS_A_DEGREE = 200
EARTH_RADIUS_M = 6_371_008.8
# No search needs to go farther than this: 60 rings are about 130 km.
MOST_RINGS = 60


def check_point(lat: float, lon: float) -> tuple[float, float]:
    """The point as two floats in degrees; raises `ValueError` if it is not a place on Earth."""
    try:
        lat, lon = float(lat), float(lon)
    except (TypeError, OverflowError) as error:
        raise ValueError("a point needs two numbers, latitude and longitude") from error
    if not (isfinite(lat) and isfinite(lon) and -90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError(f"no such point on Earth: {lat}, {lon}")
    return lat, lon


def _check(cell: int, *resolutions: int) -> int:
    if (
        isinstance(cell, bool)
        or not isinstance(cell, int)
        or not 0 < cell < 1 << 63
        or not h3.is_valid_cell(cell)
    ):
        raise ValueError(f"not an H3 cell: {cell!r}")
    if resolutions and h3.get_resolution(cell) not in resolutions:
        raise ValueError(f"a cell of the wrong size: {cell!r} has resolution {h3.get_resolution(cell)}")
    return cell


def cell_at(lat: float, lon: float) -> int:
    """The cell (resolution 9) in which the point lies; degrees. Raises `ValueError`."""
    return int(h3.latlng_to_cell(*check_point(lat, lon), CELL_RESOLUTION))


def area_of(cell: int) -> int:
    """The area (resolution 7) to which a cell belongs; an area gives itself. Raises `ValueError`."""
    return int(h3.cell_to_parent(_check(cell, CELL_RESOLUTION, 8, AREA_RESOLUTION), AREA_RESOLUTION))


def region_of(cell: int) -> int:
    """The region (resolution 5) to which a cell or an area belongs. Raises `ValueError`."""
    allowed = range(REGION_RESOLUTION, CELL_RESOLUTION + 1)
    return int(h3.cell_to_parent(_check(cell, *allowed), REGION_RESOLUTION))


def area_at(lat: float, lon: float) -> int:
    """The area to which the cell of the point belongs; degrees. Raises `ValueError`."""
    return area_of(cell_at(lat, lon))


def centre(cell: int) -> tuple[float, float]:
    """The centre of a cell of any size: latitude and longitude in degrees. Raises `ValueError`."""
    lat, lon = h3.cell_to_latlng(_check(cell))
    return float(lat), float(lon)


def strip_of(lat: float) -> int:
    """The strip of latitude, 1/200 of a degree high (about 556 m), in which a latitude in degrees lies.

    Whoever lives within some metres north and south is in a few strips, and in each of them in one stretch of
    longitude: an index by strip and longitude is read in so many short runs.
    """
    return floor(lat * STRIPS_A_DEGREE)


def ring(area: int, k: int) -> list[int]:
    """The areas exactly `k` steps away, sorted; ring 0 is the area itself. Raises `ValueError`."""
    return sorted(int(found) for found in h3.grid_ring(_check(area), _check_rings(k)))


def disk(area: int, k: int) -> list[int]:
    """The areas at most `k` steps away, sorted: 1 + 3k(k+1) of them. Raises `ValueError`."""
    return sorted(int(found) for found in h3.grid_disk(_check(area), _check_rings(k)))


def _check_rings(k: int) -> int:
    if isinstance(k, bool) or not isinstance(k, int) or not 0 <= k <= MOST_RINGS:
        raise ValueError(f"rings go from 0 to {MOST_RINGS}, not {k!r}")
    return k


def distance_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Metres between two points as the crow flies (haversine on a sphere; within 0.6% of the ellipsoid)."""
    lat1, lon1 = check_point(lat1, lon1)
    lat2, lon2 = check_point(lat2, lon2)
    north, east = radians(lat2 - lat1), radians(lon2 - lon1)
    half = sin(north / 2) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(half)))


def between(cell_a: int, cell_b: int) -> float:
    """Metres from the centre of one cell to the centre of the other. Raises `ValueError`."""
    return distance_m(*centre(cell_a), *centre(cell_b))


def clear_distance(cell: int, k: int) -> float:
    """Metres within which no cell lies whose area is outside the disk of `k` rings around the area of `cell`.

    So whoever was found in `disk(area_of(cell), k)` at this distance or less is nearer than anybody outside
    it. 0 for k = 0. About 0.07 ms. Raises `ValueError`.
    """
    if not _check_rings(k):
        return 0.0
    here = centre(cell)
    behind = h3.grid_ring(area_of(cell), k + 1)
    return max(0.0, min(distance_m(*here, *centre(int(area))) - _reach(int(area)) for area in behind))


def _reach(area: int) -> float:
    middle = centre(area)
    return max(distance_m(*middle, lat, lon) for lat, lon in h3.cell_to_boundary(area))


def rings_within(cell: int, metres: float) -> int:
    """The fewest rings k for which the disk around the cell's area holds every cell within `metres` of it.

    At most `MOST_RINGS`, however far. Raises `ValueError` for NaN or a negative distance.
    """
    if not metres >= 0:
        raise ValueError(f"a distance is 0 or more metres, not {metres!r}")
    if not metres:
        return 0
    low, high = 1, MOST_RINGS
    while low < high:
        middle = (low + high) // 2
        if clear_distance(cell, middle) >= metres:
            high = middle
        else:
            low = middle + 1
    return low


def boundary_geojson(area: int) -> dict[str, Any]:
    """The outline of a cell as a GeoJSON Polygon (RFC 7946: longitude first, closed, anticlockwise)."""
    corners = [[round(float(lon), 6), round(float(lat), 6)] for lat, lon in h3.cell_to_boundary(_check(area))]
    # Corners on both sides of the 180th meridian are kept together: the outline must not go round the world.
    if max(lon for lon, _ in corners) - min(lon for lon, _ in corners) > 180:
        corners = [[lon + 360 if lon < 0 else lon, lat] for lon, lat in corners]
    return {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}


def bounds(cells: Iterable[int]) -> tuple[float, float, float, float] | None:
    """West, south, east, north (degrees) of the centres of the cells, to open a map on; `None` if none."""
    points = [centre(cell) for cell in cells]
    if not points:
        return None
    lats, lons = [lat for lat, _ in points], [lon for _, lon in points]
    return min(lons), min(lats), max(lons), max(lats)
