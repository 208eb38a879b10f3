import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quartier.places import rules

TEXT = st.text(max_size=300)


@given(TEXT)
@example("ǅŒẞİ")
@example("\ud800 saint\u0301e ﷺ")
def test_folding_twice_changes_nothing(text):
    once = rules.fold(text)
    assert rules.fold(once) == once
    assert len(once) <= 120
    assert once == once.strip()
    once.encode()


@given(TEXT)
@example("a\0b\ud800c\u202ed\n\ne")
def test_cleaned_text_can_be_stored(text):
    clean = rules.clean(text)
    clean.encode()
    assert "\0" not in clean
    assert "\u202e" not in clean
    assert len(clean) <= 200
    assert rules.clean(clean) == clean


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Saint-Gilles", "st gilles"),
        ("St. Gilles", "st gilles"),
        ("SINT-GILLIS", "st gillis"),
        ("Sankt Vith", "st vith"),
        ("Lüttich", "luttich"),
        ("Braine-l’Alleud", "braine l alleud"),
        ("'s-Gravenvoeren", "s gravenvoeren"),
        ("Œudeghien", "oeudeghien"),
        ("Straße", "strasse"),
        ("Liège", "liege"),
    ],
)
def test_folding(text, folded):
    assert rules.fold(text) == folded


@pytest.mark.parametrize(
    ("country", "text", "key"),
    [
        ("BE", "1050", "1050"),
        ("BE", "B-1050", "1050"),
        ("BE", "BE 1050", "1050"),
        ("LU", "L-4906", "4906"),
        ("NL", "1012 ab", "1012AB"),
        ("GB", "sw1a 1aa", "SW1A1AA"),
        ("GB", "M1", "M1"),
        ("DE", "D-52062", "52062"),
        ("BE", "１０５０", "1050"),
        ("BE", "---", ""),
    ],
)
def test_postcodes_are_compared_without_their_dress(country, text, key):
    assert rules.postcode_key(country, text) == key


@given(TEXT, st.sampled_from(["BE", "LU", "NL", "GB"]))
def test_the_key_of_a_key_is_itself(text, country):
    key = rules.postcode_key(country, text)
    assert rules.postcode_key(country, key) == key


@pytest.mark.parametrize(
    ("text", "words", "left"),
    [
        ("Chaussée de Wavre 123 1050", ("1050",), "Chaussée de Wavre 123"),
        ("rue du Bailli, Ixelles", ("ixelles",), "rue du Bailli"),
        ("Ixelles, rue du Bailli", ("ixelles",), "rue du Bailli"),
        ("Rue de Gand 4, Gand", ("gand",), "Rue de Gand 4"),
        ("Ixelles (1050)", ("1050",), "Ixelles"),
        ("Louvain-la-Neuve, place 4", ("louvain", "la", "neuve"), "place 4"),
        ("Gent", ("brugge",), "Gent"),
        ("Gent", (), "Gent"),
    ],
)
def test_what_is_left_is_the_street_as_typed(text, words, left):
    assert rules.without_words(text, words) == left


@given(TEXT, st.lists(st.text(max_size=10), max_size=4))
def test_cutting_never_fails(text, words):
    rules.without_words(text, tuple(words))
    line = rules.line(text)
    rules.postcode_candidates("BE", line.words)
