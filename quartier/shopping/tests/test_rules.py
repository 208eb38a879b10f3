"""Lines as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartier.lib.text import clean
from quartier.shopping import rules


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Deux pains gris\nDu lait", ["Deux pains gris", "Du lait"]),
        (
            "- pain\n* lait\n• beurre\n1. œufs\n2) sel\n[ ] thé\n[x] café",
            ["pain", "lait", "beurre", "œufs", "sel", "thé", "café"],
        ),
        ("du lait, du pain, 1,5 l d’eau", ["du lait", "du pain", "1,5 l d’eau"]),
        ("du lait, du pain", ["du lait, du pain"]),
        ("café (sans sucre, sans lait, moulu)", ["café (sans sucre, sans lait, moulu)"]),
        ("\n\n  \n", []),
        ("x\n" * 62, [*["x"] * (rules.MOST_ITEMS - 1), "x, x, x"]),
        (
            ", ".join(f"{each} pots de miel" for each in range(30)),
            [f"{each} pots de miel" for each in range(30)],
        ),
    ],
)
def test_one_thing_a_line(text, lines):
    assert rules.lines(text) == lines


def test_a_note_for_the_pharmacy_is_cut_at_no_comma():
    note = "Comme d’habitude, au nom de Peeters, déjà payé"
    assert rules.lines(note, "pharmacy") == [note]
    assert len(rules.lines(note)) == 3


@pytest.mark.parametrize(
    ("words", "amount", "what", "note"),
    [
        ("2 pains gris (tranchés)", "2", "pains gris", "tranchés"),
        ("2x lait", "2x", "lait", ""),
        ("500 g beurre", "500 g", "beurre", ""),
        ("1,5 l eau", "1,5 l", "eau", ""),
        ("6 eieren", "6", "eieren", ""),
        ("2 laits", "2", "laits", ""),
        ("3 gros oignons", "3", "gros oignons", ""),
        ("lait", "", "lait", ""),
        ("12", "", "12", ""),
        ("(rien)", "", "(rien)", ""),
        ("œufs (6)", "6", "œufs", ""),
        ("beurre (500 g)", "500 g", "beurre", ""),
        ("2 boîtes (6)", "2", "boîtes", "6"),
    ],
)
def test_how_many_what_and_a_note(words, amount, what, note):
    thing = rules.thing(words, 0)
    assert (thing.amount, thing.what, thing.note) == (amount, what, note)


@given(st.text(max_size=900))
def test_no_letter_is_lost(text):
    def letters(words):
        return [char for char in words if char.isalpha()]

    text = text.replace("[", "")  # The cross of a ticked box is a bullet.
    assert letters("".join(rules.lines(text))) == letters(clean(text, 900))


@given(st.text(max_size=300))
def test_no_word_of_a_line_is_lost_and_each_line_has_its_key(text):
    found = rules.lines(text)
    things = rules.things([(line, "wanted", "") for line in found])
    assert len({each.key for each in things}) == len(things)
    for each in things:
        # "œufs (6)" is told as "6 œufs".
        letters = sorted(char for char in each.words if char.isalnum())
        assert letters == sorted(char for char in f"{each.amount}{each.what}{each.note}" if char.isalnum())
