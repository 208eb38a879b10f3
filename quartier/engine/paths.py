"""The optimal plan of a graph, by successive shortest paths: slower than the auction, and exact.

Each place of a request in turn takes the cheapest way to a free place of a volunteer or to staying empty, along
which others may move over (Dijkstra with potentials, so every step costs 0 or more). After Ahuja, Magnanti and
Orlin, *Network Flows* (1993), chapter 9. The potentials are the dual prices at the end.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from quartier.engine.compiled import compiled
from quartier.engine.edges import Edges
from quartier.engine.search import _pop, _push

EMPTY = -2
_FAR = 1 << 60


def shortest_paths(edges: Edges) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """`(used, worth)`: int64[e], 1 for each edge of the optimal plan; int64[n], what one more place of each volunteer
    would be worth, in metres (the dual price)."""
    return _paths(  # type: ignore[no-any-return]
        edges.starts, edges.row, edges.cost, edges.needed, edges.empty, edges.places, edges.again
    )


@compiled
def _paths(starts: Any, row: Any, cost: Any, needed: Any, empty: Any, places: Any, again: int) -> Any:
    m, n = len(needed), len(places) - 1
    used = np.zeros(len(row), dtype=np.int64)
    holders = np.full(places[n], -1, dtype=np.int64)
    taken = np.zeros(n, dtype=np.int64)
    # Nodes: requests, then volunteers, then the end.
    end = m + n
    potential = np.zeros(end, dtype=np.int64)
    far = np.full(end + 1, _FAR, dtype=np.int64)
    came = np.full(end + 1, -1, dtype=np.int64)
    done = np.zeros(end + 1, dtype=np.bool_)
    seen = np.empty(end + 1, dtype=np.int64)
    heap_cost = np.empty(end + len(row) + 2, dtype=np.float64)
    heap_node = np.empty(end + len(row) + 2, dtype=np.int64)
    for start in range(m):
        for _ in range(needed[start]):
            many, size = 1, 0
            seen[0], far[start] = start, 0
            size = _push(heap_cost, heap_node, size, 0.0, start)
            while size > 0:
                at = heap_node[0]
                size = _pop(heap_cost, heap_node, size)
                if done[at]:
                    continue
                done[at] = True
                if at == end:
                    break
                here = far[at] + potential[at]
                ways = starts[at + 1] - starts[at] if at < m else taken[at - m]
                if size + ways + 1 > len(heap_cost):
                    heap_cost = np.append(heap_cost, np.empty_like(heap_cost))
                    heap_node = np.append(heap_node, np.empty_like(heap_node))
                if at < m:
                    many, size = _reach(
                        end, here + empty[at], at, far, came, done, seen, many, heap_cost, heap_node, size
                    )
                    for e in range(starts[at], starts[at + 1]):
                        if not used[e]:
                            v = m + row[e]
                            many, size = _reach(
                                v, here + cost[e] - potential[v], e, far, came, done, seen, many, heap_cost,
                                heap_node, size,
                            )  # fmt: skip
                    continue
                v = at - m
                if taken[v] < places[v + 1] - places[v]:
                    many, size = _reach(
                        end,
                        here + taken[v] * again,
                        at,
                        far,
                        came,
                        done,
                        seen,
                        many,
                        heap_cost,
                        heap_node,
                        size,
                    )
                for s in range(places[v], places[v] + taken[v]):
                    e = holders[s]
                    r = np.searchsorted(starts, e, side="right") - 1
                    many, size = _reach(
                        r,
                        here - cost[e] - potential[r],
                        e,
                        far,
                        came,
                        done,
                        seen,
                        many,
                        heap_cost,
                        heap_node,
                        size,
                    )
            whole = far[end]
            for i in range(many):
                at = seen[i]
                if at != end and far[at] < whole:
                    potential[at] += far[at] - whole
            _move(came, end, m, starts, row, places, holders, taken, used)
            for i in range(many):
                far[seen[i]], came[seen[i]], done[seen[i]] = _FAR, -1, False
    return used, -potential[m:]


@compiled
def _reach(
    node: int, cost: int, by: int, far: Any, came: Any, done: Any, seen: Any, many: int, heap_cost: Any, heap_node: Any,
    size: int,
) -> Any:  # fmt: skip
    if done[node] or cost >= far[node]:
        return many, size
    if far[node] == _FAR:
        seen[many] = node
        many += 1
    far[node], came[node] = cost, by
    return many, _push(heap_cost, heap_node, size, float(cost), node)


@compiled
def _move(
    came: Any, end: int, m: int, starts: Any, row: Any, places: Any, holders: Any, taken: Any, used: Any
) -> None:
    """Walk the way back: whoever moves over leaves one volunteer for the next."""
    at = came[end]
    if at >= m:
        v, by = at - m, came[at]
        holders[places[v] + taken[v]] = by
        used[by] = 1
        taken[v] += 1
        at = np.searchsorted(starts, by, side="right") - 1
    while came[at] >= 0:
        # `at` is a request that gave up this edge; the request that takes its volunteer stands before it.
        left = came[at]
        used[left] = 0
        v = row[left]
        for s in range(places[v], places[v] + taken[v]):
            if holders[s] == left:
                holders[s] = came[m + v]
                break
        used[came[m + v]] = 1
        at = np.searchsorted(starts, came[m + v], side="right") - 1
