"""A message as it is read to somebody. Unlike every other prompt it is for one person: nothing of it is kept."""

import re
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import numpy as np

from quartier.telephony.prompts import making, shelf, wav
from quartier.telephony.prompts.group import Group
from quartier.telephony.prompts.script import Say
from quartier.telephony.prompts.texts import text

FOLDER = "read"
# Between two sentences, and before what is to be pressed.
BREATH_S, BEFORE_KEYS_S = 0.6, 0.9
LONGEST = 1500

_LINK = re.compile(r"\S*https?://\S+")
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
    said = " ".join(_LINK.sub(" ", words[:LONGEST]).split())
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
    seconds = sum(map(len, parts)) / wav.RATE
    if keys:
        parts += [wav.silence(BEFORE_KEYS_S), making.samples(Say(spoken_in, text(keys, spoken_in)), group)]
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
