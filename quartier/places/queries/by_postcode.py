"""Reading a line that holds a postcode of the country: what stands beside it must agree."""

from dataclasses import dataclass

from rapidfuzz import fuzz

from quartier.places import rules, streets
from quartier.places.models import Place, PlaceName
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

_GOOD = 80  # from this ratio on, words beside a postcode count as the name of its place


@dataclass(frozen=True)
class TypedPostcode:
    """A postcode in a line: its key, its part, first word, word behind the last; whether letters stand for digits."""

    key: str
    part: int
    start: int
    end: int
    misread: bool = False


def codes_in(country: str, parts: list[LinePart]) -> list[TypedPostcode]:
    """Everything in the parts that may be a postcode of the country."""
    digits = rules.postcode_digits(country)
    found = []
    for number, part in enumerate(parts):
        for key, start, end in rules.postcode_candidates(country, part.words):
            apart = end - start > 1 and bool(digits) and part.words[start].isdigit()
            if not apart or len(key) == digits:
                found.append(TypedPostcode(key, number, start, end, misread=apart))
        for start, word in enumerate(part.words):
            key = rules.misread_postcode(country, word)
            if key:
                found.append(TypedPostcode(key, number, start, start + 1, misread=True))
    return found


def read_postcode(
    lookup: PlaceLookup, parts: list[LinePart], codes: list[TypedPostcode]
) -> list[PlaceCandidate]:
    """What the postcodes of the country in the line give, best first; nothing where there is none."""
    rows = Place.objects.filter(country=lookup.country, postcode_key__in={code.key for code in codes})
    there: dict[str, list[Place]] = {}
    for place in rows.order_by("-main", "-population", "key", "pk")[:400]:
        there.setdefault(place.postcode_key, []).append(place)
    # The last one, and the longest: house numbers come first, "1050 AB" is more than "1050".
    real = sorted(
        (code for code in codes if code.key in there),
        key=lambda code: (not code.misread, code.part, code.end, code.end - code.start),
        reverse=True,
    )
    if any(not code.misread for code in real):
        real = [code for code in real if not code.misread]
    read: list[tuple[TypedPostcode, list[PlaceCandidate]]] = []
    for code in real:
        if not any(
            code.part == one.part and code.start >= one.start and code.end <= one.end for one, _ in read
        ):
            read.append((code, _Beside(lookup, parts, code).read(there[code.key])))
    sure = [found for _code, found in read if found[0].certain]
    if len({found[0].place.pk for found in sure}) > 1:
        for found in sure:
            found[0].certain, found[0].score = False, 92
    elif sure:
        return sure[0]
    read.sort(key=lambda one: -one[1][0].score)
    return [found[0] for _code, found in read] + [one for _code, found in read for one in found[1:]]


