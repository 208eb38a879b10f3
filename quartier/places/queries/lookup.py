"""What reading by postcode and reading by name share: the places behind names, and what belongs to a place."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from quartier.lib import cells
from quartier.places import rules, streets
from quartier.places.abroad import COUNTRY_NAMES
from quartier.places.models import LANGUAGES, Place, PlaceName
from quartier.places.provinces import names_of_province
from quartier.places.queries.found import Doubt
from quartier.places.queries.names import Names

SAME_TOWN_M = 10_000  # places of one name nearer than this are parts of one town
_SUBURBS = 3  # so many times larger is a town that its suburbs are called by
Words = tuple[str, ...]

# Words around a town that say nothing of where it is. Folded.
# No word for what lies around a town: "région de Charleroi" is said in all the places near it.
_FILLERS = {
    *(
        "a",
        "in",
        "te",
        "ville",
        "ville de",
        "ville d",
        "commune",
        "commune de",
        "commune d",
        "centre",
        "centrum",
    ),
    *(
        "gemeente",
        "stad",
        "de stad",
        "dorp",
        "stadt",
        "gemeinde",
        "city",
        "city of",
        "town",
        "town of",
        "zentrum",
    ),
    *(
        "j habite",
        "j habite a",
        "j habite en",
        "habite a",
        "ik woon in",
        "ik woon te",
        "ich wohne in",
        "i live in",
    ),
    *(
        "code postal",
        "postcode",
        "postnummer",
        "plz",
        "cp",
        "province",
        "province de",
        "provincie",
        "provinz",
    ),
    *("prov", "a la commune de", "je suis a", "la ville de", "la commune de"),
}


# These begin or end the names of places too.
_NEVER_TRIMMED = {"ville", "centre", "centrum", "dorp", "province"}
_OFFICE = re.compile(r"^(?:province|provincie|provinz|region|regio)(?: de| d| of)? ")


@dataclass
class PlaceCandidate:
    """A place that may be meant, how well it fits from 0 to 100, and what of the line is the street. `named`: the line
    says its name or its postcode, and not only something alike. `doubt`: why these words may mean something else, so
    that the place is asked for and not ticked."""

    place: Place
    score: float
    matched: str
    certain: bool = False
    street: str = ""
    named: bool = True
    doubt: Doubt | None = None


@dataclass(frozen=True)
class LinePart:
    """What stands between two commas: as typed, and its folded words."""

    text: str
    words: Words


def parts_of(line: rules.Line) -> list[LinePart]:
    """The parts of a line that hold a word."""
    parts = (LinePart(text, tuple(rules.fold(text).split())) for text in line.parts)
    return [part for part in parts if part.words][:8]


class PlaceLookup:
    """The names of one country, and the places behind them, each read once."""

    def __init__(self, country: str, names: Names) -> None:
        self.country, self.names = country, names
        self._ways: dict[str, list[tuple[bool, Place]]] = {}
        self._fillers = {*_FILLERS, *COUNTRY_NAMES.get(country, ())}

    def ways(self, folded: Iterable[str]) -> dict[str, list[tuple[bool, Place]]]:
        """The places written like each of these, with whether that is an alias; the largest first."""
        missing = [name for name in dict.fromkeys(folded) if name not in self._ways]
        if missing:
            self._ways.update({name: [] for name in missing})
            rows = PlaceName.objects.filter(country=self.country, folded__in=missing).select_related("place")
            order = ("is_alias", "-place__population", "-place__main", "place__postcode_key", "pk")
            for row in rows.order_by(*order)[:400]:
                self._ways[row.folded].append((row.is_alias, row.place))
        return self._ways

    def called(self, folded: str) -> list[Place]:
        """The places of this name; those that are only sometimes called so where no place bears it."""
        found = self.ways([folded])[folded]
        return [place for is_alias, place in found if is_alias == found[0][0]]

    def is_explained(self, words: Words, names: set[str]) -> bool:
        """Whether each of the words belongs to one of the names, or says nothing."""
        start = 0
        while start < len(words):
            sizes = range(min(6, len(words) - start), 0, -1)
            known = (size for size in sizes if self._is_known(" ".join(words[start : start + size]), names))
            size = next(known, 0)
            if not size:
                return False
            start += size
        return True

    def _is_known(self, run: str, names: set[str]) -> bool:
        return run in names or run in self._fillers

    def trimmed(self, words: Words) -> Words:
        """The words without those around them that say nothing."""
        changed = " ".join(words) not in self.names
        while changed and words:
            changed = False
            for size in range(min(5, len(words) - 1), 0, -1):
                if " ".join(words[:size]) in self._fillers - _NEVER_TRIMMED:
                    words, changed = words[size:], True
                    break
                if " ".join(words[-size:]) in self._fillers - _NEVER_TRIMMED:
                    words, changed = words[:-size], True
                    break
        return words

    def names_around(self, place: Place) -> set[str]:
        """What may stand beside a place without saying another one: its own names, municipality and province."""
        found = {place.name, *place.names().values()}
        found |= set(names_of_province(self.country, place.admin_code) or ())
        folded = {rules.fold(name) for name in found if name} | self.names_of_municipality(place)
        return folded | {_OFFICE.sub("", name) for name in folded}

    def names_of_municipality(self, place: Place) -> set[str]:
        """What its municipality is called, folded."""
        found = {place.municipality, *(place.municipality_in(language) for language in LANGUAGES)}
        return {rules.fold(name) for name in found if name}

    def is_suburb(self, place: Place, words: Words, called: str = "") -> bool:
        """Whether the words are a far larger town beside the place, which is written `called`: "Uccle, Bruxelles"."""
        town = " ".join(words)
        if town not in self.names:
            return False
        people = max((other.population for other in self.called(called)), default=0) if called else 0
        least = max(_SUBURBS * max(people, place.population), 50_000)
        return any(
            other.population >= least and apart(place, other) <= SAME_TOWN_M for other in self.called(town)
        )


def runs_of(words: Words) -> list[tuple[int, int]]:
    """The ends and the beginnings of the words, the longest first: what may be a name. First word, word behind."""
    count = len(words)
    sizes = range(min(count, 8), 0, -1)
    return [pair for size in sizes for pair in dict.fromkeys(((count - size, count), (0, size)))]


def may_be_name(run: Words, names: Names) -> bool:
    """Whether a run of words is the name of a place, not only a number or a kind of street."""
    joined = " ".join(run)
    if joined.isdigit() or len(joined) < 2 or joined not in names:
        return False
    return len(run) > 1 or not streets.is_kind(joined)


def apart(one: Place, other: Place) -> float:
    """Metres between two places."""
    return cells.distance_m(one.lat, one.lon, other.lat, other.lon)
