"""Who could help: every hard constraint in SQL, the nearest first. The live path of the engine.

Volunteers are read by neighbourhood (H3, resolution 7) in growing disks, until nobody unseen can be nearer. The
statement is written out by hand: building it from objects took five times as long as running it.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import cos, radians, sqrt
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from quartier.cases.models import Request
from quartier.lib import cells, choices, clock
from quartier.matching.likelihood import Prior, prior_of

METRES_A_DEGREE = 111_194.9
# One more offer today weighs as much as this much farther away, so that the same few are not asked each time.
METRES_AN_OFFER = 300
# Disks of how many rings are read, one after the other (about 2.4 km a ring).
DISKS = (1, 3, 6, 12, 25)
# Nobody has a larger budget of offers a day (people.actions.Readiness): this many leaves every budget open.
NO_BUDGET = 30_000


@dataclass(frozen=True)
class Candidate:
    """A volunteer who may be asked. `metres` from cell centre to cell centre, `None` for help by phone.

    `cost` is what they are ranked by: metres and offers already had today, or offers ever for help by phone.
    """

    volunteer_id: UUID
    metres: int | None
    cost: float


_HARD = """
    FROM people_volunteer v
    WHERE v.organisation_id = %(organisation)s AND v.state = 'active' {where}
      AND (v.kinds & %(kind)s) > 0 AND (v.languages & %(languages)s) > 0 AND (v.slots & %(slots)s) > 0
      AND v.open_count < v.capacity
      AND {reach}
      AND v.level >= %(level)s
      AND v.person_id NOT IN (%(person)s, %(asked_by)s)
      AND ({no_budget} OR v.asked_on IS NULL OR v.asked_on < %(today)s
           OR v.asked_count < {least}(v.budget, %(budget)s))
      AND NOT EXISTS (SELECT 1 FROM matching_offer o WHERE o.request_id = %(request)s AND o.volunteer_id = v.id
                      AND (o.round >= %(round)s OR o.state NOT IN ('expired', 'withdrawn')))
      AND NOT EXISTS (SELECT 1 FROM people_exclusion e WHERE e.volunteer_id = v.id AND e.person_id = %(person)s)
"""
_SQUARE = (
    "((v.lat - %(lat)s) * 111194.9 * (v.lat - %(lat)s) * 111194.9 + (v.lon - %(lon)s) * %(east)s * "
    "(v.lon - %(lon)s) * %(east)s)"
)


@cache
def _statement(vendor: str, near: bool, no_budget: bool) -> str:
    where = ""
    if near:
        where = "AND v.area = ANY(%(areas)s)" if vendor == "postgresql" else "AND v.area IN ({areas})"
    reach = f"{_SQUARE} <= {{farthest}}".format(farthest="%(square)s") + (
        f" AND {_SQUARE} <= 1.0 * v.radius_m * v.radius_m"
    )
    hard = _HARD.format(
        where=where,
        reach=reach if near else "1 = 1",
        no_budget="1 = 1" if no_budget else "1 = 0",
        least="LEAST" if vendor == "postgresql" else "min",
    )
    columns = f"v.id, {_SQUARE} AS square, v.asked_on, v.asked_count" if near else "v.id, v.asked_total"
    order = "square" if near else "v.asked_total, v.id"
    return f"SELECT {columns} {hard} ORDER BY {order} LIMIT %(rows)s"


def nearest(request: Request, *, limit: int, radius_m: int, budget: int | None) -> list[Candidate]:
    """At most `limit` eligible volunteers, best first; exact within `radius_m` and each one's own reach.

    `budget`: the organisation's cap of offers a day for each volunteer; `None` leaves budgets out (a coordinator
    chooses by hand).
    """
    values = _values(request, budget)
    if request.remote:
        rows = _rows(_statement(connection.vendor, False, budget is None), {**values, "rows": limit})
        return [Candidate(_uuid(pk), None, float(asked)) for pk, asked in rows]
    values |= {
        "lat": request.lat,
        "lon": request.lon,
        "east": METRES_A_DEGREE * cos(radians(request.lat)),
        "square": float(radius_m) ** 2,
        # Who was asked today moves back by a few places: so many more rows are enough to rank.
        "rows": limit * 3,
    }
    found: list[Candidate] = []
    seen: set[int] = set()
    for rings in DISKS:
        disk = set(cells.disk(request.area, rings))
        found += _within(values, sorted(disk - seen), budget is None)
        found = sorted(found, key=lambda candidate: candidate.cost)[:limit]
        seen = disk
        clear = cells.clear_distance(request.cell, rings)
        if clear >= radius_m or (len(found) == limit and found[-1].cost <= clear):
            break
    return found


def _values(request: Request, budget: int | None) -> dict[str, Any]:
    return {
        "organisation": _key(request.organisation_id),
        "kind": choices.kind(request.kind).mask,
        "languages": request.languages,
        "slots": choices.slots_between(request.window_from, request.window_until, request.organisation.zone),
        "level": request.level,
        "person": _key(request.case.person_id),
        "asked_by": _key(request.case.asked_by_id),
        "request": _key(request.pk),
        "round": request.reopened,
        "today": local_day(request),
        "budget": NO_BUDGET if budget is None else budget,
    }


def _within(values: dict[str, Any], areas: list[int], no_budget: bool) -> list[Candidate]:
    statement = _statement(connection.vendor, True, no_budget)
    if connection.vendor == "postgresql":
        values = {**values, "areas": areas}
    else:
        statement = statement.replace("{areas}", ",".join(map(str, areas)))
    found = []
    for pk, square, asked_on, asked_count in _rows(statement, values):
        metres = sqrt(square)
        asked_today = asked_count if str(asked_on) == str(values["today"]) else 0
        found.append(Candidate(_uuid(pk), int(metres), metres + METRES_AN_OFFER * asked_today))
    return found


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _key(value: UUID) -> Any:
    return value if connection.features.has_native_uuid_field else value.hex


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(hex=value)


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
