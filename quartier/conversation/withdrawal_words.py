"""That somebody cannot come after all, or that help is not needed any more, said in words of their own. Pure.

Nothing is cancelled by what is found here: whoever wrote hears where to say it, and the team reads it. `says_cancel`
alone stands for an answer where we asked whether something is still needed.
"""

# ruff: noqa: SIM905 (lists of words are read as sentences)

import re

from quartier.conversation import vocabulary as words
from quartier.conversation.understanding import (
    MOST_WORDS_STOP,
    Meaning,
    own_words,
    plain,
    understand,
    without_numbers,
)

# Above every day and hour, so that it is read as the number of an offer.
_ANY_CODE = 99
# Of whoever takes back a yes, and not of what they can; and which visit it is.
_AFTER_ALL = re.compile(
    r"\b(?:doch|toch|finalement|quand meme|eigentlich|eigenlijk|after all|actually|"
    r"apres demain|demain(?: (?:matin|midi|soir))?|overmorgen|morgen(?:ochtend|voormiddag|middag|namiddag|avond)?|"
    r"ubermorgen|morgen (?:fruh|vormittag|mittag|nachmittag|abend)|tomorrow(?: (?:morning|afternoon|evening))?|"
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|"
    r"(?:am )?(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)|"
    r"(?:on )?(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday))\b"
)
_REASON = re.compile(r"\b(?:weil|denn|car|parce que|puisque|vu que|omdat|want|aangezien|because|since)\b")
# Somebody says of themselves that they do not come; what may follow it. "Je ne viens pas seul" is none.
_AFTER_AWAY = (
    words.REGRET
    | words.THIS_TIME
    | frozenset(
        "merci danke dank bedankt thanks thank svp aub bitte please stp je j ik ich i im ive mon ma mijn mein meine my "
        "malade ziek krank sick ill grippe griep donc dus also so et und and a to vous u sie you y".split()
    )
)
_FR_VISIT = r"(?: (?:le|la|notre|mon|ma) (?:rendez vous|visite|passage)(?: (?:de|du))?)?"
_EN_VISIT = r"(?: (?:the |my |our )?(?:s )?(?:visit|appointment))?"
_SELF_AWAY = re.compile(
    r"\b(?:"
    r"je (?:ne )?(?:viens|viendrai|passe|passerai|vais|irai) (?:\w+ )?pas(?: venir| passer| y aller)?|"
    r"je (?:ne )?(?:peux|pourrai|sais|saurai|pourrais) (?:\w+ )?(?:pas|plus)(?: \w+)? (?:venir|passer|y aller|aller)|"
    r"je (?:dois|vais devoir|voudrais|veux|souhaite|suis oblige de|suis obligee de) (?:\w+ )?"
    rf"(?:me decommander|me desister|annuler{_FR_VISIT})|"
    r"je me (?:desiste|decommande)|"
    r"(?:ik )?(?:kom|ga) (?:\w+ )?niet(?: (?:komen|langs))?|"
    r"(?:ik )?(?:kan|zal|ga) (?:\w+ ){0,2}niet (?:kunnen )?(?:komen|gaan|langskomen|langsgaan)|"
    r"(?:ik )?kan (?:er )?niet|er (?:\w+ ){0,2}niet (?:zijn|geraken)|"
    r"(?:ik )?geraak er (?:\w+ )?niet|(?:ik )?(?:moet|wil) (?:\w+ ){0,4}(?:afzeggen|annuleren|afbellen)|"
    r"ik zeg (?:\w+ )?af|"
    r"ich komme (?:\w+ )?nicht|(?:ich )?(?:kann|werde) (?:\w+ ){0,2}nicht (?:kommen|gehen|hingehen)|"
    r"ich schaffe? (?:es )?(?:\w+ )?nicht|(?:ich )?muss (?:\w+ ){0,2}absagen|ich sage (?:\w+ )?ab|"
    r"i (?:m|am) not (?:coming|going)|i (?:wont|will not|cant|cannot|can not|am unable to|m unable to) "
    r"(?:be able to )?(?:come|make it|be there|go)|(?:i )?(?:ll |ill )?(?:have|need|must|want)(?: to)? cancel"
    rf"{_EN_VISIT}"
    r")\b"
)
_ONLY_CANCELS = re.compile(r"(?:afzeggen|annuleren|annuler|absagen|afzegging|annulation|absage|cancel)")


