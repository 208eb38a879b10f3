"""Where a "what if" looks: a place that was written, one of the map, or the one that needs somebody most."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from quartier.console.queries import map as neighbourhoods
from quartier.console.queries.lanes import count_by_area
from quartier.lib import cells
from quartier.places.queries import Found, names_of_areas
from quartier.team.models import Organisation


@dataclass(frozen=True)
class Here:
    """A place as it is called, its point (latitude and longitude in degrees), and its key where it was written."""

    name: str
    point: tuple[float, float]
    choice: str = ""


def here_at(found: Found) -> Here:
    """The place that was written."""
    return Here(found.label, (found.lat, found.lon), str(found.place.pk))


def area_of_link(area: str) -> Here | None:
    """The neighbourhood (H3) that a link names; `None` if there is none."""
    try:
        return _of_area(cells.area_of(int(area)))
    except ValueError:
        return None


def neediest(organisation: Organisation, now: datetime) -> Here | None:
    """The neighbourhood in which most wait, those with nobody free first; `None` when nobody waits."""
    first = neighbourhoods.areas_with_need(organisation, count_by_area(organisation, now)).first(1)
    return _of_area(first[0].area) if first and first[0].waiting else None


def _of_area(area: int) -> Here | None:
    name = names_of_areas([area], get_language() or "en").get(area)
    return Here(name, cells.centre(area)) if name else None
