"""Invented volunteers and invented people who need help. Their numbers and addresses reach nobody."""

import random
from dataclasses import dataclass
from typing import Any

from quartier.cases.rules import Household, Wanted, Where
from quartier.lib import choices
from quartier.people.actions import Readiness, Who
from quartier.people.models import Person
from quartier.sim import names
from quartier.sim.behaviour import Chance, behaviour, weighted
from quartier.sim.country import Country, Home

PARTS = ("morning", "afternoon", "evening")
OTHER_NATIONAL = {"fr": "nl", "nl": "fr", "de": "fr"}
OTHERS = ("ar", "tr", "es", "it", "pl", "ro", "pt", "uk")
DETAILS = {
    "groceries": {
        "fr": "Pain\nLait\nPommes\nCafé",
        "nl": "Brood\nMelk\nAppels\nKoffie",
        "de": "Brot\nMilch\nÄpfel\nKaffee",
    },
    "pharmacy": {
        "fr": "L'ordonnance est chez le pharmacien de la place.",
        "nl": "Het voorschrift ligt bij de apotheker op het plein.",
        "de": "Das Rezept liegt in der Apotheke am Platz.",
    },
    "other": {
        "fr": "Changer une ampoule au plafond.",
        "nl": "Een lamp vervangen aan het plafond.",
        "de": "Eine Glühbirne an der Decke wechseln.",
    },
}
RELATIONS = {
    "fr": ("fille", "fils", "voisine"),
    "nl": ("dochter", "zoon", "buurvrouw"),
    "de": ("Tochter", "Sohn"),
}


@dataclass(frozen=True)
class Asking:
    """Somebody who reaches us. `asker` is the person herself, or who asks for her."""

    person: Who
    asker: Who
    household: Household
    wanted: Wanted
    by_phone: bool


def mobile(number: int) -> str:
    """The fictitious mobile number with these last four digits, in E.164."""
    return f"+3240000{number % 10_000:04}"


def landline(number: int) -> str:
    """The fictitious Brussels number with these last four digits, in E.164."""
    return f"+322000{number % 10_000:04}"


def volunteer(country: Country, chance: Chance, number: int) -> tuple[Who, Readiness]:
    """Volunteer number so-and-so: the same one for the same seed."""
    draw, figures = chance.of("volunteer", number), behaviour()["volunteers"]
    home = country.home(draw)
    name = names.name(draw, home.language)
    who = Who(
        name,
        phone=mobile(number),
        email=f"v{number}@example.org",
        language=home.language,
        channel=Person.Channel.TEXT if draw.random() < 0.6 else Person.Channel.EMAIL,
    )
    return who, _readiness(draw, home, figures)


def _readiness(draw: random.Random, home: Home, figures: dict[str, Any]) -> Readiness:
    kinds = [kind for kind, share in figures["kinds"].items() if draw.random() < share] or ["groceries"]
    languages = [home.language]
    if draw.random() < figures["second_national"]:
        languages.append(OTHER_NATIONAL[home.language])
    if draw.random() < figures["english"]:
        languages.append("en")
    if draw.random() < figures["another"]:
        languages.append(draw.choice(OTHERS))
    slots = 0
    for day in range(7):
        free = figures["free_workday" if day < 5 else "free_weekend"]
        for part, name in enumerate(PARTS):
            if draw.random() < free[name]:
                slots |= 1 << (day * 3 + part)
    travel = weighted(draw, figures["travel"])
    return Readiness(
        kinds=choices.mask(choices.KINDS, kinds),
        languages=choices.mask(choices.LANGUAGES, list(dict.fromkeys(languages))),
        slots=slots or choices.ALL_SLOTS,
        travel=travel,
        radius_m=int(figures["radius_m"][travel]),
        capacity=int(weighted(draw, figures["capacity"])),
        budget=2,
        cell=home.cell,
        postcode=home.postcode,
        place_name=home.name,
    )


def asking(country: Country, chance: Chance, number: int) -> Asking:
    """Request number so-and-so: the same one for the same seed."""
    draw, figures = chance.of("asking", number), behaviour()["asking"]
    home = country.home(draw)
    language = home.language
    by_phone = draw.random() < figures["by_phone"]
    spoken = [language]
    if draw.random() < figures["other_language"]:
        spoken = [draw.choice(("en", *OTHERS))] if draw.random() < 0.3 else [language, "en"]
    written = spoken[0] if spoken[0] in names.FIRST else language
    for_another = draw.random() < figures["for_another"]
    needy = Who(
        names.name(draw, written),
        phone=landline(number),
        language=written,
        channel=Person.Channel.CALL,
        phone_is_shared=draw.random() < 0.1,
    )
    if for_another:
        asker = Who(
            names.name(draw, written),
            phone=mobile(8000 + number % 2000),
            email=f"a{number}@example.org",
            language=written,
            channel=Person.Channel.TEXT if draw.random() < 0.5 else Person.Channel.EMAIL,
        )
    elif by_phone and draw.random() < 0.7:
        asker = needy
    else:
        needy = asker = Who(
            needy.name,
            phone=mobile(8000 + number % 2000),
            email=f"a{number}@example.org",
            language=written,
            channel=Person.Channel.TEXT if draw.random() < 0.6 else Person.Channel.EMAIL,
        )
    kind = weighted(draw, figures["kinds"])
    household = Household(
        where=Where(home.cell, home.postcode, home.name),
        address=names.address(draw, language),
        access_notes="",
        relation=draw.choice(RELATIONS.get(language, RELATIONS["fr"])) if for_another else "",
        tell_asker=for_another,
    )
    wanted = Wanted(
        kind,
        choices.mask(choices.LANGUAGES, spoken),
        urgency=weighted(draw, figures["urgency"]),
        details=DETAILS.get(kind, {}).get(language, ""),
    )
    return Asking(needy, asker, household, wanted, by_phone)
