"""Why a volunteer can be asked for a request, or what stands in the way first.

`matching.queries.nearest` decides, in SQL. Here the same rules are written once more, one by one, so that they can be
said of one person; the tests hold the two against each other.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from math import cos, radians, sqrt
from typing import Any, NamedTuple

from django.db.models import Exists, ExpressionWrapper, F, FloatField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Least

from quartier.cases.models import Request
from quartier.lib import cells, clock
from quartier.matching.planning.way import cap_of, way_of
from quartier.matching.queries import METRES_A_DEGREE, local_day, slots_left
from quartier.matching.rules import had_today
from quartier.people.models import Away, Exclusion, Volunteer, Wishes
from quartier.people.queries import asleep, away

# Those near who cannot be asked are looked for in a disk of so many rings, and only then in the next (about 2.4 km a
# ring). Who lives farther is nobody's first question.
DISKS = (1, 4)


class WhyNot(StrEnum):
    """What stands in the way, in the order in which it is said: what lasts before what is over tomorrow.

    concerned  is who is helped, or who asked
    apart      the two are never brought together
    level      has not been vetted for this
    reach      lives farther away than this volunteer goes
    far        lives farther away than anybody is looked for
    away       is away today, or all the time in which the help is useful
    asleep     has quiet hours now
    budget     has had today's offers
    """

    CONCERNED = "concerned"
    APART = "apart"
    SUSPENDED = "suspended"
    PAUSED = "paused"
    LEFT = "left"
    AWAY = "away"
    KIND = "kind"
    LANGUAGE = "language"
    LEVEL = "level"
    TIME = "time"
    FULL = "full"
    REACH = "reach"
    FAR = "far"
    ASLEEP = "asleep"
    BUDGET = "budget"


@dataclass(frozen=True)
class Sought:
    """What a request needs of a volunteer at this moment (`now`). `slots`: bits of the week; `budget`: the
    organisation's cap of offers a day for each volunteer; `radius_m`: how far it is looked, in metres."""

    request: Request
    slots: int
    now: datetime
    today: date
    radius_m: int
    budget: int


def sought_by(request: Request, *, radius_m: int) -> Sought:
    """What the request needs now, under the budget of its organisation."""
    organisation = request.organisation
    cap = cap_of(*way_of(organisation))
    return Sought(request, slots_left(request), clock.now(), local_day(request), radius_m, cap)


def metres_to(request: Request, volunteer: Volunteer) -> int:
    """From cell to cell, on the plane that `nearest` uses too."""
    north = (volunteer.lat - request.lat) * METRES_A_DEGREE
    east = (volunteer.lon - request.lon) * METRES_A_DEGREE * cos(radians(request.lat))
    return int(sqrt(north * north + east * east))


def east_and_north(request: Request) -> "tuple[ExpressionWrapper[Any], ExpressionWrapper[Any]]":
    """How many metres a volunteer lives east and north of a request, on the same plane, as columns of a query."""
    a_degree_east = METRES_A_DEGREE * cos(radians(request.lat))
    east = ExpressionWrapper((F("lon") - request.lon) * a_degree_east, FloatField())
    return east, ExpressionWrapper((F("lat") - request.lat) * METRES_A_DEGREE, FloatField())


