"""Finding the place in what somebody typed: a postcode, a name in any language, misspelled."""

from dataclasses import dataclass
from math import sqrt

from rapidfuzz import fuzz

from quartier.lib import cells
from quartier.places import rules
from quartier.places.models import Place, PlaceName
from quartier.places.queries.found import Found
from quartier.places.queries.names import WORST, Names, names_of

SAME_TOWN_M = 10_000  # places of one name nearer than this are parts of one town
_TOWN = 5_000  # inhabitants
_GOOD = 80  # from this ratio on, a part of a line counts as the name of a place


@dataclass
class _Candidate:
    place: Place
    score: float
    matched: str
    certain: bool = False
    street: str = ""


def search(text: str, country: str, language: str, limit: int = 6) -> list[Found]:
    """The places that `text` may mean in `country` (ISO code): best first, at most `limit`, never elsewhere.

    Forgives misspelling, missing accents, other languages and street names around it; never raises on any
    text. `language` ("fr", "nl-BE"...) is that of the labels. When the first is not `certain`, ask.
    """
    country = country.upper()[:2]
    line = rules.line(text)
    names = names_of(country) if line.words else None
    if names is None or limit < 1:
        return []
    candidates = _Search(country, line, names, limit).run()
    kept: dict[object, _Candidate] = {}
    for candidate in candidates:
        kept.setdefault(candidate.place.pk, candidate)
    return [
        Found(
            place=one.place,
            label=one.place.label(language),
            score=round(min(100.0, max(0.0, one.score))),
            matched=one.matched,
            certain=one.certain,
            street=one.street,
            lat=one.place.lat,
            lon=one.place.lon,
            precision=one.place.precision,
        )
        for one in list(kept.values())[:limit]
    ]


