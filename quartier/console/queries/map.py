"""Need and help by neighbourhood: H3 areas (resolution 7), never a point."""

import json
from collections import Counter
from collections.abc import Collection, ItemsView, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import nsmallest
from math import inf
from typing import Any

from django.db import connection
from django.db.models import Count, F
from django.utils.translation import get_language

from quartier.console.compass import centre_of, told_apart
from quartier.console.queries.lanes import AreaTallies
from quartier.lib import cells
from quartier.people.models import Volunteer
from quartier.places.models import Place
from quartier.places.queries import names_of_areas
from quartier.team.models import Organisation

# A board whose neighbourhoods are farther apart than this (degrees, about 35 km) is drawn by region.
WIDE = 0.32
# Naming more neighbourhoods than this to the database takes longer than counting all.
MAX_AREAS_ASKED = 400
CACHED_AREAS = 1 << 16
# On the small map these many have their name: where most wait, and where nobody is free.
MAX_LABELS, MAX_LABELS_ALONE = 4, 2
NO_REQUESTS = (0, 0, 0, 0)


@dataclass(slots=True)
class Area:
    """What happens in one neighbourhood. `waiting`: requests that have nobody yet; `past`: visits whose time has
    passed; `nobody`: and no volunteer there or
    next door could take one more; `all_free`: how many could, by neighbourhood."""

    area: int
    name: str
    waiting: int
    late: int
    helped: int
    past: int
    nobody: bool
    all_free: Counter[int] = field(repr=False)

    @property
    def free(self) -> int:
        """Volunteers who could take one more, there or next door."""
        return near(self.all_free, self.area)


def free_volunteers(organisation: Organisation, areas: Iterable[int] | None = None) -> Counter[int]:
    """How many volunteers could take one more visit, by neighbourhood. One query, read from the index."""
    rows = Volunteer.objects.filter(
        organisation=organisation, state=Volunteer.State.ACTIVE, open_count__lt=F("capacity")
    )
    if areas is not None:
        rows = rows.filter(area__in=list(areas))
    counted = rows.order_by().values_list("area").annotate(count=Count("*"))
    # Two numbers a row, thousands of rows: there is nothing that the ORM would have to convert.
    with connection.cursor() as cursor:
        cursor.execute(*counted.query.sql_with_params())
        return Counter(dict(cursor.fetchall()))


def near(free: Counter[int], area: int) -> int:
    """Volunteers free in the neighbourhood and in those next to it."""
    return sum([free[one] for one in _nearby(area) if one in free])


def _is_alone(free: Counter[int], area: int) -> bool:
    """Whether no volunteer is free there or next door."""
    return area not in free and not any(one in free for one in _nearby(area))


# Where cells lie never changes, and a page of a whole country asks it of thousands.
@lru_cache(maxsize=CACHED_AREAS)
def _nearby(area: int) -> tuple[int, ...]:
    return tuple(cells.disk(area, 1))


_region_of = lru_cache(maxsize=CACHED_AREAS)(cells.region_of)
_outline_of = lru_cache(maxsize=CACHED_AREAS)(cells.boundary_geojson)


