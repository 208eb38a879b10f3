"""The coordinator's question answered from the database: before and after, for what is open and for the last week.

The week is a test: its requests are looked at day by day, as if the volunteers of today had been there. Nothing is
written.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from quartier.matching.planning import problem as reading
from quartier.matching.planning.problem import Rows
from quartier.matching.planning.way import way_of
from quartier.matching.planning.whatif import (
    LIKE_AT_LEAST,
    Batch,
    Change,
    Outlook,
    What,
    World,
    changed,
    farthest_m,
    metres_from,
    outlook,
)
from quartier.matching.planning.windows import EPOCH
from quartier.team.models import Organisation

WEEK = timedelta(days=7)
# Of a busy week or a long queue so many requests are looked at, evenly spread: enough for a share, and quick.
MOST = 300
# With a place, requests count that were asked within so many metres of it.
AROUND_M = 10_000
# The plane on which somebody is near a request is that of its latitude, not of the place's.
PLANES_DIFFER = 1.01


@dataclass(frozen=True)
class Comparison:
    """The same requests before and after. `total`: how many there are; `before.requests` of them were looked at.
    `lat`, `lon`: where they are, in the order of `reached`."""

    total: int
    before: Outlook
    after: Outlook
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]


@dataclass(frozen=True)
class Answer:
    """`open`: what has too few neighbours now; `week`: what was asked in the last seven days, as a test."""

    open: Comparison
    week: Comparison


def answer(
    organisation: Organisation, change: Change, now: datetime, around: tuple[float, float] | None = None
) -> Answer:
    """Before and after the change. `around`: only requests near this point (latitude, longitude). Seven queries, one
    more where some join and hardly anybody helps there."""
    policy, settings = way_of(organisation)
    # A long queue is read where it is looked at, and nowhere else.
    within = reading.bounds_around(around, AROUND_M) if around else None
    waiting, total = _some(reading.open_requests(organisation, within), around)
    week, total_week = _some(reading.requests_since(organisation, now - WEEK, within), around)
    volunteers = _helpers(organisation, now, change, np.concatenate([waiting, week]), around)
    world = World(volunteers, policy, settings, organisation.zone)
    excluded = reading.excluded_pairs(organisation, volunteers, waiting, asked_already=True)
    apart = reading.excluded_pairs(organisation, volunteers, week, asked_already=False)
    return Answer(
        open=_compare(world, change, [Batch(waiting, excluded)], total),
        week=_compare(world, change, _days(world, week, apart), total_week),
    )


def _helpers(
    organisation: Organisation,
    now: datetime,
    change: Change,
    requests: Rows,
    around: tuple[float, float] | None,
) -> Rows:
    """Those who may be asked for one of these requests, as far as the last wave looks, and all after whom newcomers
    are made; everybody where no place was said."""
    today = now.astimezone(organisation.zone).date()
    if around is None or (change.where is not None and change.where != around):
        return reading.volunteers_of(organisation, today)
    metres = (AROUND_M + farthest_m(requests, change)) * PLANES_DIFFER
    kinds = int(np.bitwise_or.reduce(requests["kind"][requests["remote"] != 0], initial=0))
    found = reading.volunteers_of(organisation, today, reading.bounds_around(around, metres), remote=kinds)
    near = np.count_nonzero(metres_from(around, found) <= metres)
    if change.what is What.JOIN and near < LIKE_AT_LEAST:
        return reading.volunteers_of(organisation, today)
    return found


def _some(requests: Rows, around: tuple[float, float] | None) -> tuple[Rows, int]:
    """Those near, at most `MOST`, and how many there are."""
    if around is not None:
        requests = requests[metres_from(around, requests) <= AROUND_M]
    total = len(requests)
    if total > MOST:
        requests = requests[np.linspace(0, total - 1, MOST).astype(np.int64)]
    return requests, total


def _days(world: World, requests: Rows, excluded: NDArray[np.int64]) -> list[Batch]:
    """One batch for each day on which something was asked."""
    moments = (EPOCH + timedelta(microseconds=at) for at in requests["created"].tolist())
    days = np.array([moment.astimezone(world.zone).toordinal() for moment in moments], dtype=np.int64)
    batches = []
    for day in np.unique(days):
        rows = np.flatnonzero(days == day)
        mine = excluded[np.isin(excluded[:, 0], rows)]
        moved = np.stack([np.searchsorted(rows, mine[:, 0]), mine[:, 1]], axis=1)
        batches.append(Batch(requests[rows], moved, fresh=True))
    return batches


def _compare(world: World, change: Change, batches: list[Batch], total: int) -> Comparison:
    after = [changed(world, batch, change) for batch in batches]
    requests = [batch.requests for batch in batches]
    return Comparison(
        total=total,
        before=outlook(world, batches),
        after=outlook(after[0][0], [batch for _world, batch in after]) if after else outlook(world, []),
        lat=np.concatenate([rows["lat"] for rows in requests]) if requests else np.empty(0),
        lon=np.concatenate([rows["lon"] for rows in requests]) if requests else np.empty(0),
    )