def why_not(
    sought: Sought, volunteer: Volunteer, *, apart: bool, away: bool = False, asleep: bool = False
) -> WhyNot | None:
    """The first thing that stands in the way; `None` for who may be asked. `apart`: they are never brought together;
    `away`, `asleep`: as `people.queries.not_now` knows it."""
    request = sought.request
    metres = 0 if request.remote else metres_to(request, volunteer)
    budget = min(volunteer.budget, sought.budget)
    tests = (
        (WhyNot.CONCERNED, volunteer.person_id in {request.case.person_id, request.case.asked_by_id}),
        (WhyNot.APART, apart),
        (WhyNot.SUSPENDED, volunteer.state == Volunteer.State.SUSPENDED),
        (WhyNot.PAUSED, volunteer.state == Volunteer.State.PAUSED),
        (WhyNot.LEFT, volunteer.state == Volunteer.State.LEFT),
        (WhyNot.AWAY, away),
        (WhyNot.KIND, not volunteer.kinds & request.kinds),
        (WhyNot.LANGUAGE, not volunteer.languages & request.languages),
        (WhyNot.LEVEL, volunteer.level < request.level),
        (WhyNot.TIME, not volunteer.slots & sought.slots),
        (WhyNot.FULL, volunteer.open_count >= volunteer.capacity),
        (WhyNot.REACH, not request.remote and metres > volunteer.radius_m),
        (WhyNot.FAR, not request.remote and metres > sought.radius_m),
        (WhyNot.ASLEEP, asleep),
        (WhyNot.BUDGET, had_today(volunteer, sought.today) >= budget),
    )
    return next((reason for reason, holds in tests if holds), None)


class NotAsked(NamedTuple):
    """Somebody near whom no wave asks now, and why."""

    volunteer: Volunteer
    metres: int
    why: WhyNot


def near_and_not_asked(sought: Sought, limit: int) -> list[NotAsked]:
    """The nearest who cannot be asked for this now, nearest first. Who was asked already or has left is not among them.

    Empty for help by phone, where nobody is near. At most two queries.
    """
    request = sought.request
    if request.remote:
        return []
    found: list[Volunteer] = []
    for rings in DISKS:
        found = list(_hindered(sought, cells.disk(request.area, rings))[:limit])
        if len(found) == limit:
            break
    rows = []
    for volunteer in found:
        told = {name: getattr(volunteer, name) for name in ("apart", "away_now", "asleep")}
        why = why_not(sought, volunteer, apart=told["apart"], away=told["away_now"], asleep=told["asleep"])
        if why is not None:
            rows.append(NotAsked(volunteer, metres_to(request, volunteer), why))
    return rows


def _hindered(sought: Sought, areas: list[int]) -> QuerySet[Volunteer]:
    """Those of these areas in whose way something stands, nearest first; `apart` says whether they are kept apart,
    `away_now` and `asleep` whether they are left alone at this time."""
    request = sought.request
    east, north = east_and_north(request)
    gone = away(request.organisation, sought.now, (request.window_from, request.window_until))
    sleeping = asleep(sought.now.astimezone(request.organisation.zone).time())
    if request.urgency == Request.Urgency.NOW:
        sleeping &= Q(urgent=False)
    together = Exclusion.objects.filter(volunteer=OuterRef("pk"), person=request.case.person_id)
    rows = Volunteer.objects.filter(organisation=request.organisation_id, area__in=areas).annotate(
        apart=Exists(together),
        away_now=Exists(Away.objects.filter(gone, volunteer=OuterRef("pk"))),
        asleep=Exists(Wishes.objects.filter(sleeping, person=OuterRef("person"))),
        square=ExpressionWrapper(north * north + east * east, FloatField()),
        own=ExpressionWrapper(F("radius_m") * Value(1.0) * F("radius_m"), FloatField()),
        does=F("kinds").bitand(request.kinds),
        speaks=F("languages").bitand(request.languages),
        free=F("slots").bitand(sought.slots),
    )
    hindered = (
        Q(person__in=[request.case.person_id, request.case.asked_by_id])
        | Q(apart=True)
        | Q(away_now=True)
        | Q(asleep=True)
        | ~Q(state=Volunteer.State.ACTIVE)
        | Q(does=0)
        | Q(speaks=0)
        | Q(free=0)
        | Q(level__lt=request.level)
        | Q(open_count__gte=F("capacity"))
        | Q(square__gt=F("own"))
        | Q(square__gt=float(sought.radius_m) ** 2)
        | Q(asked_on=sought.today, asked_count__gte=Least(F("budget"), Value(sought.budget)))
    )
    rows = rows.filter(hindered).exclude(state=Volunteer.State.LEFT).exclude(offers__request=request)
    return rows.select_related("person").order_by("square", "pk")
