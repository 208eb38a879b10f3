"""Who could help: every hard constraint in SQL, the best first. The live path of the engine.

The statements are written out by hand, and read nothing but indexes made for them (decision 0012).
"""

import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from math import cos, inf, pi, radians, sqrt
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Count, F, Sum
from django.db.models.functions import Least

from quartier.cases.models import Request
from quartier.lib import cells, choices, clock
from quartier.matching.likelihood import Prior, prior_of
from quartier.people.models import Volunteer
from quartier.team.models import Organisation

METRES_A_DEGREE = 111_194.9
# One more offer today weighs as much as this much farther away, so that the same few are not asked each time.
METRES_AN_OFFER = 300
# Of those who live somewhere, so many can usually be asked for one request; and when a rare language is needed.
OFTEN, RARELY = 0.2, 0.05
# An H3 cell of resolution 7 on average, and one volunteer for each five of them in the emptiest country.
SQUARE_METRES_AN_AREA = 5.16e6
FEWEST_HERE = 0.2 / SQUARE_METRES_AN_AREA
COUNTS_LAST_S = 600.0
_COUNTED: dict[UUID, tuple[float, Counter[int]]] = {}
A_DAY = timedelta(days=1)
# Of fewer requests a day nobody can say how many neighbours there are for each.
HARDLY_ANY = 30
_PLENTY: dict[UUID, tuple[datetime, float]] = {}
_only_who_had_joined = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A volunteer who may be asked. `metres` from cell centre to cell centre, `None` for help by phone.

    `cost` is what they are ranked by: metres, offers already had today, and how seldom they say yes, in metres;
    for help by phone offers ever.
    """

    volunteer_id: UUID
    metres: int | None
    cost: float


_SQUARE = (
    "((v.lat - %(lat)s) * 111194.9 * (v.lat - %(lat)s) * 111194.9 + (v.lon - %(lon)s) * %(east)s * "
    "(v.lon - %(lon)s) * %(east)s)"
)
# Those who pass what is quickest to look at; PostgreSQL would look at the rest first if the two were one (`apart`).
_STATEMENT = """
SELECT v.id, v.square, {cost} AS cost
FROM (SELECT v.id, v.person_id, v.radius_m, v.habit_m, v.asked_total, {square} AS square,
             CASE WHEN v.asked_on = %(today)s THEN v.asked_count * {offer_m} ELSE 0 END AS asked_m
      FROM people_volunteer v
      WHERE v.organisation_id = %(organisation)s AND v.state = 'active' AND v.open_count < v.capacity {where}
        AND (v.kinds & %(kind)s) > 0 AND (v.languages & %(languages)s) > 0 AND (v.slots & %(slots)s) > 0
        AND v.level >= %(level)s {joined}
        AND ({any_budget} OR v.asked_on IS NULL OR v.asked_on < %(today)s
             OR v.asked_count < v.budget AND v.asked_count < %(budget)s)
      {apart}) v
WHERE {reach} v.person_id NOT IN (%(person)s, %(asked_by)s)
  AND v.id NOT IN (SELECT o.volunteer_id FROM matching_offer o WHERE o.request_id = %(request)s
                   AND (o.round >= %(round)s OR o.state NOT IN ('expired', 'withdrawn')) {planned})
  AND v.id NOT IN (SELECT e.volunteer_id FROM people_exclusion e WHERE e.person_id = %(person)s)
