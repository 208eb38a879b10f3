"""Who goes where, for all requests at once: the cheapest plan, with a proof of how near to the best it is.

Each request begins with its cheapest candidates. The auction finds prices for the volunteers; at these prices the
tree tells which requests would want somebody who is not in their list, and adds those (column generation). So the
bound holds for all volunteers, not for the lists only.
"""

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quartier.engine.auction import Auction
from quartier.engine.bound import bound
from quartier.engine.crowd import Crowd
from quartier.engine.edges import NOTHING_BEYOND, Edges
from quartier.engine.params import Params
from quartier.engine.paths import shortest_paths
from quartier.engine.plan import Plan
from quartier.engine.problem import Problem
from quartier.engine.stop import Stop

# A request that may want more candidates gets so many more, those that are cheapest at the prices of the moment.
MORE = 8
# The step of a phase is this part of the step before, once fewer than this share of the lists still grow.
FINER, GROWING = 4, 0.05
# With four times as many places as are needed, few compete: short lists and a fine step are faster (decision 0015).
AMPLE, FINE_M, FEW, MANY = 4.0, 4, 8, 16
# At most so many steps from nothing to what the dearest empty place costs.
FEW_STEPS, MANY_STEPS = 1000, 15_000


class _Best:
    """The cheapest plan and the highest bound so far; they may come from different phases."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.cost, self.bound = 2**62, 0
        self.unserved, self.solver = 0, ""
        self.pairs = np.empty((0, 2), dtype=np.int32)
        self.metres = np.empty(0, dtype=np.float32)

    @property
    def gap(self) -> float:
        return (self.cost - self.bound) / max(1, self.cost)

    def offer(self, cost: int, unserved: int, edges: Edges, taken: NDArray[np.int64], solver: str) -> None:
        """Keep this plan if it is cheaper."""
        if cost >= self.cost:
            return
        self.cost, self.unserved, self.solver = cost, unserved, solver
        request = np.searchsorted(edges.starts, taken, side="right") - 1
        volunteer = edges.row[taken]
        order = np.lexsort((volunteer, request))
        self.pairs = np.stack([request[order], volunteer[order]], axis=1).astype(np.int32)
        self.metres = np.where(self.problem.requests.remote[request], 0, edges.metres[taken])[order].astype(
            np.float32
        )


class _Clock:
    """Seconds of each part of the work."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, part: str) -> None:
        now = time.perf_counter()
        self.seconds[part] = self.seconds.get(part, 0.0) + now - self._last
        self._last = now


def solve(
    problem: Problem,
    *,
    stop: Stop | None = None,
    seed: int = 0,
    params: Params | None = None,
    crowd: Crowd | None = None,
) -> Plan:
    """The cheapest plan within `params.gap` of the dual bound, or the best by the time to `stop`. Always feasible.

    `seed` decides in which order requests bid (0: as they come), which tells between plans of one cost; one seed gives
    one plan. `crowd`: the volunteers of this very problem laid out before with these parameters, if there is one.
    """
    params, stop, clock, best = params or Params(), stop or Stop(), _Clock(), _Best(problem)
    crowd = crowd or Crowd(problem.volunteers, params)
    clock.lap("volunteers")
    everybody = np.arange(len(problem.requests))
    ample = problem.volunteers.capacity.sum(dtype=np.int64) >= AMPLE * problem.requests.needed.sum(
        dtype=np.int64
    )
    candidates = params.candidates or (FEW if ample else MANY)
    edges = Edges.of(problem, params, crowd.candidates(problem, everybody, candidates))
    clock.lap("candidates")
    state = Auction.of_edges(edges, seed)
    # Prices may climb to what an empty place costs: a first step in proportion keeps the number of bids in bounds.
    dearest = int(edges.empty.max(initial=0))
    if ample:
        epsilon = max(min(round(params.epsilon_m), FINE_M), dearest // MANY_STEPS)
    else:
        epsilon = max(round(params.epsilon_m), dearest // FEW_STEPS)
    grows = np.ones(len(everybody), dtype=bool)
    while True:
        state.phase(edges, epsilon)
        best.offer(*state.cost(edges), edges, state.taken(edges), "auction")
        clock.lap("auction")
        listed, _ = bound(edges, state.low, state.asked, _nobody_beyond(edges))
        lower, short = bound(edges, state.low, state.asked, edges.beyond)
        best.bound = max(best.bound, lower)
        # Only when the lists themselves are nearly solved is it worth asking for everybody.
        settled = epsilon == 1 or best.cost - listed <= params.gap * best.cost
        clock.lap("bound")
        share = 0.0
        if best.gap > params.gap and len(short):
            look = short if settled else short[grows[short]]
            edges, lower, grows = _with_more(problem, crowd, edges, look, state.low, state.asked)
            share = float(grows.mean())
            if settled:
                best.bound = max(best.bound, lower)
            clock.lap("more candidates")
        if best.gap <= params.gap or stop.now or (epsilon == 1 and not share):
            break
        if share < GROWING:
            epsilon = max(1, epsilon // FINER)
    if params.exact and best.gap > params.gap and not stop.now:
        _exactly(problem, crowd, edges, best, stop, params)
        clock.lap("paths")
    return Plan(
        best.pairs,
        best.metres,
        best.cost,
        best.bound,
        best.unserved,
        best.solver,
        edges.widest,
        clock.seconds,
    )


def _nobody_beyond(edges: Edges) -> NDArray[np.int32]:
    return np.full(len(edges.needed), NOTHING_BEYOND, dtype=np.int32)


def _with_more(
    problem: Problem, crowd: Crowd, edges: Edges, look: NDArray[Any], low: NDArray[Any], asked: int
) -> tuple[Edges, int, NDArray[np.bool_]]:
    """The graph with those candidates of the requests `look` that are cheapest at the prices `low`; the bound at these
    prices, valid when `look` are all whose lists were too short; and bool[m], whose lists have grown."""
    found = crowd.candidates(problem, look, MORE, low)
    beyond = edges.beyond.copy()
    beyond[look] = NOTHING_BEYOND
    full = np.flatnonzero(found.count == MORE)
    # Costs are rounded to whole metres: whoever was not found costs at least this.
    beyond[look[full]] = np.ceil(found.cost[full, -1] - 0.5)
    wider = edges.with_more(look, found, low)
    lower, _ = bound(wider, low, asked, beyond)
    return wider, lower, np.diff(wider.starts) > np.diff(edges.starts)


def _exactly(problem: Problem, crowd: Crowd, edges: Edges, best: _Best, stop: Stop, params: Params) -> None:
    """The optimal plan of the lists, and of longer lists, until nobody wants anybody who is not listed."""
    while True:
        used, worth = shortest_paths(edges)
        taken = np.flatnonzero(used)
        cost, unserved = edges.cost_of(taken)
        best.offer(cost, unserved, edges, taken, "paths")
        if best.cost == cost:
            best.solver = "paths"
        low = worth.astype(np.int32)
        asked = edges.asked(low)
        lower, short = bound(edges, low, asked, edges.beyond)
        grows = np.zeros(0, dtype=bool)
        if len(short):
            edges, lower, grows = _with_more(problem, crowd, edges, short, low, asked)
        best.bound = max(best.bound, lower)
        if best.gap <= params.gap or stop.now or not grows.any():
            return
