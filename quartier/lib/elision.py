"""French before a name: "que Amina" is written and said "qu’Amina". Pure but for the language that is active."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

from quartier.lib.text import folded

_ELIDING = r"\b([Qq]u|[Dd]|[Jj]usqu|[Ll]orsqu|[Pp]uisqu)e "
_BEFORE_NAME = re.compile(rf"{_ELIDING}(?=([^\W\d_][^\W\d_]*))")
_BEFORE_VALUE = re.compile(rf"{_ELIDING}(?=\{{(\w+)\}})")
# The h of Hans, Hugo and Hassan is spoken, or as good as; of these it is silent.
_SILENT_H = frozenset(
    (
        "helene",
        "henri",
        "henriette",
        "hermine",
        "hippolyte",
        "honore",
        "honorine",
        "hortense",
        "herve",
        "heloise",
    )
)


def elided(text: str) -> str:
    """A text of ours with "que", "de" and the like shortened before names that begin with a vowel; others stay. In
    another language nothing changes. What people have written themselves does not belong here."""
    if not _is_french():
        return text
    return _BEFORE_NAME.sub(lambda found: _shortened(found, found[2]), text)


def elided_before_values(text: str, values: Mapping[str, Any]) -> str:
    """The same for a text whose names are yet to be filled in, `que {name}`: what the values hold is left alone."""
    if not _is_french():
        return text
    return _BEFORE_VALUE.sub(lambda found: _shortened(found, str(values.get(found[2], ""))), text)


def _is_french() -> bool:
    return (get_language() or "").startswith("fr")


def _shortened(found: re.Match[str], name: str) -> str:
    return f"{found[1]}’" if name[:1].isupper() and _begins_mute(name) else found[0]


def _begins_mute(name: str) -> bool:
    """Whether it begins with a vowel to the ear: Amina, Élodie, Yves, Hélène; not Yasmina, Hans."""
    first = (re.findall(r"[^\W\d_]+", name) or [""])[0]
    plain = folded(first)
    if plain[:1] == "y":
        return plain[1:2] not in set("aeiou")
    return plain[:1] in set("aeiou") or plain in _SILENT_H
