"""Which words of a line are a street: its kind, its name, its number. Everything here is folded, see `rules.fold`."""

import re

Words = tuple[str, ...]

# A place name right behind one of these belongs to the name of the street: "Chaussée de Wavre", "Rue Namur".
LINK_WORDS = {
    *("de", "du", "des", "d", "la", "le", "les", "l", "aux", "au", "et", "st"),
    *("van", "der", "den", "het", "te", "ter", "ten", "op", "naar", "tot", "en"),
    *("von", "zum", "zur", "nach", "am", "an", "und", "of", "the"),
}
KIND_WORDS = {
    *(
        "rue",
        "avenue",
        "av",
        "ave",
        "chaussee",
        "chee",
        "place",
        "placette",
        "boulevard",
        "bd",
        "bld",
        "blvd",
    ),
    *("boul", "quai", "allee", "chemin", "route", "rte", "impasse", "square", "clos", "dreve", "sentier"),
    *("ruelle", "venelle", "passage", "galerie", "esplanade", "parvis", "digue", "cite", "faubourg", "voie"),
    *("residence", "tienne", "thier", "rond", "cour", "carrefour", "square", "promenade"),
    *("straat", "laan", "steenweg", "stwg", "stw", "plein", "dreef", "kaai", "kade", "dijk", "markt", "weg"),
    *("strasse", "str", "platz", "gasse", "ufer", "street", "road", "lane", "grote markt", "grand place"),
}
# Too short to be a kind of street anywhere but at the beginning.
_SHORT_KIND_WORDS = {"r", "pl", "ch", "sq", "imp", "chem"}
_ENDINGS = (
    *("straat", "straatje", "laan", "steenweg", "stwg", "plein", "dreef", "kaai", "kade"),
    *("strasse", "gasse", "platz", "allee"),
)
# These are also the end of a place's name: they make a street only beside another word or a number.
_WEAK_ENDINGS = ("weg", "lei", "dijk", "pad", "baan", "markt", "vest", "singel", "str", "hof", "ring", "berg")
# These need a name: a town right before one of them may be that name, "Leuven steenweg 12" for Leuvensesteenweg. A
# square or a market is called just that in many a town.
_NAMED_KIND_WORDS = {
    *("rue", "avenue", "av", "ave", "chaussee", "chee", "boulevard", "bd", "bld", "blvd", "allee", "chemin"),
    *(
        "route",
        "rte",
        "straat",
        "laan",
        "steenweg",
        "stwg",
        "stw",
        "dreef",
        "strasse",
        "str",
        "street",
        "road",
        "lane",
    ),
}
_NUMBER = re.compile(r"\d{1,4}[a-z]{0,3}")
_BOX_WORDS = {
    "bus",
    "bte",
    "boite",
    "box",
    "b",
    "app",
    "apt",
    "et",
    "etage",
    "verdieping",
    "bis",
    "ter",
    "no",
    "nr",
}
_BOX_WORDS |= {"n", "numero", "nummer", "num"}


def is_house_number(word: str) -> bool:
    """Whether the word may be the number of a house or of a box: "12", "12a"."""
    return _NUMBER.fullmatch(word) is not None


def is_kind(word: str) -> bool:
    """Whether the word is a kind of street, or ends like a street in Dutch or German."""
    return word in KIND_WORDS or (word.endswith(_ENDINGS) and word not in _ENDINGS)


def has_kind(words: Words) -> bool:
    """Whether the words hold a kind of street."""
    if len(words) > 1 and words[0] in _SHORT_KIND_WORDS:
        return True
    if any(is_kind(word) for word in words):
        return True
    return len(words) > 1 and any(word.endswith(_WEAK_ENDINGS) and len(word) > 5 for word in words)


def has_number(words: Words) -> bool:
    """Whether a house number stands behind or before a word that is none."""
    numbers = [word for word in words if word[:1].isdigit()]
    return bool(numbers) and len(numbers) < len(words)


def ends_with_number(words: Words) -> bool:
    """Whether a town may follow: the words end with the number of a house or a box."""
    return bool(words) and (is_house_number(words[-1]) or words[-1] in {"bis", "ter"}) and has_number(words)


def is_only_number(words: Words) -> bool:
    """Whether there is nothing but a number and a box: the street stands elsewhere."""
    return bool(words) and all(is_house_number(word) or word in _BOX_WORDS for word in words)


def is_street(words: Words) -> bool:
    """Whether the words read as a street: a kind of street, or a name with a number."""
    return has_kind(words) or (has_number(words) and not is_only_number(words))


def begins_street(words: Words) -> bool:
    """Whether a street begins with the first of these words, as behind a town: "Wavre rue Haute 3"."""
    if not words:
        return False
    return is_kind(words[0]) or (words[0] in _SHORT_KIND_WORDS and len(words) > 1) or ends_with_number(words)


def lacks_name(words: Words) -> bool:
    """Whether this is a kind of street and perhaps its number, and the name stands elsewhere: "steenweg 12"."""
    if not words or words[0] not in _NAMED_KIND_WORDS:
        return False
    return len(words) == 1 or is_only_number(words[1:])


def is_inside_street(before: Words) -> bool:
    """Whether a name behind these words belongs to the street: "chaussee de" + "wavre", "rue" + "namur"."""
    if not before:
        return False
    if before[-1] in LINK_WORDS:
        return True
    return (
        is_kind(before[-1])
        if len(before) > 1 or before[-1] in KIND_WORDS
        else before[-1] in _SHORT_KIND_WORDS
    )
