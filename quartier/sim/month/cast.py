"""Who lives the month: the four of the team, thirteen volunteers of one quarter, and those who ask for help."""

import random
from dataclasses import dataclass, replace

from quartier.lib import cells, choices
from quartier.people import actions as people
from quartier.people.actions import Readiness, Who
from quartier.people.models import Volunteer
from quartier.places import actions as places
from quartier.places.models import Place
from quartier.sim import names
from quartier.sim import people as invented
from quartier.sim.behaviour import Chance
from quartier.sim.country import Country
from quartier.sim.month.plan import MAX_SMALL_GROUP_SIZE
from quartier.team import actions as team
from quartier.team.models import Account, Organisation, Role
from quartier.telephony.models import LineSettings

HOME_POSTCODE = "1060"
TEAM_MEMBERS = (
    ("Sara Lambert", "fr", Role.Name.ADMIN),
    ("Thomas Maes", "fr", Role.Name.COORDINATOR),
    ("Lotte Peeters", "nl", Role.Name.OPERATOR),
    ("Amina Haddad", "fr", Role.Name.SUPERVISOR),
)
# What nearly everybody does, and what somebody does besides.
USUAL_KINDS = ("groceries", "pharmacy", "dog", "talk")
OTHER_KINDS = ("meal", "papers", "transport", "lookin")
# Degrees of latitude and longitude around the middle of the quarter.
SPREAD_DEGREES = 0.012
# The fictitious numbers from here on are those of people who need help.
FIRST_NUMBER_HELPED = 1000
FIRST_NUMBER_TEAM = 9900
NUMBERS_BETWEEN = 8000


@dataclass(frozen=True)
class MonthCast:
    """Everybody whom the month begins with. `team`: accounts by first name; `volunteers` in the order of their
    numbers."""

    organisation: Organisation
    team: dict[str, Account]
    volunteers: list[Volunteer]
    home: Place


@dataclass(frozen=True)
class HelpedPerson:
    """Somebody who asks: how they are reached, and in which language."""

    name: str
    language: str
    channel: str
    phone: str
    email: str
    address: str


def assemble(chance: Chance, size: int) -> MonthCast:
    """The organisation with its team and its volunteers, at the moment that the clock shows. A larger group lives all
    over the country."""
    for country in places.shipped_countries():
        places.load_shipped(country=country)
    organisation = team.found_organisation(
        name="Quartier", languages=["fr", "nl", "de", "en"], country="BE", phone="+3280000020"
    )
    LineSettings.objects.update_or_create(organisation=organisation, defaults={"open_on_holidays": False})
    accounts = {}
    for number, (name, language, role) in enumerate(TEAM_MEMBERS):
        first = name.split()[0]
        who = Who(
            name,
            phone=invented.mobile(FIRST_NUMBER_TEAM + number),
            email=f"{first.lower()}@example.org",
            language=language,
            channel="email" if role == Role.Name.ADMIN else "text",
        )
        accounts[first] = people.create_account(organisation=organisation, who=who, roles=[role])
    home = Place.objects.filter(country="BE", postcode=HOME_POSTCODE).order_by("-main", "key").first()
    assert home is not None
    if size <= MAX_SMALL_GROUP_SIZE:
        joining = [_volunteer(chance, number, home) for number in range(size)]
    else:
        joining = invented.volunteers(Country(), chance, range(size))
    volunteers = people.join_many(organisation=organisation, joining=joining)
    return MonthCast(organisation, accounts, list(volunteers), home)


def _volunteer(chance: Chance, number: int, home: Place) -> tuple[Who, Readiness]:
    draw = chance.of("volunteer", number)
    language = draw.choices(["fr", "nl", "de", "en"], [6, 3, 1, 1])[0]
    spoken = sorted({language, "fr", *draw.sample(["nl", "en", "ar"], 1)})
    kinds = [*USUAL_KINDS, *(kind for kind in OTHER_KINDS if draw.random() < 0.3)]
    who = Who(
        names.name(draw, language),
        phone=invented.mobile(number),
        email=f"v{number}@example.org",
        language=language,
        channel="text" if draw.random() < 0.6 else "email",
    )
    usual_way = draw.choice(["foot", "bike"])
    return who, Readiness(
        kinds=choices.mask(choices.KINDS, kinds),
        languages=choices.mask(choices.LANGUAGES, spoken),
        slots=choices.ALL_SLOTS,
        travel=choices.CAR if "transport" in kinds else usual_way,
        radius_m=draw.choice([3000, 5000]),
        capacity=draw.choice([1, 2, 3]),
        budget=draw.choice([1, 2, 2]),
        cell=near(draw, home),
        postcode=home.postcode,
        place_name=home.name,
    )


def near(draw: random.Random, home: Place) -> int:
    """A cell in the quarter."""
    lat, lon = cells.centre(home.cell)
    return cells.cell_at(
        lat + draw.uniform(-SPREAD_DEGREES, SPREAD_DEGREES),
        lon + draw.uniform(-SPREAD_DEGREES, SPREAD_DEGREES),
    )


def _landline(number: int) -> str:
    return invented.landline(FIRST_NUMBER_HELPED + number % NUMBERS_BETWEEN)


def with_number(person: HelpedPerson, number: int) -> HelpedPerson:
    """The same, with a phone: whoever asks to be called leaves a number, who otherwise has only an email address."""
    return person if person.phone else replace(person, phone=_landline(number))


def helped(chance: Chance, number: int) -> HelpedPerson:
    """Person number so-and-so, the same one for the same seed."""
    draw = chance.of("helped", number)
    language = draw.choices(["fr", "nl", "de", "en"], [5, 3, 1, 1])[0]
    channel = draw.choices(["text", "email", "mail_only", "call"], [4, 2, 1, 3])[0]
    mobile = invented.mobile(FIRST_NUMBER_HELPED + number % NUMBERS_BETWEEN)
    phone = {"mail_only": "", "call": _landline(number)}
    return HelpedPerson(
        names.name(draw, language),
        language,
        "email" if channel == "mail_only" else channel,
        phone.get(channel, mobile),
        f"h{number}@example.org" if channel in {"email", "mail_only"} else "",
        names.address(draw, language),
    )
