"""What the engine proposes becomes offers that wait for their wave; the database decides which of them.

One statement reads the rows as they are now, and writes an offer only where the request is still open and due, the
volunteer may still be asked, and this is within today's budget (decision 0013).
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from quartier.lib.ids import uuid7s
from quartier.matching.planning.reading import for_sqlite
from quartier.team.models import Organisation

# Long enough for every wave of a bad morning; a plan that is older is made anew.
LASTS = timedelta(hours=2)
LARGE = 10_000
# More than any number of a strip.
FAR = 100_000
_PROPOSED = [
    ("id", "UUIDField"), ("request_id", "UUIDField"), ("volunteer_id", "UUIDField"),
    ("kind", "IntegerField"), ("slots", "IntegerField"), ("radius_m", "IntegerField"),
]  # fmt: skip
_EAST = "111194.9 * cos(radians(r.lat))"
_SQUARE = f"""(v.lat - r.lat) * 111194.9 * (v.lat - r.lat) * 111194.9
              + (v.lon - r.lon) * {_EAST} * (v.lon - r.lon) * {_EAST}"""
_DECIDE = """
    INSERT INTO matching_offer (id, organisation_id, request_id, volunteer_id, state, wave, round, reasons,
                                decline_reason, created_at, expires_at, likelihood, load, asked_before)
    SELECT p.id, r.organisation_id, r.id, v.id, 'queued', r.wave + 1, r.reopened, '[]', '', %(now)s, %(until)s, 0, 0, 0
    FROM (SELECT *, row_number() OVER (PARTITION BY volunteer_id ORDER BY id) AS number FROM proposed) p
    CROSS JOIN cases_request r CROSS JOIN cases_case c CROSS JOIN people_volunteer v
    WHERE r.id = p.request_id AND c.id = r.case_id AND v.id = p.volunteer_id
      AND r.organisation_id = %(organisation)s AND v.organisation_id = %(organisation)s
      AND v.strip >= %(south)s AND v.strip < %(north)s
      AND r.state = 'open' AND r.next_at <= %(now)s AND r.window_until > %(now)s
      AND v.state = 'active' AND v.open_count < v.capacity
      AND (v.kinds & p.kind) > 0 AND (v.languages & r.languages) > 0 AND (v.slots & p.slots) > 0
      AND v.level >= r.level
      AND CASE WHEN v.asked_on = %(today)s THEN v.asked_count ELSE 0 END + p.number <= {least}(v.budget, %(budget)s)
      AND v.person_id NOT IN (c.person_id, c.asked_by_id)
      AND (r.remote OR {square}
           <= CAST({least}(p.radius_m, v.radius_m) AS double precision) * {least}(p.radius_m, v.radius_m))
      AND NOT EXISTS (SELECT 1 FROM people_exclusion e WHERE e.volunteer_id = v.id AND e.person_id = c.person_id)
    ORDER BY p.id
    ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Proposals:
    """Columns of `p` pairs: keys of request and volunteer as 16 bytes each, and what the plan took them for: bit of
    the kind of help, slots, how far the wave looks in metres. `strips` are where the volunteers live."""

    requests: NDArray[np.void]
    volunteers: NDArray[np.void]
    kinds: NDArray[np.int32]
    slots: NDArray[np.int32]
    radius_m: NDArray[np.int32]
    strips: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.requests)

    def only(self, which: NDArray[np.bool_]) -> "Proposals":
        """Some of them."""
        return Proposals(**{each.name: getattr(self, each.name)[which] for each in fields(self)})


def propose(
    organisation: Organisation, proposals: Proposals, *, now: datetime, today: date, budget: int
) -> int:
    """Write the offers that the database agrees to, state `queued`. Returns how many.

    Large plans are written by two connections, each in a transaction of its own, south and north, so that each reads
    one stretch of an index: an offer that waits binds nobody, so half a plan is a plan.
    """
    values = {
        "organisation": organisation.pk, "now": now, "until": now + LASTS, "today": today, "budget": budget,
        "south": -FAR, "north": FAR,
    }  # fmt: skip
    if connection.vendor != "postgresql" or connection.in_atomic_block or len(proposals) < LARGE:
        return _written(proposals, values)
    middle = int(np.median(proposals.strips))
    southern = proposals.strips < middle
    halves = [(southern, {"north": middle}), (~southern, {"south": middle})]
    with ThreadPoolExecutor(len(halves)) as threads:
        work = [threads.submit(_elsewhere, proposals.only(which), values | ends) for which, ends in halves]
        return sum(each.result() for each in work)


def _elsewhere(proposals: Proposals, values: dict[str, Any]) -> int:
    """Write in a thread, on a connection of its own."""
    try:
        return _written(proposals, values)
    finally:
        connection.close()


@transaction.atomic
def _written(proposals: Proposals, values: dict[str, Any]) -> int:
    on_postgresql = connection.vendor == "postgresql"
    # A key is text on SQLite, and must be called so, or no index of the other tables is used.
    columns = ", ".join(f"{name} {connection.data_types[kind]}" for name, kind in _PROPOSED)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS proposed")
        cursor.execute(f"CREATE TEMPORARY TABLE proposed ({columns})")
        if on_postgresql:
            with cursor.copy("COPY proposed FROM STDIN (FORMAT BINARY)") as copy:
                copy.write(_binary(proposals))
            cursor.execute("ANALYZE proposed")
            if len(proposals) >= LARGE:
                # So many pairs are joined faster by reading each table once, which the planner does not foresee: it
                # believes that hardly any pair keeps all the constraints.
                cursor.execute("SET LOCAL enable_nestloop = off; SET LOCAL work_mem = '64MB'")
        else:
            cursor.executemany("INSERT INTO proposed VALUES (%s, %s, %s, %s, %s, %s)", _rows(proposals))
            values = {name: for_sqlite(value) for name, value in values.items()}
        cursor.execute(_DECIDE.format(square=_SQUARE, least="LEAST" if on_postgresql else "min"), values)
        written = int(cursor.rowcount)
        cursor.execute("DROP TABLE proposed")
    return written


def _columns(proposals: Proposals) -> list[NDArray[Any]]:
    fresh = np.frombuffer(uuid7s(len(proposals)), dtype="V16")
    return [
        fresh, proposals.requests, proposals.volunteers, proposals.kinds, proposals.slots, proposals.radius_m,
    ]  # fmt: skip


def _binary(proposals: Proposals) -> bytes:
    """The rows as PostgreSQL's COPY reads them: for each the count of its fields, for each field its length."""
    parts: list[Any] = [("fields", ">i2")]
    for name, kind in _PROPOSED:
        parts += [(f"{name}_length", ">i4"), (name, "V16" if kind == "UUIDField" else ">i4")]
    rows = np.zeros(len(proposals), dtype=parts)
    rows["fields"] = len(_PROPOSED)
    for (name, kind), column in zip(_PROPOSED, _columns(proposals), strict=True):
        rows[f"{name}_length"] = 16 if kind == "UUIDField" else 4
        rows[name] = column
    return b"PGCOPY\n\xff\r\n\x00" + bytes(8) + rows.tobytes() + b"\xff\xff"


def _rows(proposals: Proposals) -> list[tuple[Any, ...]]:
    readable = [
        [bytes(key).hex() for key in column] if column.dtype.kind == "V" else column.tolist()
        for column in _columns(proposals)
    ]
    return list(zip(*readable, strict=True))
