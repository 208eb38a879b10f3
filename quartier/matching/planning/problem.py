"""Rows of the database as columns of the engine: active volunteers and requests of one organisation.

On PostgreSQL they come as binary COPY, whose rows of fixed width NumPy reads as they are; on SQLite as tuples.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from quartier.lib import choices
from quartier.team.models import Organisation

if TYPE_CHECKING:
    from quartier.engine import Problem

Rows = NDArray[Any]

# `id` holds the sixteen bytes of a UUID; `asked`: offers had today, `total`: ever; `budget`: what they agreed to.
VOLUNTEER = np.dtype(
    [
        ("id", "V16"), ("person", "V16"), ("lat", "f8"), ("lon", "f8"), ("kinds", "i4"), ("languages", "i4"),
        ("slots", "i4"), ("radius_m", "i4"), ("level", "i2"), ("open", "i2"), ("capacity", "i2"),
        ("budget", "i2"), ("asked", "i2"),
    ]
)  # fmt: skip
# `kind`: the place in `choices.KINDS`; `start`, `end`, `created`: seconds since 1970.
REQUEST = np.dtype(
    [
        ("id", "V16"), ("person", "V16"), ("asked_by", "V16"), ("lat", "f8"), ("lon", "f8"), ("start", "f8"),
        ("end", "f8"), ("created", "f8"), ("languages", "i4"), ("radius_m", "i4"), ("kind", "i2"),
        ("level", "i2"), ("places", "i2"), ("urgent", "i2"), ("remote", "i2"),
    ]
)  # fmt: skip
# Leaving a place empty costs more than any journey, so that as many as possible are covered.
EMPTY_M = 50_000_000.0
# Bytes before the first row and after the last one of a binary COPY.
COPY_HEAD, COPY_TAIL = 19, 2

_VOLUNTEERS = """SELECT v.id, v.person_id, v.lat, v.lon, v.kinds, v.languages, v.slots, v.radius_m, v.level,
    v.open_count, v.capacity, v.budget, CASE WHEN v.asked_on = {day} THEN v.asked_count ELSE {none} END
FROM people_volunteer v WHERE v.organisation_id = {organisation} AND v.state = 'active' ORDER BY v.id"""
_REQUESTS = """SELECT r.id, c.person_id, c.asked_by_id, r.lat, r.lon, {start}, {end}, {created}, r.languages,
    r.radius_m, {kind}, r.level, {places}, {urgent}, {remote}
