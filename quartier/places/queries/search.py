"""Finding the place in what somebody typed: a postcode, a name in any language, misspelled."""

import re
from dataclasses import replace
from functools import cache

from django.db.models import Q

from quartier.places import abroad, rules, streets
from quartier.places.models import Place
from quartier.places.provinces import all_provinces, code_beginnings, province_in
from quartier.places.queries.by_name import read_names
from quartier.places.queries.by_postcode import TypedPostcode, codes_in, read_postcode
from quartier.places.queries.found import LIKELY_SCORE, Found, PlaceReading, ReadingKind
from quartier.places.queries.lookup import SAME_TOWN_M, LinePart, PlaceCandidate, PlaceLookup, apart, parts_of
from quartier.places.queries.names import names_of

_TICKED = 86  # what fits less well is shown to choose from, and not ticked in advance
_AHEAD = 4  # by so much it must fit better than the next one, to be ticked in advance
_TOWN = 20_000  # inhabitants
_ALIKE = 88  # a place here that is less alike than this may be a misspelt town abroad
_NAMED_HERE = 85  # from this score on, a place here is shown although the line points abroad
_AROUND_DEGREES = 0.15
_TOWNS_SHOWN = 6  # of a whole province
_OFFERED = _TICKED - 1


def search(text: str, country: str, language: str, limit: int = 6) -> list[Found]:
    """The places that `text` may mean in `country` (ISO code): best first, at most `limit`, never elsewhere.

    Forgives misspelling, missing accents, other languages and street names around it; never raises on any
    text. `language` ("fr", "nl-BE"...) is that of the labels. When the first is not `certain`, ask.
    """
    return list(read_place(text, country, language, limit).found)


def read_place(text: str, country: str, language: str, limit: int = 6) -> PlaceReading:
    """The same, with what to ask: whether one place is certain or likely, a town is missing, or it is abroad."""
    country = country.upper()[:2]
    line = rules.line(text)
    names = names_of(country) if line.words else None
    parts = parts_of(line)
    if names is None or limit < 1 or not parts:
        return PlaceReading(ReadingKind.UNKNOWN)
    foreign = abroad.foreign_postcode(line.text, country)
    if foreign.is_sure:
        return PlaceReading(ReadingKind.ABROAD, abroad=foreign.countries)
    lookup = PlaceLookup(country, names)
    codes = codes_in(country, parts)
    candidates = read_postcode(lookup, parts, codes) if codes else []
    has_code = bool(candidates)
    if not candidates:
        candidates = _without_code(lookup, parts, codes)
    if foreign.countries and not _is_short_name(lookup, candidates):
        for one in candidates:
            one.certain = False
    kind, countries, kept = _judged(line, country, candidates, foreign, has_code)
    found = _shown(lookup, candidates, language, limit) if kept else []
    if found and kind in {ReadingKind.CERTAIN, ReadingKind.LIKELY}:
        found[0] = replace(found[0], likely=_is_written(candidates[0], line))
    street = ", ".join(part.text for part in parts) if kind == ReadingKind.NO_TOWN else ""
    return PlaceReading(kind, tuple(found), street, countries)


def _is_short_name(lookup: PlaceLookup, candidates: list[PlaceCandidate]) -> bool:
    """Whether the two letters behind a postcode are the name of a place that has it: "6900 On" only looks Dutch. What
    is only alike ("7800 AH", of Ath) is none."""
    if not candidates or not candidates[0].certain:
        return False
    return len(candidates[0].matched) == 2 and candidates[0].matched in lookup.names


def _without_code(
    lookup: PlaceLookup, parts: list[LinePart], codes: list[TypedPostcode]
) -> list[PlaceCandidate]:
    if _is_province(parts, lookup):
        return _towns_of_province(parts, lookup)
    found = read_names(lookup, parts)
    missing = [code.key for code in codes if rules.looks_like_postcode(lookup.country, code.key)]
    if missing:
        for one in found:
            one.certain, one.score = False, min(one.score, 92)
            one.street = "" if one.street.isdigit() else one.street
        found += [
            PlaceCandidate(place, 70, place.postcode_key) for place in _next_to(lookup.country, missing[-1])
        ]
    return found


def _is_province(parts: list[LinePart], lookup: PlaceLookup) -> bool:
    """Whether the line names a province, a region or the country: where in it, nobody knows."""
    folded = " ".join(word for part in parts for word in part.words)
    provinces = _province_names(lookup.country)
    bare = _OFFICE.sub("", folded)
    if bare != folded and bare in {_OFFICE.sub("", name) for name in provinces}:
        return True
    if folded in lookup.names:
        return False
    return folded in provinces or folded in abroad.COUNTRY_NAMES.get(lookup.country, ()) or folded in _REGIONS


def _towns_of_province(parts: list[LinePart], lookup: PlaceLookup) -> list[PlaceCandidate]:
    """Its town of the same name, then its largest ones: to choose from, and none of them is likely."""
    folded = " ".join(word for part in parts for word in part.words)
    bare = _OFFICE.sub("", folded)
    beginnings = [
        beginning
        for beginning, names in code_beginnings(lookup.country).items()
        if any(_OFFICE.sub("", rules.fold(name)) == bare for name in names)
    ]
    if not beginnings:
        return []
    inside = Q()
    for beginning in beginnings:
        inside |= Q(admin_code__startswith=beginning)
    rows = Place.objects.filter(inside, country=lookup.country, kind=Place.Kind.MUNICIPALITY)
    largest = list(rows.order_by("-population", "-main", "postcode_key")[: 4 * _TOWNS_SHOWN])
    of_name = [place for place in largest if bare in lookup.names_of_municipality(place)]
    towns = {place.admin_code: place for place in reversed([*of_name[:1], *largest])}
    ordered = dict.fromkeys(towns[place.admin_code] for place in [*of_name[:1], *largest])
    return [PlaceCandidate(place, _OFFERED, bare) for place in list(ordered)[:_TOWNS_SHOWN]]


