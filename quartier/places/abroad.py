"""What belongs to another country: postcodes as they are written there, towns, and the countries' names."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz, process

from quartier.places import rules, streets

TOWNS_FILE = Path(__file__).resolve().parent / "shipped" / "abroad.txt"

# Folded, in French, Dutch, German and English.
COUNTRY_NAMES = {
    "BE": ("belgique", "belgie", "belgien", "belgium", "be"),
    "NL": ("pays bas", "nederland", "niederlande", "netherlands", "the netherlands", "holland", "hollande"),
    "FR": ("france", "frankrijk", "frankreich"),
    "DE": ("allemagne", "duitsland", "deutschland", "germany"),
    "LU": (
        "luxembourg",
        "luxemburg",
        "grand duche",
        "groothertogdom",
        "gd luxembourg",
        "grand duche de luxembourg",
    ),
    "GB": ("royaume uni", "verenigd koninkrijk", "united kingdom", "angleterre", "engeland", "england", "uk"),
    "CH": ("suisse", "zwitserland", "schweiz", "switzerland"),
    "AT": ("autriche", "oostenrijk", "osterreich", "austria"),
    "ES": ("espagne", "spanje", "spanien", "spain", "espana"),
    "IT": ("italie", "italien", "italy", "italia"),
    "PT": ("portugal",),
    "PL": ("pologne", "polen", "poland", "polska"),
    "IE": ("irlande", "ierland", "irland", "ireland"),
    "DK": ("danemark", "denemarken", "danemark", "denmark"),
    "SE": ("suede", "zweden", "schweden", "sweden"),
    "CZ": ("tchequie", "tsjechie", "tschechien", "czechia"),
    "RO": ("roumanie", "roemenie", "rumanien", "romania"),
    "MA": ("maroc", "marokko", "morocco"),
    "TR": ("turquie", "turkije", "turkei", "turkey", "turkiye"),
    "UA": ("ukraine", "oekraine"),
}
# The letters that are written before a postcode, with the digits behind them.
_PREFIXED = (
    ("LU", re.compile(r"(?<!\w)(?:L|LU|LUX)\s?-?\s?\d{4}(?!\w)", re.I)),
    ("FR", re.compile(r"(?<!\w)(?:F|FR)\s?-?\s?\d{5}(?!\w)", re.I)),
    ("DE", re.compile(r"(?<!\w)(?:D|DE)\s?-?\s?\d{5}(?!\w)", re.I)),
    ("NL", re.compile(r"(?<!\w)NL\s?-?\s?\d{4}(?!\d)", re.I)),
    ("CH", re.compile(r"(?<!\w)CH\s?-\s?\d{4}(?!\w)", re.I)),
    ("AT", re.compile(r"(?<!\w)(?:A|AT)-\d{4}(?!\w)", re.I)),
)
_DUTCH = re.compile(r"(?<!\w)([1-9]\d{3})\s?([A-Z]{2})(?!\w)", re.I)
_BRITISH = re.compile(r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}(?!\w)", re.I)
_FIVE = re.compile(r"(?<![\w+])\d{5}(?!\w)")
# Two letters behind four digits that are no Dutch postcode: the short name of the country, the beginning of a town.
_NO_DUTCH_LETTERS = {
    "be",
    "la",
    "le",
    "de",
    "st",
    "op",
    "bx",
    "en",
    "et",
    "lo",
    "as",
    "my",
    "ok",
    "te",
    "in",
    "ou",
}
FIVE_DIGITS = ("FR", "DE")


@dataclass(frozen=True)
class ForeignSigns:
    """Which other countries (ISO codes) a line points to; empty: none. `is_sure`: no place here can be meant."""

    countries: tuple[str, ...] = ()
    is_sure: bool = False


def foreign_postcode(text: str, country: str) -> ForeignSigns:
    """What the postcodes in the text say, where `country` has none of that form."""
    for code, pattern in _PREFIXED:
        if code != country and pattern.search(text):
            return ForeignSigns((code,), True)
    if country not in {"GB", "NL"} and _BRITISH.search(text) and not re.search(r"(?<!\w)[bB]\d", text):
        return ForeignSigns(("GB",), True)
    if country != "NL" and any(found[2].lower() not in _NO_DUTCH_LETTERS for found in _DUTCH.finditer(text)):
        return ForeignSigns(("NL",), False)
    if rules.postcode_digits(country) not in {0, 5} and _FIVE.search(text):
        return ForeignSigns(FIVE_DIGITS, False)
    return ForeignSigns()


def foreign_town(line: rules.Line, country: str) -> ForeignSigns:
    """The country of a town or the country itself that the line names as a place, not within a street's name."""
    for part in reversed(line.parts):
        words = tuple(word for word in rules.fold(part).split())
        named = _named_country(words, country)
        if named:
            return ForeignSigns((named,), True)
        for run in _runs(tuple(word for word in words if not word.isdigit())):
            codes = tuple(code for code in towns().get(" ".join(run), ()) if code != country)
            start = _place_of(words, run)
            if codes and start >= 0 and not streets.is_inside_street(words[:start]):
                return ForeignSigns(codes)
    return ForeignSigns()


def like_foreign_town(line: rules.Line, country: str, least: float) -> ForeignSigns:
    """The country of a town that the words are most like, more than `least` (0 to 100), when misspelt."""
    text = " ".join(word for word in line.words if not any(sign.isdigit() for sign in word))
    if len(text) < 5 or streets.has_kind(line.words):
        return ForeignSigns()
    best = process.extractOne(text, list(towns()), scorer=fuzz.ratio, score_cutoff=least)
    codes = tuple(code for code in towns()[best[0]] if code != country) if best else ()
    return ForeignSigns(codes)


def is_foreign_town(folded: str, country: str) -> bool:
    """Whether a larger town of another country is called so."""
    return any(code != country for code in towns().get(folded, ()))


def _named_country(words: tuple[str, ...], country: str) -> str:
    for code, names in COUNTRY_NAMES.items():
        if code != country:
            for name in names:
                run = tuple(name.split())
                if (
                    len(name) > 2
                    and words[-len(run) :] == run
                    and not streets.is_inside_street(words[: -len(run)])
                ):
                    return code
    return ""


def _runs(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """What may be a town: the ends of the words, then their beginnings, the longest first."""
    sizes = range(min(len(words), 5), 0, -1)
    return [*(words[-size:] for size in sizes), *(words[:size] for size in sizes)]


def _place_of(words: tuple[str, ...], run: tuple[str, ...]) -> int:
    size = len(run)
    return next((n for n in range(len(words) - size, -1, -1) if size and words[n : n + size] == run), -1)


@cache
def towns() -> dict[str, tuple[str, ...]]:
    """The folded names of towns, each with the countries in which one is called so."""
    found: dict[str, tuple[str, ...]] = {}
    for row in TOWNS_FILE.read_text(encoding="utf-8").splitlines():
        code, colon, names = row.partition(":")
        if row.startswith("#") or not colon:
            continue
        for town in names.split(";"):
            for name in town.split("|"):
                folded = rules.fold(name)
                if folded and code not in found.get(folded, ()):
                    found[folded] = (*found.get(folded, ()), code)
    return found
