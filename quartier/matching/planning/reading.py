"""Volunteers and requests as columns, for the engine: a million rows without a million objects.

The database packs what fits into two integers a row and strings the rows together, so that a column arrives as one
value; on PostgreSQL, two connections read half each.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from quartier.cases.models import Request
from quartier.engine import Volunteers
from quartier.lib import choices
from quartier.matching.planning import windows
from quartier.team.models import Organisation

Columns = list[NDArray[Any]]
# PostgreSQL counts microseconds from the year 2000.
SINCE_1970 = 946_684_800_000_000
URGENCIES = [str(each) for each in Request.Urgency]
# Bits of the two packed integers; what does not fit is cut to the most that does.
_KINDS, _LANGUAGES, _SLOTS = (0, 16), (16, 24), (40, windows.SLOTS)
_LEVEL, _RADIUS, _HABIT, _LEFT, _ASKED = (0, 8), (8, 20), (28, 20), (48, 6), (54, 6)
_R_KIND, _R_LEVEL, _R_RADIUS, _R_WAVE, _R_PLACES, _R_URGENCY, _R_REMOTE, _R_ROUND = (
    (0, 5), (5, 8), (13, 20), (33, 6), (39, 8), (47, 2), (49, 1), (50, 12)
)  # fmt: skip
# In place of the bit of a kind: whoever goes to doors can be asked (`Request.unasked`).
ANY_DOOR = 31


def _kinds(bits: NDArray[np.int32]) -> NDArray[np.int32]:
    """The kinds of help of which a neighbour must do one, from the bit of the kind that is asked."""
    masks = np.int64(1) << np.minimum(bits, ANY_DOOR - 1).astype(np.int64)
    return np.where(bits == ANY_DOOR, choices.DOOR_KINDS, masks).astype(np.int32)


@dataclass(frozen=True)
class Due:
    """Requests for which neighbours are to be asked now, as columns of `m`; keys as 16 bytes each."""

    keys: NDArray[np.void]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    kinds: NDArray[np.int32]
    languages: NDArray[np.int32]
    slots: NDArray[np.int32]
    level: NDArray[np.int8]
    radius_m: NDArray[np.int32]
    wave: NDArray[np.int32]
    places: NDArray[np.int32]
    urgency: NDArray[np.int32]
    remote: NDArray[np.bool_]
    round: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True)
class Free:
    """Volunteers who can be asked today: keys as 16 bytes each, and what the engine wants to know."""

    keys: NDArray[np.void]
    volunteers: Volunteers
    _order: list[NDArray[np.int64]] = field(default_factory=list)

    def rows_of(self, keys: NDArray[np.void]) -> NDArray[np.int64]:
        """int64[n]: the row of each key, -1 for those who are not there."""
        if not len(self.keys) or not len(keys):
            return np.full(len(keys), -1, dtype=np.int64)
        if not self._order:
            self._order.append(np.argsort(_sortable(self.keys)))
        order, wanted = self._order[0], _sortable(keys)
        there = _sortable(self.keys)
        found = np.minimum(np.searchsorted(there, wanted, sorter=order), len(order) - 1)
        return np.where(there[order[found]] == wanted, order[found], -1)

    def without(self, ids: Iterable[UUID]) -> "Free":
        """All but these (those of them who are there)."""
        given = b"".join(each.bytes for each in ids)
        if not given:
            return self
        rows = self.rows_of(np.frombuffer(given, dtype="V16"))
        stays = np.ones(len(self.keys), dtype=bool)
        stays[rows[rows >= 0]] = False
        columns = {each.name: getattr(self.volunteers, each.name)[stays] for each in fields(Volunteers)}
        columns["ids"] = np.arange(int(stays.sum()), dtype=np.int64)
        return Free(self.keys[stays], Volunteers(**columns))


def _sortable(keys: NDArray[np.void]) -> NDArray[Any]:
    return keys.view("S16")


def free_volunteers(organisation: Organisation, today: date, budget: int) -> Free:
    """Everybody whom one more offer may reach: active, with a free place, and with something left of today's budget.

    `capacity` is what is left of the budget, `asked` the offers of today, `penalty_m` the habit.
    """
    asked = "CASE WHEN v.asked_on = %(today)s THEN v.asked_count ELSE 0 END"
    least = "LEAST" if connection.vendor == "postgresql" else "min"
    left = f"{least}(v.budget, %(budget)s) - {asked}"
    statement = """
        SELECT {columns} FROM people_volunteer v
        WHERE v.organisation_id = %(organisation)s AND v.state = 'active' AND v.open_count < v.capacity
          AND {left} > 0 {part}
    """.replace("{left}", left)
    columns = [
        ("key", "v.id"),
        ("real", "v.lat"),
        ("real", "v.lon"),
        ("whole", pack([("v.kinds", _KINDS), ("v.languages", _LANGUAGES), ("v.slots", _SLOTS)])),
        (
            "whole",
            pack(
                [
                    ("v.level", _LEVEL), (f"{least}(v.radius_m, 1048575)", _RADIUS),
                    (f"{least}(v.habit_m, 1048575)", _HABIT), (f"{least}({left}, 63)", _LEFT),
                    (f"{least}({asked}, 63)", _ASKED),
                ]
            ),
        ),
    ]  # fmt: skip
    values = {"organisation": organisation.pk, "today": today, "budget": budget}
    # Asked once: the sample differs from one time to the next, and nobody may stand in both halves, or in none.
    middle = _middle_strip()
    halves = [f"AND v.strip {side} {middle}" for side in ("<", ">=")]
    keys, lat, lon, what, how = read(statement, columns, values, halves)
    numbers = np.arange(len(keys), dtype=np.int64)
    return Free(
        keys,
        Volunteers(
            ids=numbers,
            lat=lat,
            lon=lon,
            kinds=unpack(what, _KINDS),
            languages=unpack(what, _LANGUAGES),
            slots=unpack(what, _SLOTS),
            level=unpack(how, _LEVEL).astype(np.int8),
            radius_m=unpack(how, _RADIUS).astype(np.float32),
            capacity=unpack(how, _LEFT).astype(np.int16),
            asked=unpack(how, _ASKED).astype(np.int16),
            penalty_m=unpack(how, _HABIT).astype(np.float32),
        ),
    )


def _middle_strip() -> int:
    """A strip with about as many volunteers south of it as north, so that each half is one stretch of an index."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY strip) FROM people_volunteer TABLESAMPLE SYSTEM (0.2)"
        )
        (middle,) = cursor.fetchone()
    return middle or 0


