"""The compiled search in the tree: the cheapest who may be sent, every hard constraint inside the search."""

from typing import Any

import numpy as np

from quartier.engine.compiled import compiled


@compiled
def _push(heap_cost: Any, heap_node: Any, size: int, cost: float, node: int) -> int:
    hole = size
    while hole > 0:
        parent = (hole - 1) >> 1
        if heap_cost[parent] <= cost:
            break
        heap_cost[hole], heap_node[hole] = heap_cost[parent], heap_node[parent]
        hole = parent
    heap_cost[hole], heap_node[hole] = cost, node
    return size + 1


@compiled
def _pop(heap_cost: Any, heap_node: Any, size: int) -> int:
    """Take the cheapest away; it was at 0. Returns the new size."""
    size -= 1
    cost, node = heap_cost[size], heap_node[size]
    hole = 0
    while True:
        child = 2 * hole + 1
        if child >= size:
            break
        if child + 1 < size and heap_cost[child + 1] < heap_cost[child]:
            child += 1
        if heap_cost[child] >= cost:
            break
        heap_cost[hole], heap_node[hole] = heap_cost[child], heap_node[child]
        hole = child
    heap_cost[hole], heap_node[hole] = cost, node
    return size


@compiled
def _among(rows: Any, first: int, last: int, wanted: int) -> bool:
    """Whether `wanted` stands in the sorted `rows[first:last]`."""
    while first < last:
        middle = (first + last) >> 1
        if rows[middle] < wanted:
            first = middle + 1
        elif rows[middle] > wanted:
            last = middle
        else:
            return True
    return False


@compiled
def cheapest(
    nodes: Any, rows: Any, root: int, x: float, y: float, narrow: float, kinds: int, languages: int, slots: int,
    level: int, reach: float, share: float, ceiling: float, no_rows: Any, no_first: int, no_last: int, price: Any,
    heap_cost: Any, heap_node: Any, out_cost: Any, out_metres: Any, out_row: Any,
) -> int:  # fmt: skip
    """Fill `out_*` with the cheapest who may be sent, cheapest first; returns how many (at most `len(out_row)`).

    `x`, `y` metres on the tree's plane, `narrow` the cosine of the latitude, `reach` metres. `share` multiplies the
    distance in the cost; 1 checks both reaches, less means help by phone. Nobody costs `ceiling` or more.
    `no_rows[no_first:no_last]`, sorted, are left out. `price`: empty, or for each position what is asked on top (then
    the nodes must promise with it). Of two alike the lower row comes first, so the answer depends on nothing else.

    Best first: no node is opened before one whose lower bound is smaller, so what is found when the next bound is
    above the worst kept is exact.
    """
    want = len(out_row)
    remote = share < 1.0
    found, size = 0, 0
    if want == 0 or root < 0:
        return 0
    size = _push(heap_cost, heap_node, size, 0.0, root)
    while size > 0:
        if found == want and heap_cost[0] > out_cost[found - 1]:
            break
        at_node = heap_node[0]
        size = _pop(heap_cost, heap_node, size)
        node = nodes[at_node]
        first, last = node.first, node.first + node.count
        if not node.leaf:
            for child in range(first, last):
                this = nodes[child]
                if not (
                    this.kinds & kinds
                    and this.languages & languages
                    and this.slots & slots
                    and this.level >= level
                ):
                    continue
                dx = max(this.west - x, x - this.east, 0.0) * narrow
                dy = max(this.south - y, y - this.north, 0.0)
                metres = np.sqrt(dx * dx + dy * dy)
                if not remote and (metres > reach or metres > this.radius):
                    continue
                cost = metres * share + this.least
                if cost >= ceiling or (found == want and cost > out_cost[found - 1]):
                    continue
                size = _push(heap_cost, heap_node, size, cost, child)
            continue
        if node.more >= 0:
            # Those who came later live in a further leaf, under the same promise.
            size = _push(heap_cost, heap_node, size, 0.0, node.more)
        for at in range(first, last):
            row = rows[at]
            if not (
                row.kinds & kinds and row.languages & languages and row.slots & slots and row.level >= level
            ):
                continue
            dx, dy = (row.x - x) * narrow, row.y - y
            metres = np.sqrt(dx * dx + dy * dy)
            if not remote and (metres > reach or metres > row.radius):
                continue
            cost = metres * share + row.extra
            if len(price):
                cost += price[row.position]
            if cost >= ceiling:
                continue
            if found == want and (
                cost > out_cost[found - 1]
                or (cost == out_cost[found - 1] and row.position > out_row[found - 1])
            ):
                continue
            if no_last > no_first and _among(no_rows, no_first, no_last, row.position):
                continue
            hole = found if found < want else want - 1
            while hole > 0 and (
                out_cost[hole - 1] > cost or (out_cost[hole - 1] == cost and out_row[hole - 1] > row.position)
            ):
                out_cost[hole], out_metres[hole] = out_cost[hole - 1], out_metres[hole - 1]
                out_row[hole] = out_row[hole - 1]
                hole -= 1
            out_cost[hole], out_metres[hole], out_row[hole] = cost, metres, row.position
            found = min(found + 1, want)
    return found


@compiled
def cheapest_each(
    nodes: Any, rows: Any, root: int, part: Any, which: Any, x: Any, y: Any, narrow: Any, kinds: Any, languages: Any,
    slots: Any, level: Any, reach: Any, remote: Any, remote_share: float, ceiling: Any, no_starts: Any, no_rows: Any,
    price: Any, out_count: Any, out_cost: Any, out_metres: Any, out_row: Any,
) -> None:  # fmt: skip
    """`cheapest` for the requests `which[i]`, each `i` of `part`; its answer goes into row `i` of `out_*`."""
    heap_cost = np.empty(len(nodes) + 1, dtype=np.float64)
    heap_node = np.empty(len(nodes) + 1, dtype=np.int32)
    for i in part:
        r = which[i]
        out_count[i] = cheapest(
            nodes, rows, root, x[i], y[i], narrow[r], kinds[r], languages[r], slots[r], level[r],
            reach[r], remote_share if remote[r] else 1.0, ceiling[r], no_rows, no_starts[r], no_starts[r + 1], price,
            heap_cost, heap_node, out_cost[i], out_metres[i], out_row[i],
        )  # fmt: skip
