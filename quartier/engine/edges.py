"""The graph that is solved: for each request those who could serve it, and for each volunteer the places."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quartier.engine.candidates import Candidates
from quartier.engine.compiled import compiled
from quartier.engine.crowd import extra_m
from quartier.engine.params import Params
from quartier.engine.problem import Problem

# No list is cut off there: nobody else could serve the request.
NOTHING_BEYOND = 2**31 - 1


@dataclass(frozen=True, eq=False)
class Edges:
    """Costs are whole metres, so that every solver reads the same problem.

    starts   int64[m + 1]   edges of request `r` are `starts[r]:starts[r + 1]`, cheapest first
    row      int32[e]       the volunteer's row
    cost     int32[e]
    metres   float32[e]     the distance alone
    beyond   int32[m]       whoever could serve request `r` and is not in its list costs at least this
    needed   int32[m]       places of each request
    empty    int32[m]       what one empty place costs
    places   int64[n + 1]   places of volunteer `v` are `places[v]:places[v + 1]`
    again    int            the second place of a volunteer costs so much more than the first, the third twice that
    """

    starts: NDArray[np.int64]
    row: NDArray[np.int32]
    cost: NDArray[np.int32]
    metres: NDArray[np.float32]
    beyond: NDArray[np.int32]
    needed: NDArray[np.int32]
    empty: NDArray[np.int32]
    places: NDArray[np.int64]
    again: int

    @property
    def widest(self) -> int:
        """The most candidates that one request has."""
        return int(np.diff(self.starts).max(initial=0))

    @classmethod
    def of(cls, problem: Problem, params: Params, found: Candidates) -> "Edges":
        """The graph of these candidates (one list for each request), and of those who know each other."""
        requests = problem.requests
        places = np.zeros(len(problem.volunteers) + 1, dtype=np.int64)
        np.cumsum(problem.volunteers.capacity, out=places[1:])
        nothing = np.empty(0, dtype=np.int32)
        empty = cls(
            starts=np.zeros(len(requests) + 1, dtype=np.int64),
            row=nothing,
            cost=nothing,
            metres=np.empty(0, dtype=np.float32),
            beyond=np.full(len(requests), NOTHING_BEYOND, dtype=np.int32),
            needed=requests.needed.astype(np.int32),
            empty=np.rint(requests.weight_m).astype(np.int32),
            places=places,
            again=round(params.again_m),
        )
        last = found.cost[np.arange(len(requests)), np.maximum(found.count - 1, 0)]
        full = found.count == found.k
        empty.beyond[full] = np.rint(last[full])
        width = np.arange(found.k) < found.count[:, None]
        known = empty._with(
            found.count, found.row[width], np.rint(found.cost[width]).astype(np.int32), found.metres[width]
        )
        return known._with(*_known(problem, params)) if len(problem.known) else known

    def cost_of(self, taken: NDArray[Any]) -> tuple[int, int]:
        """What a plan of these edges costs in metres with its empty places, and how many those are."""
        request = np.searchsorted(self.starts, taken, side="right") - 1
        empty = self.needed - np.bincount(request, minlength=len(self.needed))
        uses = np.bincount(self.row[taken], minlength=len(self.places) - 1).astype(np.int64)
        again = (uses * (uses - 1) // 2).sum() * self.again
        cost = self.cost[taken].sum(dtype=np.int64) + (empty * self.empty.astype(np.int64)).sum() + again
        return int(cost), int(empty.sum())

    def asked(self, low: NDArray[Any]) -> int:
        """The sum of all prices, in metres, when a place of volunteer `v` costs at least `low[v]`."""
        capacity = np.diff(self.places)
        further = np.arange(self.places[-1]) - np.repeat(self.places[:-1], capacity)
        return int(np.maximum(np.repeat(low.astype(np.int64), capacity) - further * self.again, 0).sum())

    def with_more(self, which: NDArray[Any], found: Candidates, price: NDArray[Any]) -> "Edges":
        """These and more candidates for the requests `which`, whose costs still count `price` (int32[n])."""
        width = np.arange(found.k) < found.count[:, None]
        row = found.row[width]
        count = np.zeros(len(self.needed), dtype=np.int32)
        count[which] = found.count
        return self._with(
            count, row, np.rint(found.cost[width] - price[row]).astype(np.int32), found.metres[width]
        )

    def _with(self, count: Any, row: Any, cost: Any, metres: Any) -> "Edges":
        starts, row, cost, metres = _merge(
            self.starts, self.row, self.cost, self.metres, count.astype(np.int64), row, cost, metres
        )
        return replace(self, starts=starts, row=row, cost=cost, metres=metres)


def _known(problem: Problem, params: Params) -> tuple[Any, Any, Any, Any]:
    """Those who know each other and may be sent: how many for each request, row, cost, metres."""
    volunteers, requests = problem.volunteers, problem.requests
    pairs = problem.known
    if len(problem.excluded):
        width = np.int64(max(1, len(volunteers)))
        keys = [each[:, 0] * width + each[:, 1] for each in (pairs, problem.excluded)]
        pairs = pairs[~np.isin(keys[0], keys[1])]
    r, v = pairs[:, 0], pairs[:, 1]
    metres = problem.distance_m(r, v)
    remote = requests.remote[r]
    may = (
        (volunteers.kinds[v] & requests.kinds[r] > 0)
        & (volunteers.languages[v] & requests.languages[r] > 0)
        & (volunteers.slots[v] & requests.slots[r] > 0)
        & (volunteers.level[v] >= requests.level[r])
        & (volunteers.capacity[v] > 0)
        & (remote | (metres <= np.minimum(volunteers.radius_m[v], requests.radius_m[r])))
    )
    cost = metres * np.where(remote, params.remote_share, 1.0) + extra_m(volunteers, params)[v]
    cost = np.maximum(cost - params.continuity_m, 0)
    may &= cost < requests.weight_m[r]
    return (
        np.bincount(r[may], minlength=len(requests)), v[may].astype(np.int32),
        np.rint(cost[may]).astype(np.int32), metres[may].astype(np.float32),
    )  # fmt: skip


@compiled
def _merge(
    starts: Any, row: Any, cost: Any, metres: Any, count: Any, more_row: Any, more_cost: Any, more_metres: Any
) -> Any:
    """Two lists for each request in one, cheapest first. Who is in both is there once, at the lower cost."""
    m = len(starts) - 1
    out_starts = np.zeros(m + 1, dtype=np.int64)
    most = len(row) + len(more_row)
    out_row, out_cost = np.empty(most, dtype=np.int32), np.empty(most, dtype=np.int32)
    out_metres = np.empty(most, dtype=np.float32)
    at, more = 0, 0
    for r in range(m):
        out_starts[r] = at
        for e in range(starts[r], starts[r + 1]):
            out_row[at], out_cost[at], out_metres[at] = row[e], cost[e], metres[e]
            at += 1
        for i in range(more, more + count[r]):
            end, this, dearer = at, more_cost[i], False
            for e in range(out_starts[r], at):
                if out_row[e] == more_row[i]:
                    end, dearer = e, out_cost[e] <= this
                    break
            if dearer:
                continue
            if end == at:
                at += 1
            hole = end
            while hole > out_starts[r] and out_cost[hole - 1] > this:
                out_row[hole], out_cost[hole] = out_row[hole - 1], out_cost[hole - 1]
                out_metres[hole] = out_metres[hole - 1]
                hole -= 1
            out_row[hole], out_cost[hole], out_metres[hole] = more_row[i], this, more_metres[i]
        more += count[r]
    out_starts[m] = at
    return out_starts, out_row[:at].copy(), out_cost[:at].copy(), out_metres[:at].copy()