@cache
def _province_names(country: str) -> frozenset[str]:
    return frozenset(rules.fold(name) for names in all_provinces(country) for name in names)


_OFFICE = re.compile(
    r"^(?:(?:la |de |the )?(?:prov|province|provincie|provinz|region|regio)(?: de| d| of| du)? )"
    r"|(?: (?:prov|province|provincie|provinz|region|regio))$"
)


_REGIONS = {
    "wallonie",
    "flandre",
    "vlaanderen",
    "wallonien",
    "flandern",
    "wallonia",
    "flanders",
    "brabant",
    "hainaut",
}


def _judged(
    line: rules.Line,
    country: str,
    candidates: list[PlaceCandidate],
    foreign: abroad.ForeignSigns,
    has_code: bool,
) -> tuple[ReadingKind, tuple[str, ...], bool]:
    """What to say of the candidates, which countries the line points to, and whether the candidates are shown."""
    best = candidates[0].score if candidates else 0.0
    if candidates and candidates[0].certain:
        return ReadingKind.CERTAIN, (), True
    town = abroad.foreign_town(line, country)
    if not (town.countries or foreign.countries or has_code) and best < _ALIKE:
        town = abroad.like_foreign_town(line, country, max(best, _ALIKE - 2))
    countries = town.countries or foreign.countries
    if countries:
        # A place here stays to be chosen: "Lille" is one in Flanders too. Not beside a postcode from abroad.
        is_here = best >= _NAMED_HERE and candidates[0].named and not town.is_sure
        return ReadingKind.ABROAD, countries, is_here and not (town.countries and foreign.countries)
    has_street = any(streets.is_street(tuple(rules.fold(part).split())) for part in line.parts)
    if has_street and best < LIKELY_SCORE:
        return ReadingKind.NO_TOWN, (), True
    if not candidates:
        return ReadingKind.UNKNOWN, (), False
    first = candidates[0].place
    # The same town with another postcode is no other place.
    others = (
        one for one in candidates if (one.place.key, one.place.admin_code) != (first.key, first.admin_code)
    )
    second = max((one.score - _smaller(one.place, first) for one in others), default=0.0)
    is_likely = best >= _TICKED and best - second >= _AHEAD
    return (ReadingKind.LIKELY if is_likely else ReadingKind.SEVERAL), (), True


def _is_written(one: PlaceCandidate, line: rules.Line) -> bool:
    """Whether the line holds the name or the postcode itself, but for spaces: what is only alike may be elsewhere, a
    hamlet that we do not know."""
    if one.doubt is not None:
        return False
    typed = "".join(word for word in line.words if not word[:1].isdigit())
    return one.named or one.matched.replace(" ", "") == typed


def _smaller(place: Place, first: Place) -> int:
    """What a far smaller place counts less than a town."""
    return _AHEAD if first.population >= max(_TOWN, 10 * place.population) else 0


def _shown(lookup: PlaceLookup, candidates: list[PlaceCandidate], language: str, limit: int) -> list[Found]:
    kept: dict[object, PlaceCandidate] = {}
    for candidate in candidates:
        kept.setdefault(candidate.place.pk, candidate)
    shown = list(kept.values())[:limit]
    codes = _codes_around([one.place for one in shown if not one.place.admin_code])
    found = []
    for one in shown:
        found.append(
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
                province=province_in(
                    lookup.country, one.place.admin_code or codes.get(one.place.pk, ""), language
                ),
                doubt=one.doubt,
            )
        )
    return found


def _codes_around(places: list[Place]) -> dict[object, str]:
    """For places whose municipality is not known, a code of the province that all postcodes around are in. One query,
    none for no places."""
    around = Q()
    for place in places:
        around |= Q(
            country=place.country,
            lat__range=(place.lat - _AROUND_DEGREES, place.lat + _AROUND_DEGREES),
            lon__range=(place.lon - _AROUND_DEGREES, place.lon + _AROUND_DEGREES),
        )
    mains = list(Place.objects.filter(around, main=True).exclude(postcode="")) if places else []
    found: dict[object, str] = {}
    for place in places:
        codes = [main.admin_code for main in mains if apart(place, main) <= SAME_TOWN_M]
        if len({province_in(place.country, code, "fr") for code in codes}) == 1:
            found[place.pk] = codes[0]
    return found


def _next_to(country: str, key: str) -> list[Place]:
    """The main places of the postcodes nearest to one that does not exist, then those with one other digit."""
    rows = Place.objects.filter(country=country, main=True).exclude(postcode_key="")
    if not key.isdigit():
        below = rows.filter(postcode_key__lt=key).order_by("-postcode_key")[:2]
        above = rows.filter(postcode_key__gt=key).order_by("postcode_key")[:2]
        return [*below, *above]
    alike = {f"{key[:n]}{digit}{key[n + 1 :]}" for n in range(len(key)) for digit in "0123456789"}
    alike |= {f"{key[:n]}{key[n + 1]}{key[n]}{key[n + 2 :]}" for n in range(len(key) - 1)}
    near = {str(number).zfill(len(key)) for number in range(max(0, int(key) - 12), int(key) + 13)}
    places = list(rows.filter(postcode_key__in=alike | near))
    nearest = sorted(places, key=lambda place: (abs(int(place.postcode_key) - int(key)), place.postcode_key))
    largest = sorted(places, key=lambda place: (-place.population, place.postcode_key))
    return list(dict.fromkeys([*nearest[:3], *largest[:3]]))
