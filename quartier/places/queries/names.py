"""Every way to write a place of one country, kept in memory by each process, and what comes closest.

A country has far fewer ways to write a place than postcodes (Belgium about 9,000, France about 40,000), so
that RapidFuzz compares with all of them in a few milliseconds, the same on every database. They are read
again when the country's stamp has changed.
"""

from bisect import bisect_left
from dataclasses import dataclass
from math import log10
from threading import Lock
from uuid import UUID

from django.db.models import Max
from rapidfuzz import fuzz, process

from quartier.places.models import Gazetteer, PlaceName

WORST = 65  # a ratio below this is another name
_WORST_ALIAS = 75
_SHORTEST_ALIAS = 4


@dataclass(frozen=True)
class Match:
    """A way to write places, and how well it fits what was typed, from 0 to 100."""

    folded: str
    score: float


class Names:
    """The folded names of one country: sorted, with the population behind each."""

    def __init__(self, rows: list[tuple[str, bool, int]]) -> None:
        known: dict[str, tuple[bool, int]] = {}
        self.short: set[str] = set()  # "LLN": found when typed exactly, never guessed
        for folded, is_alias, population in rows:
            if is_alias and len(folded) < _SHORTEST_ALIAS:
                self.short.add(folded)
                continue
            alias, people = known.get(folded, (True, 0))
            known[folded] = (alias and is_alias, max(people, population))
        self.folded = sorted(known)
        self.is_alias = [known[name][0] for name in self.folded]
        self.weight = [min(5.0, 0.9 * log10(known[name][1] + 1)) for name in self.folded]
        self.words: dict[str, list[int]] = {}
        for place, name in enumerate(self.folded):
            for word in set(name.split()):
                self.words.setdefault(word, []).append(place)
        self.long_words = [word for word in self.words if len(word) >= 5]

    def __contains__(self, folded: str) -> bool:
        place = bisect_left(self.folded, folded)
        return folded in self.short or (place < len(self.folded) and self.folded[place] == folded)

    def closest(self, query: str, limit: int, worst: int = WORST) -> list[Match]:
        """The names that come closest to the folded `query`, best first; `worst` 100 forgives no misspelling."""
        scores: dict[int, float] = {}

        def keep(place: int, score: float) -> None:
            scores[place] = max(score, scores.get(place, 0.0))

        for place in self._beginning_with(query):
            keep(place, 80 + 15 * len(query) / len(self.folded[place]))
        for place in self._with_words_of(query):
            keep(place, 76 + 15 * len(query) / len(self.folded[place]))
        if worst < 100:
            for place, score in self._misspelled(query, worst):
                keep(place, score)
        ranked = sorted(scores, key=lambda place: (-self._rank(place, scores[place]), self.folded[place]))
        return [Match(self.folded[place], min(100.0, scores[place])) for place in ranked[:limit]]

    def _rank(self, place: int, score: float) -> float:
        return score + self.weight[place] - (3 if self.is_alias[place] else 0) + (10 if score >= 100 else 0)

    def _misspelled(self, query: str, worst: int) -> list[tuple[int, float]]:
        whole = process.extract(query, self.folded, scorer=fuzz.ratio, score_cutoff=worst, limit=40)
        found = [
            (place, score)
            for _name, score, place in whole
            if score >= (max(worst, _WORST_ALIAS) if self.is_alias[place] else worst)
        ]
        if len(query) >= 5 and not any(score >= 85 for _place, score in found):
            words = process.extract(query, self.long_words, scorer=fuzz.ratio, score_cutoff=80, limit=10)
            found += [(place, 0.85 * score) for word, score, _ in words for place in self.words[word][:50]]
        return found

    def _beginning_with(self, query: str) -> list[int]:
        if len(query) < 2:
            return []
        start = bisect_left(self.folded, query)
        end = bisect_left(self.folded, f"{query}\U0010ffff")
        return sorted(range(start, end), key=lambda place: -self.weight[place])[:60]

    def _with_words_of(self, query: str) -> list[int]:
        words = query.split()
        if len(query) < 4 or any(word not in self.words for word in words):
            return []
        rarest = min(words, key=lambda word: len(self.words[word]))
        fits = (p for p in self.words[rarest] if f" {query} " in f" {self.folded[p]} ")
        return sorted(fits, key=lambda place: -self.weight[place])[:60]


_kept: dict[str, tuple[UUID, Names]] = {}
_lock = Lock()


def names_of(country: str) -> Names | None:
    """The names of a country (ISO code in capitals) as they are now; `None` if it has no table. One query."""
    stamp = Gazetteer.objects.filter(country=country).values_list("stamp", flat=True).first()
    if stamp is None:
        return None
    kept = _kept.get(country)
    if kept and kept[0] == stamp:
        return kept[1]
    with _lock:
        kept = _kept.get(country)
        if kept and kept[0] == stamp:
            return kept[1]
        grouped = PlaceName.objects.filter(country=country).values_list("folded", "is_alias")
        names = Names(list(grouped.annotate(people=Max("place__population")).order_by()))
        _kept[country] = (stamp, names)
        return names
