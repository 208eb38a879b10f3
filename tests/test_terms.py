"""One concept has one term in each language (`docs/terms.toml`), and what was decided against does not come back."""

import ast
import re
import tomllib
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parent.parent
TERMS = tomllib.loads((ROOT / "docs" / "terms.toml").read_text())["term"]


def _texts(language):
    """All texts of a language: their English, and what is said. English has no catalogue, but the texts themselves."""
    catalogue = "fr" if language == "en" else language
    for path in (ROOT / "quartier").glob(f"*/locale/{catalogue}/LC_MESSAGES/django.po"):
        for entry in polib.pofile(str(path)):
            if language == "en":
                yield from ((entry.msgid, words) for words in (entry.msgid, entry.msgid_plural) if words)
            else:
                yield from ((entry.msgid, words) for words in (entry.msgstr, *entry.msgstr_plural.values()))
    if language == "en":
        yield from ((words, words) for words in _spoken_english())


def _spoken_english():
    """What the line says in English: the last of the four in each `Said`."""
    for path in (ROOT / "quartier" / "telephony" / "prompts").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Said" and len(node.args) == 4:
                yield ast.literal_eval(node.args[3])


def _is_left_out(term, english):
    return any(part in english for part in term.get("except", ()))


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_no_text_holds_a_word_that_was_decided_against(language):
    texts, wrong = list(_texts(language)), []
    for term in TERMS:
        for pattern in term.get("against", {}).get(language, ()):
            against = re.compile(pattern)
            for english, words in texts:
                if against.search(words) and not _is_left_out(term, english):
                    wrong.append(f"{term['concept']}: {words[:80]} (say {term[language]})")
    assert len(texts) > 4000
    assert not wrong


def test_each_concept_has_one_term_in_each_language():
    concepts = [term["concept"] for term in TERMS]
    assert len(concepts) == len(set(concepts)) > 80
    for term in TERMS:
        assert all(term.get(language) for language in ("en", "fr", "nl", "de")), term["concept"]
        assert set(term.get("against", ())) <= {"en", "fr", "nl", "de"}, term["concept"]
