"""Everybody who helps and everything that was asked, as rows that can be changed, and the engine's problem of them.

For the coordinator's "what if" (`whatif`): unlike `reading`, which plans waves, it also reads who is full or has had
the offers of today, and what was asked last week.
"""

import json
from datetime import date, datetime
from math import cos, radians
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from quartier.engine import Problem, Requests, Volunteers
from quartier.lib import choices
from quartier.matching.planning import windows
from quartier.matching.planning.reading import pack, read, unpack
from quartier.matching.queries import METRES_A_DEGREE
from quartier.team.models import Organisation

Rows = NDArray[Any]
# South, north, west, east; degrees.
Bounds = tuple[float, float, float, float]

# `id` holds the sixteen bytes of a UUID; `asked`: offers had today; `budget`: offers a day that they agreed to;
# `habit_m`: metres that stand for seldom saying yes; `ready`: what is learnt of a yes at the door, below 0: nothing.
VOLUNTEER = np.dtype(
    [
        ("id", "V16"), ("person", "V16"), ("lat", "f8"), ("lon", "f8"), ("kinds", "i4"), ("languages", "i4"),
        ("slots", "i4"), ("radius_m", "i4"), ("level", "i2"), ("open", "i2"), ("capacity", "i2"),
        ("budget", "i2"), ("asked", "i2"), ("habit_m", "i4"), ("ready", "f8"),
    ]
)  # fmt: skip
# `kind`: a bit; `start`, `end`, `created`: microseconds since 1970; `places`: how many neighbours are wanted.
REQUEST = np.dtype(
    [
        ("id", "V16"), ("person", "V16"), ("asked_by", "V16"), ("lat", "f8"), ("lon", "f8"), ("start", "i8"),
        ("end", "i8"), ("created", "i8"), ("languages", "i4"), ("radius_m", "i4"), ("kind", "i4"),
        ("level", "i2"), ("places", "i2"), ("urgent", "i2"), ("remote", "i2"),
    ]
)  # fmt: skip
# Several small numbers are read as one: most of the time goes to making an object of each that is read. What a column
# of 16 bits holds has its 15 bits here; of metres, whatever is farther than a thousand kilometres is that.
_PACKED = (
    {"kinds": (0, 16), "languages": (16, 24), "slots": (40, windows.SLOTS)},
    {"radius_m": (0, 20), "habit_m": (20, 20), "level": (40, 15)},
    {"open": (0, 15), "capacity": (15, 15), "budget": (30, 15), "asked": (45, 15)},
)
_SQL = {
    "open": "v.open_count",
    "asked": "CASE WHEN v.asked_on = %(today)s THEN v.asked_count ELSE 0 END",
    "radius_m": "CASE WHEN v.radius_m > 1048575 THEN 1048575 ELSE v.radius_m END",
    "habit_m": "CASE WHEN v.habit_m > 1048575 THEN 1048575 ELSE v.habit_m END",
}
_PLAIN = {
    "id": ("key", "v.id"),
    "person": ("key", "v.person_id"),
    "lat": ("real", "v.lat"),
    "lon": ("real", "v.lon"),
    "ready": ("real", "COALESCE(v.likelihood, -1.0)"),
}
_WHOLE = [
    ("whole", pack([(_SQL.get(name, f"v.{name}"), bits) for name, bits in some.items()])) for some in _PACKED
]
_KIND = " ".join(f"WHEN '{each.code}' THEN {each.mask}" for each in choices.KINDS)
_REQUEST = {
    "id": ("key", "r.id"),
    "person": ("key", "r.person_id"),
    "asked_by": ("key", "r.asked_by_id"),
    "lat": ("real", "r.lat"),
    "lon": ("real", "r.lon"),
    "start": ("moment", "r.window_from"),
    "end": ("moment", "r.window_until"),
    "created": ("moment", "r.created_at"),
    "languages": ("whole", "r.languages"),
    "radius_m": ("whole", "r.radius_m"),
    "kind": ("whole", f"CASE WHEN r.unasked THEN {choices.DOOR_KINDS} ELSE CASE r.kind {_KIND} END END"),
    "level": ("whole", "r.level"),
    "places": ("whole", "r.places"),
    "urgent": ("whole", "CASE WHEN r.urgency = 'now' THEN 1 ELSE 0 END"),
    "remote": ("whole", "CASE WHEN r.remote THEN 1 ELSE 0 END"),
}
_VOLUNTEERS = """SELECT {columns} FROM (SELECT * FROM people_volunteer v
    WHERE v.organisation_id = %(organisation)s AND v.state = 'active' [near] ORDER BY v.id) v WHERE 1 = 1 {part}"""
