"""An hour as people say it, in four languages: "halb drei", "kwart over drie", "trois heures et quart"."""

import re
from datetime import time

from quartier.lib.text import folded

# By its word; the same word says the same number in all four languages.
_WORDS = {
    word: number
    for number, words in enumerate(
        (
            "une een ein eins one",
            "deux twee zwei two",
            "trois drie drei three",
            "quatre vier four",
            "cinq vijf funf fuenf five",
            "six zes sechs",
            "sept zeven sieben seven",
            "huit acht eight",
            "neuf negen neun nine",
            "dix tien zehn ten",
            "onze elf eleven",
            "douze midi twaalf zwolf zwoelf twelve noon",
        ),
        start=1,
    )
    for word in words.split()
}
# "Half three" is half past two to one reader and half past three to another.
_ENGLISH_ALONE = {"one", "two", "three", "four", "five", "seven", "eight", "nine", "ten", "eleven", "twelve"}
SPOKEN_NUMBER = rf"(?:\d{{1,2}}|{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
_NUMBER = f"({SPOKEN_NUMBER})"
_CLOCK = r"(?:\s*(?:h|heures?|uhr|uur|o ?clock))"
_BEFORE = re.compile(r"^(?:um|om|at|a|vers|gegen|rond|tegen)\s+")
# What is said, and the minutes past the hour that is named.
_SAID = (
    (re.compile(rf"(?:halb|half)\s+{_NUMBER}{_CLOCK}?"), -30),
    (re.compile(rf"half\s+past\s+{_NUMBER}"), 30),
    (re.compile(rf"(?:kwart\s+over|viertel\s+nach|(?:a\s+)?quarter\s+past)\s+{_NUMBER}"), 15),
    (re.compile(rf"(?:kwart\s+voor|viertel\s+vor|dreiviertel|(?:a\s+)?quarter\s+to)\s+{_NUMBER}"), -15),
    (re.compile(rf"{_NUMBER}{_CLOCK}?\s+et\s+quart"), 15),
    (re.compile(rf"{_NUMBER}{_CLOCK}?\s+et\s+demie?"), 30),
    (re.compile(rf"{_NUMBER}{_CLOCK}?\s+moins\s+(?:le\s+|un\s+)?quart"), -15),
    (re.compile(rf"{_NUMBER}{_CLOCK}?"), 0),
)
_WITH_MINUTES = re.compile(rf"{_NUMBER}{_CLOCK}\s*(\d{{2}})")


def read_spoken_hour(text: str, language: str) -> time | None:
    """The hour that these words say to who reads `language`; `None` for other words, and for what two readers take for
    two hours."""
    said = _BEFORE.sub("", folded(text[:60]).strip())
    if said == "minuit":
        return time(0)
    if found := _WITH_MINUTES.fullmatch(said):
        return _time(found[1], int(found[2]))
    for pattern, minutes in _SAID:
        if found := pattern.fullmatch(said):
            is_unsure = minutes == -30 and (found[1] in _ENGLISH_ALONE or language == "en")
            return None if is_unsure else _time(found[1], minutes)
    return None


def _time(hour: str, minutes: int) -> time | None:
    number = _WORDS[hour] if hour in _WORDS else int(hour)
    if minutes < 0:
        # Before one o'clock it is twelve.
        number, minutes = number - 1 or 12, minutes + 60
    return time(number, minutes) if 0 <= number < 24 and minutes < 60 else None
