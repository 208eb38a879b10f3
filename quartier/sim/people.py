"""Invented volunteers and invented people who need help. Their numbers and addresses reach nobody."""

import random
from dataclasses import dataclass
from math import isfinite

import numpy as np

from quartier.cases.rules import Household, Wanted, Where
from quartier.lib import choices
from quartier.people.actions import Readiness, Who
from quartier.people.models import Person
from quartier.sim import names, population
from quartier.sim.behaviour import Chance, behaviour
from quartier.sim.country import Country
from quartier.sim.population import AS_ALWAYS, Wishes

# The words that people agreed to, as the form and the operators' script number them.
CONSENT = "simulated"
# The numbers behind these are for those who ask.
VOLUNTEERS_WITH_A_PHONE = 8000
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
    # Minutes after which it is taken back if nobody has been found; `None`: never.
    takes_back: float | None = None


def mobile(number: int) -> str:
    """The fictitious mobile number with these last four digits, in E.164."""
    return f"+3240000{number % 10_000:04}"


def landline(number: int) -> str:
    """The fictitious Brussels number with these last four digits, in E.164."""
    return f"+322000{number % 10_000:04}"


def volunteer(country: Country, chance: Chance, number: int) -> tuple[Who, Readiness]:
    """Volunteer number so-and-so: the same one for the same seed."""
    return volunteers(country, chance, range(number, number + 1))[0]


def volunteers(country: Country, chance: Chance, numbers: range) -> list[tuple[Who, Readiness]]:
    """The volunteers with these numbers."""
    drawn = population.volunteers(country, chance.seed, np.arange(numbers.start, numbers.stop))
    ways = list(behaviour()["volunteers"]["travel"])
    return [
        (
            _who(chance.of("volunteer", number), number, str(drawn.homes.language[row])),
            _readiness(country, drawn, row, ways),
        )
        for row, number in enumerate(numbers)
    ]


def _who(draw: random.Random, number: int, language: str) -> Who:
    return Who(
        names.name(draw, language),
        # Fictitious numbers are few; whoever comes after the last of them is reached by mail.
        phone=mobile(number) if number < VOLUNTEERS_WITH_A_PHONE else "",
        email=f"v{number}@example.org",
        language=language,
        channel=Person.Channel.TEXT
        if number < VOLUNTEERS_WITH_A_PHONE and draw.random() < 0.6
        else Person.Channel.EMAIL,
    )


def _readiness(country: Country, drawn: population.Volunteers, row: int, ways: list[str]) -> Readiness:
    postcode, place_name = country.places[drawn.homes.place[row]]
    return Readiness(
        kinds=int(drawn.kinds[row]),
        languages=int(drawn.languages[row]),
        slots=int(drawn.slots[row]),
        travel=choices.CAR if drawn.kinds[row] & choices.LIFT else ways[drawn.travel[row]],
        radius_m=int(drawn.radius_m[row]),
        capacity=int(drawn.capacity[row]),
        budget=int(behaviour()["volunteers"]["budget"]),
        cell=int(drawn.homes.cell[row]),
        postcode=postcode,
        place_name=place_name,
    )


def asking(country: Country, chance: Chance, number: int, wishes: Wishes = AS_ALWAYS) -> Asking:
    """Request number so-and-so: the same one for the same seed and wishes."""
    drawn = population.requests(country, chance.seed, np.array([number]), wishes)
    draw = chance.of("asking", number)
    language, spoken = str(drawn.homes.language[0]), str(drawn.language[0])
    written = spoken if spoken in names.FIRST else language
    by_phone, for_another = bool(drawn.by_phone[0]), bool(drawn.for_another[0])
    needy = Who(
        names.name(draw, written),
        phone=landline(number),
        language=written,
        channel=Person.Channel.CALL,
        phone_is_shared=draw.random() < 0.1,
    )
    if for_another:
        asker = _with_a_mobile(names.name(draw, written), number, written, draw.random() < 0.5)
    elif drawn.writes[0]:
        needy = asker = _with_a_mobile(needy.name, number, written, draw.random() < 0.6)
    else:
        asker = needy
    postcode, place_name = country.places[drawn.homes.place[0]]
    household = Household(
        where=Where(int(drawn.homes.cell[0]), postcode, place_name),
        address=names.address(draw, language),
        access_notes="",
        relation=draw.choice(RELATIONS.get(language, RELATIONS["fr"])) if for_another else "",
        tell_asker=for_another,
    )
    kind = population.KINDS[drawn.kind[0]]
    wanted = Wanted(
        kind,
        int(drawn.languages[0]),
        urgency=population.URGENCIES[drawn.urgency[0]],
        details=DETAILS.get(kind, {}).get(language, ""),
    )
    later = float(drawn.takes_back[0])
    return Asking(needy, asker, household, wanted, by_phone, later if isfinite(later) else None)


def _with_a_mobile(name: str, number: int, language: str, by_text: bool) -> Who:
    return Who(
        name,
        phone=mobile(VOLUNTEERS_WITH_A_PHONE + number % (10_000 - VOLUNTEERS_WITH_A_PHONE)),
        email=f"a{number}@example.org",
        language=language,
        channel=Person.Channel.TEXT if by_text else Person.Channel.EMAIL,
    )