class _Search:
    def __init__(self, country: str, line: rules.Line, names: Names, limit: int) -> None:
        self.country, self.line, self.names, self.limit = country, line, names, limit

    def run(self) -> list[_Candidate]:
        typed = rules.postcode_candidates(self.country, self.line.words)
        keys = {key for key, _, _ in typed}
        rows = (
            Place.objects.filter(country=self.country, postcode_key__in=keys)
            if keys
            else Place.objects.none()
        )
        there: dict[str, list[Place]] = {}
        for place in rows.order_by("-main", "-population", "key", "pk")[:400]:
            there.setdefault(place.postcode_key, []).append(place)
        real = [one for one in typed if one[0] in there]
        if real:
            # The last one, and the longest: house numbers come first, "1050 AB" is more than "1050".
            key, start, end = max(real, key=lambda one: (one[2], one[2] - one[1]))
            return self._by_postcode(there[key], self.line.words[start:end])
        found = self._by_name(self.line.text, self.line.parts, self.line.words)
        missing = [key for key, _, _ in typed if rules.looks_like_postcode(self.country, key)]
        if missing:
            for one in found:
                one.certain = False
                one.street = "" if one.street.isdigit() else one.street
            found += [_Candidate(place, 50, place.postcode_key) for place in self._next_to(missing[-1])]
        return found

    def _by_postcode(self, places: list[Place], code: tuple[str, ...]) -> list[_Candidate]:
        rest = rules.line(rules.without_words(self.line.text, code))
        best = places[0]
        matched: tuple[str, ...] = ()
        street = rest.text
        if rest.words:
            fits = self._named_among(places, rest.words)
            if fits:
                best, matched = fits
                before = rest.words[: _last(rest.words, matched)]
                if not rules.is_street_name(before, " ".join(matched)):
                    street = rules.without_words(rest.text, matched)
        first = _Candidate(best, 100, " ".join(matched) or best.postcode_key, True, street)
        found = [first]
        if rest.words and not matched:
            found += self._contradictions(first, rest, code)
        score = 70 if matched else 80
        return found + [_Candidate(place, score, place.postcode_key, False, street) for place in places]

    def _named_among(
        self, places: list[Place], words: tuple[str, ...]
    ) -> tuple[Place, tuple[str, ...]] | None:
        """Which of the places the words name, and with which words."""
        by_key = {place.pk: place for place in places}
        ways = PlaceName.objects.filter(place__in=by_key).values_list("place_id", "folded", "is_alias")
        order = {place.pk: number for number, place in enumerate(places)}
        text = " ".join(word for word in words if not word.isdigit())
        best: tuple[float, int, int, Place, tuple[str, ...]] | None = None
        for key, folded, is_alias in ways:
            run = tuple(folded.split())
            if is_alias and len(folded) < 4:
                continue
            if _last(words, run) >= 0:
                rank = (200.0 + len(folded), -int(is_alias), -order[key])
            else:
                tail = " ".join(words[-len(run) :])
                ratio, run = max(
                    (fuzz.ratio(text, folded), tuple(text.split())),
                    (fuzz.ratio(tail, folded), words[-len(run) :]),
                )
                if ratio < _GOOD:
                    continue
                rank = (ratio, -int(is_alias), -order[key])
            if best is None or rank > best[:3]:
                best = (*rank, by_key[key], run)
        return (best[3], best[4]) if best else None

    def _contradictions(self, first: _Candidate, rest: rules.Line, code: tuple[str, ...]) -> list[_Candidate]:
        """Places that the text names beside a postcode not theirs. "1030 Bruxelles" is fine: one town."""
        together = {rules.fold(part) for part in self.line.parts}
        alone = " ".join(code) in together
        for part in (rest.text, *reversed(rest.parts)):
            words = tuple(rules.fold(part).split())
            run = self._exact_run(words)
            if not run or rules.is_street_name(words[: _last(words, run)], " ".join(run)):
                continue
            others = self._places([" ".join(run)]).get(" ".join(run), [])
            near = any(_apart(first.place, other) <= SAME_TOWN_M for other in others)
            # "Steenweg 1050, Etterbeek": the number may be that of a house, apart as it stands.
            same_part = any(set(run) | set(code) <= set(part.split()) for part in together)
            if near and (alone or same_part):
                if len(run) == len(words) or first.street:
                    first.street = rules.without_words(rest.text, run)
                return []
            if others:
                first.certain = False
                first.score = 90
                street = rules.without_words(rest.text, run)
                return [_Candidate(other, 85, " ".join(run), False, street) for other in others[: self.limit]]
        return []

    def _by_name(self, text: str, parts: tuple[str, ...], words: tuple[str, ...]) -> list[_Candidate]:
        exact = self._exact(text, parts)
        if exact and exact[0].certain and len(exact) >= self.limit:
            return exact
        # Nothing else can be meant: what only sounds alike would be noise, what begins alike may help.
        worst = 100 if exact and exact[0].certain and not exact[0].street else _GOOD if exact else WORST
        plain = " ".join(word for word in words if not any(sign.isdigit() for sign in word)) or " ".join(
            words
        )
        tries = [(plain, "")]
        if not exact:
            tries += [(rules.fold(part), part) for part in reversed(parts) if len(parts) > 1][:3]
            named = plain.split()
            tries += [(" ".join(named[-size:]), "tail") for size in (3, 2, 1) if size < len(named)]
        scored: dict[str, tuple[float, bool]] = {}
        for query, kind in tries:
            for match in self.names.closest(query, 12, max(worst, _GOOD) if kind else worst):
                if kind and match.score < _GOOD:
                    continue
                # A name that fits only the end of the line is worth less than one that fits all of it.
                score = match.score - (4 if kind == "tail" else 2 if kind else 0)
                if score > scored.get(match.folded, (0.0, False))[0]:
                    scored[match.folded] = (score, bool(kind))
        similar = self._scored(scored, text)
        said = tuple(exact[0].matched.split()) if exact and exact[0].street else ()
        if said and any(_last(tuple(one.matched.split()), said) > 0 for one in similar):
            # "Moaenbeek-Saint-Jean" is rather a long name with a wrong letter than a street in Saint-Jean.
            exact[0].certain = False
            return similar + exact
        return exact + similar

    def _scored(self, scored: dict[str, tuple[float, bool]], text: str) -> list[_Candidate]:
        best = sorted(scored, key=lambda folded: -scored[folded][0])[:12]
        there = self._places(best)
        found = []
        for folded in best:
            score, is_part = scored[folded]
            for place in there.get(folded, []):
                found.append(_Candidate(place, score, folded, False, text if is_part else ""))
        return sorted(found, key=lambda one: -(one.score + self._weight(one.place)))

    @staticmethod
    def _weight(place: Place) -> float:
        return min(5.0, sqrt(place.population) / 60)

    def _exact(self, text: str, parts: tuple[str, ...]) -> list[_Candidate]:
        """The places whose name stands in the text word for word."""
        whole = rules.fold(text)
        tries = [text, *reversed(parts)] if len(parts) > 1 else [text]
        for part in tries:
            if (folded := rules.fold(part)) in self.names:
                street = "" if folded == whole else rules.without_words(text, tuple(folded.split()))
                return self._decided(folded, street, doubtful=False)
        for part in reversed(parts):
            words = tuple(rules.fold(part).split())
            run = self._exact_run(words)
            if run:
                before = words[: _last(words, run)]
                doubtful = rules.is_street_name(before, " ".join(run))
                return self._decided(
                    " ".join(run), text if doubtful else rules.without_words(text, run), doubtful
                )
        return []

    def _exact_run(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The longest name at the end of the words, else at their beginning."""
        for size in range(min(len(words), 8), 0, -1):
            for run in (words[-size:], words[:size]):
                joined = " ".join(run)
                if len(joined) > 2 and joined in self.names and not joined.isdigit():
                    if size == 1 and rules.is_street_word(joined):
                        continue
                    return run
        return ()

    def _decided(self, folded: str, street: str, doubtful: bool) -> list[_Candidate]:
        places = self._places([folded]).get(folded, [])
        # A town that is only sometimes called so, far from the place that bears the name, may be meant too.
        least = max(_TOWN, places[0].population // 4)
        sometimes = [
            row.place
            for row in self._ways([folded])
            if row.is_alias and row.place.population >= least and _apart(places[0], row.place) > SAME_TOWN_M
        ]
        places += [place for place in sometimes if place not in places]
        one_town = all(_apart(places[0], other) <= SAME_TOWN_M for other in places)
        score = 80 if doubtful else 100 if one_town else 95
        return [
            _Candidate(place, score, folded, one_town and not doubtful and number == 0, street)
            for number, place in enumerate(places)
        ]

    def _places(self, folded: list[str]) -> dict[str, list[Place]]:
        """The places written like this, real names before aliases, then the largest."""
        there: dict[str, list[tuple[bool, Place]]] = {}
        for row in self._ways(folded):
            there.setdefault(row.folded, []).append((row.is_alias, row.place))
        # Where a place bears the name, those that are only sometimes called so are left out.
        return {
            name: [place for is_alias, place in found if is_alias == found[0][0]]
            for name, found in there.items()
        }

    def _ways(self, folded: list[str]) -> list[PlaceName]:
        rows = PlaceName.objects.filter(country=self.country, folded__in=folded).select_related("place")
        order = ("is_alias", "-place__population", "-place__main", "place__postcode_key", "pk")
        return list(rows.order_by(*order)[:300])

    def _next_to(self, key: str) -> list[Place]:
        """The main places of the postcodes just below and just above one that does not exist."""
        rows = Place.objects.filter(country=self.country, main=True)
        below = rows.filter(postcode_key__lt=key).order_by("-postcode_key")[:2]
        above = rows.filter(postcode_key__gt=key).order_by("postcode_key")[:2]
        both = [place for place in (*below, *above) if place.postcode_key]
        if not key.isdigit():
            return both
        digits = [place for place in both if place.postcode_key.isdigit()]
        return sorted(digits, key=lambda place: abs(int(place.postcode_key) - int(key)))


def _last(words: tuple[str, ...], run: tuple[str, ...]) -> int:
    """Where the run of words begins for the last time, or -1."""
    size = len(run)
    return next((n for n in range(len(words) - size, -1, -1) if size and words[n : n + size] == run), -1)


def _apart(one: Place, other: Place) -> float:
    return cells.distance_m(one.lat, one.lon, other.lat, other.lon)
