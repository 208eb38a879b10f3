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
from quartier.matching.planning.whatif import Batch, Change, Outlook, World, changed, metres_from, outlook
from quartier.matching.planning.windows import EPOCH
from quartier.team.models import Organisation

WEEK = timedelta(days=7)
# Of a busy week or a long queue so many requests are looked at, evenly spread: enough for a share, and quick.
MOST = 300
# With a place, requests count that were asked within so many metres of it.
AROUND_M = 10_000


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
    """Before and after the change. `around`: only requests near this point (latitude, longitude). Seven queries."""
    volunteers = reading.volunteers_of(organisation, now.astimezone(organisation.zone).date())
    policy, settings = way_of(organisation)
    world = World(volunteers, policy, settings, organisation.zone)
    waiting, total = _some(reading.open_requests(organisation), around)
    excluded = reading.excluded_pairs(organisation, volunteers, waiting, asked_already=True)
    week, total_week = _some(reading.requests_since(organisation, now - WEEK), around)
    apart = reading.excluded_pairs(organisation, volunteers, week, asked_already=False)
    return Answer(
        open=_compare(world, change, [Batch(waiting, excluded)], total),
        week=_compare(world, change, _days(world, week, apart), total_week),
    )


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
