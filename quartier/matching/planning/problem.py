"""Everybody who helps and everything that was asked, as rows that can be changed, and the engine's problem of them.

For the coordinator's "what if" (`whatif`): unlike `reading`, which plans waves, it also reads who is full or has had
the offers of today, and what was asked last week.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from quartier.engine import Problem, Requests, Volunteers
from quartier.lib import choices
from quartier.matching.planning import windows
from quartier.matching.planning.reading import read
from quartier.team.models import Organisation

Rows = NDArray[Any]

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
_VOLUNTEER = {
    "id": ("key", "v.id"),
    "person": ("key", "v.person_id"),
    "lat": ("real", "v.lat"),
    "lon": ("real", "v.lon"),
    "kinds": ("whole", "v.kinds"),
    "languages": ("whole", "v.languages"),
    "slots": ("whole", "v.slots"),
    "radius_m": ("whole", "v.radius_m"),
    "level": ("whole", "v.level"),
    "open": ("whole", "v.open_count"),
    "capacity": ("whole", "v.capacity"),
    "budget": ("whole", "v.budget"),
    "asked": ("whole", "CASE WHEN v.asked_on = %(today)s THEN v.asked_count ELSE 0 END"),
    "habit_m": ("whole", "v.habit_m"),
    "ready": ("real", "COALESCE(v.likelihood, -1.0)"),
}
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
    WHERE v.organisation_id = %(organisation)s AND v.state = 'active' ORDER BY v.id) v WHERE 1 = 1 {part}"""
_REQUESTS = """SELECT {columns} FROM (SELECT r.*, c.person_id, c.asked_by_id, [places] AS places
    FROM cases_request r JOIN cases_case c ON c.id = r.case_id
    WHERE r.organisation_id = %(organisation)s AND [which] ORDER BY r.created_at, r.id) r WHERE 1 = 1 {part}"""
_OFFERED = """SELECT {columns} FROM matching_offer o JOIN cases_request r ON r.id = o.request_id
    WHERE r.organisation_id = %(organisation)s AND r.state IN ('open', 'human')
    AND (o.round >= r.reopened OR o.state NOT IN ('expired', 'withdrawn')) {part}"""
_APART = "SELECT {columns} FROM people_exclusion e WHERE e.organisation_id = %(organisation)s {part}"


def volunteers_of(organisation: Organisation, today: date) -> Rows:
    """`VOLUNTEER` rows of all active volunteers, by id."""
    return _rows(_VOLUNTEERS, _VOLUNTEER, {"organisation": organisation.pk, "today": today}, VOLUNTEER)


def open_requests(organisation: Organisation) -> Rows:
    """`REQUEST` rows of what has too few neighbours yet; `places`: how many are missing. Oldest first."""
    statement = _REQUESTS.replace("[which]", "r.state IN ('open', 'human')")
    statement = statement.replace("[places]", "r.needed - r.accepted")
    return _rows(statement, _REQUEST, {"organisation": organisation.pk}, REQUEST)


def requests_since(organisation: Organisation, since: datetime) -> Rows:
    """`REQUEST` rows of everything asked since then, however it stands now. Oldest first."""
    statement = _REQUESTS.replace("[which]", "r.created_at >= %(since)s AND r.closure <> 'duplicate'")
    statement = statement.replace("[places]", "r.needed")
    return _rows(statement, _REQUEST, {"organisation": organisation.pk, "since": since}, REQUEST)


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
        asked, helpers = read(_OFFERED, [("key", "o.request_id"), ("key", "o.volunteer_id")], of, [""])
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
