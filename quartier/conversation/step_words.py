"""How a volunteer says by text that they are on their way, or that it is done. Pure.

Only words that say this and nothing else: "I leave in ten minutes" and "not done" are for somebody to read.
"""

# ruff: noqa: SIM905 (lists of words are read as sentences)

import re
from dataclasses import dataclass
from enum import StrEnum

from quartier.conversation import vocabulary
from quartier.conversation.understanding import LAST_DAY, own_words, plain


class VisitStep(StrEnum):
    """A step of a visit that is said by text."""

    ON_WAY = "on_way"
    DONE = "done"


@dataclass(frozen=True)
class StepSaid:
    """`number`: the one behind it, if there is one."""

    step: VisitStep
    number: int | None = None


# As they are typed, without accents; what is only kind around them is left out before they are compared.
ON_WAY_PHRASES = (
    "je pars", "je pars maintenant", "je suis parti", "je suis partie", "suis parti", "suis partie",
    "je suis en route", "suis en route", "en route", "je suis en chemin", "en chemin", "je me mets en route",
    "ik vertrek", "ik vertrek nu", "ik ben vertrokken", "ben vertrokken", "vertrokken", "ik ben onderweg",
    "ben onderweg", "onderweg", "ik ben net vertrokken", "ben net vertrokken", "net vertrokken",
    "ich gehe los", "ich gehe jetzt los", "gehe los", "ich fahre los", "ich fahre jetzt los", "fahre los",
    "ich mache mich auf den weg", "mache mich auf den weg", "ich bin unterwegs", "bin unterwegs", "unterwegs",
    "ich bin losgefahren", "bin losgefahren", "ich bin losgegangen", "bin losgegangen",
    "on my way", "i m on my way", "i am on my way", "im on my way", "omw", "leaving", "leaving now", "i m leaving",
    "i m leaving now", "i am leaving", "i am leaving now", "im leaving", "setting off", "i m setting off", "on the way",
)  # fmt: skip
DONE_PHRASES = (
    "fait", "c est fait", "cest fait", "tout est fait", "termine", "c est termine", "j ai termine", "fini",
    "c est fini", "j ai fini", "visite faite", "visite terminee", "courses faites",
    "klaar", "ik ben klaar", "het is klaar", "t is klaar", "gedaan", "het is gedaan", "t is gedaan", "is gedaan",
    "is net gedaan", "net gedaan", "in orde gebracht", "afgerond", "boodschappen gedaan",
    "erledigt", "ist erledigt", "es ist erledigt", "alles erledigt", "fertig", "ich bin fertig", "bin fertig",
    "es ist gemacht", "ist gemacht", "gemacht", "einkauf erledigt", "besuch erledigt",
    "done", "it s done", "its done", "it is done", "all done", "that s done", "finished", "i m done", "i am done",
    "i have finished", "i ve finished", "visit done", "shopping done",
)  # fmt: skip
# Said to praise somebody.
_PRAISE = re.compile(
    r"\b(?:bien fait|bien joue|(?:goed|prima|mooi) gedaan|(?:gut|schon|schoen|prima) gemacht|well done)\b"
)
_GREETING = re.compile(r"\b(?:guten|goeden?|good) (?:morgen|morning|abend)\b")
# Another day or hour, and "in fact": what is said with them is said of something else, and so it is with regret.
_DAYS = frozenset("abend morning en au".split()) | vocabulary.LATER
# These change nothing around them. "Net" does: it is "not" in the south of the German words.
_AROUND = (vocabulary.KIND - vocabulary.REGRET - _DAYS) | frozenset(
    "maintenant nu jetzt now voila vient juste gerade just".split()
)


def _core(words: list[str]) -> str:
    """What is left without what is only kind; the words themselves where nothing is."""
    return " ".join(word for word in words if word not in _AROUND) or " ".join(words)


def _letters(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text)


_STEPS = {
    **{_core(phrase.split()): VisitStep.ON_WAY for phrase in ON_WAY_PHRASES},
    **{_core(phrase.split()): VisitStep.DONE for phrase in DONE_PHRASES},
}


def _step(said: str) -> VisitStep | None:
    """Said whole, or twice in other words: "fertig, alles erledigt"."""
    said = _GREETING.sub(" ", said)
    if (whole := _STEPS.get(_core(_letters(said)))) is not None:
        return whole
    parts = {_STEPS.get(_core(_letters(part))) for part in re.split(r"[,.;!\n]+", said) if _letters(part)}
    return parts.pop() if len(parts) == 1 else None


def step_said(text: str) -> StepSaid | None:
    """The step that this text says, and nothing else; `None` for every other text."""
    said = plain(own_words(text))
    numbers = re.findall(r"\d+", said)
    if "?" in said or _PRAISE.search(said) or len(said) > 80 or len(numbers) > 1:
        return None
    # A smaller number is an hour or a day, a larger one no number of ours.
    if numbers and not LAST_DAY < int(numbers[0]) < 1000:
        return None
    step = _step(said)
    return None if step is None else StepSaid(step, int(numbers[0]) if numbers else None)
