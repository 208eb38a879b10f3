"""How places are written: folding names, recognising postcodes, cutting a line into street and place."""

import re
import unicodedata
from dataclasses import dataclass, field

LONGEST_TEXT = 200  # characters of a search that are looked at; nobody's address is longer

# Written one way, so that "St-Gilles", "Saint Gilles", "Sint-Gillis" and "Sankt Vith" meet.
_SAINTS = {"saint", "sainte", "sint", "sinte", "sankt", "ste", "san", "santa", "snt"}
# The language in which a saint is written; shortened ("St-", "Ste-") it is none.
_SAINTS_IN = {
    **dict.fromkeys(("saint", "sainte"), "fr"),
    **dict.fromkeys(("sint", "sinte"), "nl"),
    "sankt": "de",
}
_LETTERS = str.maketrans({"ß": "ss", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})
_WORDS = re.compile(r"[^\W_]+")
_PARTS = re.compile(r"[,;/|()\n\r\t]+| [-–—] ")

# The letter that some people write before a postcode: B-1050, L-4906. Only where postcodes are digits.
_PLATES = {"BE": "B", "LU": "L", "DE": "D", "FR": "F", "AT": "A", "IT": "I", "ES": "E", "SE": "S", "CH": "CH"}
_POSTCODE_DIGITS = {"BE": 4, "LU": 4, "CH": 4, "AT": 4, "DK": 4, "NO": 4, "DE": 5, "FR": 5, "ES": 5, "IT": 5}

# What people type for a digit: "1O50", "l050".
_LETTERS_FOR_DIGITS = str.maketrans("oilsbz|", "0115821")


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


def saints(text: str) -> set[str]:
    """The languages of the saints that the text writes out: "Sint Gilles" gives "nl", "St. Gilles" nothing."""
    words = _WORDS.findall(text[: LONGEST_TEXT * 2].casefold())
    return {_SAINTS_IN[word] for word in words if word in _SAINTS_IN}


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


def postcode_digits(country: str) -> int:
    """How many digits a postcode of the country has; 0 where it has letters too, or we do not know."""
    return _POSTCODE_DIGITS.get(country, 0)


def misread_postcode(country: str, word: str) -> str:
    """The postcode that a folded word stands for when letters were typed for digits: "1o50" is 1050; else ''."""
    digits = postcode_digits(country)
    plate = _PLATES.get(country, "").lower()
    for each in (word, word.removeprefix(plate) if plate else word):
        if len(each) == digits and any(sign.isdigit() for sign in each) and not each.isdigit():
            plain = each.translate(_LETTERS_FOR_DIGITS)
            if plain.isdigit():
                return plain
    return ""


def looks_like_postcode(country: str, key: str) -> bool:
    """Whether somebody who writes this in this country most likely means a postcode."""
    digits = _POSTCODE_DIGITS.get(country)
    return key.isdigit() and (len(key) == digits if digits else 4 <= len(key) <= 7)


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