ORDER BY {order} LIMIT %(rows)s
"""


@cache
def _statement(vendor: str, *, remote: bool, rare: bool, among: bool, any_budget: bool, joined: bool) -> str:
    on_postgresql = vendor == "postgresql"
    within = "= ANY(%({0})s)" if on_postgresql else "IN (SELECT value FROM json_each(%({0})s))"
    where, reach = "", "v.square <= %(farthest)s AND v.square <= 1.0 * v.radius_m * v.radius_m AND"
    if among:
        where = f"AND v.id {within.format('among')}"
    elif not remote:
        where = f"AND v.strip {within.format('strips')} AND v.lon BETWEEN %(west)s AND %(eastmost)s"
    if rare:
        where += f" AND (v.languages & {choices.RARE_TONGUES}) > 0"
    return _STATEMENT.format(
        offer_m=METRES_AN_OFFER,
        any_budget="1 = 1" if any_budget else "1 = 0",
        where=where,
        reach="" if remote else reach,
        square="NULL" if remote else _SQUARE,
        cost="v.asked_total" if remote else "sqrt(v.square) + v.habit_m + v.asked_m",
        # Help by phone is read in the order of its index, and stops when enough are found.
        order="v.asked_total, v.id" if remote else "cost, v.id",
        apart="OFFSET 0" if on_postgresql and not remote else "",
        planned="AND o.state <> 'queued'" if among else "",
        # No index of the search holds it: whoever lives in the present does not ask for it.
        joined="AND v.created_at <= %(now)s" if joined else "",
    )


@contextmanager
def only_who_had_joined() -> Iterator[None]:
    """Inside, the search of this process asks nobody who joined later than its clock shows: for a simulated past, at
    which somebody looks, and may join, while it is being played."""
    global _only_who_had_joined
    before, _only_who_had_joined = _only_who_had_joined, True
    try:
        yield
    finally:
        _only_who_had_joined = before


def nearest(request: Request, *, limit: int, radius_m: int, budget: int | None) -> list[Candidate]:
    """At most `limit` eligible volunteers, best first; exact within `radius_m` and each one's own reach.

    `budget`: the organisation's cap of offers a day for each volunteer; `None` leaves budgets out (a coordinator
    chooses by hand).

    Looks at a rectangle that holds everybody within `reach` metres, and farther if need be. Nobody costs less than
    they are metres away, so once the last one found costs at most `reach`, nobody outside can come before.
    """
    values = _values(request, limit, radius_m, budget)
    rare = not request.languages & ~choices.RARE_TONGUES
    statement = _statement(
        connection.vendor,
        remote=request.remote,
        rare=rare,
        among=False,
        any_budget=budget is None,
        joined=_only_who_had_joined,
    )
    if request.remote:
        return _candidates(_rows(statement, values))
    reach = _first_reach(request, limit, RARELY if rare else OFTEN)
    while True:
        rows = _rows(statement, values | _rectangle(request, values["east"], min(reach, radius_m)))
        if reach >= radius_m or (len(rows) == limit and rows[-1][2] <= reach):
            return _candidates(rows)
        reach = rows[-1][2] if len(rows) == limit else _farther(reach, len(rows), limit)


def still_free(
    request: Request, ids: Sequence[UUID], *, radius_m: int, budget: int | None
) -> list[Candidate]:
    """Those of `ids` whom the search would find too, best first; who is planned for this request may be asked."""
    if not ids:
        return []
    statement = _statement(
        connection.vendor,
        remote=request.remote,
        rare=False,
        among=True,
        any_budget=budget is None,
        joined=_only_who_had_joined,
    )
    return _candidates(_rows(statement, _values(request, len(ids), radius_m, budget) | {"among": ids}))


def _first_reach(request: Request, wanted: int, share: float) -> float:
    """Metres within which half as many again as wanted should be found, by how many live in this neighbourhood."""
    here = free_by_area(request.organisation_id)[request.area] / SQUARE_METRES_AN_AREA
    return sqrt(1.5 * wanted / share / pi / max(here, FEWEST_HERE))


def free_by_area(organisation_id: UUID) -> Counter[int]:
    """How many volunteers are free in each neighbourhood: only to guess where a search may stop, so old counts do."""
    counted_at, free = _COUNTED.get(organisation_id, (0.0, Counter()))
    if not free or monotonic() - counted_at > COUNTS_LAST_S:
        rows = Volunteer.objects.filter(
            organisation=organisation_id, state=Volunteer.State.ACTIVE, open_count__lt=F("capacity")
        )
        free = Counter(dict(rows.order_by().values_list("area").annotate(count=Count("pk"))))
        _COUNTED[organisation_id] = monotonic(), free
    return free


def offers_each(organisation: Organisation, now: datetime) -> float:
    """Offers that volunteers can be made in a day, for each request that came in the last 24 hours.

    Each process counts anew every hour: a crisis turns within a morning, not within minutes.
    """
    hour = now.replace(minute=0, second=0, microsecond=0)
    counted_at, each = _PLENTY.get(organisation.pk, (None, 0.0))
    if counted_at != hour:
        each = each_of(_offers(organisation), _requests(organisation, now - A_DAY))
        _PLENTY[organisation.pk] = hour, each
    return each


def each_of(offers: int, requests: int) -> float:
    """How many offers there can be for each request, if so many can be made and so many requests came in a day."""
    return offers / requests if requests >= HARDLY_ANY else inf


def _offers(organisation: Organisation) -> int:
    volunteers = Volunteer.objects.filter(organisation=organisation, state=Volunteer.State.ACTIVE)
    most = Least(F("budget"), organisation.daily_budget)
    return int(volunteers.aggregate(sum=Sum(most))["sum"] or 0)


def _requests(organisation: Organisation, since: datetime) -> int:
    came = Request.objects.filter(organisation=organisation, created_at__gt=since)
    # One index knows those that are not closed, another one when the others were.
    return came.exclude(state=Request.State.CLOSED).count() + came.filter(closed_at__gt=since).count()


def _farther(reach: float, found: int, wanted: int) -> float:
    """Where to look next, when so few live in a square of twice `reach`: where a third more than wanted should."""
    if not found:
        return reach * 4
    return reach * min(4.0, max(1.5, sqrt(4 / pi * 1.3 * wanted / found)))


def _rectangle(request: Request, east: float, reach: float) -> dict[str, Any]:
    """The strips and the stretch of longitude that hold every place within `reach` metres, and a centimetre more."""
    north = (reach + 0.01) / METRES_A_DEGREE
    sideways = min((reach + 0.01) / max(east, 1e-6), 360.0)
    strips = range(cells.strip_of(request.lat - north), cells.strip_of(request.lat + north) + 1)
    return {"strips": strips, "west": request.lon - sideways, "eastmost": request.lon + sideways}


def slots_left(request: Request) -> int:
    """The slots of the week that touch what is left of a request's time: a morning that is over makes nobody free."""
    start = max(request.window_from, min(clock.now(), request.window_until))
    return choices.slots_between(start, request.window_until, request.organisation.zone)