FROM cases_request r JOIN cases_case c ON c.id = r.case_id WHERE r.organisation_id = {organisation} AND {which}
ORDER BY r.created_at, r.id"""


def volunteers_of(organisation: Organisation, today: date) -> Rows:
    """`VOLUNTEER` rows of all active volunteers, by id."""
    day = "%(today)s"
    statement = _VOLUNTEERS.format(day=day, none="0::smallint" if _copies() else "0", organisation="%(org)s")
    return _read(statement, {"org": _key(organisation.pk), "today": today}, VOLUNTEER)


def open_requests(organisation: Organisation) -> Rows:
    """`REQUEST` rows of what has too few neighbours yet; `places`: how many are missing. Oldest first."""
    return _requests(organisation, "r.state IN ('open', 'human')", "r.needed - r.accepted", {})


def requests_since(organisation: Organisation, since: datetime) -> Rows:
    """`REQUEST` rows of everything asked since then, however it stands now. Oldest first."""
    since_ = connection.ops.adapt_datetimefield_value(since)
    return _requests(
        organisation, "r.created_at >= %(since)s AND r.closure <> 'duplicate'", "r.needed", {"since": since_}
    )


def _requests(organisation: Organisation, which: str, places: str, values: dict[str, Any]) -> Rows:
    small = "::smallint" if _copies() else ""
    kinds = " ".join(f"WHEN '{each.code}' THEN {place}" for place, each in enumerate(choices.KINDS))
    statement = _REQUESTS.format(
        start=_seconds("r.window_from"),
        end=_seconds("r.window_until"),
        created=_seconds("r.created_at"),
        kind=f"(CASE r.kind {kinds} END){small}",
        places=f"({places}){small}",
        urgent=f"(CASE WHEN r.urgency = 'now' THEN 1 ELSE 0 END){small}",
        remote=f"(CASE WHEN r.remote THEN 1 ELSE 0 END){small}",
        organisation="%(org)s",
        which=which,
    )
    return _read(statement, {"org": _key(organisation.pk), **values}, REQUEST)


def _copies() -> bool:
    return connection.vendor == "postgresql"


def _key(value: UUID) -> Any:
    return value if connection.features.has_native_uuid_field else value.hex


def _seconds(column: str) -> str:
    if _copies():
        return f"extract(epoch FROM {column})::float8"
    return f"(julianday({column}) - 2440587.5) * 86400.0"


def _read(statement: str, values: dict[str, Any], kind: np.dtype[Any]) -> Rows:
    with connection.cursor() as cursor:
        if not _copies():
            cursor.execute(statement, values)
            return _of_tuples(cursor.fetchall(), kind)
        with cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT BINARY)", values) as copy:
            return _of_copy(b"".join(copy), kind)


def _of_tuples(found: Sequence[tuple[Any, ...]], kind: np.dtype[Any]) -> Rows:
    """SQLite keeps a UUID as 32 hexadecimal digits."""
    rows = np.empty(len(found), dtype=kind)
    if not found:
        return rows
    assert kind.names is not None
    for name, values in zip(kind.names, zip(*found, strict=True), strict=True):
        if kind[name].kind == "V":
            rows[name] = np.frombuffer(bytes.fromhex("".join(values)), dtype=kind[name])
        else:
            rows[name] = values
    return rows


def _of_copy(data: bytes, kind: np.dtype[Any]) -> Rows:
    """A row of a binary COPY: how many fields, then length and value of each, the high byte first."""
    assert kind.names is not None
    fields: list[tuple[str, str]] = [("fields", ">i2")]
    for name in kind.names:
        fields += [(f"{name} length", ">i4"), (name, kind[name].str.replace("<", ">"))]
    wire = np.dtype(fields)
    count, rest = divmod(len(data) - COPY_HEAD - COPY_TAIL, wire.itemsize)
    if rest:
        raise ValueError("the rows are not all of one width: a column is empty")
    found = np.frombuffer(data, dtype=wire, count=count, offset=COPY_HEAD)
    rows = np.empty(count, dtype=kind)
    for name in kind.names:
        rows[name] = found[name]
    return rows


def slots_of(requests: Rows, zone: ZoneInfo) -> NDArray[np.int32]:
    """int32[m]: the slots of the week that touch the time of each request (`choices.slots_between`)."""
    return np.array(
        [
            _slots(*_hours(start, end), zone)
            for start, end in zip(requests["start"], requests["end"], strict=True)
        ],
        dtype=np.int32,
    )


def _hours(start: float, end: float) -> tuple[int, int]:
    """Hours since 1970 between which the time lies: slots begin and end with full hours."""
    if end - start >= timedelta(days=7).total_seconds():
        return 0, 24 * 7
    # Days are kept to microseconds on one database only: what is a hair beyond the hour is the hour.
    return int((start + 1e-3) // 3600), int(-((1e-3 - end) // 3600))


@lru_cache(maxsize=20_000)
def _slots(first: int, last: int, zone: ZoneInfo) -> int:
    since = datetime(1970, 1, 1, tzinfo=UTC)
    return choices.slots_between(since + timedelta(hours=first), since + timedelta(hours=last), zone)


def excluded_pairs(organisation: Organisation, volunteers: Rows, requests: Rows) -> NDArray[np.int64]:
    """int64[e, 2]: (row of request, row of volunteer) of those who asked themselves, are kept apart, or were asked
    already (in this round, or with an answer)."""
    pairs = [
        _pairs(requests, "id", _keys_of(_OFFERED, organisation), volunteers),
        _pairs(requests, "person", _keys_of(_APART, organisation), volunteers),
    ]
    own = _Finder(volunteers["person"])
    for role in ("person", "asked_by"):
        row, found = own.rows(requests[role])
        pairs.append(np.stack([found, row], axis=1))
    return np.concatenate(pairs)


_OFFERED = """SELECT o.request_id, o.volunteer_id FROM matching_offer o JOIN cases_request r ON r.id = o.request_id
WHERE r.organisation_id = {organisation} AND r.state IN ('open', 'human')
  AND (o.round >= r.reopened OR o.state NOT IN ('expired', 'withdrawn'))"""
_APART = "SELECT e.person_id, e.volunteer_id FROM people_exclusion e WHERE e.organisation_id = {organisation}"
_PAIR = np.dtype([("of", "V16"), ("volunteer", "V16")])


def _keys_of(statement: str, organisation: Organisation) -> Rows:
    return _read(statement.format(organisation="%(org)s"), {"org": _key(organisation.pk)}, _PAIR)


def _pairs(requests: Rows, column: str, keys: Rows, volunteers: Rows) -> NDArray[np.int64]:
    """Rows for pairs of keys; a person can have several requests."""
    helper, kept = _Finder(volunteers["id"]).rows(keys["volunteer"])
    places = _places(requests, column)
    found = [
        (row, volunteer)
        for key, volunteer in zip(keys["of"][kept].tolist(), helper.tolist(), strict=True)
        for row in places.get(key, ())
    ]
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def _places(requests: Rows, column: str) -> dict[bytes, list[int]]:
    places: dict[bytes, list[int]] = {}
    for row, key in enumerate(requests[column].tolist()):
        places.setdefault(key, []).append(row)
    return places


class _Finder:
    """Rows by key: UUIDs are told apart by their last eight bytes, which are random, and compared whole."""

    def __init__(self, keys: Rows) -> None:
        self._whole = np.ascontiguousarray(keys).view(">u8").reshape(-1, 2)
        self._order = np.argsort(self._whole[:, 1], kind="stable")
        self._sorted = self._whole[self._order, 1]

    def rows(self, keys: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The rows of those keys that are there, and their places among `keys`."""
        asked = np.ascontiguousarray(keys).view(">u8").reshape(-1, 2)
        if not len(self._sorted) or not len(asked):
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        at = np.minimum(np.searchsorted(self._sorted, asked[:, 1]), len(self._sorted) - 1)
        rows = self._order[at]
        there = np.flatnonzero((self._whole[rows] == asked).all(axis=1))
        return rows[there].astype(np.int64), there.astype(np.int64)


