"""A message as it is read to somebody. Unlike every other prompt it is for one person: nothing of it is kept."""

import re
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import numpy as np

from quartier.telephony.prompts import counting, making, shelf, wav
from quartier.telephony.prompts.group import Group
from quartier.telephony.prompts.script import Say
from quartier.telephony.prompts.texts import text

FOLDER = "read"
# Between two sentences, and before what is to be pressed.
BREATH_S, BEFORE_KEYS_S = 0.6, 0.9
LONGEST = 1500
# After each digit of a code, long enough to type or write it down; after every third one longer.
DIGIT_S, GROUP_S, GROUP_DIGITS = 0.7, 1.4, 3

_LINK = re.compile(r"https?://\S")
# Seven digits and more are a number to dial: each is said by itself, in threes as one writes them down.
_NUMBER = re.compile(r"\+?\d(?:[ ./]?\d){6,}")
# Clocks as our messages write them; what a machine says of the bare sign is no word.
_CLOCKS = {
    "fr": (re.compile(r"\b(\d{1,2})\s?h(?:\s?(\d\d))?\b"), "heures"),
    "nl": (re.compile(r"\b(\d{1,2})[:.](\d\d)\b(?: uur)?"), "uur"),
    "de": (re.compile(r"\b(\d{1,2})[:.](\d\d)\b(?: Uhr)?"), "Uhr"),
}
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True)
class Read:
    """A WAV file with the message and what may be pressed then; `text_s`: when the message itself is over."""

    path: Path
    text_s: float


def spoken(words: str, language: str) -> str:
    """The same words for a voice: without links, clocks in words, numbers to dial digit by digit."""
    said = " ".join(each for each in words[:LONGEST].split() if not _LINK.search(each))
    said = _NUMBER.sub(_digits, said)
    if language in _CLOCKS:
        clock, hours = _CLOCKS[language]
        said = clock.sub(lambda found: _hour(found, hours), said)
    return said


def made(words: str, language: str, group: Group, *, keys: str = "") -> Read:
    """Say it into a new file, which is the caller's to `forget`. `keys`: what of `texts` is said after it. Takes some
    30 ms a sentence. Raises `NoVoice`."""
    spoken_in = group.nearest(language)
    parts = [wav.silence(making.BEFORE_S)]
    for sentence in _SENTENCE.split(spoken(words, spoken_in)):
        if any(letter.isalnum() for letter in sentence):
            parts += [making.once(Say(spoken_in, sentence), group), wav.silence(BREATH_S)]
    return _written(parts, keys, spoken_in, group)


def made_code(code: str, language: str, group: Group) -> Read:
    """A code of digits, said twice and slowly, into a new file, which is the caller's to `forget`. Raises `NoVoice`."""
    spoken_in = group.nearest(language)
    # All ten, whatever the code is: what is kept of them tells nothing of it.
    digits = [making.samples(Say(spoken_in, counting.digit(each, spoken_in)), group) for each in range(10)]
    parts = [wav.silence(making.BEFORE_S)]
    for intro in ("own_phone_code", "own_phone_code_again"):
        parts += [making.samples(Say(spoken_in, text(intro, spoken_in)), group), wav.silence(BREATH_S)]
        for place, each in enumerate(code, 1):
            parts += [digits[int(each)], wav.silence(GROUP_S if place % GROUP_DIGITS == 0 else DIGIT_S)]
    return _written(parts, "reading_again", spoken_in, group)


def _written(parts: list[wav.Samples], keys: str, language: str, group: Group) -> Read:
    seconds = sum(map(len, parts)) / wav.RATE
    if keys:
        parts += [wav.silence(BEFORE_KEYS_S), making.samples(Say(language, text(keys, language)), group)]
    path = group.cache / FOLDER / f"{uuid4()}.wav"
    shelf.write(path, wav.written(np.concatenate(parts)))
    return Read(path, seconds)


def forget(path: Path | None) -> None:
    """Nobody hears it any more."""
    if path is not None:
        for each in path.parent.glob(f"{path.stem}*"):
            each.unlink(missing_ok=True)


def forget_all(folder: Path) -> None:
    """What is left of the last time. `folder`: of the line."""
    for path in folder.glob(f"prompts/*/{FOLDER}/*.wav"):
        path.unlink(missing_ok=True)


def _digits(found: "re.Match[str]") -> str:
    digits = [letter for letter in found[0] if letter.isdecimal()]
    threes = [" ".join(digits[start : start + 3]) for start in range(0, len(digits), 3)]
    return ", ".join(threes)


def _hour(found: "re.Match[str]", hours: str) -> str:
    minutes = int(found[2] or 0)
    return f"{int(found[1])} {hours}" + (f" {minutes}" if minutes else "")
