"""Neighbourhoods that have one name are told apart by where they lie: "Ixelles (north)", "Ixelles (south)"."""

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from math import atan2, cos, pi, radians

from django.utils.translation import pgettext_lazy

from quartier.lib import cells

# By eighths of a circle, from the east against the clock.
DIRECTIONS = (
    pgettext_lazy("part of a town", "east"),
    pgettext_lazy("part of a town", "north-east"),
    pgettext_lazy("part of a town", "north"),
    pgettext_lazy("part of a town", "north-west"),
    pgettext_lazy("part of a town", "west"),
    pgettext_lazy("part of a town", "south-west"),
    pgettext_lazy("part of a town", "south"),
    pgettext_lazy("part of a town", "south-east"),
)


# Where a cell lies never changes, and a map of a whole country asks it of thousands.
centre_of = lru_cache(maxsize=1 << 16)(cells.centre)


def told_apart(names: Mapping[int, str]) -> dict[int, str]:
    """The names of neighbourhoods (H3 cells), each once; one without a name stays so."""
    alike: dict[str, list[int]] = defaultdict(list)
    for area in sorted(names):
        alike[names[area]].append(area)
    found, directions = dict(names), tuple(map(str, DIRECTIONS))
    for name, areas in alike.items():
        if name and len(areas) > 1:
            found.update(_apart(name, tuple(areas), directions))
    return found


# Of the neighbourhoods of a whole country, those of few names change from one page to the next.
@lru_cache(maxsize=1 << 14)
def _apart(name: str, areas: tuple[int, ...], directions: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    places = [centre_of(area) for area in areas]
    lat, lon = (sum(each) / len(places) for each in zip(*places, strict=True))
    east = cos(radians(lat))
    given: dict[int, int] = defaultdict(int)
    found = []
    for area, place in zip(areas, places, strict=True):
        angle = atan2(place[0] - lat, (place[1] - lon) * east)
        eighth = round(angle / (pi / 4)) % 8
        given[eighth] += 1
        number = f" {given[eighth]}" if given[eighth] > 1 else ""
        found.append((area, f"{name} ({directions[eighth]}{number})"))
    return tuple(found)
