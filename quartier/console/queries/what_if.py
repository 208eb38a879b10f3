"""Where a "what if" looks: a place that was written, one of the map, or the one that needs somebody most."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from quartier.console.queries import board
from quartier.console.queries import map as neighbourhoods
from quartier.lib import cells
from quartier.lib.text import one_line
from quartier.places.queries import names_of_areas, search
from quartier.team.models import Organisation


@dataclass(frozen=True)
class Here:
    """A place as it is called, and its point: latitude and longitude in degrees."""

    name: str
    point: tuple[float, float]


def place_of(text: str, area: str, organisation: Organisation) -> Here | None:
    """The place that was written, else the neighbourhood (H3) that a link names; `None` if there is none."""
    text = one_line(text, 80)
    language = get_language() or "en"
    if text:
        found = search(text, organisation.country, language, limit=1)
        return Here(found[0].label, (found[0].lat, found[0].lon)) if found else None
    try:
        return _of_area(cells.area_of(int(area)))
    except ValueError:
        return None


def neediest(organisation: Organisation, now: datetime) -> Here | None:
    """The neighbourhood in which most wait, those with nobody free first; `None` when nobody waits."""
    areas = [
        one
        for one in neighbourhoods.areas_with_need(organisation, board.waits(organisation, now))
        if one.waiting
    ]
    return _of_area(areas[0].area) if areas else None


def _of_area(area: int) -> Here | None:
    name = names_of_areas([area], get_language() or "en").get(area)
    return Here(name, cells.centre(area)) if name else None
