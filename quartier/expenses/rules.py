"""Rules of money: amounts as people write them, caps, words to agree with, accounts, odd patterns. Pure."""

import re
import secrets
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from quartier.visits.rules import CODE_WORDS

# Above this nobody meant it, whatever a group allows.
MOST_CENTS = 100_000_00
# A week of somebody's money: the seven days before.
WEEK = timedelta(days=7)
# So long after the visit a volunteer may still write what they paid.
LATE = timedelta(hours=24)
# So long afterwards a page without a name still shows a volunteer how their money stands.
SHOWN = timedelta(days=60)
WORD_TRIES = 5
# Receipts are deleted so long after they were added; then nobody asks any more.
KEEP_RECEIPTS = timedelta(days=90)
MOST_RECEIPTS = 6


class Wrong(StrEnum):
    """Why what was written is no amount that can be taken."""

    EMPTY = "empty"
    UNREADABLE = "unreadable"
    CURRENCY = "currency"
    NOT_ABOVE_ZERO = "not_above_zero"
    DECIMALS = "decimals"
    TOO_MUCH = "too_much"


class BadAmount(ValueError):
    """What was written is no amount in euros; `why` says what is wrong with it."""

    def __init__(self, why: Wrong) -> None:
        super().__init__(why)
        self.why = why


_EURO = r"(?:€|euros?|eur)"
_LEADING, _TRAILING = re.compile(rf"^{_EURO}"), re.compile(rf"{_EURO}$")
_EURO_INSIDE = re.compile(rf"^([0-9]+){_EURO}([0-9]{{2}})$")
_PLAIN = re.compile(r"^([0-9]{1,9})(?:[.,]([0-9]+))?$")
_GROUPED = re.compile(r"^([0-9]{1,3}(?:([.,'])[0-9]{3})+)(?:([.,])([0-9]+))?$")
# "60,-", "60.–": nothing after the point.
_NO_CENTS = re.compile(r"(?<=[0-9])([.,])[-−–—]{1,2}$")
_BELOW_ZERO = re.compile(r"^[-−–][^-−–]*[0-9]")
_OTHER_MONEY = re.compile(
    r"[$£¥₤₽₺₴₹]|\b(?:usd|gbp|chf|sfr|frs?|jpy|pln|zł|ron|lei|try|uah|czk|sek|nok|dkk|huf|cad|aud|dollars?|pounds?"
    r"|livres?|ponden|pfund|francs?|franken?|centimes?|cents?|ct)\b"
)


def parse_amount(text: str) -> int:
    """Euros as people write them, in cents: `12,50`, `12.50 EUR`, `€ 12`, `12 € 50`, `12,- €`, `1.234,50`.

    What could mean two things (`1.234`) is not guessed. Raises `BadAmount`.
    """
    folded = unicodedata.normalize("NFKC", text[:200]).casefold()
    if _OTHER_MONEY.search(folded):
        raise BadAmount(Wrong.CURRENCY)
    bare = re.sub(r"\s", "", folded)
    if inside := _EURO_INSIDE.match(bare):
        return _within(int(inside[1]) * 100 + int(inside[2]))
    bare = _NO_CENTS.sub(r"\g<1>00", _TRAILING.sub("", _LEADING.sub("", bare, count=1), count=1))
    if not bare:
        raise BadAmount(Wrong.EMPTY)
    if _BELOW_ZERO.match(bare):
        raise BadAmount(Wrong.NOT_ABOVE_ZERO)
    if found := _PLAIN.match(bare):
        whole, rest = found[1], found[2] or ""
    elif (found := _GROUPED.match(bare)) and found[3] and found[3] != found[2]:
        whole, rest = re.sub(r"[.,']", "", found[1]), found[4]
    else:
        raise BadAmount(Wrong.UNREADABLE)
    if len(rest) > 2:
        raise BadAmount(Wrong.DECIMALS)
    return _within(int(whole) * 100 + int(rest.ljust(2, "0") or 0))


def _within(cents: int) -> int:
    if cents <= 0:
        raise BadAmount(Wrong.NOT_ABOVE_ZERO)
    if cents > MOST_CENTS:
        raise BadAmount(Wrong.TOO_MUCH)
    return cents


class OverCap(ValueError):
    """More than may be laid out. `per`: `visit` or `week`; `cap`: of it, in cents; `left`: what may still be."""

    def __init__(self, per: str, cap: int, left: int) -> None:
        super().__init__(f"{per}: {cap}")
        self.per, self.cap, self.left = per, cap, left


def check_caps(cents: int, other_visit: int, other_week: int, *, visit_cap: int, week_cap: int) -> None:
    """Whether this much may be laid out, beside what was on this visit and for this person in a week.

    Raises `OverCap`.
    """
    for per, other, cap in (("visit", other_visit, visit_cap), ("week", other_week, week_cap)):
        if other + cents > cap:
            raise OverCap(per, cap, max(0, cap - other))


