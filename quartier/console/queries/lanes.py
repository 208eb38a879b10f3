"""Every request that is not closed, with the lane in which it stands: the rules of `console.rules`, in SQL.

A board of ten thousand requests is counted, and a few dozen of them are shown. So the lane is chosen where the rows
are, and nothing is made of a row but a few plain values. The tests hold this against `rules.wait_of`.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from heapq import nsmallest
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection

from quartier.console.rules import Filters, Lane
from quartier.lib import choices
from quartier.team.models import Organisation

# Where a request stands is one number: its place in this order, times `STEP`, and three bits. The last one: whom they
# expect is not coming, and must be told so; it has nobody, as those for which neighbours are asked.
LANES = (Lane.HUMAN, Lane.FIND, Lane.ANSWER, Lane.TELL, Lane.COMES, Lane.LATE, Lane.TELL)
CALL_OFF = len(LANES) - 1
# The promise is over, or the time in which help was needed; it is urgent; the account that looks has taken it.
OVER, URGENT, MINE, STEP = 4, 2, 1, 8
PLACES = range(STEP * len(LANES))
LANE_OF_PLACE = tuple(LANES[place // STEP] for place in PLACES)
# Who comes late is late; somebody who is expected is not, however long ago it was asked.
LATE_PLACES = frozenset(
    place
    for place in PLACES
    if LANE_OF_PLACE[place] == Lane.LATE or (place & OVER and LANE_OF_PLACE[place] != Lane.COMES)
)
PLACES_OF_LANE = {
    lane: frozenset(place for place in PLACES if LANE_OF_PLACE[place] == lane) for lane in LANES
}
NEED_PLACES = frozenset(
    place
    for place in PLACES
    if LANE_OF_PLACE[place] in {Lane.HUMAN, Lane.FIND, Lane.ANSWER} or place // STEP == CALL_OFF
)
# Late before urgent before the rest.
RANK_OF_PLACE = tuple(2 * (place not in LATE_PLACES) + (not place & URGENT) for place in PLACES)
RANKS = range(4)
SHOW_PLACES = {
    "all": frozenset(PLACES),
    "late": LATE_PLACES,
    "urgent": frozenset(place for place in PLACES if place & URGENT),
    "mine": frozenset(place for place in PLACES if place & MINE),
}

# place, kind, languages, area, incident, since, id, and what it is sorted by: the last four as the database writes
# them.
BoardRow = tuple[int, str, int, int, Any, Any, str, Any]
# The rows at each place.
PlacedRows = list[list[BoardRow]]
KIND_OF_ROW, LANGUAGES_OF_ROW = itemgetter(1), itemgetter(2)
_SORT_OF_ROW, _SINCE_OF_ROW = itemgetter(7, 6), itemgetter(5)
# How many requests of a neighbourhood wait for somebody, are late, are helped, and have a visit whose time has passed
# (which is no lateness of ours, and has a word of its own): by area.
AreaTallies = dict[int, tuple[int, int, int, int]]

_PLACE = """CASE WHEN r.state = 'human' THEN {human}
            WHEN g.first_until < %(now)s THEN {late}
            WHEN g.untold > 0 THEN {tell}
            WHEN {expected} THEN CASE WHEN r.state = 'covered' THEN {tell} ELSE {call_off} END
            WHEN r.state = 'covered' THEN CASE WHEN g.request_id IS NULL THEN {human} ELSE {comes} END
            WHEN {asked} THEN {answer}
            ELSE {find} END
     + CASE WHEN {is_over} THEN {over} ELSE 0 END
     + CASE WHEN r.urgency = 'now' THEN {urgent} ELSE 0 END
     + CASE WHEN r.taken_by_id = %(me)s THEN {mine} ELSE 0 END"""
_IS_OVER = """(r.promised_at <= %(now)s
             OR (r.window_until <= %(now)s AND (r.state = 'human' OR g.request_id IS NULL)))"""
# A call that tells them so is the next step for one of us; neighbours are still to be found.
_EXPECTED = "r.id IN (SELECT p.subject_id FROM promises_promise p WHERE p.subject_kind = 'call_off' AND p.outcome = '')"
_ROW = f"{_PLACE}, r.kind, r.languages, r.area, {{incident}}, {{since}}, {{id}}, {{sorts_by}}"
# Of a neighbourhood the lane is of no interest, but what it means for who lives there. The four counts are digits of
# one number, so that each row is looked at once. Who still may answer an offer need not be asked for this.
_DIGIT_BITS = 15
_DIGIT = (1 << _DIGIT_BITS) - 1
_WAITS, _IS_LATE, _PAST, _HELPED = 1 << (3 * _DIGIT_BITS), 1 << (2 * _DIGIT_BITS), 1 << _DIGIT_BITS, 1
_COUNTED_AT_PLACE = tuple(
    _HELPED + _PAST
    if LANE_OF_PLACE[place] == Lane.LATE
    else (_WAITS if place in NEED_PLACES else _HELPED) + (_IS_LATE if place in LATE_PLACES else 0)
    for place in PLACES
)
_AREA = """r.area, SUM(
       CASE WHEN r.state = 'human' THEN {waits}
            WHEN g.first_until < %(now)s THEN {helped} + {past}
            WHEN g.untold > 0 THEN {helped}
            WHEN r.state = 'covered'
              THEN CASE WHEN g.request_id IS NULL AND NOT ({expected}) THEN {waits} ELSE {helped} END
            ELSE {waits} END
     + CASE WHEN NOT {is_over} THEN 0
            WHEN r.state = 'human' THEN {is_late}
            WHEN g.first_until < %(now)s THEN 0
            WHEN g.untold > 0 THEN {is_late}
            WHEN r.state = 'covered' AND g.request_id IS NOT NULL AND NOT ({expected}) THEN 0
            ELSE {is_late} END)"""
_STATEMENT = """
SELECT [columns]
FROM cases_request r
LEFT JOIN (SELECT v.request_id, MIN(v.comes_until) AS first_until,
                  SUM(CASE WHEN v.told_at IS NULL THEN 1 ELSE 0 END) AS untold
           FROM visits_assignment v WHERE v.state IN ('accepted', 'on_way') GROUP BY v.request_id) g
  ON g.request_id = r.id
