"""Reading a line without a postcode: names of places word for word, then what is alike."""

from dataclasses import dataclass, replace

from quartier.places import rules, streets
from quartier.places.abroad import is_foreign_town
from quartier.places.models import Place
from quartier.places.queries.found import Doubt
from quartier.places.queries.kept_names import area_names, well_known_aliases
from quartier.places.queries.lookup import (
    SAME_TOWN_M,
    LinePart,
    PlaceCandidate,
    PlaceLookup,
    Words,
    apart,
    may_be_name,
    runs_of,
)
from quartier.places.queries.names import WORST

_TOWN = 5_000  # inhabitants
_WELL_KNOWN = 20_000  # inhabitants; a smaller town of the name of one abroad, or of a province, is asked for
_FAR_LARGER = 3  # so many times larger than a village of the same name is a well-known town that is meant
_GOOD = 82  # from this likeness on, a part of a line counts as the name of a place
_NOISE = 14  # what fits so much less than the best is not meant
_RIVAL = 92
_LONGER = 94
_UNSURE = 78
IN_STREET = 55  # the score of a place that a street is named after


@dataclass(frozen=True)
class _Sighting:
    """A name of the country in one part of the line."""

    part: int
    start: int
    end: int
    run: str
    before: Words
    after: Words
    is_in_street: bool


@dataclass(frozen=True)
class _Query:
    """Words to look for: the least likeness, what it costs, their share of the line, the street beside them, and the
    most that they can score."""

    text: str
    least: int = 0
    cost: int = 0
    share: float = 1.0
    street: str = ""
    most: float = 100.0


def read_names(lookup: PlaceLookup, parts: list[LinePart]) -> list[PlaceCandidate]:
    """What the line may mean by its names, best first."""
    return _Reading(lookup, parts).run()


