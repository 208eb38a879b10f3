"""What somebody means who answers a message of ours: yes, no, stop, or words that a person must read. Pure.

Nothing is guessed: where a text could mean two things, it is `WORDS`, and where it is not clear which offer is meant,
`WHICH`. The words themselves stand in `vocabulary`.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum

from quartier.conversation import vocabulary as words
from quartier.conversation.remark_words import strange_words

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
    each is a yes. `more`: it says more than the answer, which somebody should read. `doubted`: beside a yes it says
    but, if, tomorrow. `strange`: words beside a yes that are not known to change nothing: where something hangs on it,
    it is asked whether it was one."""

    meaning: Meaning
    codes: tuple[int, ...] = ()
    answers: tuple[tuple[int, bool], ...] = ()
    more: bool = False
    doubted: bool = False
    strange: frozenset[str] = frozenset()

    def is_unsure(self, name: str = "") -> bool:
        """Whether a yes may be none, of somebody of this name, with which they may sign."""
        return self.doubted or bool(self.strange - set(_letters(plain(name)).split()))


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
    flat = re.sub(r"\baujourd\s?'?\s?hui\b", "aujourdhui", flat)
    flat = re.sub(r"\b(can|[a-z]+n)\s?'\s?t\b", r"\1t", flat)
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
        # With a day it is said of a visit: "stop le 5 et le 12".
        and all(word in around or (word.isdecimal() and int(word) > LAST_DAY) for word in found)
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
        # "14-16 Uhr" and "16 Uhr 30", as far as no code is that small.
        r"\b(?:[01]?\d|2[0-4])\s?[hu]?\s?[-–]\s?\d{1,2}\s?(?:h|u|uur|uhr|heures?)\b",
        r"\b\d{1,2}\s?(?:uhr|uur|heures?)\s(?:[0-2]\d|3[01])\b",
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
        rf"\b(?:(?:{words.IN})\s(?:\w+\s)?|ca\.?\s)\d+\b",
    )
]
# "Ja 60, 17": the number of an offer, and an hour.
HOUR_AFTER_CODE = re.compile(r"\b(3[2-9]|[4-9]\d|\d{3})[\s,]+(\d|1\d|2[0-4])$")
_SMALL_AFTER = re.compile(rf"\b(?:{words.TIMES})[\s']+(\d{{1,2}})\b(?!\s?\d)")


def _numbers(said: str) -> tuple[str, bool, bool]:
    """The text without numbers that are no codes; whether there were times, and whether there were others."""
    left = HOUR_AFTER_CODE.sub(r"\1", said)
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
    said = with_phrases(said)
    left, when, others = _numbers(said)
    left = re.sub(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])", " ", left)
    found = re.findall(r"[^\W_]+", left)
    others = others or any(word.isdecimal() and len(word) > 4 for word in found)
    numbers = tuple(dict.fromkeys(int(word) for word in found if word.isdecimal() and len(word) <= 4))
    marks = [_mark(word, bool(numbers)) for word in found]
    kinds = set(marks)
    most = MOST_WORDS if numbers else MOST_WORDS_WITHOUT_NUMBER
    asks = re.search("[?\u061f\u00bf]", said) is not None
    if len(found) > most or (others and not numbers) or asks:
        # A house or a telephone number where a code could be: which of them it is, nobody knows.
        doubted = not asks and "y" in kinds and "n" not in kinds and _is_said_first(marks)
        return Understood(Meaning.WORDS, numbers, doubted=doubted)
    if not kinds & {"y", "n"}:
        if len(numbers) != 1 or when or others:
            return Understood(Meaning.WORDS, numbers)
        return _by_ability(left, numbers)
    yes = "y" in kinds
    first = _is_said_first(marks)
    if _is_doubtful(said, found, yes=yes) or not first:
        return Understood(Meaning.WORDS, numbers, doubted=first and yes and "n" not in kinds)
    more = when or others or "?" in kinds
    late = not words.REGRET.isdisjoint(found) and not words.LATE.isdisjoint(found)
    strange = strange_words(said, found, late=late) if yes else frozenset()
    if len(numbers) > 1:
        marked = [pair for pair in zip(found, marks, strict=True) if pair[1] in "ync"]
        return replace(_several(numbers, marked, more), strange=strange - words.NO)
    if {"y", "n"} <= kinds:
        return Understood(Meaning.WORDS, numbers)
    return Understood(Meaning.YES if yes else Meaning.NO, numbers, more=more, strange=strange)


_PHRASES = [(re.compile(rf"\b(?:{pattern})\b"), f" {word} ") for pattern, word in words.PHRASES]


def with_phrases(said: str) -> str:
    """What `plain` gave, with phrases whose words alone would mean something else as what they stand for."""
    for pattern, word in _PHRASES:
        said = pattern.sub(word, said)
    return " ".join(said.split())


