"""A capacitated auction, forward and reverse: requests bid for the places of volunteers, free places look for takers.

After Bertsekas and Castañon (1992) for problems in which neither side must be served whole, with several places for a
volunteer and the right to stay out: an empty place of a request costs what it costs, so no price rises above that. A
phase ends when no request could do better elsewhere by more than `epsilon`, and no free place asks a price. The next
phase, with a finer step or more candidates, begins from the prices and from every choice that is still good.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quartier.engine.compiled import compiled
from quartier.engine.edges import Edges

WAITS, OUT = -1, -2
_HUGE = 2**30


@dataclass(eq=False)
class Auction:
    """Where the auction stands. A unit is one place of a request; a place belongs to a volunteer.

    place   int32[u]   the volunteer's place that each unit holds; negative: none
    paid    int32[u]   the cost of that pair, without the price
    owner   int32[s]   the unit that holds each place; negative: free
    price   int32[s]   what each place costs on top, its volunteer's further places included
    low     int32[n]   the cheapest place of each volunteer
    of      int32[u]   the request of each unit; its units are `first[r]:first[r + 1]`
    whose   int32[s]   the volunteer of each place
    turn    int32[u]   the order in which units bid
    own     int32[s]   what each place costs when nobody else wants it: 0 for the first of its volunteer
    """

    place: NDArray[np.int32]
    paid: NDArray[np.int32]
    owner: NDArray[np.int32]
    price: NDArray[np.int32]
    low: NDArray[np.int32]
    of: NDArray[np.int32]
    first: NDArray[np.int64]
    whose: NDArray[np.int32]
    turn: NDArray[np.int32]
    own: NDArray[np.int32]

    @classmethod
    def of_edges(cls, edges: Edges, seed: int = 0) -> "Auction":
        """Nobody holds anything, and everything is free. `seed`: the order in which requests bid (0: by row)."""
        first = np.zeros(len(edges.needed) + 1, dtype=np.int64)
        np.cumsum(edges.needed, out=first[1:])
        capacity = np.diff(edges.places)
        own = ((np.arange(edges.places[-1]) - np.repeat(edges.places[:-1], capacity)) * edges.again).astype(
            np.int32
        )
        units = int(first[-1])
        return cls(
            place=np.full(units, WAITS, dtype=np.int32),
            paid=np.zeros(units, dtype=np.int32),
            owner=np.full(len(own), WAITS, dtype=np.int32),
            price=own.copy(),
            low=np.where(capacity > 0, 0, _HUGE).astype(np.int32),
            of=np.repeat(np.arange(len(edges.needed), dtype=np.int32), edges.needed),
            first=first,
            whose=np.repeat(np.arange(len(capacity), dtype=np.int32), capacity),
            turn=_turn(units, seed),
            own=own,
        )

    def phase(self, edges: Edges, epsilon: int) -> None:
        """Bid until nobody could do better by more than `epsilon` metres."""
        _forward(
            edges.starts, edges.row, edges.cost, edges.needed, edges.empty, edges.places, self.place, self.paid,
            self.owner, self.price, self.low, self.of, self.first, self.whose, self.turn,
            epsilon,
        )  # fmt: skip
        asking = np.flatnonzero((self.owner < 0) & (self.price > self.own)).astype(np.int32)
        if len(asking):
            back_starts, back = _backwards(edges.starts, edges.row, len(self.low))
            _reverse(
                asking, back_starts, back, edges.cost, edges.needed, edges.empty, edges.places, self.place, self.paid,
                self.owner, self.price, self.low, self.first, self.whose, self.own, epsilon,
            )  # fmt: skip

    @property
    def asked(self) -> int:
        """The sum of all prices, in metres."""
        return int((self.price - self.own).sum())

    def cost(self, edges: Edges) -> tuple[int, int]:
        """What the plan costs in metres with its empty places, and how many those are."""
        total, unserved = _cost_of(
            self.place, self.paid, self.of, edges.empty, self.whose, edges.again, len(self.low)
        )
        return int(total), int(unserved)

    def taken(self, edges: Edges) -> NDArray[np.int64]:
        """int64[p]: the edges of the plan, in the order of requests."""
        return _taken(self.place, self.of, self.whose, edges.starts, edges.row)  # type: ignore[no-any-return]


def _turn(units: int, seed: int) -> NDArray[np.int32]:
    rows = np.arange(units, dtype=np.int32)
    return np.random.default_rng(seed).permutation(rows) if seed else rows


@compiled
def _taken(place: Any, of: Any, whose: Any, starts: Any, row: Any) -> Any:
    found, many = np.empty(len(place), dtype=np.int64), 0
    for u in range(len(place)):
        if place[u] >= 0:
            for e in range(starts[of[u]], starts[of[u] + 1]):
                if row[e] == whose[place[u]]:
                    found[many] = e
                    many += 1
                    break
    return found[:many]


@compiled
def _backwards(starts: Any, row: Any, n: int) -> Any:
    """The edges of each volunteer, `back[back_starts[v]:back_starts[v + 1]]`: (request, edge)."""
    back_starts = np.zeros(n + 1, dtype=np.int64)
    for e in range(len(row)):
        back_starts[row[e] + 1] += 1
    for v in range(n):
        back_starts[v + 1] += back_starts[v]
    at = back_starts[:-1].copy()
    back = np.empty((len(row), 2), dtype=np.int32)
    for r in range(len(starts) - 1):
        for e in range(starts[r], starts[r + 1]):
            v = row[e]
            back[at[v], 0], back[at[v], 1] = r, e
            at[v] += 1
    return back_starts, back


@compiled
def _held_by_another(place: Any, whose: Any, first: Any, r: int, u: int, v: int) -> bool:
    """Whether another unit of the request holds a place of this volunteer: two helpers are two people."""
    held = False
    for other in range(first[r], first[r + 1]):
        held = held or (other != u and place[other] >= 0 and whose[place[other]] == v)
    return held


@compiled
def _lowest(price: Any, places: Any, v: int) -> Any:
    low = np.int32(_HUGE)
    for s in range(places[v], places[v + 1]):
        low = min(low, price[s])
    return low


@compiled
def _waiting(
    starts: Any, row: Any, cost: Any, needed: Any, empty: Any, place: Any, paid: Any, owner: Any, price: Any, low: Any,
    of: Any, first: Any, whose: Any, turn: Any, epsilon: int, queue: Any,
) -> int:  # fmt: skip
    """Who still stands well stays; the others give up their place and wait in `queue`. Returns how many."""
    waiting = 0
    for i in range(len(place) - 1, -1, -1):
        u = turn[i]
        r = of[u]
        best = empty[r]
        for e in range(starts[r], starts[r + 1]):
            if cost[e] >= best:
                break
            if needed[r] == 1 or not _held_by_another(place, whose, first, r, u, row[e]):
                best = min(best, cost[e] + low[row[e]])
        if place[u] >= 0:
            if paid[u] + price[place[u]] <= best + epsilon:
                continue
            owner[place[u]] = WAITS
        elif place[u] == OUT and empty[r] <= best + epsilon:
            continue
        place[u] = WAITS
        queue[waiting] = u
        waiting += 1
    return waiting


@compiled
def _forward(
    starts: Any, row: Any, cost: Any, needed: Any, empty: Any, places: Any, place: Any, paid: Any, owner: Any,
    price: Any, low: Any, of: Any, first: Any, whose: Any, turn: Any, epsilon: int,
) -> None:  # fmt: skip
    """Requests bid until each holds places or has given up."""
    queue = np.empty(len(place), dtype=np.int32)
    waiting = _waiting(
        starts,
        row,
        cost,
        needed,
        empty,
        place,
        paid,
        owner,
        price,
        low,
        of,
        first,
        whose,
        turn,
        epsilon,
        queue,
    )
    while waiting > 0:
        waiting -= 1
        u = queue[waiting]
        r = of[u]
        best, best_edge, second = empty[r], -1, empty[r]
        for e in range(starts[r], starts[r + 1]):
            if cost[e] >= second:
                break
            value = cost[e] + low[row[e]]
            if value >= second:
                continue
            if needed[r] > 1 and _held_by_another(place, whose, first, r, u, row[e]):
                continue
            if value < best:
                best, best_edge, second = value, e, best
            else:
                second = value
        if best_edge < 0:
            place[u] = OUT
            continue
        v = row[best_edge]
        best_place, next_low = -1, np.int32(_HUGE)
        for s in range(places[v], places[v + 1]):
            if best_place < 0 and price[s] == low[v]:
                best_place = s
            else:
                next_low = min(next_low, price[s])
        second = min(second, cost[best_edge] + next_low)
        # The highest price at which this place is still as good as the next best; at least a step more than before.
        price[best_place] = max(second - cost[best_edge], price[best_place] + epsilon)
        low[v] = min(next_low, price[best_place])
        outbid = owner[best_place]
        if outbid >= 0:
            place[outbid] = WAITS
            queue[waiting] = outbid
            waiting += 1
        owner[best_place], place[u], paid[u] = u, best_place, cost[best_edge]


@compiled
def _reverse(
    asking: Any, back_starts: Any, back: Any, cost: Any, needed: Any, empty: Any, places: Any, place: Any, paid: Any,
    owner: Any, price: Any, low: Any, first: Any, whose: Any, own: Any, epsilon: int,
) -> None:  # fmt: skip
    """Free places that ask a price lower it until somebody comes, or until they ask none."""
    free = np.empty(len(owner), dtype=np.int32)
    many = len(asking)
    free[:many] = asking[::-1]
    while many > 0:
        many -= 1
        s = free[many]
        v = whose[s]
        best, second, taker, taker_cost = np.int32(-1), np.int32(-1), -1, np.int32(0)
        for i in range(back_starts[v], back_starts[v + 1]):
            r, c = back[i, 0], cost[back[i, 1]]
            if empty[r] - c <= second:
                continue
            for u in range(first[r], first[r + 1]):
                pays = paid[u] + price[place[u]] if place[u] >= 0 else empty[r]
                offers = pays - c
                if offers <= second:
                    continue
                if needed[r] > 1 and _held_by_another(place, whose, first, r, u, v):
                    continue
                if offers > best:
                    second, best, taker, taker_cost = best, offers, u, c
                else:
                    second = offers
        if best < own[s] + epsilon:
            price[s] = own[s]
            low[v] = _lowest(price, places, v)
            continue
        price[s] = max(own[s], min(second, best - epsilon))
        low[v] = _lowest(price, places, v)
        left = place[taker]
        if left >= 0:
            owner[left] = WAITS
            if price[left] > own[left]:
                free[many] = left
                many += 1
        owner[s], place[taker], paid[taker] = taker, s, taker_cost


@compiled
def _cost_of(place: Any, paid: Any, of: Any, empty: Any, whose: Any, again: int, n: int) -> Any:
    used = np.zeros(n, dtype=np.int32)
    total, unserved = np.int64(0), 0
    for u in range(len(place)):
        if place[u] < 0:
            total += empty[of[u]]
            unserved += 1
        else:
            total += paid[u] + used[whose[place[u]]] * again
            used[whose[place[u]]] += 1
    return total, unserved