class _Reading:
    def __init__(self, lookup: PlaceLookup, parts: list[LinePart]) -> None:
        self.lookup = lookup
        trimmed = [LinePart(part.text, lookup.trimmed(part.words)) for part in parts]
        self.parts = [part for part in trimmed if not lookup.is_explained(part.words, set())] or trimmed
        self.words = tuple(word for part in self.parts for word in part.words)
        self.letters = sum(len(word) for word in self.words if not word.isdigit()) or 1
        self.has_street = any(streets.is_street(part.words) for part in self.parts)

    def run(self) -> list[PlaceCandidate]:
        sightings = self._sightings()
        longer = self.lookup.names.longer
        self.lookup.ways([name for one in sightings for name in (one.run, *longer.get(one.run, ()))])
        decided, partial = [], []
        for one in sightings:
            for place in self.lookup.called(one.run):
                score, street = self._judged(one, place)
                if score >= 100:
                    decided.append((one, place, street))
                else:
                    partial.append(PlaceCandidate(place, score, one.run, False, street))
            partial += self._longer_beside(one)
        exact = self._decided(decided) if decided else []
        if exact and exact[0].certain:
            return exact + [one for one in self._alike(100) if one.score >= _GOOD]
        found = exact + sorted(
            partial + self._alike(_GOOD if exact else WORST),
            key=lambda one: -(one.score + min(4.0, one.place.population / 30_000)),
        )
        best = max((one.score for one in found), default=0)
        return [one for one in found if one.score >= best - _NOISE or one.score == IN_STREET]

    def _sightings(self) -> list[_Sighting]:
        whole = " ".join(self.words)
        if len(self.parts) > 1 and whole in self.lookup.names:
            return [_Sighting(-1, 0, len(self.words), whole, (), (), False)]
        found = []
        for number, part in enumerate(self.parts):
            words = part.words
            for start, end in runs_of(words):
                run = words[start:end]
                if may_be_name(run, self.lookup.names):
                    before = self.lookup.trimmed(words[:start])
                    explained = self.lookup.is_explained(words[:start], set())
                    inside = not explained and streets.is_inside_street(before)
                    found.append(
                        _Sighting(number, start, end, " ".join(run), words[:start], words[end:], inside)
                    )
        # The longest name at a place is meant: "Louvain" in "Louvain-la-Neuve" is none.
        return [one for one in found if not any(_is_inside(one, other) for other in found)]

    def _longer_beside(self, one: _Sighting) -> list[PlaceCandidate]:
        """Places of a longer name, where their municipality stands beside it: "Machelen (Zulte)"."""
        beside = [] if one.is_in_street else self._beside(one)
        if not beside:
            return []
        return [
            PlaceCandidate(place, _LONGER, one.run, False, self._street(one))
            for name in self.lookup.names.longer.get(one.run, ())
            for place in self.lookup.called(name)
            if all(" ".join(words) in self.lookup.names_of_municipality(place) for words in beside)
        ]

    def _judged(self, one: _Sighting, place: Place) -> tuple[float, str]:
        """How well a name in the line fits, 100 when every other word is accounted for; and the street beside it."""
        if one.is_in_street or (not one.before and streets.lacks_name(one.after)):
            return IN_STREET, self._street(one)
        around = self.lookup.names_around(place)
        share = len(one.run.replace(" ", "")) / self.letters
        weak = min(91.0, 60 + 35 * share)
        if place.population < _WELL_KNOWN and streets.is_only_number((*one.before, *one.after)):
            # "Meir 24" is rather a street than a house in a village of that name.
            weak = min(weak, _UNSURE)
        is_parted = True
        if not self._is_beside(one.before, around, place, one.run):
            if streets.is_street(one.before) and not self._is_other_place(one.before):
                is_parted = streets.ends_with_number(one.before)
            else:
                return weak, ""
        if not self._is_beside(one.after, around, place, one.run) and not (
            streets.begins_street(one.after) and not self._is_other_place(one.after)
        ):
            return weak, ""
        for number, part in enumerate(self.parts):
            if one.part in {number, -1} or self._is_beside(part.words, around, place, one.run):
                continue
            if streets.is_only_number(part.words) and self.has_street:
                continue
            if not streets.is_street(part.words) or self._is_other_place(part.words):
                return weak, ""
        return (100 if is_parted else 90), self._street(one)

    def _is_beside(self, words: Words, around: set[str], place: Place, called: str) -> bool:
        if self.lookup.is_explained(words, around):
            return True
        return self.lookup.is_suburb(place, self.lookup.trimmed(words), called)

    def _is_other_place(self, words: Words) -> bool:
        """Whether a name with a number is rather another town than a street: "Gent 3"."""
        if streets.has_kind(words):
            return False
        return " ".join(word for word in words if not word[:1].isdigit()) in self.lookup.names

    def _street(self, one: _Sighting) -> str:
        if one.part < 0:
            return ""
        if one.is_in_street:
            return ", ".join(part.text for part in self.parts)
        kept = []
        for number, part in enumerate(self.parts):
            text = rules.without_words(part.text, tuple(one.run.split())) if number == one.part else part.text
            if streets.is_street(part.words) or streets.is_only_number(part.words):
                kept.append(text)
        return ", ".join(text for text in kept if text)

    def _decided(self, found: list[tuple[_Sighting, Place, str]]) -> list[PlaceCandidate]:
        """The places that account for every word: certain when nothing else can be meant."""
        # The longest name, then the last part: "Mont-sur-Marchienne" before "Mont".
        best = max(found, key=lambda one: (len(one[0].run), one[0].part))[0]
        places = list(dict.fromkeys(place for one, place, _street in found if one.run == best.run))
        street = next(street for one, _place, street in found if one.run == best.run)
        first = places[0]
        mixed = self._is_mixed(best, first)
        rivals = self._rivals(best, first, mixed) + self._bearers(best, first)
        others = {" ".join(one.run.split()) for one, _place, _street in found} - {best.run}
        rivals += [
            place for one, place, _street in found if one.run in others and apart(first, place) > SAME_TOWN_M
        ]
        rivals = [place for place in dict.fromkeys(rivals) if place not in places]
        one_town = all(_is_one_town(first, other) for other in places)
        doubt = self._doubt(best, first)
        abroad = is_foreign_town(best.run, self.lookup.country) and _is_small(first)
        certain = one_town and not rivals and not abroad and not mixed and doubt is None
        score = 100.0 if certain else 95.0
        exact = [
            PlaceCandidate(place, score, best.run, certain and number == 0, street, doubt=doubt)
            for number, place in enumerate(places)
        ]
        return exact + [PlaceCandidate(place, _RIVAL, best.run, False, street) for place in rivals]

    def _doubt(self, one: _Sighting, place: Place) -> Doubt | None:
        """Why the words may mean something else, although they name this place and no other one."""
        country, run, beside = self.lookup.country, one.run, self._beside(one)
        if any(" ".join(words) in self.lookup.names_of_municipality(place) for words in beside):
            return None
        is_alias = all(alias for alias, other in self.lookup.ways([run])[run] if other.pk == place.pk)
        if is_alias and (place.key, run) not in well_known_aliases(country):
            return Doubt.ALIAS
        if _is_small(place) and not beside and run in area_names(country):
            return Doubt.AREA
        is_saint = run.startswith("st ") and run.count(" ") == 1
        is_village = _is_small(place) and place.kind != Place.Kind.MUNICIPALITY
        return Doubt.PARISH if is_saint and is_village else None

    def _beside(self, one: _Sighting) -> list[Words]:
        """What the line says beside the name, without what says nothing of where it is, and without streets."""
        parts = [part.words for number, part in enumerate(self.parts) if one.part not in {number, -1}]
        pieces = [self.lookup.trimmed(words) for words in (one.before, one.after, *parts)]
        return [
            words
            for words in pieces
            if not self.lookup.is_explained(words, set())
            and not streets.is_street(words)
            and not streets.is_only_number(words)
        ]

    def _bearers(self, one: _Sighting, place: Place) -> list[Place]:
        """Places elsewhere that bear the name too, as an alias or as the beginning or the end of a longer one; of
        those the ones that agree with what stands beside it."""
        beside = self._beside(one)
        return [
            other
            for other in self._all_bearers(one.run)
            if apart(place, other) > SAME_TOWN_M
            and not _is_far_larger(place, other)
            and all(
                self._is_beside(words, self.lookup.names_around(other), other, one.run) for words in beside
            )
        ]

    def _all_bearers(self, run: str) -> list[Place]:
        longer = self.lookup.names.longer.get(run, ())
        found = [other for _is_alias, other in self.lookup.ways([run])[run]]
        return found + [other for name in longer for other in self.lookup.called(name)]

    def _is_mixed(self, one: _Sighting, place: Place) -> bool:
        """Whether the saint is of another language than the rest of the name: "Sint Gilles" for Saint-Gilles."""
        typed = rules.saints(self.parts[one.part].text if one.part >= 0 else "")
        names = [name for name in {place.name, *place.names().values()} if rules.fold(name) == one.run]
        written = set().union(*(rules.saints(name) for name in names))
        return bool(typed and written) and not typed & written

    def _rivals(self, one: _Sighting, place: Place, mixed: bool) -> list[Place]:
        """Places of another name that may be meant by this one."""
        found = self.lookup.ways([one.run])[one.run]
        is_alias = mixed or all(alias for alias, _place in found)
        names = self.lookup.names.rivals(one.run, with_aliases=mixed)
        least = _TOWN if mixed else max(_TOWN, place.population // 2)
        rivals = []
        for name in names if names and self.lookup.ways(names) else ():
            for other in self.lookup.called(name):
                # "Sint-Gillis-bij-Dendermonde" is beside Dendermonde; of a short name every bearer may be meant.
                near = apart(place, other) <= SAME_TOWN_M
                if other.pk == place.pk or (near and (not is_alias or other.admin_code == place.admin_code)):
                    continue
                is_town = other.kind == Place.Kind.MUNICIPALITY
                if other.population >= least or (is_alias and is_town):
                    rivals.append(other)
        return list(dict.fromkeys(rivals))

    def _alike(self, worst: int) -> list[PlaceCandidate]:
        """What sounds or looks alike, for the whole line and for its parts."""
        scored: dict[str, tuple[float, str]] = {}
        for one in self._queries():
            if not one.text:
                continue
            least = worst if worst >= 100 else max(worst, one.least)
            for match in self.lookup.names.closest(one.text, 12, least):
                score = min(one.most, (match.score - one.cost) * (0.75 + 0.25 * one.share))
                if match.score >= one.least and score > scored.get(match.folded, (0.0, ""))[0]:
                    scored[match.folded] = (score, one.street)
        best = sorted(scored, key=lambda folded: -scored[folded][0])[:12]
        self.lookup.ways(best)
        return [
            PlaceCandidate(place, scored[folded][0], folded, False, scored[folded][1], named=False)
            for folded in best
            for place in self.lookup.called(folded)
        ]

    def _queries(self) -> list[_Query]:
        whole = _Query(_plain(self.words))
        if self.has_street:
            # "Chaussée-Notre-Dame-Louvignies" is a village; without a kind of street it is the number that makes one.
            has_kind = any(streets.has_kind(part.words) for part in self.parts)
            whole = replace(whole, least=89, most=100 if has_kind else _UNSURE)
            return [whole, *self._beside_streets()]
        found = [whole]
        if len(self.parts) > 1:
            return found + [self._query(part.words, 2) for part in reversed(self.parts)]
        words = tuple(whole.text.split())
        for size in (3, 2, 1):
            if size < len(words):
                found += [self._query(words[-size:], 4), self._query(words[:size], 4)]
        return found

    def _query(self, words: Words, cost: int) -> _Query:
        text = _plain(words)
        return _Query(text, _GOOD, cost, min(1.0, len(text.replace(" ", "")) / self.letters))

    def _beside_streets(self) -> list[_Query]:
        """What may be a town beside the streets of the line, each with the streets."""
        found = []
        for number, part in enumerate(self.parts):
            others = [
                other.text
                for at, other in enumerate(self.parts)
                if at != number and streets.is_street(other.words)
            ]
            if not streets.is_street(part.words):
                found.append(_Query(_plain(part.words), _GOOD, 2, street=", ".join(others)))
                continue
            if not streets.has_kind(part.words):
                # "Meir 24" is rather a street that we do not know than a misspelt town.
                found.append(_Query(_plain(part.words), _GOOD + 2, 3, most=_UNSURE))
            for tail in _tails(part.words):
                own = rules.without_words(part.text, tail)
                found.append(_Query(_plain(tail), _GOOD, 3, street=", ".join([*others, own])))
        return found


def _tails(words: Words) -> list[Words]:
    """The ends of a street's line that may be a town: behind the last number, else the last words of a long name."""
    last = max((n for n, word in enumerate(words) if streets.is_house_number(word)), default=-1)
    if 0 < last < len(words) - 1:
        tail = words[last + 1 :]
        return [] if streets.is_only_number(tail) else [tail]
    if last >= 0:
        return []
    sizes = (size for size in (3, 2, 1) if len(words) - size >= 2)
    tails = [(words[: len(words) - size], words[-size:]) for size in sizes]
    return [
        tail for before, tail in tails if not streets.is_inside_street(before) and not streets.has_kind(tail)
    ]


def _is_small(place: Place) -> bool:
    return place.population < _WELL_KNOWN


def _is_far_larger(one: Place, other: Place) -> bool:
    return not _is_small(one) and one.population >= _FAR_LARGER * other.population


def _is_one_town(one: Place, other: Place) -> bool:
    if one.admin_code and one.admin_code == other.admin_code:
        return True
    return apart(one, other) <= SAME_TOWN_M


def _plain(words: Words) -> str:
    return " ".join(word for word in words if not any(sign.isdigit() for sign in word))


def _is_inside(one: _Sighting, other: _Sighting) -> bool:
    if one.part != other.part or one == other:
        return False
    return other.start <= one.start and one.end <= other.end
