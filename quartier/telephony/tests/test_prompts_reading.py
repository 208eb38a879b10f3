"""What is read to one person: in words that a machine says well, and gone afterwards."""

import shutil

import pytest

from quartier.telephony.prompts import counting, reading, wav
from quartier.telephony.prompts.group import Group
from quartier.telephony.prompts.texts import text


@pytest.mark.parametrize(
    ("language", "words", "said"),
    [
        ("fr", "Sofia vient entre 10 h et 11 h 30.", "Sofia vient entre 10 heures et 11 heures 30."),
        ("de", "Sofia kommt um 10:00 Uhr.", "Sofia kommt um 10 Uhr."),
        ("nl", "Sofia komt om 10:05 uur.", "Sofia komt om 10 uur 5."),
        ("en", "Sofia is coming at 10:30 am.", "Sofia is coming at 10:30 am."),
        ("fr", "Notre numéro : 0800 00 020", "Notre numéro : 0 8 0, 0 0 0, 0 2 0"),
        ("fr", "Oui ou non : https://q.be/o/ABCdef_1", "Oui ou non :"),
        ("en", "In 1050 Ixelles, about 800 m", "In 1050 Ixelles, about 800 m"),
    ],
)
def test_spoken(language, words, said):
    assert reading.spoken(words, language) == said


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="no voice")
def test_a_file_of_its_own_that_is_forgotten(tmp_path):
    group = Group(tmp_path, "group")
    first = reading.made("Sofia vient et vous dira ce mot : tulipe.", "fr", group, keys="reading_ask")
    other = reading.made("Sofia vient.", "fr", group, keys="reading_again")
    assert first.path != other.path
    assert first.text_s > other.text_s > 1
    # Of what is only for one person nothing stays among the sentences of all.
    kept = set(group.parts.glob("*.wav"))
    assert len(kept) == 2
    reading.forget(first.path)
    reading.forget(None)
    reading.forget_all(tmp_path)
    assert not list(first.path.parent.iterdir())


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_a_code_is_said_twice_digit_by_digit(tmp_path, monkeypatch, language):
    """Never a digit to a voice that would read it as a number, and each with time to write it down."""
    words = []
    monkeypatch.setattr(
        reading.making, "samples", lambda say, _group: words.append(say.words) or wav.silence(0.5)
    )
    group = Group(tmp_path, "group", languages=("fr", "nl", "de", "en"))
    made = reading.made_code("402719", language, group)
    intro, once_more, keys = (
        text(each, language) for each in ("own_phone_code", "own_phone_code_again", "reading_again")
    )
    digits = [counting.digit(each, language) for each in range(10)]
    assert words == [*digits, intro, once_more, keys]
    assert len(set(digits)) == 10
    assert not any(letter.isdigit() for letter in "".join(words))
    # Twelve digits of half a second, and as many pauses of at least 0.7 s.
    assert made.text_s > 12 * 1.2


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="no voice")
def test_what_is_kept_of_a_code_says_nothing_of_it(tmp_path):
    group = Group(tmp_path, "group")
    reading.forget(reading.made_code("111111", "fr", group).path)
    kept = {path.name for path in group.parts.glob("*.wav")}
    reading.forget(reading.made_code("402719", "fr", group).path)
    assert {path.name for path in group.parts.glob("*.wav")} == kept
