"""Whether somebody who writes is in danger: death that is wished, violence, an emergency. Pure.

A false alarm costs somebody of the team a minute, and one that is missed can cost a life: in doubt it is danger. What
people say every day ("dead tired", "mourir de faim") is none.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import cache

from quartier.conversation.danger_to_others import VIOLENCE_TO_OTHERS
from quartier.conversation.danger_words import SUICIDE, VIOLENCE
from quartier.conversation.emergency_words import CRY, EMERGENCY, LONG_AGO, PERSON, RECENT
from quartier.conversation.rare_danger_words import RARE_EMERGENCY, RARE_SUICIDE, RARE_VIOLENCE
from quartier.conversation.understanding import own_words, plain


class Sign(StrEnum):
    """What was read."""

    SUICIDE = "suicide"
    VIOLENCE = "violence"
    EMERGENCY = "emergency"


# All as `_flat` writes: small letters, no accents, words apart by one space, no apostrophes.
_EVERY_DAY = re.compile(
    r"\b(?:"
    r"(?:a )?mour\w+ (?:de|d) (?:faim|soif|rire|chaud|chaleur|froid|honte|ennui|peur|sommeil|fatigue|envie|impatience)|"
    r"je (?:me|m) (?:frapp|bat|menac)\w*|(?:qui|ce qui|ca|cela) (?:me|m) (?:a )?frapp\w*|"
    r"tap\w+ (?:sur les nerfs|dans l (?:oeil|œil))|si besoin (?:\w+ ){0,2}appel\w+|"
    r"(?:sterf|sterven|dood) van (?:de )?(?:honger|dorst|kou|slaap|lachen|warmte|verveling)|"
    r"(?:verhungern|sterbe vor \w+|vor (?:hunger|lachen|langeweile) (?:zu )?sterben|tod\w* ?mue?de)|"
    r"(?:dying|die) (?:to|for|of|from) (?:a|an|hunger|thirst|laughter|laughing|boredom|heat|embarrassment|see|know)|"
    r"(?:hit|beat|beats) me (?:up on|back|to)|hit\w* the nail on the head|"
    # Said not to happen; an animal shut in for the night.
    r"(?:ne|n) (?:la|le|l|les) (?:frapp|bat|tap)\w* (?:pas|plus|jamais)|"
    r"(?:never|doesnt|dont|didnt|not) (?:hits?|beats?|hurts?|hitting|beating|hurting) (?:her|him|them)|"
    r"(?:chat|chatte|chien|chienne|chiot|lapin|poules?|velo) (?:\w+ ){0,4}(?:l|les) enferm\w+|"
    # Fetched, not swallowed; drowning in work; no answers at night; looking in on somebody.
    r"(?:pris|cherche|chercher) (?:tous )?(?:ses|les|mes|vos) medicaments (?:chez|a la) (?:le |la )?pharma\w+|"
    r"(?:noyee?s?|verdrink\w*|ertrink\w*|drowning) (?:sous|dans|in) (?:(?:le|les|het|de|der) )?(?:travail|boulot|mails|"
    r"papiers|werk|arbeit|work|paper\w*|emails)|"
    r"(?:ik|we|wij) (?:\w+ )?(?:reageer|reageren|antwoorden?) (?:\w+ )?niet (?:meer )?(?:na|voor|tot) \d\w*|"
    r"ik spring (?:\w+ ){0,3}(?:binnen|langs|bij|in voor)|ich spring\w* (?:\w+ ){0,4}(?:ein|vorbei|rein|rue?ber)|"
    r"\w* ?(?:prevention|preventie|prae?vention|ligne|lijn|line|hotline|centre|centrum) (?:du |de |d |contre le )?"
    r"(?:suicide|zelfmoord|zelfdoding|suizid)|(?:suicide|suizid|selbstmord|zelfmoord) ?"
    r"(?:prevention|preventie|prae?vention|line|lijn|hotline)"
    r")\b"
)

_SIGNS = {
    Sign.SUICIDE: SUICIDE + RARE_SUICIDE,
    Sign.VIOLENCE: VIOLENCE + VIOLENCE_TO_OTHERS + RARE_VIOLENCE,
    Sign.EMERGENCY: EMERGENCY + RARE_EMERGENCY,
}


def _at_top(pattern: str) -> list[str]:
    """The alternatives of a pattern, outside its groups."""
    parts, depth = [""], 0
    for letter in pattern:
        depth += (letter == "(") - (letter == ")")
        if letter == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _compiled(phrases: Iterable[str]) -> re.Pattern[str]:
    """One pattern of all. Those that begin with a person look for the person once: this is read at every word."""
    every = [part for phrase in phrases for part in _at_top(phrase)]
    start = f"{PERSON} "
    of_person = [part.removeprefix(start) for part in every if part.startswith(start)]
    others = [part for part in every if not part.startswith(start)]
    of_all = [*others, f"{start}(?:{'|'.join(of_person)})"] if of_person else others
    return re.compile(rf"(?<!\S)(?:{'|'.join(of_all)})(?!\S)")


@cache
def _patterns() -> tuple[dict[Sign, re.Pattern[str]], re.Pattern[str], re.Pattern[str]]:
    """Compiled with the first text: it takes a third of a second, which most processes never need."""
    return (
        {sign: _compiled(phrases) for sign, phrases in _SIGNS.items()},
        _compiled(RECENT),
        _compiled([LONG_AGO]),
    )


_CRY = re.compile(CRY)


def signs(text: str) -> frozenset[Sign]:
    """Which signs of danger stand in what was written, without what a mail quotes below. Never raises."""
    said = _EVERY_DAY.sub(" ", _flat(own_words(text)))
    patterns, recent, long_ago = _patterns()
    found = {sign for sign, pattern in patterns.items() if pattern.search(said)}
    if _CRY.fullmatch(said) or (recent.search(said) and not long_ago.search(said)):
        found.add(Sign.EMERGENCY)
    return frozenset(found)


def is_of_long_ago(text: str) -> bool:
    """Whether it tells of what was years or months ago."""
    return _patterns()[2].search(_flat(own_words(text))) is not None


def _flat(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", plain(text)))
