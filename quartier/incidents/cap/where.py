"""Whether an area touches the country of an organisation: by its codes, else by the places of the gazetteer."""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from quartier.incidents.cap.reading import Area, Pair
from quartier.places.models import Place

# Codes that begin with the country: Meteoalarm's regions, the regions of the EU, countries and their parts.
BY_COUNTRY = {"EMMA_ID", "NUTS0", "NUTS1", "NUTS2", "NUTS3", "ISO3166-1", "ISO 3166-1", "ISO3166-2"}
KM_A_DEGREE = 111.2
# An area so small that no place lies in it is that of the places around it.
AROUND_KM = 6.0


def touches(areas: Iterable[Area], country: str) -> bool | None:
    """`country`: two letters. `None` where the areas say nothing that we can read, or no place of it is known."""
    areas = list(areas)
    codes = [code for area in areas for name, code in area.geocodes if name in BY_COUNTRY]
    if any(code.upper().startswith(country) for code in codes):
        return True
    polygons = [polygon for area in areas for polygon in area.polygons]
    circles = [circle for area in areas for circle in area.circles]
    if not polygons and not circles:
        return False if codes else None
    rows = list(Place.objects.filter(country=country).values_list("lat", "lon").distinct())
    if not rows:
        return None
    places = np.array(rows, dtype=float)
    circles += [(*polygon[0], AROUND_KM) for polygon in polygons]
    return any(_within(places, *circle) for circle in circles) or any(
        _inside(places, polygon) for polygon in polygons
    )


def _within(places: np.ndarray, lat: float, lon: float, km: float) -> bool:
    """Whether a place lies within so many kilometres; on a plane, which is good enough for a few hundred."""
    north = (places[:, 0] - lat) * KM_A_DEGREE
    east = (places[:, 1] - lon) * KM_A_DEGREE * np.cos(np.radians(lat))
    return bool(np.any(np.hypot(north, east) <= max(km, AROUND_KM)))


def _inside(places: np.ndarray, polygon: tuple[Pair, ...]) -> bool:
    """Whether a place lies in the polygon: a ray from it crosses the sides an odd number of times."""
    corners = np.array(polygon)
    low, high = corners.min(axis=0), corners.max(axis=0)
    lat, lon = places[np.all((places >= low) & (places <= high), axis=1)].T
    odd = np.zeros(len(lat), dtype=bool)
    for (lat1, lon1), (lat2, lon2) in pairwise(corners):
        if lat1 == lat2:
            continue
        crosses = (lat1 > lat) != (lat2 > lat)
        odd ^= crosses & (lon < (lon2 - lon1) * (lat - lat1) / (lat2 - lat1) + lon1)
    return bool(odd.any())