@dataclass(frozen=True, eq=False)
class Loaded:
    """A problem of the engine, and the rows that it was made of: row `i` of one is row `i` of the other."""

    volunteers: Rows
    requests: Rows
    problem: "Problem"


def problem_of(
    volunteers: Rows,
    requests: Rows,
    excluded: NDArray[np.int64],
    *,
    zone: ZoneInfo,
    budget: int | None,
) -> "Problem":
    """The engine's problem. `budget`: the organisation's cap of offers a day; `None`: only what each one agreed to.

    Who has had the offers of today cannot be asked, and so has no free place.
    """
    # Numba takes seconds to load: who plans nothing does not wait for it.
    from quartier.engine import Problem, Requests, Volunteers

    cap = volunteers["budget"] if budget is None else np.minimum(volunteers["budget"], budget)
    free = np.where(volunteers["asked"] < cap, volunteers["capacity"] - volunteers["open"], 0)
    helpers = Volunteers(
        ids=np.arange(len(volunteers)),
        capacity=np.maximum(free, 0),
        load=volunteers["open"],
        **{
            name: volunteers[name]
            for name in ("lat", "lon", "kinds", "languages", "slots", "level", "radius_m", "asked")
        },
    )
    wanted = Requests(
        ids=np.arange(len(requests)),
        kinds=np.left_shift(1, _bits()[requests["kind"]]),
        slots=slots_of(requests, zone),
        needed=np.maximum(requests["places"], 0),
        weight_m=np.full(len(requests), EMPTY_M),
        remote=requests["remote"].astype(bool),
        **{name: requests[name] for name in ("lat", "lon", "languages", "level", "radius_m")},
    )
    return Problem(helpers, wanted, excluded=excluded)


def _bits() -> NDArray[np.int32]:
    return np.array([each.bit for each in choices.KINDS], dtype=np.int32)


def load(organisation: Organisation, now: datetime) -> Loaded:
    """Everybody who could help, and everything that has too few neighbours yet, as of now."""
    volunteers = volunteers_of(organisation, now.astimezone(organisation.zone).date())
    requests = open_requests(organisation)
    excluded = excluded_pairs(organisation, volunteers, requests)
    problem = problem_of(
        volunteers, requests, excluded, zone=organisation.zone, budget=organisation.daily_budget
    )
    return Loaded(volunteers, requests, problem)


def key_of(row: Any) -> UUID:
    """The UUID of a row."""
    return UUID(bytes=row["id"].tobytes())
