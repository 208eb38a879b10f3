"""What invented people write: lists, and words of their own. In the language of who writes; English has the French."""

import random
from collections.abc import Mapping

# Things for a list, in the words of those who write them.
THINGS = {
    "fr": (
        "1 pain gris", "2 l de lait", "6 œufs", "1 kg de pommes", "café moulu", "beurre", "jambon (4 tranches)",
        "3 yaourts nature", "pommes de terre", "carottes", "papier toilette", "soupe aux tomates", "bananes",
        "eau (6 bouteilles)",
    ),
    "nl": (
        "1 grijs brood", "2 l melk", "6 eieren", "1 kg appels", "gemalen koffie", "boter", "hesp (4 sneden)",
        "3 natuuryoghurts", "aardappelen", "wortelen", "toiletpapier", "tomatensoep", "bananen", "water (6 flessen)",
    ),
    "de": (
        "1 Graubrot", "2 l Milch", "6 Eier", "1 kg Äpfel", "gemahlener Kaffee", "Butter", "Schinken (4 Scheiben)",
        "3 Naturjoghurts", "Kartoffeln", "Möhren", "Toilettenpapier", "Tomatensuppe", "Bananen", "Wasser (6 Flaschen)",
    ),
}  # fmt: skip
# What people say afterwards in their own words.
AFTERWARDS = {
    "fr": (
        "Merci, elle était très gentille.", "Il faudrait aussi quelqu’un pour la poubelle.", "Tout était là, merci.",
        "J’aimerais parler un peu plus souvent.", "Le sac était lourd pour elle.",
        "Pouvez-vous aussi passer à la pharmacie ?",
    ),
    "nl": (
        "Dank u, ze was heel vriendelijk.", "Kan er ook iemand de vuilnis buitenzetten?", "Alles was in orde, bedankt.",
        "Ik zou graag wat vaker met iemand praten.", "De tas was zwaar voor haar.",
        "Kan iemand ook langs de apotheek gaan?",
    ),
    "de": (
        "Danke, sie war sehr freundlich.", "Es müsste auch jemand den Müll hinausbringen.", "Alles war da, danke.",
        "Ich würde gern öfter mit jemandem reden.", "Die Tasche war schwer für sie.",
        "Kann auch jemand zur Apotheke gehen?",
    ),
}  # fmt: skip
# What is said to somebody of the team about money, what is decided, and what a listener writes.
NOT_RIGHT = {
    "fr": "Je crois que c’était moins que ça.",
    "nl": "Ik denk dat het minder was.",
    "de": "Ich glaube, es war weniger.",
}
RIGHT = {"fr": "Oui, c’est juste.", "nl": "Ja, dat klopt.", "de": "Ja, das stimmt."}
DECIDED = {
    "fr": "Nous avons regardé le ticket avec vous deux.",
    "nl": "We hebben het kasticket met u beiden bekeken.",
    "de": "Wir haben den Kassenzettel mit Ihnen beiden angesehen.",
}
NOTES = {
    "fr": "Nous avons parlé de son jardin et de ses petits-enfants. Elle dort mal.",
    "nl": "We hebben over de tuin en de kleinkinderen gepraat. Ze slaapt slecht.",
    "de": "Wir haben über den Garten und die Enkel gesprochen. Sie schläft schlecht.",
}
WISH = {
    "fr": "Depuis le confinement je ne vois plus personne.",
    "nl": "Sinds de lockdown zie ik niemand meer.",
    "de": "Seit der Ausgangssperre sehe ich niemanden mehr.",
}
BETWEEN = (5, 10)


def in_language[T](table: Mapping[str, T], language: str) -> T:
    """What stands there in this language."""
    return table.get(language, table["fr"])


def shopping(draw: random.Random, language: str) -> list[str]:
    """A list of some things."""
    things: tuple[str, ...] = in_language(THINGS, language)
    return draw.sample(things, draw.randint(*BETWEEN))


def instead(draw: random.Random, language: str) -> str:
    """What was bought for something that was not there."""
    things: tuple[str, ...] = in_language(THINGS, language)
    return draw.choice(things)


def afterwards(draw: random.Random, language: str) -> str:
    """Words about a visit."""
    words: tuple[str, ...] = in_language(AFTERWARDS, language)
    return draw.choice(words)