def due_requests(organisation: Organisation, now: datetime) -> Due:
    """The open requests whose time has come, in the order of their keys."""
    bits = " ".join(f"WHEN '{kind.code}' THEN {kind.bit}" for kind in choices.KINDS)
    urgencies = " ".join(f"WHEN '{code}' THEN {place}" for place, code in enumerate(URGENCIES))
    remote = "CASE WHEN r.remote THEN 1 ELSE 0 END"
    asked_kind = f"CASE WHEN r.unasked THEN {ANY_DOOR} ELSE CASE r.kind {bits} END END"
    facts = [
        (asked_kind, _R_KIND), ("r.level", _R_LEVEL), ("r.radius_m", _R_RADIUS), ("r.wave", _R_WAVE),
        ("r.needed - r.accepted", _R_PLACES), (f"CASE r.urgency {urgencies} END", _R_URGENCY),
        (remote, _R_REMOTE), ("r.reopened", _R_ROUND),
    ]  # fmt: skip
    statement = """
        SELECT {columns} FROM cases_request r
        WHERE r.organisation_id = %(organisation)s AND r.state = 'open' AND r.next_at <= %(now)s
          AND r.window_until > %(now)s {part}
    """
    columns = [
        ("key", "r.id"), ("real", "r.lat"), ("real", "r.lon"), ("whole", pack(facts)), ("whole", "r.languages"),
        ("moment", "r.window_from"), ("moment", "r.window_until"),
    ]  # fmt: skip
    values = {"organisation": organisation.pk, "now": now}
    found = read(statement, columns, values, [""])
    order = np.argsort(_sortable(found[0]))
    keys, lat, lon, how, languages, start, end = (column[order] for column in found)
    return Due(
        keys=keys,
        lat=lat,
        lon=lon,
        kinds=_kinds(unpack(how, _R_KIND)),
        languages=languages.astype(np.int32),
        slots=windows.slots(start, end, organisation.zone),
        level=unpack(how, _R_LEVEL).astype(np.int8),
        radius_m=unpack(how, _R_RADIUS),
        wave=unpack(how, _R_WAVE),
        places=unpack(how, _R_PLACES),
        urgency=unpack(how, _R_URGENCY),
        remote=unpack(how, _R_REMOTE).astype(bool),
        round=unpack(how, _R_ROUND),
    )


