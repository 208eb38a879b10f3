"""Before a campaign begins: who of the team could call, and which neighbours could knock."""

from collections.abc import Sequence
from math import cos, radians
from uuid import UUID

from django.db.models import F

from quartier.cases.rules import reach_m
from quartier.followup.models import Member
from quartier.lib import cells, choices
from quartier.lib.names import first_name_in
from quartier.people.models import Volunteer
from quartier.team.access import SUSPENDED_STATE, TEAM
from quartier.team.models import Account, Organisation

METRES_A_DEGREE = 111_195.0
# Places that are looked at; more would make the page slow, and change what it says little.
MAX_PLACES = 300


def who_could_knock(organisation: Organisation, members: Sequence[Member]) -> tuple[int, int]:
    """How many neighbours near these people go to doors, speak their language and have room for a visit, and near how
    many people there is nobody. One query."""
    places = [(cell, language_to_knock(member)) for member in members if (cell := _cell(member)) is not None]
    free = Volunteer.objects.filter(
        organisation=organisation, state=Volunteer.State.ACTIVE, open_count__lt=F("capacity")
    )
    able = free.annotate(to_doors=F("kinds").bitand(choices.DOOR_KINDS)).filter(to_doors__gt=0)
    rows = list(able.values_list("pk", "lat", "lon", "radius_m", "languages"))
    found: set[UUID] = set()
    alone = len(members) - len(places)
    farthest = reach_m("other")
    for cell, language in places[:MAX_PLACES]:
        lat, lon = cells.centre(cell)
        east = METRES_A_DEGREE * cos(radians(lat))
        near = [
            pk
            for pk, its_lat, its_lon, radius, speaks in rows
            if speaks & language
            and ((its_lat - lat) * METRES_A_DEGREE) ** 2 + ((its_lon - lon) * east) ** 2
            <= min(radius, farthest) ** 2
        ]
        found.update(near)
        alone += not near
    return len(found), alone


def language_to_knock(member: Member) -> int:
    """The language (a bit) that whoever knocks at their door must speak."""
    language = member.person.language
    known = language if language in {each.code for each in choices.LANGUAGES} else "fr"
    return choices.mask(choices.LANGUAGES, [known])


def _cell(member: Member) -> int | None:
    return member.case.cell if member.case is not None else member.cell


def who_could_call(organisation: Organisation) -> list[str]:
    """The first names of those of the team who may call people of the list. One query."""
    accounts = Account.objects.filter(organisation=organisation, is_active=True, roles__name__in=TEAM)
    accounts = accounts.exclude(person__volunteer__state=SUSPENDED_STATE)
    return sorted(first_name_in(account.name) for account in accounts.distinct())
