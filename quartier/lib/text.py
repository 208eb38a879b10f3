"""Text from outside: made safe to store and to show, without losing a word that a person meant."""

import re
import unicodedata

# Controls but tab and line feed; lone surrogates; bidirectional overrides that can disguise a text.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)


def clean(value: str, limit: int = 2000) -> str:
    """NFC text without control characters, line ends as `\\n`, trimmed, at most `limit` characters."""
    value = value[: limit * 4].replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _UNWANTED.sub("", value)).strip()[:limit]


def one_line(value: str, limit: int = 200) -> str:
    """The same on one line: names, streets, subjects."""
    return " ".join(clean(value, limit).split())


def folded(value: str) -> str:
    """Small letters without accents or punctuation, words apart by one space: to compare, never to show."""
    plain = unicodedata.normalize("NFKD", clean(value, 400).casefold())
    return " ".join("".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c)).split())
