"""What is more than one thing is asked: villages of one name, parishes, provinces, rivers, everyday words.

`typed_alike.txt` says how to read it. It was written before the search was asked: mend a rule when a line fails, and
never put a line's own case into the search.
"""

from collections import defaultdict
from pathlib import Path

import pytest
from django.utils import translation

from quartier.places.asking import question_about
from quartier.places.models import PlaceName
from quartier.places.queries import PlaceReading, ReadingKind, read_place
from quartier.places.queries.kept_names import area_names, well_known_aliases
from quartier.places.queries.lookup import apart
from quartier.places.tests.test_typed import FOUND_SHARE, code_of

# Names are read from a table that is alike on both databases.
pytestmark = pytest.mark.either

TYPED_FILE = Path(__file__).parent / "typed_alike.txt"


def lines():
    rows = TYPED_FILE.read_text(encoding="utf-8").splitlines()
    return [(text, answer) for text, sign, answer in (row.rpartition(" = ") for row in rows) if sign]


def is_taken(reading: PlaceReading) -> bool:
    """Whether a place is certain, or ticked in advance."""
    return any(found.certain or found.likely for found in reading.found)


def is_wrong(reading: PlaceReading, answer: str) -> bool:
    """Whether a place is certain or ticked that should have been asked for, or is another one."""
    asked = answer == "none" or answer.startswith(("all ", "?"))
    return is_taken(reading) and (asked or code_of(reading.found[0]) != answer.removeprefix("!"))


def is_found(reading: PlaceReading, answer: str) -> bool:
    if answer == "none":
        return True
    codes = [code_of(found) for found in reading.found]
    if answer.startswith("all "):
        return set(answer.removeprefix("all ").split(",")) <= set(codes)
    if answer.startswith("!"):
        return reading.kind == ReadingKind.CERTAIN and codes[0] == answer[1:]
    return answer.removeprefix("?") in codes[:3]


@pytest.fixture(scope="module")
def readings(belgium_for_all, django_db_blocker):
    with django_db_blocker.unblock():
        return [(text, answer, read_place(text, "BE", "fr")) for text, answer in lines()]


def test_what_is_more_than_one_thing_is_never_taken_for_one(readings):
    assert len(readings) >= 150
    assert [text for text, answer, reading in readings if is_wrong(reading, answer)] == []


def test_what_is_meant_is_offered(readings):
    named = [one for one in readings if one[1] != "none"]
    missed = [text for text, answer, reading in named if not is_found(reading, answer)]
    assert len(missed) <= (1 - FOUND_SHARE) * len(named), missed


def test_the_names_that_everybody_knows_are_certain(readings):
    known = [(text, answer, reading) for text, answer, reading in readings if answer.startswith("!")]
    assert [text for text, answer, reading in known if not is_found(reading, answer)] == []


def named_alike():
    """Each name of a place with the places far away that bear it too: as their name, an alias, or the beginning of a
    longer name. Read from the table itself."""
    rows = PlaceName.objects.filter(country="BE").select_related("place")
    by_name, by_beginning = defaultdict(list), defaultdict(list)
    for row in rows:
        by_name[row.folded].append((row.is_alias, row.place))
        words = row.folded.split()
        for size in range(1, len(words)):
            if not row.is_alias:
                by_beginning[" ".join(words[:size])].append(row.place)
    for name, bearers in by_name.items():
        own = [place for is_alias, place in bearers if not is_alias]
        for place in own[:1]:
            others = [other for _is_alias, other in bearers] + by_beginning[name]
            far = [other for other in others if apart(place, other) > 10_000]
            if far and max(one.population for one in own) < 20_000:
                yield name, place, far


def test_every_name_that_another_place_bears_too_is_asked(belgium):
    alike = list(named_alike())
    assert len(alike) > 60
    for name, place, far in alike:
        reading = read_place(name, "BE", "nl", 12)
        assert not is_taken(reading), (name, place, far)
        shown = [found.place for found in reading.found]
        assert [other for other in far if other in shown], (name, place, far)


