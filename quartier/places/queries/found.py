"""What a search for a place gives."""

from dataclasses import dataclass

from quartier.lib import cells
from quartier.places.models import Place


@dataclass(frozen=True)
class Found:
    """One place that a text may mean.

    `label` is what to show, in the language asked for. `score` goes from 0 to 100. `matched` is the way of
    writing that fitted, folded. `certain`: nothing else can be meant, so that nobody needs to be asked.
    `street` is the rest of the text, as typed: the street and number, or empty. `lat`, `lon` (degrees) and
    `precision` are those of `place`, unless an outside geocoder found the street itself.
    """

    place: Place
    label: str
    score: int
    matched: str
    certain: bool
    street: str
    lat: float
    lon: float
    precision: str

    @property
    def cell(self) -> int:
        """The H3 cell (resolution 9) of the point."""
        return cells.cell_at(self.lat, self.lon)
