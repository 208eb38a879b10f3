"""What somebody is called in front of others, from the name as it was written down."""

import re

from quartier.lib.text import folded


def _listed(words: str) -> frozenset[str]:
    return frozenset(" ".join(word.split()) for word in words.split(","))


# All of this is folded (small, no accents). Before a name, these say who speaks of whom: "Mijn vader Roger".
_BEFORE = {"voor", "pour", "fur", "for"}
_OWN = _listed(
    """
    mijn, onze, ons, mon, ma, notre, mein, meine, meinen, meiner, unser, unsere, my, our, m n, mes, nos
    """
)
_KIND_WORDS = _listed(
    """
    oude, oudere, lieve, beste, vieille, vieux, chere, cher, petite, grand, belle, beau, bonne, bon,
    alte, alter, liebe, lieber, old, elderly, dear
    """
)
# These also stand before a name by themselves: "Oma Julia".
_RELATIVES = _listed(
    """
    vader, moeder, mama, papa, oma, opa, bomma, bompa, moemoe, vava, tante, nonkel, oom, grootmoeder,
    grootvader, schoonmoeder, schoonvader, buurvrouw, buurman, pere, mere, maman, mamie, mamy, papi,
    papy, meme, pepe, oncle, grand mere, grand pere, belle mere, beau pere, bonne maman, bon papa,
    voisine, voisin, mutter, vater, mutti, vati, onkel, grossmutter, grossvater, schwiegermutter,
    schwiegervater, nachbarin, nachbar, mother, father, mum, mom, dad, grandma, grandpa, grandmother,
    grandfather, aunt, uncle, mother in law, father in law, neighbour, neighbor
    """
)
# And these only behind "my": alone they are a title, or a name.
_MY_RELATIVES = _RELATIVES | _listed(
    """
    zus, zuster, broer, zoon, dochter, vrouw, man, echtgenote, echtgenoot, vriend, vriendin, meter,
    peter, buur, neef, nicht, schoonzus, schoonbroer, soeur, frere, fils, fille, mari, femme, epouse,
    epoux, ami, amie, marraine, parrain, cousin, cousine, compagne, compagnon, belle soeur, beau frere,
    schwester, bruder, sohn, tochter, frau, mann, freund, freundin, sister, brother, son, daughter,
    wife, husband, friend, partner, ouders, grootouders, schoonouders, parents, grands parents,
    beaux parents, eltern, grosseltern, schwiegereltern, grandparents
    """
)
_IS = {"is", "heet", "est", "ist", "heisst", "named", "called", "nomme", "nommee", "s appelle"}
_TITLES = _listed(
    """
    m, mr, mme, mlle, mmes, mm, monsieur, madame, mademoiselle, messieurs, vve, veuve, me, maitre,
    docteur, soeur, frere, abbe, famille, couple, epoux, feu, mevr, mvr, mw, mevrouw, mej, juffrouw,
    dhr, hr, heer, meneer, mijnheer, wed, wwe, weduwe, dokter, zuster, pater, pastoor, familie, fam,
    echtpaar, herr, herrn, frau, fr, fraulein, witwe, doktor, schwester, bruder, pfarrer, ehepaar, mrs,
    ms, miss, mister, doctor, dr, drs, prof, ir, ing, sir, lady, sister, family
    """
)
# What begins a family name: "Van den Abeele Roger".
_PARTICLES = _listed(
    """
    van, vande, vanden, vander, de, den, der, del, della, di, du, des, von, vom, zu, le, la, les, el,
    ter, ten, t, d, s, het, op
    """
)
_JOINED = {"en", "et", "und", "and", "&", "+"}
_ELIDED = re.compile(r"^['’]?[dstDST]['’]\w")
_BRACKETS = re.compile(r"\([^)]*\)|\[[^]]*\]")


def first_name_in(name: str) -> str:
    """The first name alone; where it is not sure which word that is ("Mme Lambert Jeanne"), the name as it stands.

    What only says whose relative it is ("mijn vader", "ma mère") is left out of it, unless there is nothing else.
    """
    whole = " ".join(name.split())
    plain = " ".join(_BRACKETS.sub(" ", whole).split()) or whole
    words = _without_relative(plain.split())
    if not words:
        return plain
    rest = " ".join(words).strip(" ,;:")
    if "," in rest:
        return _around_comma(rest)
    return _of_words(rest.split())


def ways_to_say(name: str) -> set[str]:
    """What somebody at the door may have given for the first name: as it is shown, or one word of it where these are
    several ("Jean et Marie", "De Smet Anna")."""
    called = first_name_in(name)
    words = (word.strip(" ,;:.") for word in called.split())
    none = _TITLES | _PARTICLES | _OWN | _JOINED
    return {called} | {word for word in words if len(word) > 1 and folded(word) not in none}


def _of_words(words: list[str]) -> str:
    rest = " ".join(words)
    if len(words) < 2:
        return rest
    first = folded(words[0])
    if first in _TITLES or first in _OWN or len(first) < 2 or words[0].endswith("."):
        return rest
    turned = _behind_capitals(words)
    if turned:
        return turned
    if first in _PARTICLES or first.startswith(("vanden", "vander")) or _ELIDED.match(words[0]):
        return rest
    if len(words) > 2 and words[1].casefold() in _JOINED:
        return " ".join(words[:3])
    return words[0]


def _behind_capitals(words: list[str]) -> str:
    """The first name behind a family name in capitals: "VAN DEN BERG Anna"; '' where it is not so."""
    size = next((at for at, word in enumerate(words) if not word.isupper()), 0)
    if not size or max(len(word) for word in words[:size]) < 3 or not words[size][:1].isupper():
        return ""
    # "LAMBERT Mme Jeanne", "JAN Van den Berg": that is no first name.
    is_name = folded(words[size]) not in _TITLES | _PARTICLES
    return words[size] if is_name else " ".join(words)


def _around_comma(text: str) -> str:
    """Of "Lambert, Jeanne" the second, of "Jeanne Lambert, ma mère" the first; else all of it."""
    before, after = (part.split() for part in text.split(",", 1))
    if not before or not after:
        return _of_words(before or after)
    if folded(after[0]) in _OWN or not after[0][:1].isupper():
        return _of_words(before)
    is_family = len(before) == 1 or folded(before[0]) in _PARTICLES
    if is_family and len(after) == 1 and folded(after[0]) not in _TITLES and not after[0].endswith("."):
        return after[0]
    return text


def _without_relative(words: list[str]) -> list[str]:
    """The words behind "voor mijn lieve moeder"; all of them where they do not begin so."""
    plain = [folded(word) for word in words]
    at = 1 if plain and plain[0] in _BEFORE else 0
    is_own = at < len(plain) and plain[at] in _OWN
    start = at + 1 if is_own else at
    nouns = _MY_RELATIVES if is_own else _RELATIVES
    for skipped in (0, 1) if is_own else (0,):
        if skipped and (start >= len(plain) or plain[start] not in _KIND_WORDS):
            break
        for size in (3, 2, 1):
            end = start + skipped + size
            if " ".join(plain[start + skipped : end]) in nouns and end <= len(plain):
                end += 1 if end < len(plain) and plain[end] in _IS else 0
                return words[end:]
    return words[at:] if at and len(words) > 1 else words
