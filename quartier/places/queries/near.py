"""Places around a point, and what people call a neighbourhood."""

from collections.abc import Callable, Iterable
from threading import Lock
from uuid import UUID

from quartier.lib import cells
from quartier.places.models import Gazetteer, Place, Precision

_FARTHEST_RINGS = 12  # about 25 km: there is a named place nearer than that where people live
_kept: dict[int, Place | None] = {}
_kept_for: set[UUID] = set()
# The same in words, by language: a map of a whole country asks for thousands.
_spoken_in: dict[str, dict[int, str]] = {}
_lock = Lock()


def nearest_places(lat: float, lon: float, limit: int = 5) -> list[tuple[Place, float]]:
    """The places nearest to a point (degrees), with the distance in metres; within about 20 km.

    Raises `ValueError` for a point that is not on Earth.
    """
    here = cells.cell_at(lat, lon)
    area = cells.area_of(here)
    found: list[tuple[Place, float]] = []
    for rings in (1, 3, 6, _FARTHEST_RINGS):
        rows = Place.objects.filter(area__in=cells.disk(area, rings))
        found = [(place, cells.distance_m(lat, lon, place.lat, place.lon)) for place in rows]
        found.sort(key=lambda pair: (pair[1], not pair[0].main, pair[0].key, str(pair[0].pk)))
        # `clear_distance` counts from the centre of the cell, which is at most about 250 m from the point.
        sure = cells.clear_distance(here, rings) - 250
        # Somebody outside the disk may be nearer than what lies beyond that distance.
        found = [pair for pair in found if pair[1] <= sure]
        if len(found) >= limit:
            break
    return found[:limit]


def name_of_area(area: int, language: str) -> str:
    """What people call a neighbourhood (H3 resolution 7): "Laeken, Bruxelles"; empty where nobody lives."""
    return names_of_areas([area], language)[area]


def names_of_areas(areas: Iterable[int], language: str) -> dict[int, str]:
    """The names of many neighbourhoods at once: at most four queries, and one when they are known already."""
    wanted = set(areas)
    stamps = set(Gazetteer.objects.values_list("stamp", flat=True))
    with _lock:
        if stamps != _kept_for or len(_kept) > 200_000:
            _kept.clear()
            _kept_for.clear()
            _kept_for.update(stamps)
            _spoken_in.clear()
        missing = {area for area in wanted if area not in _kept}
    for rings in (1, 3, 8):
        if missing:
            named = _named(missing, rings)
            with _lock:
                _kept.update(named)
            missing -= set(named)
    with _lock:
        _kept.update(dict.fromkeys(missing))
        known = _spoken_in.setdefault(language, {})
        for area in wanted - known.keys():
            # Another thread may have begun afresh meanwhile, with a newer gazetteer.
            if area in _kept:
                known[area] = _spoken(_kept[area], language)
        return {area: known.get(area, "") for area in wanted}


def _named(areas: set[int], rings: int) -> dict[int, Place]:
    around = {area: cells.disk(area, rings) for area in areas}
    everything = sorted({one for disk in around.values() for one in disk})
    by_area: dict[int, list[Place]] = {}
    for start in range(0, len(everything), 20_000):
        for place in Place.objects.filter(area__in=everything[start : start + 20_000]):
            by_area.setdefault(place.area, []).append(place)
    return {
        area: min((p for one in disk for p in by_area.get(one, ())), key=_distance_from(area))
        for area, disk in around.items()
        if any(one in by_area for one in disk)
    }


def _distance_from(area: int) -> Callable[[Place], tuple[int, bool, str, str]]:
    lat, lon = cells.centre(area)

    def key(place: Place) -> tuple[int, bool, str, str]:
        # A point that stands for more than the place itself names a neighbourhood only if nothing else does.
        coarse = place.precision in {Precision.CANTON, Precision.REGION}
        away = cells.distance_m(lat, lon, place.lat, place.lon) + (10_000 if coarse else 0)
        return round(away), not place.main, place.key, str(place.pk)

    return key


def _spoken(place: Place | None, language: str) -> str:
    if place is None:
        return ""
    name, municipality = place.name_in(language), place.municipality_in(language)
    return f"{name}, {municipality}" if municipality and municipality != name else name
