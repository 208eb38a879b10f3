"""What people type for a place, in four languages and as they spell it: never certain and wrong, nearly always found.

`typed.txt` says how to read it. It was written before the search was asked: mend a rule when a line fails, and never
put a line's own case into the search.
"""

from pathlib import Path

import pytest

from quartier.places.models import Place
from quartier.places.queries import PlaceReading, ReadingKind, read_place

# Names are read from a table that is alike on both databases.
pytestmark = pytest.mark.either

TYPED_FILE = Path(__file__).parent / "typed.txt"
FOUND_SHARE = 0.95
OTHER_SHARE = 0.9


def lines():
    rows = (
        row.rpartition(" = ") for row in TYPED_FILE.read_text(encoding="utf-8").splitlines() if row[:1] != "#"
    )
    return [(text, answer) for text, _sign, answer in rows]


def code_of(found):
    """The postcode of a place; empty where nobody told us."""
    return found.place.postcode


def is_certain_and_wrong(reading: PlaceReading, answer: str) -> bool:
    """Whether a place was taken that is not the one meant, or that another one could be."""
    return reading.kind == ReadingKind.CERTAIN and code_of(reading.found[0]) not in answer.split(",")


def is_answered(reading: PlaceReading, answer: str) -> bool:
    if answer == "street":
        return reading.kind == ReadingKind.NO_TOWN
    if answer.startswith("abroad"):
        return reading.kind == ReadingKind.ABROAD and answer.split()[1] in reading.abroad
    if answer == "none":
        return reading.kind != ReadingKind.CERTAIN
    codes = answer.removeprefix("?").split(",")
    return any(code_of(found) in codes for found in reading.found[:3])


def kind_of(answer: str) -> str:
    return "place" if answer.strip("?")[:1].isdigit() else answer.split()[0]


@pytest.fixture
def readings(belgium):
    return [(text, answer, read_place(text, "BE", "fr")) for text, answer in lines()]


def test_nothing_is_certain_and_wrong_and_nearly_everything_is_found(readings):
    assert len(readings) >= 400
    wrong = [text for text, answer, reading in readings if is_certain_and_wrong(reading, answer)]
    assert not wrong
    for kind, least in (
        ("place", FOUND_SHARE),
        ("street", OTHER_SHARE),
        ("abroad", OTHER_SHARE),
        ("none", 1),
    ):
        of_kind = [one for one in readings if kind_of(one[1]) == kind]
        missed = [text for text, answer, reading in of_kind if not is_answered(reading, answer)]
        assert len(missed) <= (1 - least) * len(of_kind), (kind, missed)


def test_every_place_to_choose_from_says_its_postcode_and_its_province(readings):
    """Where they are known; a handful of villages name neither rather than those of a neighbour."""
    for text, _answer, reading in readings:
        for found in reading.found:
            if found.place.admin_code:
                assert any(sign.isdigit() for sign in found.choice), (text, found.choice)
                assert found.province, (text, found.choice)


def test_only_one_that_is_near_is_ticked(readings):
    """A tick in advance is half an answer: what is ticked is right, or there is none."""
    ticked = [
        (text, answer, reading) for text, answer, reading in readings if reading.kind == ReadingKind.LIKELY
    ]
    wrong = [
        text for text, answer, reading in ticked
        if code_of(reading.found[0]) not in answer.removeprefix("?").split(",")
    ]  # fmt: skip
    assert len(wrong) <= 0.03 * len(ticked), wrong


def test_every_place_is_certain_by_its_postcode_and_name(belgium):
    asked = [
        (place.postcode, place.name) for place in Place.objects.filter(country="BE").exclude(postcode="")
    ]
    assert len(asked) > 2000
    read = {each: read_place(" ".join(each), "BE", "nl") for each in asked}
    assert [
        each
        for each, reading in read.items()
        if reading.kind != ReadingKind.CERTAIN or code_of(reading.found[0]) != each[0]
    ] == []


def test_a_dutch_postcode_is_no_place_here(belgium):
    for text in ("6900 AB", "6900 AB Zevenaar", "1012 AB", "7800 AH", "4500 HU"):
        assert read_place(text, "BE", "nl").kind == ReadingKind.ABROAD, text
