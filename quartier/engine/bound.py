"""What no plan can undercut, at any prices: the Lagrangian dual."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from quartier.engine.compiled import compiled
from quartier.engine.edges import Edges


def bound(edges: Edges, low: NDArray[Any], asked: int, beyond: NDArray[Any]) -> tuple[int, NDArray[np.int32]]:
    """`(bound, short)` in metres.

    `low` int32[n]: the cheapest place of each volunteer at the prices; `asked`: the sum of all prices; `beyond`
    int32[m]: whoever is not in a request's list costs at least so much. `short`: the requests for which that is what
    counts, so that a longer list would tell more.
    """
    total, short = _bound(edges.starts, edges.row, edges.cost, beyond, edges.needed, edges.empty, low)
    return int(total) - asked, short


@compiled
def _bound(starts: Any, row: Any, cost: Any, beyond: Any, needed: Any, empty: Any, low: Any) -> Any:
    """Each request alone, at these prices: the cheapest different volunteers, or empty places."""
    total, many = np.int64(0), 0
    short = np.empty(len(needed), dtype=np.int32)
    best = np.empty(max(1, needed.max()) if len(needed) else 1, dtype=np.int32)
    for r in range(len(needed)):
        want = needed[r]
        if want == 0:
            continue
        limit = min(empty[r], beyond[r])
        best[:want] = limit
        for e in range(starts[r], starts[r + 1]):
            if cost[e] >= best[want - 1]:
                break
            hole, value = want - 1, cost[e] + low[row[e]]
            if value >= best[hole]:
                continue
            while hole > 0 and best[hole - 1] > value:
                best[hole] = best[hole - 1]
                hole -= 1
            best[hole] = value
        for i in range(want):
            total += best[i]
        if best[want - 1] == limit and beyond[r] < empty[r]:
            short[many] = r
            many += 1
    return total, short[:many]
