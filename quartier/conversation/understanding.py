"""What somebody means who answers a message of ours: yes, no, stop, or words that a person must read. Pure.

Nothing is guessed: where a text could mean two things, it is `WORDS`, and where it is not clear which offer is meant,
`WHICH`. The words themselves stand in `vocabulary`.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from quartier.conversation import vocabulary as words

# What is longer says more than an answer.
MOST_WORDS = 14
MOST_WORDS_WITHOUT_NUMBER = 7
MOST_WORDS_STOP = 8
MOST_LETTERS = 300
# Numbers up to here may be an hour or a day: codes are larger (`messaging.codes`).
LAST_DAY = 31


class Meaning(StrEnum):
    """`each`: several offers, and a yes or a no for each one. `which`: a yes or a no, and it is not clear to which of
    several numbers. `robot`: a machine says that it is one."""

    YES = "yes"
    NO = "no"
    EACH = "each"
    WHICH = "which"
    STOP = "stop"
    START = "start"
    WORDS = "words"
    ROBOT = "robot"


@dataclass(frozen=True)
class Understood:
    """`codes`: the numbers named that can be an offer's, in their order, each once. `answers`: with `EACH`, whether
    each is a yes. `more`: it says more than the answer, which somebody should read."""

    meaning: Meaning
    codes: tuple[int, ...] = ()
    answers: tuple[tuple[int, bool], ...] = ()
    more: bool = False


def understand(text: str) -> Understood:
    """What this text means, whatever it holds. Never raises."""
    said = plain(own_words(text))
    if _is_stop(said):
        return Understood(Meaning.STOP)
    if any(f" {sign} " in f" {_letters(said)} " for sign in words.ROBOT):
        return Understood(Meaning.ROBOT)
    if _is_start(said):
        return Understood(Meaning.START)
    return _answer(said)


def own_words(text: str) -> str:
    """The text without what a mail program quotes below it."""
    kept = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line.startswith(">") or re.match(r"\s*(-{3,}|_{5,}|From:|De :|Von:|Van:)", line):
            break
        if re.match(r"\s*(Le|Op|Am|On)\b.{5,200}(écrit|schreef|schrieb|wrote)\s*:\s*$", line):
            break
        kept.append(line)
    return "\n".join(kept)


def plain(text: str) -> str:
    """Small letters without accents; signs as words; digits of every script as ours; one space between words."""
    text = text.replace("№", " nr ").replace("\u2019", "'").replace("\u02bc", "'")
    text = re.sub(
        "[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\u20e3\U0001f3fb-\U0001f3ff]", "", text
    )
    for sign, word in words.SIGNS.items():
        text = text.replace(sign, word)
    flat = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    flat = "".join(letter for letter in flat if not unicodedata.combining(letter))
    flat = "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in flat)
    flat = re.sub(r"\bn[°º]\s*(?=\d)", " nr ", flat)
    flat = re.sub(r"\bd\s?'\s?accord\b", "daccord", flat)
    flat = re.sub(r"\bpeut\s?-\s?etre\b", "peutetre", flat)
    flat = re.sub(r"\b(don|can|won)\s?'\s?t\b", r"\1t", flat)
    flat = re.sub(r"\bo'clock\b", "oclock", flat)
    return " ".join(flat.split())


def _letters(said: str) -> str:
    """Words alone, apart by one space."""
    return " ".join(re.findall(r"[^\W_]+", said))


def _is_stop(said: str) -> bool:
    apart = _letters(said)
    if any(re.fullmatch(rf"(\w+ )?{phrase}( \w+)?", apart) for phrase in words.NO_MORE):
        return True
    found = apart.split()
    around = words.STOP | words.STOP_AROUND | words.KIND
    return (
        0 < len(found) <= MOST_WORDS_STOP
        and any(word in words.STOP for word in found)
        and all(word in around or word.isdecimal() for word in found)
        and not any(word in words.YES for word in found)
    )


def _is_start(said: str) -> bool:
    found = _letters(said).split()
    return (
        0 < len(found) <= MOST_WORDS_STOP
        and any(word in words.START for word in found)
        and all(word in words.START | words.STOP_AROUND | words.KIND for word in found)
    )


# Numbers that are none of ours: when somebody comes, and all others.
_WHEN = [
    re.compile(pattern)
    for pattern in (
        r"\b(?:0?[1-9]|[12]\d|3[01])\s?[/.-]\s?(?:0?[1-9]|1[0-2])(?:\s?[/.-]\s?(?:20)?\d\d)?(?!\d|\s?[hu])\b",
        r"\b\d{1,2}\s?[hu:]\s?\d{2}\b|\b\d{1,2}[.]\d{2}\s?(?:h|u|uur|uhr|am|pm)\b",
        rf"\b\d+\s?(?:{words.TIME_UNITS})\b",
        rf"\b\d{{1,2}}\.?\s?(?:er\s)?(?:{words.MONTHS})\b|\b(?:{words.MONTHS})\s\d{{1,2}}\b",
    )
]
_OTHER = [
    re.compile(pattern)
    for pattern in (
        r"https?:\S+|www\.\S+|\S+@\S+",
        r"\+?\d(?:[\s./()-]{0,2}\d){5,}",
        rf"\b\d+(?:[.,]\d+)?\s?(?:{words.UNITS})\b|[€$£]\s?\d+(?:[.,]\d+)?|\b\d+(?:[.,]\d+)?\s?[€$£%]",
        r"\b\d+[.,]\d\b",
        r"\b\d+(?:e|eme|ieme|er|ste|de|ten|st|nd|rd|th)\b",
        # Houses: "42, rue Haute", "rue Haute 42", "Hoogstraat 42", "bus 42".
        rf"\b\d{{1,4}}\s?[a-d]?(?:\s?bis)?[\s,]+(?:{words.STREET})\b",
        rf"\b(?:{words.STREET})\b(?:[\s,]+(?!(?:oui|ja|yes|non|nee|nein|no)\b)[^\W\d_'-]+){{0,4}}[\s,]+\d{{1,4}}\b",
        rf"\b(?:{words.BESIDE_HOUSE})\s?\d+",
        rf"\b(?:{words.IN})\s(?:\w+\s)?\d+\b",
    )
]
_SMALL_AFTER = re.compile(rf"\b(?:{words.TIMES})[\s']+(\d{{1,2}})\b(?!\s?\d)")


def _numbers(said: str) -> tuple[str, bool, bool]:
    """The text without numbers that are no codes; whether there were times, and whether there were others."""
    left = said
    for pattern in _WHEN:
        left = pattern.sub(" ", left)
    left = _SMALL_AFTER.sub(lambda found: " " if int(found[1]) <= LAST_DAY else found[0], left)
    when, timeless = left != said, left
    for pattern in _OTHER:
        left = pattern.sub(" ", left)
    return left, when, left != timeless


def _answer(said: str) -> Understood:
    if len(said) > MOST_LETTERS:
        return Understood(Meaning.WORDS)
    left, when, others = _numbers(said)
    left = re.sub(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])", " ", left)
    found = re.findall(r"[^\W_]+", left)
    others = others or any(word.isdecimal() and len(word) > 4 for word in found)
    numbers = tuple(dict.fromkeys(int(word) for word in found if word.isdecimal() and len(word) <= 4))
    marks = [_mark(word, bool(numbers)) for word in found]
    kinds = set(marks)
    most = MOST_WORDS if numbers else MOST_WORDS_WITHOUT_NUMBER
    yes = "y" in kinds
    if (
        not kinds & {"y", "n"}
        or len(found) > most
        # A house or a telephone number where a code could be: which of them it is, nobody knows.
        or (others and not numbers)
        or _is_doubtful(said, found, yes=yes)
        or not _is_said_first(marks)
    ):
        return Understood(Meaning.WORDS, numbers)
    more = when or others or "?" in kinds
    if len(numbers) > 1:
        return _several(numbers, [pair for pair in zip(found, marks, strict=True) if pair[1] in "ync"], more)
    if {"y", "n"} <= kinds:
        return Understood(Meaning.WORDS, numbers)
    return Understood(Meaning.YES if yes else Meaning.NO, numbers, more=more)


def _mark(word: str, with_number: bool) -> str:
    """`y`, `n`, `c` for a number, `k` for what is only kind, `?` for every other word."""
    if word.isdecimal():
        return "c"
    if word in words.YES or (with_number and word in words.YES_WITH_NUMBER):
        return "y"
    if word in words.NO:
        return "n"
    return "k" if word in words.KIND else "?"


def _is_said_first(marks: list[str]) -> bool:
    """Whether the yes or no comes before everything else, or stands beside a number: "das ist ja schön" is no yes."""
    heard = "".join(mark for mark in marks if mark != "k")
    return re.match("c*[yn]", heard) is not None or re.search("c[yn]|[yn]c", heard) is not None


def _is_doubtful(said: str, found: list[str], *, yes: bool) -> bool:
    """Whether it asks, or says but, if, not: then it is no plain answer."""
    if re.search("[?\u061f\u00bf]", said):
        return True
    return any(word in words.BUT or (yes and word in words.NOT) for word in found)


def _several(numbers: tuple[int, ...], marked: list[tuple[str, str]], more: bool) -> Understood:
    """Several numbers: each has its own word beside it, always before or always after; else it is not clear."""
    pattern = "".join(mark for _word, mark in marked)
    pairs: list[tuple[int, bool]] = []
    if re.fullmatch("([yn]c)+", pattern):
        pairs = [(int(marked[at + 1][0]), marked[at][1] == "y") for at in range(0, len(marked), 2)]
    elif re.fullmatch("(c[yn])+", pattern):
        pairs = [(int(marked[at][0]), marked[at + 1][1] == "y") for at in range(0, len(marked), 2)]
    answers = tuple(dict.fromkeys(pairs))
    if len(answers) == len(numbers):
        return Understood(Meaning.EACH, numbers, answers, more)
    if {"y", "n"} <= set(pattern) or len(answers) > len(numbers):
        return Understood(Meaning.WORDS, numbers)
    return Understood(Meaning.WHICH, numbers)


def language_of(text: str) -> str:
    """The language in which this is written (`fr`, `nl`, `de`, `en`), or '' if that is not easy to tell."""
    found = _letters(plain(text)).split()
    counts = {code: sum(word in known for word in found) for code, known in words.ONLY.items()}
    best = max(counts.values())
    leaders = [code for code, count in counts.items() if count == best]
    return leaders[0] if best and len(leaders) == 1 else ""


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