WHERE r.organisation_id = %(organisation)s AND NOT (r.state = 'closed') [groups]
"""
# Whom no message reaches was not asked (`matching.models.REACHED`).
_OFFER = "matching_offer o LEFT JOIN messaging_message m ON m.id = o.message_id"
_LIVE = "o.state = 'sent' AND (o.answered_at IS NOT NULL OR m.state NOT IN ('failed', 'cancelled'))"
# PostgreSQL reads the offers that are open once; SQLite looks each request up in the index.
_ASKED = {
    "postgresql": f"r.id IN (SELECT o.request_id FROM {_OFFER} WHERE {_LIVE})",  # noqa: S608
    "sqlite": f"EXISTS (SELECT 1 FROM {_OFFER} WHERE o.request_id = r.id AND {_LIVE})",  # noqa: S608
}


# Keys and times in the shape that a driver reads without making an object of each, since most are never looked at.
_SINCE = (
    "CASE WHEN r.state <> 'human' AND g.first_until < %(now)s THEN g.first_until ELSE r.waiting_since END"
)
# Where somebody is coming, the next visit stands first, whenever it was asked for.
_SORTS_BY = """CASE WHEN r.state <> 'human' AND g.request_id IS NOT NULL
                 AND (g.first_until < %(now)s OR g.untold > 0 OR r.state = 'covered')
            THEN g.first_until ELSE r.waiting_since END"""
_US = "(EXTRACT(EPOCH FROM {}) * 1000000)::bigint"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@cache
def _statement(vendor: str, columns: str, groups: str = "") -> str:
    on_postgresql = vendor == "postgresql"
    return (
        _STATEMENT.replace("[columns]", columns)
        .replace("[groups]", groups)
        .format(
            **{lane.value: LANES.index(lane) * STEP for lane in Lane},
            call_off=CALL_OFF * STEP,
            over=OVER,
            urgent=URGENT,
            mine=MINE,
            waits=_WAITS,
            is_late=_IS_LATE,
            is_over=_IS_OVER,
            past=_PAST,
            helped=_HELPED,
            asked=_ASKED[vendor],
            expected=_EXPECTED,
            id="r.id::text" if on_postgresql else "r.id",
            incident="r.incident_id::text" if on_postgresql else "r.incident_id",
            since=_US.format(_SINCE) if on_postgresql else _SINCE,
            sorts_by=_US.format(_SORTS_BY) if on_postgresql else _SORTS_BY,
        )
    )


def board_rows(organisation: Organisation, me: UUID | None, now: datetime) -> list[BoardRow]:
    """Every request of the organisation that is not closed. One query."""
    return _read(organisation, me, now, _ROW)


def count_by_area(organisation: Organisation, now: datetime) -> AreaTallies:
    """How many requests of the organisation wait, are late, are helped and are past their time in each neighbourhood.
    One query."""
    counted = _read(organisation, None, now, _AREA, "GROUP BY r.area")
    # What PostgreSQL adds up, its driver does not read as a whole number.
    return {area: _digits(int(number)) for area, number in counted}


def count_rows_by_area(rows: Iterable[BoardRow]) -> AreaTallies:
    """The same of rows that were read."""
    sums: dict[int, int] = defaultdict(int)
    for row in rows:
        sums[row[3]] += _COUNTED_AT_PLACE[row[0]]
    return {area: _digits(number) for area, number in sums.items()}


def _digits(number: int) -> tuple[int, int, int, int]:
    return (
        number >> (3 * _DIGIT_BITS),
        number >> (2 * _DIGIT_BITS) & _DIGIT,
        number & _DIGIT,
        number >> _DIGIT_BITS & _DIGIT,
    )


def _read(
    organisation: Organisation, me: UUID | None, now: datetime, columns: str, groups: str = ""
) -> list[Any]:
    values: dict[str, Any] = {"organisation": organisation.pk, "me": me, "now": now}
    if connection.vendor == "sqlite":
        written = connection.ops.adapt_datetimefield_value(now)
        values = {"organisation": organisation.pk.hex, "me": me.hex if me else None, "now": written}
    with connection.cursor() as cursor:
        cursor.execute(_statement(connection.vendor, columns, groups), values)
        return list(cursor.fetchall())


def by_place(rows: Iterable[BoardRow]) -> PlacedRows:
    """The rows at each place. What is counted or shown of them need not look at each row again."""
    found: PlacedRows = [[] for _place in PLACES]
    for row in rows:
        found[row[0]].append(row)
    return found


def count_in(placed: PlacedRows, some: Iterable[int]) -> int:
    """How many rows stand at one of some places."""
    return sum([len(placed[place]) for place in some])


def fitting(rows: list[BoardRow], chosen: Filters) -> list[BoardRow]:
    """Those whose kind, language, neighbourhood and incident were chosen, as `Filters.fits` says of one."""
    if chosen.kind:
        rows = [row for row in rows if row[1] == chosen.kind]
    if chosen.language:
        bit = choices.mask(choices.LANGUAGES, [chosen.language])
        rows = [row for row in rows if row[2] & bit]
    if chosen.area:
        rows = [row for row in rows if row[3] == chosen.area]
    if chosen.incident:
        rows = [row for row in rows if row[4] is not None and UUID(row[4]) == chosen.incident]
    return rows


def first_of(placed: PlacedRows, some: Iterable[int], limit: int) -> list[BoardRow]:
    """The first at some places in the order of the board: late before urgent before the rest, each oldest first,
    and where somebody is coming the next visit first."""
    found: list[BoardRow] = []
    for rank in RANKS:
        if len(found) < limit:
            rows = [row for place in some if RANK_OF_PLACE[place] == rank for row in placed[place]]
            found += nsmallest(limit - len(found), rows, key=_SORT_OF_ROW)
    return found


def oldest_of(placed: PlacedRows, some: Iterable[int]) -> datetime | None:
    """Since when the oldest at some places waits."""
    since = min([min(map(_SINCE_OF_ROW, placed[place])) for place in some if placed[place]], default=None)
    if isinstance(since, int):
        return _EPOCH + timedelta(microseconds=since)
    return None if since is None else datetime.fromisoformat(since).replace(tzinfo=UTC)