def agreement_word(language: str, but: str = "") -> str:
    """What who is helped says when the amount is right: a word and two digits, `citron 47`.

    Never four digits: nobody who comes to a door shall ask for something that looks like a PIN.
    """
    words = [word for word in CODE_WORDS.get(language, CODE_WORDS["en"]) if word.casefold() != but.casefold()]
    return f"{secrets.choice(words)} {secrets.randbelow(90) + 10}"


def same_word(typed: str, word: str) -> bool:
    """Whether this is the word, however it is written."""

    def bare(text: str) -> str:
        plain = unicodedata.normalize("NFKD", text.casefold())
        return "".join(each for each in plain if each.isalnum())

    return bool(word) and secrets.compare_digest(bare(typed[:80]).encode(), bare(word).encode())


# ---- accounts of banks ----

# How long an IBAN is, where transfers in euros cost nothing more (SEPA).
IBAN_LENGTHS = {
    "AD": 24, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24,
    "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21,
    "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24,
    "SI": 19, "SK": 24, "SM": 27, "VA": 22,
}  # fmt: skip


class NotAnIban(ValueError):
    """The number is no IBAN of a bank in the SEPA: a digit is missing or wrong."""


def iban(text: str) -> str:
    """An IBAN without spaces, checked (ISO 13616: length of the country, modulo 97). Raises `NotAnIban`."""
    bare = re.sub(r"[\s.-]", "", unicodedata.normalize("NFKC", text[:100])).upper()
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]+", bare) or len(bare) != IBAN_LENGTHS.get(bare[:2]):
        raise NotAnIban
    if int("".join(str(int(each, 36)) for each in bare[4:] + bare[:4])) % 97 != 1:
        raise NotAnIban
    return bare


def iban_in_groups(bare: str) -> str:
    """`BE71 0961 2345 6769`, as it stands on paper."""
    return " ".join(bare[at : at + 4] for at in range(0, len(bare), 4))


# ---- what is odd ----

WATCHED = timedelta(days=30)
MANY_PEOPLE = 5
SAME_PAIR = 3
NEAR_CAP_TIMES, NEAR_CAP_SHARE = 3, 0.95
ROUND_CENTS, ROUND_TIMES = 500, 2


class Odd(StrEnum):
    """What a coordinator should look at; none of it means that somebody did something wrong."""

    MANY_PEOPLE = "many_people"
    SAME_PAIR = "same_pair"
    NEAR_CAP = "near_cap"
    ROUND = "round"
    SAME_PICTURE = "same_picture"


@dataclass(frozen=True)
class Fact:
    """One expense as it is watched. `fingerprints`: of its receipts; `visits`: how often this volunteer has been at
    this person's, with or without money, in the time watched."""

    expense: UUID
    volunteer: UUID
    person: UUID
    cents: int
    at: datetime
    has_receipt: bool
    fingerprints: frozenset[str] = frozenset()
    visits: int = 1


@dataclass(frozen=True)
class Oddity:
    """Something odd: what, about which volunteer, in which expenses (the newest last)."""

    kind: Odd
    volunteer: UUID
    expenses: tuple[UUID, ...]

    @property
    def key(self) -> str:
        """Another one when there is more of it."""
        return f"{self.kind}:{self.volunteer}:{self.expenses[-1]}"


def oddities(facts: Iterable[Fact], cap: int) -> list[Oddity]:
    """What is odd among these expenses, by volunteer. `cap`: of a visit, in cents."""
    by_volunteer: dict[UUID, list[Fact]] = defaultdict(list)
    by_picture: dict[str, list[Fact]] = defaultdict(list)
    for fact in sorted(facts, key=lambda each: (each.at, each.expense)):
        by_volunteer[fact.volunteer].append(fact)
        for fingerprint in fact.fingerprints:
            by_picture[fingerprint].append(fact)
    found = []
    for volunteer, mine in by_volunteer.items():
        found += [
            Oddity(kind, volunteer, tuple(each.expense for each in some))
            for kind, some in _of_volunteer(mine, cap)
        ]
    seen: set[tuple[UUID, ...]] = set()
    for some in by_picture.values():
        keys = tuple(each.expense for each in some)
        if len(keys) > 1 and keys not in seen:
            seen.add(keys)
            found.append(Oddity(Odd.SAME_PICTURE, some[-1].volunteer, keys))
    return found


def _of_volunteer(mine: list[Fact], cap: int) -> Iterable[tuple[Odd, list[Fact]]]:
    if len({each.person for each in mine}) >= MANY_PEOPLE:
        yield Odd.MANY_PEOPLE, mine
    pairs: dict[UUID, list[Fact]] = defaultdict(list)
    for each in mine:
        pairs[each.person].append(each)
    for some in pairs.values():
        if len(some) >= SAME_PAIR and len(some) >= some[-1].visits:
            yield Odd.SAME_PAIR, some
    near = [each for each in mine if cap * NEAR_CAP_SHARE <= each.cents <= cap]
    if len(near) >= NEAR_CAP_TIMES:
        yield Odd.NEAR_CAP, near
    whole = [each for each in mine if each.cents % ROUND_CENTS == 0 and not each.has_receipt]
    if len(whole) >= ROUND_TIMES:
        yield Odd.ROUND, whole
