"""Every text exists in French, Dutch, German and English, and says the same with the same values."""

import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent / "quartier"


def test_catalogues_are_complete():
    from quartier.lib import catalogues

    assert not list(catalogues.problems())


def test_every_text_marked_for_translation_is_in_a_catalogue():
    """What `makemessages` would add is there already: a text without its entry would show in English."""
    import polib

    known = {
        (entry.msgctxt, entry.msgid)
        for path in HOUSE.glob("*/locale/fr/LC_MESSAGES/django.po")
        for entry in polib.pofile(str(path))
    }
    ids = {msgid for _context, msgid in known}
    missing = []
    for path in HOUSE.rglob("*.html"):
        for match in re.finditer(r"""{%\s*translate\s+(["'])(.*?)\1""", path.read_text()):
            if match[2].replace('\\"', '"') not in ids:
                missing.append(f"{path.relative_to(HOUSE)}: {match[2][:60]}")
    assert not missing


@pytest.mark.parametrize("language", ["fr", "nl", "de"])
def test_one_text_says_the_same_in_every_room(language):
    """The catalogues of all rooms are one when a page is shown: of two translations one would be seen, by chance."""
    import polib

    said = {}
    for path in HOUSE.glob(f"*/locale/{language}/LC_MESSAGES/django.po"):
        for entry in polib.pofile(str(path)):
            words = (entry.msgstr, *entry.msgstr_plural.values())
            said.setdefault((entry.msgctxt, entry.msgid, entry.msgid_plural), set()).add(words)
    assert not {key: words for key, words in said.items() if len(words) > 1}


@pytest.mark.parametrize("language", ["fr"])
def test_french_has_its_spaces(language):
    import polib

    wrong = []
    for path in HOUSE.glob(f"*/locale/{language}/LC_MESSAGES/django.po"):
        for entry in polib.pofile(str(path)):
            for words in [entry.msgstr, *entry.msgstr_plural.values()]:
                bare = re.sub(r"https?:\S*|\d{1,2}:\d\d|\{[^}]*\}(:\{[^}]*\})?|%\([^)]*\)[sd]", "", words)
                if re.search(r"\w[?!;»]|\w :|\w \?|\w ;|« ", bare) or re.search(r"[a-zé]:(\s|$)", bare):
                    wrong.append(f"{path.relative_to(HOUSE)}: {words[:70]}")
    assert not wrong


@pytest.mark.parametrize("language", ["fr", "nl", "de"])
def test_we_do_not_shout_and_do_not_talk_shop(language):
    import polib

    shop = {
        "fr": r"\b(bénéficiaire|matching|requête)s?\b",
        "nl": r"\b(begunstigde|match|aanvrager)s?\b",
        "de": r"\b(Begünstigte|Matching|Antragsteller)\b",
    }[language]
    wrong = [
        f"{path.relative_to(HOUSE)}: {entry.msgstr[:70]}"
        for path in HOUSE.glob(f"*/locale/{language}/LC_MESSAGES/django.po")
        if path.parts[-5] in {"public", "volunteer", "messaging", "look"} or "!" in path.name
        for entry in polib.pofile(str(path))
        if "!" in entry.msgstr or re.search(shop, entry.msgstr, re.IGNORECASE)
    ]
    assert not wrong