_NEAR_OR_REMOTE = """AND ((v.kinds & %(remote)s) <> 0
    OR v.lat BETWEEN %(south)s AND %(north)s AND v.lon BETWEEN %(west)s AND %(east)s)"""
_REQUESTS = """SELECT {columns} FROM (SELECT r.*, c.person_id, c.asked_by_id, [places] AS places
    FROM cases_request r JOIN cases_case c ON c.id = r.case_id
    WHERE r.organisation_id = %(organisation)s AND [which] [near] ORDER BY r.created_at, r.id) r WHERE 1 = 1 {part}"""
_NEAR = "AND r.lat BETWEEN %(south)s AND %(north)s AND r.lon BETWEEN %(west)s AND %(east)s"
_OFFERED = """SELECT {columns} FROM matching_offer o JOIN cases_request r ON r.id = o.request_id
    WHERE r.organisation_id = %(organisation)s AND r.state IN ('open', 'human') AND o.request_id [among]
    AND (o.round >= r.reopened OR o.state NOT IN ('expired', 'withdrawn')) {part}"""
_AMONG = {
    "postgresql": "= ANY(%(requests)s)",
    "sqlite": "IN (SELECT value FROM json_each(%(requests)s))",
}
_APART = "SELECT {columns} FROM people_exclusion e WHERE e.organisation_id = %(organisation)s {part}"


def volunteers_of(
    organisation: Organisation, today: date, within: Bounds | None = None, *, remote: int = 0
) -> Rows:
    """`VOLUNTEER` rows of all active volunteers, by id; or only of those within bounds, and of whoever does one of the
    kinds `remote` (bits), from wherever they live."""
    values: dict[str, Any] = {"organisation": organisation.pk, "today": today}
    if within is not None:
        values |= {**_edges(within), "remote": remote}
    statement = _VOLUNTEERS.replace("[near]", "" if within is None else _NEAR_OR_REMOTE)
    found = read(statement, [*_PLAIN.values(), *_WHOLE], values, [""])
    rows = np.empty(len(found[0]), dtype=VOLUNTEER)
    for name, column in zip(_PLAIN, found, strict=False):
        rows[name] = column
    for some, column in zip(_PACKED, found[len(_PLAIN) :], strict=True):
        for name, bits in some.items():
            rows[name] = unpack(column, bits)
    return rows


def open_requests(organisation: Organisation, within: Bounds | None = None) -> Rows:
    """`REQUEST` rows of what has too few neighbours yet; `places`: how many are missing. Oldest first."""
    statement = _REQUESTS.replace("[which]", "r.state IN ('open', 'human')")
    statement = statement.replace("[places]", "r.needed - r.accepted")
    return _requests(statement, {"organisation": organisation.pk}, within)


def requests_since(organisation: Organisation, since: datetime, within: Bounds | None = None) -> Rows:
    """`REQUEST` rows of everything asked since then, however it stands now. Oldest first."""
    statement = _REQUESTS.replace("[which]", "r.created_at >= %(since)s AND r.closure <> 'duplicate'")
    statement = statement.replace("[places]", "r.needed")
    return _requests(statement, {"organisation": organisation.pk, "since": since}, within)


def bounds_around(where: tuple[float, float], metres: float) -> Bounds:
    """What holds every point within so many metres of `where` (latitude, longitude), on the plane of
    `whatif.metres_from`."""
    lat, lon = where
    high = (metres + 1) / METRES_A_DEGREE
    wide = min(high / max(cos(radians(lat)), 1e-6), 360.0)
    return lat - high, lat + high, lon - wide, lon + wide


def _requests(statement: str, values: dict[str, Any], within: Bounds | None) -> Rows:
    if within is not None:
        values |= _edges(within)
    return _rows(statement.replace("[near]", "" if within is None else _NEAR), _REQUEST, values, REQUEST)


def _edges(within: Bounds) -> dict[str, float]:
    return dict(zip(("south", "north", "west", "east"), within, strict=True))


