"""What one of a visit wrote, as the other one reads it: nobody gets the other's number, address or link by it. Pure."""

import re
import unicodedata

# So much of a text goes on to the other one of a visit; the team sees all of it.
MOST_RELAYED = 480
_DATE = re.compile(r"(0?[1-9]|[12]\d|3[01])\s?[/.-]\s?(0?[1-9]|1[0-2])\s?[/.-]\s?(20)?\d\d")
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u20e3"
    "\ufe00-\ufe0f\ufeff"
)
_RUN = re.compile(r"(?:\+|\b|(?<=\D)|^)\d(?:[^\w\n]{0,3}\d){5,}")
_LINK = re.compile(
    r"(?:https?|ftp|tel|mailto|whatsapp|tg)\s?:\s?\S+|www\.\S+|\S{0,64}\w\s?(?:@|\(at\)|\[at\]|\(a\))\s?\w\S{0,64}|"
    r"\b[\w-]{1,63}(?:\.[\w-]{1,63}){0,5}\.(?:be|brussels|vlaanderen|com|org|net|fr|nl|de|eu|lu|uk|"
    r"me|io|app|info|ly|gl|co|to|link)\b(?:/\S*)?",
    re.IGNORECASE,
)


def without_ways(text: str) -> str:
    """The text for the other one of a visit: on one line, telephone numbers, mail addresses and links as `…`."""
    flat = re.sub(f"[{_INVISIBLE}]", "", unicodedata.normalize("NFKC", text))
    flat = " ".join("".join(c if c.isprintable() else " " for c in flat).split())
    flat = _LINK.sub("…", flat)
    flat = _RUN.sub(lambda run: run[0] if _DATE.fullmatch(run[0]) else "…", flat)
    return flat if len(flat) <= MOST_RELAYED else flat[: MOST_RELAYED - 1].rstrip() + "…"
