"""What a search for a place gives."""

from dataclasses import dataclass
from enum import StrEnum

from quartier.lib import cells
from quartier.places.models import Place

LIKELY_SCORE = 80  # from this score on, a place is asked for


class Doubt(StrEnum):
    """Why words that name one place alone may mean something else."""

    AREA = "area"  # a province, a region or a river
    ALIAS = (
        "alias"  # the place is called so in a dialect or elsewhere: it may be a parish, or an everyday word
    )
    PARISH = "parish"  # a village and many a quarter are called after this saint


@dataclass(frozen=True)
class Found:
    """One place that a text may mean.

    `label` is what to show, in the language asked for. `score` goes from 0 to 100. `matched` is the way of
    writing that fitted, folded. `certain`: nothing else can be meant, so that nobody needs to be asked.
    `likely`: to be asked for first, and ticked in advance; never what is only alike, or what is called by words of
    which `doubt` says why they may mean something else. `street` is the rest of the
    text, as typed: the street and number, or empty. `lat`, `lon` (degrees) and `precision` are those of `place`,
    unless an outside geocoder found the street itself. `province` is where it is; empty where that is not sure.
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
    likely: bool = False
    province: str = ""
    doubt: Doubt | None = None

    @property
    def cell(self) -> int:
        """The H3 cell (resolution 9) of the point."""
        return cells.cell_at(self.lat, self.lon)

    @property
    def is_near(self) -> bool:
        """Whether the text names it or something like it; else it is only the last thing to try."""
        return self.score >= LIKELY_SCORE

    @property
    def choice(self) -> str:
        """The place as one of several to choose from: "Saint-Gilles (1060), Région de Bruxelles"."""
        return f"{self.label}, {self.province}" if self.province else self.label


class ReadingKind(StrEnum):
    """What came of a text: one place, one to be confirmed, several, or the reason why there is none."""

    CERTAIN = "certain"
    LIKELY = "likely"
    SEVERAL = "several"
    NO_TOWN = "no_town"
    ABROAD = "abroad"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class PlaceReading:
    """A text, read. `street` is a street of which the town is not said; `abroad` the other countries (ISO codes) to
    which it points; what is found beside them is here, and only perhaps meant."""

    kind: ReadingKind
    found: tuple[Found, ...] = ()
    street: str = ""
    abroad: tuple[str, ...] = ()