def _values(request: Request, limit: int, radius_m: int, budget: int | None) -> dict[str, Any]:
    return {
        "lat": request.lat,
        "lon": request.lon,
        "east": METRES_A_DEGREE * cos(radians(request.lat)),
        "farthest": float(radius_m) ** 2,
        "organisation": request.organisation_id,
        "kind": request.kinds,
        "languages": request.languages,
        "slots": slots_left(request),
        "level": request.level,
        "person": request.case.person_id,
        "asked_by": request.case.asked_by_id,
        "request": request.pk,
        "round": request.reopened,
        "today": local_day(request),
        "now": connection.ops.adapt_datetimefield_value(clock.now()),
        "budget": budget or 0,
        "rows": limit,
    }


def _candidates(rows: Sequence[tuple[Any, ...]]) -> list[Candidate]:
    return [
        Candidate(
            pk if isinstance(pk, UUID) else UUID(hex=pk),
            None if square is None else int(sqrt(square)),
            float(cost),
        )
        for pk, square, cost in rows
    ]


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Each statement is planned once for each connection: on PostgreSQL below Django's cursor, which does not."""
    if connection.vendor == "postgresql":
        import psycopg  # Only here: who runs on SQLite need not read it.
        from psycopg.types.numeric import Int4

        values = {name: Int4(value) if type(value) is int else value for name, value in values.items()}
        if "strips" in values:
            values["strips"] = [Int4(strip) for strip in values["strips"]]
        connection.ensure_connection()
        with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
            return cursor.execute(statement, values, prepare=True, binary=True).fetchall()
    values = {name: value.hex if isinstance(value, UUID) else value for name, value in values.items()}
    if "strips" in values:
        values["strips"] = json.dumps(list(values["strips"]))
    if "among" in values:
        values["among"] = json.dumps([each.hex for each in values["among"]])
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def local_day(request: Request) -> date:
    """Today, on the organisation's calendar."""
    return clock.now().astimezone(request.organisation.zone).date()


def assumed() -> Prior:
    """How people answer as far as this installation knows: its own behaviour file (`quartier calibrate`), or what
    everybody begins with. Raises `KeyError` or `ValueError` for a file that is none."""
    return _prior(str(settings.BEHAVIOUR))


@cache
def _prior(file: str) -> Prior:
    return prior_of(tomllib.loads(Path(file).read_text(encoding="utf-8"))) if file else Prior()