def _mark(word: str, with_number: bool) -> str:
    """`y`, `n`, `c` for a number, `k` for what is only kind, `?` for every other word."""
    if word.isdecimal():
        return "c"
    for each in (word, re.sub(r"(.)\1+", r"\1\1", word), re.sub(r"(.)\1+", r"\1", word)):
        if each in words.YES or (with_number and each in words.YES_WITH_NUMBER):
            return "y"
        if each in words.NO:
            return "n"
        if each in words.KIND:
            return "k"
    return "?"


def _is_said_first(marks: list[str]) -> bool:
    """Whether the yes or no comes before everything else, or stands beside a number: "das ist ja schön" is no yes."""
    heard = "".join(mark for mark in marks if mark != "k")
    return re.match("c*[yn]", heard) is not None or re.search("c[yn]|[yn]c", heard) is not None


def _is_doubtful(said: str, found: list[str], *, yes: bool) -> bool:
    """Whether it says but, if, not, tomorrow: then it is no plain answer."""
    spoken = set(found)
    if spoken & words.BUT or spoken & (words.LATER - words.LATE):
        return True
    if yes:
        return bool(
            spoken & (words.NOT | words.CANNOT) or (spoken & words.REGRET and not spoken & words.LATE)
        )
    if spoken & words.NOT:
        return bool(spoken & words.SAY or re.search(words.NOT_NO, said))
    coming = spoken & (words.CAN | words.COMING) or re.search(words.I_GO, said)
    return bool("noproblem" in spoken or coming)


_CLOSED = words.KIND | words.REGRET | words.CAN | words.DO | words.GOOD | words.SURELY | words.CANNOT
_CLOSED |= words.THIS_TIME | words.AROUND_ABILITY | words.NOT | {"plus"}


def _by_ability(left: str, numbers: tuple[int, ...]) -> Understood:
    """ "Kan niet 42" and "je m'en occupe 42": no yes and no no, but what somebody can or will do. Of a refusal the
    reason may follow, apart from it: "kan niet 42, moet werken"."""
    parts = [set(re.findall(r"[^\W\d_]+", part)) for part in re.split(r"[^\w\s]|\b\d+\b", left)]
    spoken: set[str] = set().union(*parts)
    if not spoken & (words.BUT | words.LATER | words.SECOND_PERSON_WORDS) and not {"kan", "je"} <= spoken:
        if spoken <= _CLOSED:
            meaning = _ability(spoken)
            asks = meaning == Meaning.YES and re.match(words.ASKS, left)
            return Understood(Meaning.WORDS if asks else meaning, numbers)
        rest = [part for part in parts if not part <= _CLOSED]
        plain_parts = set().union(*(part for part in parts if part <= _CLOSED))
        unclear = words.CAN | words.DO | words.NOT | words.CANNOT | words.LIMITS
        if _ability(plain_parts) == Meaning.NO and not any(part & unclear for part in rest):
            return Understood(Meaning.NO, numbers, more=True)
    return Understood(Meaning.WORDS, numbers)


def _ability(spoken: set[str]) -> Meaning:
    """What closed words say: a "not" beside what can be done is a no; "not sure" and "not impossible" are unclear."""
    negated = bool(spoken & (words.NOT - words.CANNOT - {"ne", "n"}) or {"plus"} <= spoken)
    if spoken & words.CANNOT:
        return Meaning.WORDS if negated else Meaning.NO
    if negated:
        unclear = spoken & (words.SURELY | (words.LIMITS - words.NOT))
        about_this = spoken & (words.CAN | words.DO | words.THIS_TIME | words.REGRET)
        return Meaning.NO if about_this and not unclear else Meaning.WORDS
    willing = spoken & (words.CAN | words.DO | words.GOOD | words.SURELY)
    return Meaning.YES if willing and not spoken & (words.REGRET | {"ne", "n"}) else Meaning.WORDS


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


def changes_what_comes_again(text: str) -> bool:
    """Whether it speaks of a pause or an end: of help that comes again, that is for the team too."""
    return not (words.STOP | words.PAUSE).isdisjoint(_letters(plain(own_words(text))).split())


def says_nobody_need_come(text: str) -> bool:
    """Whether it says that somebody has died, or that nobody is to be sent any more: somebody of the team must read
    that, whoever else reads it."""
    said = _letters(plain(own_words(text)))
    return any(re.search(rf"\b(?:{phrase})\b", said) for phrase in words.DIED + words.NOBODY_MORE)


def says_stop_among_words(text: str) -> bool:
    """Whether it begins like a STOP and says more, of which it is not plain that all messages are meant: "STOP
    boodschappen"."""
    found = _letters(plain(own_words(text))).split()
    return 1 < len(found) <= MOST_WORDS_STOP and found[0] in words.STOP


def without_numbers(text: str) -> tuple[str, list[int]]:
    """The text without what may be a number of ours, and those numbers."""
    said = plain(own_words(text))
    return re.sub(r"\b\d{2,4}\b", " ", said), [int(each) for each in re.findall(r"\b\d{2,4}\b", said)]