def _rows(
    statement: str, columns: dict[str, tuple[str, str]], values: dict[str, Any], kind: np.dtype[Any]
) -> Rows:
    found = read(statement, list(columns.values()), values, [""])
    rows = np.empty(len(found[0]), dtype=kind)
    for name, column in zip(columns, found, strict=True):
        rows[name] = column
    return rows


def excluded_pairs(
    organisation: Organisation, volunteers: Rows, requests: Rows, *, asked_already: bool
) -> NDArray[np.int64]:
    """int64[e, 2]: (row of request, row of volunteer) of those who asked themselves or are kept apart, and with
    `asked_already` of those who were asked for an open request (in this round, or with an answer)."""
    of = {"organisation": organisation.pk}
    people, helpers = read(_APART, [("key", "e.person_id"), ("key", "e.volunteer_id")], of, [""])
    pairs = _pairs(requests["person"], people, helpers, volunteers["id"])
    if asked_already:
        # Of a long queue, only the offers of what is looked at.
        statement = _OFFERED.replace("[among]", _AMONG[connection.vendor])
        keys = [UUID(bytes=key) for key in requests["id"].tolist()]
        among: Any = keys if connection.vendor == "postgresql" else json.dumps([key.hex for key in keys])
        columns = [("key", "o.request_id"), ("key", "o.volunteer_id")]
        asked, helpers = read(statement, columns, of | {"requests": among}, [""])
        pairs += _pairs(requests["id"], asked, helpers, volunteers["id"])
    for role in ("person", "asked_by"):
        pairs += _pairs(requests[role], volunteers["person"], volunteers["person"], volunteers["person"])
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _pairs(requests: Rows, left: Rows, right: Rows, volunteers: Rows) -> list[tuple[int, int]]:
    """Rows for pairs of keys: of each request with the key on the left, and of the volunteer with that on the right."""
    at: dict[bytes, list[int]] = {}
    for row, key in enumerate(requests.tolist()):
        at.setdefault(key, []).append(row)
    wanted = np.flatnonzero(np.isin(_sortable(left), _sortable(requests)))
    if not len(wanted):
        return []
    order = np.argsort(_sortable(volunteers))
    keys = _sortable(volunteers)[order]
    found = (
        np.minimum(np.searchsorted(keys, _sortable(right[wanted])), len(keys) - 1)
        if len(keys)
        else wanted * 0
    )
    return [
        (row, int(order[place]))
        for one, place in zip(wanted, found, strict=True)
        if len(keys) and keys[place] == _sortable(right[one : one + 1])[0]
        for row in at[left[one].tobytes()]
    ]


def _sortable(keys: Rows) -> Rows:
    """Keys that NumPy can compare: it knows an order of text, and none of bytes without meaning."""
    return np.ascontiguousarray(keys).view("S16")


def problem_of(
    volunteers: Rows,
    requests: Rows,
    excluded: NDArray[np.int64],
    *,
    zone: ZoneInfo,
    budget: int,
    empty_m: float,
) -> Problem:
    """The engine's problem. `budget`: the most offers a day; `empty_m`: what an empty place costs, in metres.

    Who has had the offers of today cannot be asked, and so has no free place.
    """
    cap = np.minimum(volunteers["budget"], budget)
    free = np.where(volunteers["asked"] < cap, volunteers["capacity"] - volunteers["open"], 0)
    same = ("lat", "lon", "languages", "level", "radius_m")
    helpers = Volunteers(
        ids=np.arange(len(volunteers)),
        capacity=np.maximum(free, 0),
        load=volunteers["open"],
        penalty_m=volunteers["habit_m"],
        **{name: volunteers[name] for name in (*same, "kinds", "slots", "asked")},
    )
    wanted = Requests(
        ids=np.arange(len(requests)),
        kinds=requests["kind"],
        slots=windows.slots(requests["start"], requests["end"], zone),
        needed=np.maximum(requests["places"], 0),
        weight_m=np.full(len(requests), empty_m),
        remote=requests["remote"].astype(bool),
        **{name: requests[name] for name in same},
    )
    return Problem(helpers, wanted, excluded=excluded)


def key_of(row: Any) -> UUID:
    """The UUID of a row."""
    return UUID(bytes=row["id"].tobytes())
