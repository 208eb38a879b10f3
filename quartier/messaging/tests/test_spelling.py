"""How texts are spelt where an alphabet or a language leaves little room."""

import re

import pytest
from django.utils import translation

from quartier.messaging.words import TEMPLATES

BRACE = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("name", ["companion_agreed", "received_read", "given_up"])
def test_french_texts_keep_the_accents_that_can_be_avoided(name):
    """The alphabet of texts has no ç, ê and ô: "Bien recu" is read as a slip."""
    with translation.override("fr"):
        text = BRACE.sub("", str(TEMPLATES[name].text))
    assert not set("çêô") & set(text)


@pytest.mark.parametrize("language", ["fr", "nl", "de"])
def test_what_stands_before_a_colon_does_so_in_each_language(language):
    """“Einkauf noch nötig?” reads like half a sentence."""
    for name, words in TEMPLATES.items():
        for part in ("text", "answer", "mail"):
            english = str(getattr(words, part) or "")
            if "{What}: still needed" not in english:
                continue
            with translation.override(language):
                said = str(getattr(words, part)).replace("\xa0", "")
            assert "{What}:" in said, (name, said)
