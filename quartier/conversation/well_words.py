"""Whether somebody who is asked "are you well?" says a plain yes. Pure.

A yes alone, or with nothing but thanks and words for being well, is one. A yes with a wish for help is none, and with
anything else behind it a person of the team reads it: "oui, merci d'appeler" must never be counted as fine.
"""

# ruff: noqa: SIM905 (lists of words are read as sentences)

import re
from enum import StrEnum

from quartier.conversation import danger, understanding, vocabulary


class Wellbeing(StrEnum):
    """What a yes to "are you well?" says: that all is well, that help is wanted, or what a person must read."""

    FINE = "fine"
    NEED = "need"
    UNCLEAR = "unclear"


# All as `understanding` writes: small letters, no accents, words apart by one space, no apostrophes.
_WELL = frozenset(
    "merci bien tout toutes tous va vont vais allons ca c est sont je j suis on nous ici chez moi tres super parfait "
    "impeccable nickel beaucoup mille bonne bon journee soiree nuit a vous bisous bises encore gentil gentille "
    "gentils de message demander aussi et pour le la les l en forme bonjour bonsoir salut madame monsieur "
    "hoor dank dankje dankjewel dankuwel bedankt u alles goed goe gaat het t met mij ons prima heel best beste oke in "
    "orde fijn fijne lief liefs vriendelijk van jullie schat groetjes groeten mvg dag avond nog stel maak voel me ik k "
    "hier tof top perfect perfekt zeker hallo dat is vragen voor berichtje bericht "
    "danke gut mir geht gehts es uns sehr bestens wunderbar ordnung klar fein schon schoen vielen herzlichen lieben "
    "herzlich nachfrage der fragen furs fur dass ich fuhle mich wohl bin gesund grusse gruss liebe viele guten tag "
    "abend passt sicher freilich und auch nachricht noproblem "
    "thanks thank you love dear darling all well fine good great i m im am we are re everything s here very much doing "
    "so for asking kind of xx x xxx cheers lovely ta bless too right alright the my and hello hi it its "
    "ok okay okey daccord".split()
)
# Before the number of what was asked.
_NUMBER = frozenset("nr numero nummer".split())
# Words for "so-so" where nothing better stands beside them.
_SO_SO = frozenset("gaat geht gehts maak stel".split())
_BETTER = frozenset(
    "bien parfait goed goe prima best top tof super gut bestens wunderbar fein wohl fine well good great perfect "
    "perfekt orde sicher ok oke okay".split()
)
# Said to be kind: who thanks for a call asks for none.
_THANKS_FOR = re.compile(
    r"\b(?:merci|danke?|danku|bedankt|dank(?:je|u)wel|thanks)(?: (?:u|wel|beaucoup|bien|sehr))* "
    r"(?:de|pour|voor|fur|for) (?:(?:l|votre|vos|ton|uw|je|jullie|het|den|ihren|euren|your|the) )?"
    r"(?:appel|coup de fil|telefoontje|belletje|anruf|call|calling)\b"
)
_NEED = re.compile(
    r"\b(?:"
    r"besoin|aide|aider|aidez|secours|appel\w*|rappel\w*|telephon\w*|envoy\w*|venez|viens|venir|vienne\w*|quelqu un|"
    r"urgen\w*|medecin|docteur|infirmi\w*|ambulance|hopital|malade|mal|douleur\w*|tombee?|peur|faim|soif|insuline|"
    r"medicament\w*|manque|oxygene|vertiges?|"
    r"hulp|help\w*|nodig|bel|bellen|belt|terugbellen|kom|komen|komt|stuur|sturen|iemand|dokter|arts|ziek|pijn|"
    r"gevallen|bang|honger|dorst|dringend|ziekenhuis|medicatie|medicijnen|duizelig|zuurstof|"
    r"hilfe|helfen|helft|hilf|brauche?|brauchen|benotig\w*|ruf\w*|anruf\w*|zuruckruf\w*|komm|kommen|kommt|schick\w*|"
    r"jemand\w*|arzt\w*|krank|schmerz\w*|gesturzt|hingefallen|angst|hunger|durst|krankenhaus|medikament\w*|insulin|"
    r"schwindlig|sauerstoff|notfall|"
    r"need\w*|call|ring|phone|come|send|someone|somebody|doctor|nurse|ill|sick|pain|fell|fallen|scared|hungry|"
    r"thirsty|urgent\w*|hospital|medicines?|meds|dizzy|oxygen|emergency"
    r")\b"
)
# Who says "please" is asking for something; "so so" is no word for being well.
_ASKS = re.compile(r"s[ '’]?il (?:vous|te) plait|\bso[ ,-]+so\b")
# Small pictures that say nothing else than words for being well; any other one is read by a person.
_KIND_SIGNS = frozenset("😊🙂☺😀😃😄😁🤗😘🥰😍❤♥💕💖🙏👋🌞☀🌸🌷🌹💐✨🎉")


def wellbeing(text: str, name: str = "") -> Wellbeing:
    """What a text says that has been understood as a yes to "are you well?", by somebody of this name, with which they
    may sign. Words of danger are a wish for help."""
    said = understanding.plain(understanding.own_words(text))
    apart = _THANKS_FOR.sub("merci", _words(understanding.with_phrases(said)))
    if danger.signs(text) or _NEED.search(apart):
        return Wellbeing.NEED
    spoken = {word for word in apart.split() if not (word.isdecimal() and len(word) <= 4)}
    if _ASKS.search(said):
        return Wellbeing.UNCLEAR
    signs = {
        letter for letter in said if not (letter.isascii() or letter.isalnum() or letter in "’‘“”«»…–—·")
    }
    own = set(_words(understanding.plain(name)).split())
    if not all(_is_kind(word) or word in own for word in spoken) or signs - _KIND_SIGNS:
        return Wellbeing.UNCLEAR
    if spoken & _SO_SO and not spoken & _BETTER:
        return Wellbeing.UNCLEAR
    return Wellbeing.FINE


def _is_kind(word: str) -> bool:
    """Also with letters that are held down: "ouiii", as `understanding` reads it."""
    ways = {word, re.sub(r"(.)\1+", r"\1\1", word), re.sub(r"(.)\1+", r"\1", word)}
    return not ways.isdisjoint(_WELL | vocabulary.YES | _NUMBER)


def _words(said: str) -> str:
    """Words and numbers apart: "OUI49" is a yes, and a number."""
    return " ".join(re.findall(r"[^\W\d_]+|\d+", said))
