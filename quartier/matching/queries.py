"""Who could help: every hard constraint in SQL, the nearest first. The live path of the engine.

Volunteers are read by neighbourhood (H3, resolution 7) in growing disks, until nobody unseen can be nearer.
"""

from dataclasses import dataclass
from datetime import date
from math import cos, radians, sqrt
from uuid import UUID

from django.db.models import Exists, ExpressionWrapper, F, FloatField, OuterRef, Q, QuerySet
from django.db.models.functions import Least

from quartier.cases.models import Request
from quartier.lib import cells, choices, clock
from quartier.matching.models import Offer
from quartier.people.models import Exclusion, Volunteer

METRES_A_DEGREE = 111_194.9
# One more offer today weighs as much as this much farther away, so that the same few are not asked each time.
METRES_AN_OFFER = 300
# Disks of how many rings are read, one after the other (about 2.4 km a ring).
DISKS = (1, 3, 6, 12, 25)


@dataclass(frozen=True)
class Candidate:
    """A volunteer who may be asked. `metres` from cell centre to cell centre, `None` for help by phone."""

    volunteer_id: UUID
    metres: int | None
    cost: float


def eligible(request: Request, today: date, *, budget: int | None) -> QuerySet[Volunteer]:
    """Volunteers to whom nothing forbids offering this request, wherever they are.

    `budget`: the organisation's cap of offers a day for each volunteer; `None` leaves budgets out.
    """
    bits = choices.slots_between(request.window_from, request.window_until, request.organisation.zone)
    found = (
        Volunteer.objects.filter(
            organisation_id=request.organisation_id,
            state=Volunteer.State.ACTIVE,
            level__gte=request.level,
            open_count__lt=F("capacity"),
        )
        .annotate(
            can=F("kinds").bitand(choices.kind(request.kind).mask),
            speaks=F("languages").bitand(request.languages),
            free=F("slots").bitand(bits),
        )
        .filter(can__gt=0, speaks__gt=0, free__gt=0)
        .exclude(person_id__in=[request.case.person_id, request.case.asked_by_id])
        .filter(
            ~Exists(Offer.objects.filter(request=request.pk, volunteer=OuterRef("pk"))),
            ~Exists(Exclusion.objects.filter(volunteer=OuterRef("pk"), person=request.case.person_id)),
        )
    )
    if budget is not None:
        within = Q(asked_on=None) | Q(asked_on__lt=today) | Q(asked_count__lt=Least(F("budget"), budget))
        found = found.filter(within)
    return found


def nearest(request: Request, *, limit: int, radius_m: int, budget: int | None) -> list[Candidate]:
    """At most `limit` eligible volunteers, best first; exact within `radius_m` and each one's own reach."""
    today = local_day(request)
    if request.remote:
        return _by_rest(request, eligible(request, today, budget=budget), limit)
    found: list[Candidate] = []
    seen: set[int] = set()
    for rings in DISKS:
        disk = set(cells.disk(request.area, rings))
        found += _within(
            request, eligible(request, today, budget=budget), disk - seen, limit, radius_m, today
        )
        found = sorted(found, key=lambda candidate: candidate.cost)[:limit]
        seen = disk
        clear = cells.clear_distance(request.cell, rings)
        if clear >= radius_m or (len(found) == limit and found[-1].cost <= clear):
            break
    return found


def _within(
    request: Request, volunteers: QuerySet[Volunteer], areas: set[int], limit: int, radius_m: int, today: date
) -> list[Candidate]:
    east = METRES_A_DEGREE * cos(radians(request.lat))
    dy, dx = (F("lat") - request.lat) * METRES_A_DEGREE, (F("lon") - request.lon) * east
    rows = (
        volunteers.filter(area__in=areas)
        .annotate(square=ExpressionWrapper(dy * dy + dx * dx, output_field=FloatField()))
        .filter(square__lte=float(radius_m) ** 2)
        .filter(square__lte=ExpressionWrapper(F("radius_m") * F("radius_m") * 1.0, output_field=FloatField()))
        .order_by("square")
        .values_list("pk", "square", "asked_on", "asked_count")
    )
    # Who was asked today moves back by at most the budget: so many more rows are enough to rank exactly.
    found = []
    for pk, square, asked_on, asked_count in rows[: limit * 3]:
        metres = sqrt(square)
        asked_today = asked_count if asked_on == today else 0
        found.append(Candidate(pk, int(metres), metres + METRES_AN_OFFER * asked_today))
    return found


def _by_rest(request: Request, volunteers: QuerySet[Volunteer], limit: int) -> list[Candidate]:
    """For help by phone: who was asked least comes first, wherever they live."""
    rows = volunteers.order_by("asked_total", "pk").values_list("pk", "asked_total")[:limit]
    return [Candidate(pk, None, float(asked)) for pk, asked in rows]


def local_day(request: Request) -> date:
    """Today, on the organisation's calendar."""
    return clock.now().astimezone(request.organisation.zone).date()


def asked_count(request: Request) -> int:
    """How many volunteers have been asked for this request."""
    return Offer.objects.filter(request=request).count()


def open_offers(volunteer: Volunteer, limit: int = 20) -> list[Offer]:
    """What this volunteer can still say yes or no to, the newest first, with request and case."""
    return list(
        Offer.objects.filter(
            volunteer=volunteer,
            state__in=[*Offer.LIVE, Offer.State.EXPIRED],
            request__state__in=[Request.State.OPEN, Request.State.HUMAN],
            request__window_until__gt=clock.now(),
        )
        .select_related("request__case", "request__organisation")
        .order_by("-created_at")[:limit]
    )