def says_cannot(text: str) -> bool:
    """Whether this says that somebody cannot: "je ne peux pas", which with a number would be a refusal. A bare no
    answers a question. Said with its reason, its day or an apology, one part of it says so."""
    own = own_words(text)
    # "Nee, ik kan niet komen" begins with a no, and is more than that.
    if understand(text).meaning not in {Meaning.WORDS, Meaning.NO}:
        return False
    parts = [_without_day(each) for each in (own, *re.split(rf"[,.;:!\n]+|{_REASON.pattern}", own))]
    return any(_refuses(part) or _takes_back(part) for part in parts if part)


def _without_day(part: str) -> str:
    """With its signs, as a question is none."""
    return " ".join(_AFTER_ALL.sub(" ", plain(part)).split())


def _refuses(part: str) -> bool:
    if understand(part).meaning != Meaning.WORDS:
        return False
    return understand(f"{part.rstrip('. !')} {_ANY_CODE}").meaning == Meaning.NO


def _takes_back(part: str) -> bool:
    if "?" in part:
        return False
    said = _letters(part)
    away = any(_is_followed_well(said, found.end()) for found in _SELF_AWAY.finditer(said))
    return away or _ONLY_CANCELS.fullmatch(_without_kind(said)) is not None


def _is_followed_well(said: str, end: int) -> bool:
    after = said[end:].split()
    return not after or after[0] in _AFTER_AWAY


def says_cancel(text: str) -> bool:
    """Whether it says that help is not needed any more, and nothing else: "annuler tout". Which, it does not say."""
    return _cancels(_letters(plain(own_words(text))))


def says_not_needed(text: str) -> bool:
    """`says_cancel`, also with a number of ours, and behind a no: "non 42, plus besoin"."""
    said, _numbers = without_numbers(text)
    behind = re.sub(rf"^\W*(?:{'|'.join(sorted(words.NO))})\b", "", said)
    return says_cancel(said) or says_cancel(behind)


def mentions_cancel(text: str) -> bool:
    """Whether it says so beside something else: "yes please cancel", "je n'ai plus besoin, mon fils est venu". It is
    asked what is meant; more than that does not come of it."""
    if says_cancel(text):
        return True
    flat = plain(" , ".join(own_words(text).splitlines()))
    parts = re.findall(r"[^,.;:!?]+\??", flat)
    return any(_is_said_so(_letters(each)) for each in parts if not each.endswith("?"))


# Why, where no sign stands before it.
_FAMILY = (
    r"(?:fils|fille|mari|femme|frere|soeur|voisin|voisine|famille|zoon|dochter|man|vrouw|broer|zus|buur|buurman|buurvrouw|"
    r"familie|sohn|tochter|mann|frau|bruder|schwester|nachbar|nachbarin|son|daughter|husband|wife|brother|sister|"
    r"neighbour|neighbor|family)"
)
_WHY = re.compile(
    rf"{_REASON.pattern}|\b(?=(?:mon|ma|mijn|m n|mein|meine|my|notre|onze|unser|unsere|our) {_FAMILY}\b)|"
    r"\b(?=(?:je suis|j ai|on m a|ik ben|ik zit|ik lig|ik heb al|ich bin|ich habe schon|i am|i m|im|i have already|"
    r"ive|i ve) )|\b(?:mais|maar|aber|but|et|en|und|and)\b"
)


def _is_said_so(part: str) -> bool:
    return any(_cancels(_without_answer(each)) for each in (part, *_WHY.split(part)) if each)


def _without_answer(said: str) -> str:
    """Without the yes, the no, the thanks or the "finally" around it."""
    around = words.YES | words.NO | words.KIND | words.REGRET | _AROUND_CANCEL
    found = said.split()
    while found and found[0] in around - _SUBJECTS:
        found.pop(0)
    while found and found[-1] in around:
        found.pop()
    return " ".join(found)


_SUBJECTS = frozenset({"ich", "je", "j", "ik", "i"})
_AROUND_CANCEL = frozenset(
    "finalement toch doch now nu jetzt maintenant alors dan dann then gelieve te veuillez".split()
)


def _cancels(said: str) -> bool:
    around = words.CANCEL_AROUND | words.KIND | words.REGRET
    if any(re.fullmatch(phrase, _without_kind(said)) for phrase in words.CANCEL_PHRASES):
        return True
    found = said.split()
    return (
        0 < len(found) <= MOST_WORDS_STOP + 2
        and not words.CANCEL.isdisjoint(found)
        and all(word in words.CANCEL | around for word in found)
    )


def _without_kind(said: str) -> str:
    """Without what is only kind at its ends."""
    kind = words.KIND | words.REGRET
    found = said.split()
    while found and found[0] in kind - _SUBJECTS:
        found.pop(0)
    while found and found[-1] in kind:
        found.pop()
    return " ".join(found)


def _letters(said: str) -> str:
    """Words alone, apart by one space."""
    return " ".join(re.findall(r"[^\W_]+", said))