@dataclass(frozen=True, slots=True)
class Neighbourhoods:
    """Neighbourhoods with requests that are not closed. Those where somebody waits and no volunteer is free come first,
    then where most wait; of a whole country, only those that are shown get a name of their own, and a place in that
    order. `names`: what people call them, where two may be called the same."""

    tallies: AreaTallies
    free: Counter[int] = field(repr=False)
    names: Mapping[int, str] = field(repr=False)
    alone: frozenset[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        alone = [area for area, tally in self.tallies.items() if tally[0] and _is_alone(self.free, area)]
        object.__setattr__(self, "alone", frozenset(alone))

    def __iter__(self) -> Iterator[Area]:
        return iter(self.first(len(self.tallies)))

    @property
    def waiting(self) -> int:
        """How many requests wait in all of them."""
        return sum([tally[0] for tally in self.tallies.values()])

    def first(self, limit: int) -> list[Area]:
        """The first ones in their order."""
        ranks = {
            area: (area not in self.alone, -waiting, -late - past)
            for area, (waiting, late, _, past) in self._items()
        }
        return self._in_order(ranks, limit)

    def busiest(self, limit: int) -> list[Area]:
        """Those with a name in which most requests are not closed; among the same number in their order."""
        ranks = {
            area: (-waiting - helped, area not in self.alone, -waiting, -late - past)
            for area, (waiting, late, helped, past) in self._items()
            if self.names[area]
        }
        return self._in_order(ranks, limit)

    def _items(self) -> ItemsView[int, tuple[int, int, int, int]]:
        return self.tallies.items()

    def _in_order(self, ranks: Mapping[int, tuple[int, ...]], limit: int) -> list[Area]:
        """The first by rank; among the same rank by name."""
        candidates: Collection[int] = ranks
        if 0 < limit < len(ranks):
            # Whoever stands behind the last rank that is shown needs no name.
            last = nsmallest(limit, ranks.values())[-1]
            candidates = [area for area, rank in ranks.items() if rank <= last]
        called = self._called(candidates)
        order = sorted((ranks[area], called[area], area) for area in candidates)
        return [self._area(area, name) for _rank, name, area in order[:limit]]

    def _called(self, areas: Collection[int]) -> dict[int, str]:
        """The names of some, told apart from all others."""
        if len(areas) == len(self.names):
            return told_apart(self.names)
        alike = {self.names[area] for area in areas}
        return told_apart({area: name for area, name in self.names.items() if name in alike})

    def _area(self, area: int, name: str) -> Area:
        waiting, late, helped, past = self.tallies[area]
        return Area(area, name, waiting, late, helped, past, area in self.alone, self.free)


def areas_with_need(organisation: Organisation, tallies: AreaTallies) -> Neighbourhoods:
    """Neighbourhoods with requests that are not closed. One query, and the names."""
    if not tallies:
        return Neighbourhoods({}, Counter(), {})
    around = {one for area in tallies for one in _nearby(area)} if len(tallies) < MAX_AREAS_ASKED else tallies
    asked = around if len(around) < MAX_AREAS_ASKED else None
    names = names_of_areas(tallies, get_language() or "en")
    return Neighbourhoods(tallies, free_volunteers(organisation, asked), names)


def drawn(areas: Neighbourhoods) -> list[dict[str, Any]]:
    """Hexagons for the small map: neighbourhoods and those around them, or regions when they are far apart."""
    waiting = {area: tally[0] for area, tally in areas.tallies.items() if tally[0]}
    if not waiting:
        return []
    if is_wide(waiting):
        count: Counter[int] = Counter()
        for area, number in waiting.items():
            count[_region_of(area)] += number
        alone = {_region_of(area) for area in areas.alone}
        return hexagons(
            {cell: ("none" if cell in alone else "2", str(number), "") for cell, number in count.items()}
        )
    shown = [one for one in areas if one.waiting]
    named = {one.area for one in sorted(shown, key=lambda one: -one.waiting)[:MAX_LABELS]}
    named |= set([one.area for one in shown if one.nobody][:MAX_LABELS_ALONE])
    return hexagons(
        {
            one.area: (
                "none" if one.nobody else "2",
                str(one.waiting),
                one.name.split(",")[0] if one.area in named else "",
            )
            for one in shown
        }
    )


def hexagons(meant: Mapping[int, tuple[str, str, str]]) -> list[dict[str, Any]]:
    """Cells with a kind, a text and a name, and those around them while they are few, for `hex_map`."""
    around = {one for cell in meant for one in _nearby(cell)} if len(meant) <= 40 else set(meant)
    found = []
    for cell in sorted({*around, *meant}):
        kind, text, name = meant.get(cell, ("", "", ""))
        found.append({"boundary": _corners_of(cell), "kind": kind, "text": text, "name": name})
    return found


@lru_cache(maxsize=CACHED_AREAS)
def _corners_of(cell: int) -> tuple[tuple[float, float], ...]:
    """Latitude and longitude of each corner."""
    return tuple((lat, lon) for lon, lat in _outline_of(cell)["coordinates"][0][:-1])


def is_wide(areas: Iterable[int]) -> bool:
    """Whether these are too far apart to be drawn one by one."""
    south, west, north, east = inf, inf, -inf, -inf
    for area in areas:
        lat, lon = centre_of(area)
        south, west, north, east = min(south, lat), min(west, lon), max(north, lat), max(east, lon)
        if north - south > WIDE or east - west > WIDE:
            return True
    return False


def land(country: str) -> list[str]:
    """The country itself, as regions (H3 resolution 5) in which places lie: GeoJSON, each as text. One query."""
    areas = Place.objects.filter(country=country).order_by().values_list("area", flat=True).distinct()
    return [
        f'{{"type":"Feature","geometry":{_geometry_of(region)},"properties":{{"land":true}}}}'
        for region in sorted({_region_of(area) for area in areas})
    ]


def features(organisation: Organisation, tallies: AreaTallies) -> list[str]:
    """GeoJSON for the big map, each as text: every neighbourhood with need or with a free volunteer. One query, and the
    names."""
    free = free_volunteers(organisation)
    names = names_of_areas(tallies, get_language() or "en")
    alone = Neighbourhoods(tallies, free, names).alone
    found = []
    for number, cell in enumerate(sorted({*tallies, *free})):
        waiting, late, helped, past = tallies.get(cell, NO_REQUESTS)
        nobody = cell in alone
        name = json.dumps(names[cell]) if cell in tallies else '""'
        found.append(
            f'{{"type":"Feature","id":{number},"geometry":{_geometry_of(cell)},"properties":{{"area":"{cell}",'
            f'"name":{name},"waiting":{waiting},"late":{late},"past":{past},"helped":{helped},"free":{free[cell]},'
            f'"nobody":{"true" if nobody else "false"}}}}}'
        )
    return found


# A map of a whole country has thousands of outlines, which never change: they are written as text once.
@lru_cache(maxsize=CACHED_AREAS)
def _geometry_of(cell: int) -> str:
    return json.dumps(_outline_of(cell), separators=(",", ":"))
