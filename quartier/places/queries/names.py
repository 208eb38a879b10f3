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
from rapidfuzz.distance import OSA

from quartier.places.models import Gazetteer, PlaceName
from quartier.places.sounds import sound_of

WORST = 70  # a likeness below this is another name
_WORST_ALIAS = 78
_SHORTEST_ALIAS = 4
_NOISE = 12  # a name that is so much less alike than the best one is not meant
_RIVAL_PEOPLE = 10_000
_MAX_WORDS = 60
# A last word behind one of these only says where the place is: "Péronnes-lez-Binche" is not called Binche.
_NEAR_WORDS = {
    *(
        "lez",
        "les",
        "sur",
        "sous",
        "en",
        "au",
        "aux",
        "a",
        "de",
        "du",
        "des",
        "d",
        "la",
        "le",
        "l",
        "et",
        "dit",
    ),
    *("op", "bij", "aan", "in", "ten", "ter", "van", "der", "den", "het", "t", "s", "am", "an", "der", "st"),
}


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
        self.people = [known[name][1] for name in self.folded]
        self.weight = [min(6.0, log10(people + 1)) for people in self.people]
        self.sounds = sound_of("\n".join(self.folded)).split("\n")
        self.longer = self._longer(known)
        self.words: dict[str, list[int]] = {}
        self.squashed: dict[str, list[int]] = {}
        for place, name in enumerate(self.folded):
            self.squashed.setdefault(name.replace(" ", ""), []).append(place)
            for word in set(name.split()):
                self.words.setdefault(word, []).append(place)

    def _longer(self, known: dict[str, tuple[bool, int]]) -> dict[str, list[str]]:
        """By a name, the longer names of places that begin or end with it: "Strée-lez-Huy" by "Strée"."""
        found: dict[str, list[str]] = {}
        for name, (is_alias, _people) in known.items():
            words = name.split()
            if is_alias or len(words) < 2:
                continue
            parts = {" ".join(words[:size]) for size in range(1, len(words))}
            parts |= {" ".join(words[at:]) for at in range(1, len(words)) if words[at - 1] not in _NEAR_WORDS}
            for part in parts:
                if part in known:
                    found.setdefault(part, []).append(name)
        return found

    def __contains__(self, folded: str) -> bool:
        return folded in self.short or self._index(folded) is not None

    def _index(self, folded: str) -> int | None:
        place = bisect_left(self.folded, folded)
        return place if place < len(self.folded) and self.folded[place] == folded else None

    def rivals(self, folded: str, with_aliases: bool = False) -> list[str]:
        """The names that may be meant by who writes exactly this one: longer ones of which it is a part, and far
        larger places from which it differs by one letter. Of a place's own name: names, and aliases only if wished."""
        own = self._index(folded)
        people = self.people[own] if own is not None else 0
        own_name = own is not None and not self.is_alias[own] and not with_aliases
        found = [
            self.folded[place]
            for place in self._with_words_of(folded)
            if place != own
            and not (own_name and (self.is_alias[place] or _is_nearby(self.folded[place], folded)))
        ]
        if len(folded) >= 4:
            alike = process.extract(folded, self.folded, scorer=OSA.distance, score_cutoff=1, limit=20)
            least = max(_RIVAL_PEOPLE, 10 * people)
            found += [
                name
                for name, apart, place in alike
                if apart and self.people[place] >= least and not (own_name and self.is_alias[place])
            ]
        return list(dict.fromkeys(found))

    def closest(self, query: str, limit: int, worst: int = WORST) -> list[Match]:
        """The names that come closest to the folded `query`, best first; `worst` 100 forgives no misspelling."""
        scores: dict[int, float] = {}

        def keep(place: int, score: float) -> None:
            scores[place] = max(score, scores.get(place, 0.0))

        for place in self._beginning_with(query):
            keep(place, 84 + 8 * len(query) / len(self.folded[place]))
        for place in self._with_words_of(query):
            keep(place, 80 + 10 * len(query) / len(self.folded[place]))
        for place in self.squashed.get(query.replace(" ", ""), ()):
            keep(place, 98)
        if worst < 100:
            for place, score in self._misspelled(query, worst):
                keep(place, score)
        best = max(scores.values(), default=0.0)
        kept = [place for place, score in scores.items() if score >= best - _NOISE]
        ranked = sorted(kept, key=lambda place: (-self._rank(place, scores[place]), self.folded[place]))
        return [Match(self.folded[place], min(100.0, scores[place])) for place in ranked[:limit]]

    def _rank(self, place: int, score: float) -> float:
        return score + self.weight[place] - (2 if self.is_alias[place] else 0) + (10 if score >= 100 else 0)

    def _misspelled(self, query: str, worst: int) -> list[tuple[int, float]]:
        found: dict[int, float] = {}

        def keep(places: list[tuple[str, float, int]], share: float) -> None:
            for _name, score, place in places:
                found[place] = max(found.get(place, 0.0), share * score)

        keep(process.extract(query, self.folded, scorer=fuzz.ratio, score_cutoff=worst, limit=40), 1)
        heard = sound_of(query)
        if len(heard) >= 3:
            alike = process.extract(heard, self.sounds, scorer=fuzz.ratio, score_cutoff=worst + 4, limit=40)
            keep(
                [(_, 0.7 * score + 0.3 * fuzz.ratio(query, self.folded[at]), at) for _, score, at in alike],
                0.98,
            )
        for name, _apart, place in process.extract(
            query, self.folded, scorer=OSA.distance, score_cutoff=1, limit=20
        ):
            # One letter wrong, missing, too many, or two that changed places.
            found[place] = max(found.get(place, 0.0), 100 - 50 / len(name))
        # Words in another order, and names that are not written to their end: only where nothing else is near.
        if worst <= WORST and max(found.values(), default=0.0) < 88:
            if " " in query:
                turned = process.extract(
                    query, self.folded, scorer=fuzz.token_sort_ratio, score_cutoff=80, limit=10
                )
                keep(turned, 0.95)
            if len(query) >= 5:
                size = len(query)
                begun = [name[:size] for name in self.folded]
                keep(process.extract(query, begun, scorer=fuzz.ratio, score_cutoff=78, limit=20), 0.92)
        return [
            (place, score)
            for place, score in found.items()
            if score >= (_WORST_ALIAS if self.is_alias[place] else worst)
        ]

    def _beginning_with(self, query: str) -> list[int]:
        if len(query) < 2:
            return []
        start = bisect_left(self.folded, query)
        end = bisect_left(self.folded, f"{query}\U0010ffff")
        return sorted(range(start, end), key=lambda place: -self.weight[place])[:_MAX_WORDS]

    def _with_words_of(self, query: str) -> list[int]:
        """Longer names that hold all words of the query, in their order: "heist berg" of "heist op den berg"."""
        words = query.split()
        if len(query) < 4 or any(word not in self.words for word in words):
            return []
        rarest = min(words, key=lambda word: len(self.words[word]))
        fits = (place for place in self.words[rarest] if _holds(self.folded[place], words))
        return sorted(fits, key=lambda place: -self.weight[place])[:_MAX_WORDS]


def _is_nearby(name: str, town: str) -> bool:
    """Whether the name only says that it is near the town: "ecaussinnes d enghien"."""
    before, sign, _after = f" {name} ".partition(f" {town} ")
    return bool(sign) and before.split()[-1:] != [] and before.split()[-1] in _NEAR_WORDS


def _holds(name: str, words: list[str]) -> bool:
    rest = iter(name.split())
    return all(word in rest for word in words)


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