def test_no_alias_is_taken_but_those_that_everybody_knows(belgium):
    """What a place is called in a dialect or in another country is an everyday word here, or a quarter's name."""
    own, aliases = set(), set()
    for name, is_alias in PlaceName.objects.filter(country="BE").values_list("folded", "is_alias"):
        (aliases if is_alias else own).add(name)
    known = {alias for _place, alias in well_known_aliases("BE")}
    strange = sorted(aliases - own - known)
    assert len(strange) > 2_000
    assert [name for name in strange[::3] if is_taken(read_place(name, "BE", "fr"))] == []


@pytest.mark.parametrize("name", sorted(area_names("BE")))
def test_a_village_called_like_a_province_or_a_river_is_asked(belgium, name):
    reading = read_place(name, "BE", "de")
    if is_taken(reading):
        assert reading.found[0].place.population > 100_000


@pytest.mark.parametrize(
    ("text", "postcode"),
    [
        ("Limbourg, province de Liège", "4830"),
        ("Saint-Servais (Namur)", "5002"),
        ("Perwez, Ohey", "5352"),
        ("Zandvoorde Zonnebeke", "8980"),
        ("Montaigu", "3270"),
    ],
)
def test_what_stands_beside_a_name_says_which_one_is_meant(belgium, text, postcode):
    assert code_of(read_place(text, "BE", "fr").found[0]) == postcode
    assert is_taken(read_place(text, "BE", "fr"))


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
@pytest.mark.parametrize("text", ["Limburg", "Saint-Gérard", "Saint-Léonard", "hier"])
def test_the_question_is_calm_and_names_the_place(belgium, text, language):
    with translation.override(language):
        reading = read_place(text, "BE", language)
        asked = question_about(reading, text, "BE")
    assert text in asked
    if reading.kind == ReadingKind.LIKELY:
        assert reading.found[0].label in asked


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Namur, prov.", "5000"),
        ("regio Antwerpen", "2000"),
        ("province de Liège", "4000"),
        ("Provincie Limburg", "3500"),
        ("province de Luxembourg", "6700"),
        ("West-Vlaanderen", "8000"),
    ],
)
def test_of_a_whole_province_its_towns_are_offered_and_none_is_taken(belgium, text, first):
    reading = read_place(text, "BE", "fr")
    assert reading.kind == ReadingKind.SEVERAL
    assert code_of(reading.found[0]) == first
    assert len(reading.found) == 6
    assert len({found.province for found in reading.found}) == 1
    assert not any(found.certain or found.likely for found in reading.found)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Mariakerke", {"9030", "8400"}),
        ("Zeedijk 12 Mariakerke", {"9030", "8400"}),
        ("Moorsel", {"9310", "3080"}),
        ("Putte", {"2580", "2950", "2940"}),
        ("Donk", {"3540", "2400", "9290"}),
        ("Sint-Andries", {"8200", "2000"}),
        ("Champlon", {"6971", "6900"}),
    ],
)
def test_a_quarter_called_like_a_village_elsewhere_is_asked(belgium, text, codes):
    reading = read_place(text, "BE", "nl")
    assert reading.kind == ReadingKind.SEVERAL
    assert not is_taken(reading)
    assert codes <= {code_of(found) for found in reading.found}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Mariakerke Ostende", "8400"),
        ("Mariakerke Gent", "9030"),
        ("Putte Kapellen", "2950"),
        ("Weywertz", "4750"),
        ("Nidrum", "4750"),
        ("Sourbrodt", "4950"),
    ],
)
def test_a_quarter_without_a_postcode_of_its_own_is_found(belgium, text, code):
    reading = read_place(text, "BE", "de")
    assert reading.kind == ReadingKind.CERTAIN
    assert code_of(reading.found[0]) == code