def must_not_meet(organisation: Organisation, due: Due, free: Free) -> NDArray[np.int64]:
    """int64[e, 2]: (row of request, row of volunteer) of those excluded or asked already.

    Only what is quick to read: who asks for herself and is a volunteer too is left to the database, which decides.
    """
    mine = "r.organisation_id = %(organisation)s AND r.state = 'open' AND r.next_at IS NOT NULL"
    statement = """
        SELECT {columns} FROM (
            SELECT r.id AS request, o.volunteer_id AS volunteer FROM cases_request r
            JOIN matching_offer o ON o.request_id = r.id
            WHERE {mine} AND r.wave + r.reopened > 0
              AND (o.round >= r.reopened OR o.state NOT IN ('expired', 'withdrawn'))
            UNION ALL
            SELECT r.id, e.volunteer_id FROM people_exclusion e
            JOIN cases_case c ON c.person_id = e.person_id JOIN cases_request r ON r.case_id = c.id WHERE {mine}
        ) p {part}
    """.replace("{mine}", mine)
    values = {"organisation": organisation.pk}
    requests, volunteers = read(statement, [("key", "p.request"), ("key", "p.volunteer")], values, [""])
    rows = (
        np.searchsorted(_sortable(due.keys), _sortable(requests)) if len(due) else np.empty(0, dtype=np.int64)
    )
    rows = np.minimum(rows, max(0, len(due) - 1))
    here = _sortable(due.keys)[rows] == _sortable(requests) if len(due) else np.empty(0, dtype=bool)
    pairs = np.stack([rows[here], free.rows_of(volunteers[here])], axis=1)
    return pairs[pairs[:, 1] >= 0]


def pack(facts: Sequence[tuple[str, tuple[int, int]]]) -> str:
    """One 64-bit integer of several small ones, each moved to its bits."""
    wide = "CAST({} AS bigint)"
    return " | ".join(f"({wide.format(words)} << {place})" for words, (place, _width) in facts)


def unpack(packed: NDArray[np.int64], bits: tuple[int, int]) -> NDArray[np.int32]:
    place, width = bits
    return ((packed >> place) & ((1 << width) - 1)).astype(np.int32)


def read(statement: str, columns: list[tuple[str, str]], values: dict[str, Any], parts: list[str]) -> Columns:
    """The columns of all rows: keys as void16, whole numbers as int64, moments as microseconds since 1970."""
    if connection.vendor != "postgresql":
        return _read_sqlite(statement, columns, values, "")
    if connection.in_atomic_block or len(parts) == 1:
        return _read_postgresql(statement, columns, values, "")
    with ThreadPoolExecutor(len(parts)) as threads:
        work = [threads.submit(_elsewhere, statement, columns, values, part) for part in parts]
        return [np.concatenate(halves) for halves in zip(*[each.result() for each in work], strict=True)]


def _elsewhere(statement: str, columns: list[tuple[str, str]], values: dict[str, Any], part: str) -> Columns:
    """Read in a thread, on a connection of its own."""
    try:
        return _read_postgresql(statement, columns, values, part)
    finally:
        connection.close()


def _read_postgresql(
    statement: str, columns: list[tuple[str, str]], values: dict[str, Any], part: str
) -> Columns:
    import psycopg  # Only here: who runs on SQLite need not read it.

    sent = {
        "key": "uuid_send({})",
        "real": "float8send({})",
        "whole": "int8send(CAST({} AS bigint))",
        "moment": "timestamptz_send({})",
    }
    strung = ", ".join(f"string_agg({sent[kind].format(words)}, '')" for kind, words in columns)
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement.format(columns=strung, part=part), values, prepare=False, binary=True)
        row = cursor.fetchone() or ()
    plain = {"key": "V16", "real": ">f8", "whole": ">i8", "moment": ">i8"}
    kept = {"key": "V16", "real": "f8", "whole": "i8", "moment": "i8"}
    read = [
        np.frombuffer(value or b"", dtype=plain[kind]).astype(kept[kind], copy=False)
        for (kind, _words), value in zip(columns, row, strict=True)
    ]
    return [
        column + SINCE_1970 if kind == "moment" else column
        for (kind, _words), column in zip(columns, read, strict=True)
    ]


def for_sqlite(value: Any) -> Any:
    """A key or a moment as it stands in a column."""
    if isinstance(value, UUID):
        return value.hex
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _read_sqlite(
    statement: str, columns: list[tuple[str, str]], values: dict[str, Any], part: str
) -> Columns:
    moment = "CAST(strftime('%%s', {}) AS bigint) * 1000000"
    words = ", ".join(moment.format(words) if kind == "moment" else words for kind, words in columns)
    given = {name: for_sqlite(value) for name, value in values.items()}
    with connection.cursor() as cursor:
        cursor.execute(statement.format(columns=words, part=part), given)
        rows = list(cursor.fetchall())
    read: Columns = []
    by_column = zip(*rows, strict=True) if rows else ((),) * len(columns)
    for column, (kind, _words) in zip(by_column, columns, strict=True):
        if kind == "key":
            read.append(np.frombuffer(bytes.fromhex("".join(column)), dtype="V16"))
        else:
            read.append(np.array(column, dtype="f8" if kind == "real" else "i8"))
    return read
