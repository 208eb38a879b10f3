"""Need and help by neighbourhood: H3 areas (resolution 7), never a point."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F
from django.utils.translation import get_language

from quartier.console.compass import told_apart
from quartier.console.rules import Lane, Wait
from quartier.lib import cells
from quartier.people.models import Volunteer
from quartier.places.models import Place
from quartier.places.queries import names_of_areas
from quartier.team.models import Organisation

# A board whose neighbourhoods are farther apart than this (degrees, about 35 km) is drawn by region.
WIDE = 0.32
NEEDS = {Lane.HUMAN, Lane.FIND, Lane.ANSWER}


@dataclass
class Area:
    """What happens in one neighbourhood. `waiting`: requests that have nobody yet; `free`: volunteers who could
    take one more, there or next door."""

    area: int
    name: str
    waiting: int
    late: int
    helped: int
    free: int

    @property
    def nobody(self) -> bool:
        return bool(self.waiting) and not self.free


def free_volunteers(organisation: Organisation, areas: Iterable[int] | None = None) -> Counter[int]:
    """How many volunteers could take one more visit, by neighbourhood. One query, read from the index."""
    rows = Volunteer.objects.filter(
        organisation=organisation, state=Volunteer.State.ACTIVE, open_count__lt=F("capacity")
    )
    if areas is not None:
        rows = rows.filter(area__in=list(areas))
    counted = rows.order_by().values_list("area").annotate(count=Count("pk"))
    return Counter(dict(counted))


def near(free: Counter[int], area: int) -> int:
    """Volunteers free in the neighbourhood and in those next to it."""
    return sum(free[one] for one in cells.disk(area, 1))


def areas_with_need(organisation: Organisation, waits: Sequence[Wait]) -> list[Area]:
    """Neighbourhoods with requests that are not closed; most waiting first. One query, and the names."""
    waiting = Counter(wait.request.area for wait in waits if wait.lane in NEEDS)
    late = Counter(wait.request.area for wait in waits if wait.late)
    helped = Counter(wait.request.area for wait in waits if wait.lane not in NEEDS)
    areas = sorted({*waiting, *late, *helped})
    around = {one for area in areas for one in cells.disk(area, 1)}
    free = free_volunteers(organisation, around)
    names = told_apart(names_of_areas(areas, get_language() or "en"))
    found = [
        Area(area, names.get(area, ""), waiting[area], late[area], helped[area], near(free, area))
        for area in areas
    ]
    return sorted(found, key=lambda one: (-one.nobody, -one.waiting, -one.late, one.name, one.area))


def drawn(areas: Sequence[Area]) -> list[dict[str, Any]]:
    """Hexagons for the small map: neighbourhoods and those around them, or regions when they are far apart."""
    waiting = [area for area in areas if area.waiting]
    if not waiting:
        return []
    wide = is_wide(area.area for area in waiting)
    count: Counter[int] = Counter()
    nobody: set[int] = set()
    names: dict[int, str] = {}
    for area in waiting:
        cell = cells.region_of(area.area) if wide else area.area
        count[cell] += area.waiting
        names.setdefault(cell, area.name.split(",")[0])
        if area.nobody:
            nobody.add(cell)
    labelled = {cell for cell, _count in count.most_common(4)} | set(list(nobody)[:2])
    return hexagons(
        {
            cell: (
                "none" if cell in nobody else "2",
                str(count[cell]),
                names.get(cell, "") if cell in labelled and not wide else "",
            )
            for cell in count
        }
    )


def hexagons(meant: Mapping[int, tuple[str, str, str]]) -> list[dict[str, Any]]:
    """Cells with a kind, a text and a name, and those around them while they are few, for `hex_map`."""
    around = {one for cell in meant for one in cells.disk(cell, 1)} if len(meant) <= 40 else set(meant)
    found = []
    for cell in sorted({*around, *meant}):
        kind, text, name = meant.get(cell, ("", "", ""))
        corners = cells.boundary_geojson(cell)["coordinates"][0][:-1]
        found.append(
            {"boundary": [(lat, lon) for lon, lat in corners], "kind": kind, "text": text, "name": name}
        )
    return found


def is_wide(areas: Iterable[int]) -> bool:
    """Whether these are too far apart to be drawn one by one."""
    edges = cells.bounds(areas)
    return edges is not None and max(edges[2] - edges[0], edges[3] - edges[1]) > WIDE


def land(country: str) -> list[dict[str, Any]]:
    """The country itself, as regions (H3 resolution 5) in which places lie. One query."""
    areas = Place.objects.filter(country=country).order_by().values_list("area", flat=True).distinct()
    return [
        {"type": "Feature", "geometry": cells.boundary_geojson(region), "properties": {"land": True}}
        for region in sorted({cells.region_of(area) for area in areas})
    ]


def collection(organisation: Organisation, waits: Sequence[Wait]) -> dict[str, Any]:
    """GeoJSON for the big map: every neighbourhood with need or with a free volunteer. One query, and the names."""
    needs = {area.area: area for area in areas_with_need(organisation, waits)}
    free = free_volunteers(organisation)
    names = names_of_areas(needs, get_language() or "en")
    features: list[dict[str, Any]] = []
    for cell in sorted({*needs, *free}):
        need = needs.get(cell)
        features.append(
            {
                "type": "Feature",
                "id": len(features),
                "geometry": cells.boundary_geojson(cell),
                "properties": {
                    "area": str(cell),
                    "name": names.get(cell, ""),
                    "waiting": need.waiting if need else 0,
                    "late": need.late if need else 0,
                    "helped": need.helped if need else 0,
                    "free": free[cell],
                    "nobody": bool(need and need.nobody),
                },
            }
        )
    return {"type": "FeatureCollection", "features": features}
