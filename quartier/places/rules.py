"""How places are written: folding names, recognising postcodes, cutting a line into street and place."""

import re
import unicodedata
from dataclasses import dataclass, field

LONGEST_TEXT = 200  # characters of a search that are looked at; nobody's address is longer

# Written one way, so that "St-Gilles", "Saint Gilles", "Sint-Gillis" and "Sankt Vith" meet.
_SAINTS = {"saint", "sainte", "sint", "sinte", "sankt", "ste", "san", "santa", "snt"}
_LETTERS = str.maketrans({"ß": "ss", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})
_WORDS = re.compile(r"[^\W_]+")
_PARTS = re.compile(r"[,;/|()\n\r\t]+| [-–—] ")

# The letter that some people write before a postcode: B-1050, L-4906. Only where postcodes are digits.
_PLATES = {"BE": "B", "LU": "L", "DE": "D", "FR": "F", "AT": "A", "IT": "I", "ES": "E", "SE": "S", "CH": "CH"}
_POSTCODE_DIGITS = {"BE": 4, "LU": 4, "CH": 4, "AT": 4, "DK": 4, "NO": 4, "DE": 5, "FR": 5, "ES": 5, "IT": 5}

# A place name right behind one of these belongs to the name of the street: "Chaussée de Wavre".
_LINKS = {
    *("de", "du", "des", "d", "la", "le", "les", "l", "aux", "au"),
    *("van", "der", "den", "het", "te", "ter", "ten", "op", "naar", "tot"),
    *("von", "zum", "zur", "nach", "am", "an", "of", "the"),
    *("rue", "avenue", "chaussee", "place", "boulevard", "quai", "allee", "chemin", "route"),
}
_STREET_ENDS = (
    "straat",
    "laan",
    "weg",
    "lei",
    "plein",
    "dreef",
    "strasse",
    "str",
    "kaai",
    "steenweg",
    "allee",
)


@dataclass(frozen=True)
class Line:
    """What somebody typed, cut up. Everything is folded except `text` and `parts`."""

    text: str
    parts: tuple[str, ...] = ()
    words: tuple[str, ...] = field(default=())


def clean(text: str) -> str:
    """The text without controls, lone surrogates and direction marks; at most 200 characters."""
    kept = (" " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign for sign in text[:2000])
    plain = "".join(sign for sign in kept if unicodedata.category(sign) not in {"Cs", "Cf", "Co", "Cn"})
    return " ".join(plain.split())[:LONGEST_TEXT].strip()


def fold(text: str) -> str:
    """The text as searched: small letters without accents, words parted by one space, saints as "st".

    Idempotent. At most 120 characters. "Saint-Gilles" gives "st gilles", "Lüttich" gives "luttich".
    """
    plain = unicodedata.normalize("NFKD", text[: LONGEST_TEXT * 2].casefold().translate(_LETTERS)).casefold()
    letters = "".join(
        sign for sign in plain if not unicodedata.combining(sign) and unicodedata.category(sign) != "Cs"
    )
    words = ("st" if word in _SAINTS else word for word in _WORDS.findall(letters.translate(_LETTERS)))
    return " ".join(words)[:120].strip()


def line(text: str) -> Line:
    """Cut what somebody typed into its parts (between commas and the like) and its folded words."""
    broken = text[:2000].replace("\n", ",").replace("\r", ",").replace("\t", " ")
    whole = clean(broken)
    parts = tuple(part.strip() for part in _PARTS.split(whole) if part and part.strip())
    return Line(whole, parts, tuple(fold(whole).split()))


def postcode_key(country: str, postcode: str) -> str:
    """A postcode as searched: capitals and digits, without the country's letter. "L-4906" gives "4906"."""
    plain = unicodedata.normalize("NFKC", postcode[:40]).upper()
    key = "".join(sign for sign in plain if sign.isascii() and sign.isalnum())[:16]
    for prefix in (country, _PLATES.get(country, "")):
        if prefix and key.startswith(prefix) and key[len(prefix) :].isdigit():
            return key[len(prefix) :]
    return key


def postcode_candidates(country: str, words: tuple[str, ...]) -> list[tuple[str, int, int]]:
    """Every word, or two neighbours, that may be a postcode: key, first word, word behind the last."""
    found = []
    for start in range(min(len(words), 30)):
        for end in (start + 1, start + 2):
            together = "".join(words[start:end])
            if end <= len(words) and len(together) <= 10 and any(sign.isdigit() for sign in together):
                found.append((postcode_key(country, together), start, end))
    return [candidate for candidate in found if candidate[0]]


def looks_like_postcode(country: str, key: str) -> bool:
    """Whether somebody who writes this in this country most likely means a postcode."""
    digits = _POSTCODE_DIGITS.get(country)
    return key.isdigit() and (len(key) == digits if digits else 4 <= len(key) <= 7)


def is_street_name(words_before: tuple[str, ...], place: str) -> bool:
    """Whether the place's name at the end belongs to the street's: "chaussee de" + "wavre"."""
    return bool(words_before) and words_before[-1] in _LINKS and not place.startswith(words_before[-1])


def is_street_word(word: str) -> bool:
    """Whether the word is a kind of street, or ends like a street in Dutch or German."""
    return word in _LINKS or word.endswith(_STREET_ENDS)


def without_words(text: str, words: tuple[str, ...]) -> str:
    """The text as typed without the run of folded `words`: what is left is the street. Keeps its spelling."""
    spans = [(m.start(), m.end(), fold(m.group())) for m in re.finditer(r"[^\W_]+", text)]
    size = len(words)
    for start in range(len(spans) - size, -1, -1):
        if size and tuple(span[2] for span in spans[start : start + size]) == words:
            text = f"{text[: spans[start][0]]} {text[spans[start + size - 1][1] :]}"
            break
    text = re.sub(r"\(\s*\)", " ", text)
    text = re.sub(r"\s*,(\s*,)*", ",", text)
    return " ".join(text.split()).strip(" ,;/-–—|()")