class _Beside:
    """What stands beside one postcode of the line."""

    def __init__(self, lookup: PlaceLookup, parts: list[LinePart], code: TypedPostcode) -> None:
        self.lookup, self.code = lookup, code
        words = parts[code.part].words
        self.before, self.after = words[: code.start], words[code.end :]
        self.typed = words[code.start : code.end]
        others = [part.words for number, part in enumerate(parts) if number != code.part]
        self.pieces: list[Words] = [
            piece for piece in (self.before, self.after, *others) if lookup.trimmed(piece)
        ]
        self.text = ", ".join(part.text for part in parts)

    def read(self, places: list[Place]) -> list[PlaceCandidate]:
        names = self._names_of(places)
        named: tuple[float, Place, Words] | None = None
        elsewhere: list[PlaceCandidate] = []
        strange, has_street = False, False
        drop: list[Words] = [self.typed]
        for piece in self.pieces:
            found = self._named_in(piece, names)
            if found:
                named = max(named or found, found, key=lambda one: one[0])
                drop.append(found[2])
                has_street = has_street or (len(piece) > len(found[2]) and streets.is_street(piece))
                continue
            others = self._named_elsewhere(piece, places[0])
            if others is None and streets.is_street(piece):
                has_street = True
            elif others is None and streets.is_only_number(piece):
                strange = strange or not any(streets.has_kind(each) for each in self.pieces)
            elif others is None:
                strange = True
            elif others:
                elsewhere += others
            else:
                drop.append(self.lookup.trimmed(piece))
        first = PlaceCandidate(
            named[1] if named else places[0], 100, " ".join(named[2]) if named else places[0].postcode_key
        )
        first.street = self._street(drop)
        first.certain = not (strange or elsewhere)
        if not first.certain:
            first.score = 90
        first.named = not self.code.misread
        if named is None and (self.code.misread or self._may_be_house_number(has_street)):
            first.certain, first.score = False, 92 if self.code.misread else 87 if elsewhere else 78
        rest = [PlaceCandidate(place, 70, place.postcode_key, False, first.street) for place in places]
        return sorted([first, *elsewhere], key=lambda one: -one.score) + rest

    def _may_be_house_number(self, has_street: bool) -> bool:
        """Whether the digits may be the number in the street: "Chaussée de Waterloo 1050"."""
        numbers = any(word[:1].isdigit() for piece in self.pieces for word in piece)
        return has_street and not numbers

    def _street(self, drop: list[Words]) -> str:
        text = self.text
        for words in drop:
            text = rules.without_words(text, words)
        return (
            text
            if rules.fold(text) and not self.lookup.is_explained(tuple(rules.fold(text).split()), set())
            else ""
        )

    def _names_of(self, places: list[Place]) -> dict[str, tuple[int, Place]]:
        """What the places of the postcode are called, and what their municipality is; the place itself first."""
        by_key = {place.pk: (number, place) for number, place in enumerate(places)}
        found: dict[str, tuple[int, Place]] = {}
        ways = PlaceName.objects.filter(place__in=by_key).values_list("folded", "place_id", "is_alias")
        for folded, key, _is_alias in sorted(ways, key=lambda way: (way[2], by_key[way[1]][0])):
            if len(folded) > 1:
                found.setdefault(folded, by_key[key])
        for number, place in enumerate(places):
            for name in self.lookup.names_around(place):
                found.setdefault(name, (number, place))
        return found

    def _named_in(
        self, piece: Words, names: dict[str, tuple[int, Place]]
    ) -> tuple[float, Place, Words] | None:
        """The place of the postcode that a piece names, how sure, and with which words; the rest is its street."""
        piece = self.lookup.trimmed(piece)
        for start, end in runs_of(piece):
            run, before, rest = piece[start:end], piece[:start], piece[end:]
            if " ".join(run) not in names or streets.is_inside_street(before):
                continue
            if self._fits_around(before, names) and self._fits_around(rest, names):
                return 200.0 + len(" ".join(run)), names[" ".join(run)][1], run
        bare = tuple(word for word in piece if not word.isdigit())
        if streets.has_kind(bare):
            tail = _behind_number(piece)
            return self._alike(tail, names) if tail else None
        return self._alike(bare, names)

    def _alike(self, words: Words, names: dict[str, tuple[int, Place]]) -> tuple[float, Place, Words] | None:
        text = " ".join(words)
        scored = [(fuzz.ratio(text, name), -number, name) for name, (number, _place) in names.items()]
        score, _number, name = max(scored, default=(0.0, 0, ""))
        return (score, names[name][1], words) if text and score >= _GOOD else None

    def _fits_around(self, words: Words, names: dict[str, tuple[int, Place]]) -> bool:
        return not words or self.lookup.is_explained(words, set(names)) or streets.is_street(words)

    def _named_elsewhere(self, piece: Words, place: Place) -> list[PlaceCandidate] | None:
        """Places that a piece names and that have another postcode; empty for the large town around this one and for a
        village in it, `None` where no place is named."""
        piece = self.lookup.trimmed(piece)
        for start, end in runs_of(piece):
            run = piece[start:end]
            if not may_be_name(run, self.lookup.names) or streets.is_inside_street(piece[:start]):
                continue
            if (
                streets.has_kind(piece[:start])
                and not streets.ends_with_number(piece[:start])
                and end == len(piece)
            ):
                continue
            if self.lookup.is_suburb(place, run) and self._fits_around(piece[:start] + piece[end:], {}):
                return []
            others = self.lookup.called(" ".join(run))
            if any(not other.postcode and apart(place, other) <= SAME_TOWN_M for other in others):
                # A village whose own postcode nobody told us: it is the one that was typed.
                return []
            if others:
                return [PlaceCandidate(other, 88, " ".join(run)) for other in others[:6]]
        return None


def _behind_number(words: Words) -> Words:
    """What follows the last house number."""
    last = max((n for n, word in enumerate(words) if streets.is_house_number(word)), default=len(words))
    return words[last + 1 :]
