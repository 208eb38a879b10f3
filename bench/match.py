"""Matching a whole country at once: the engine beside general solvers, on the same graph, in turns."""

import argparse
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

from bench import memory, peers, synthetic
from quartier.engine import Params, Problem, faults
from quartier.engine.auction import Auction
from quartier.engine.bound import bound
from quartier.engine.compiled import warm
from quartier.engine.crowd import Crowd
from quartier.engine.edges import NOTHING_BEYOND, Edges
from quartier.engine.solve import AMPLE, FINE_M, FINER, solve

# In memory alone.
DATABASES = ("sqlite",)
# Candidates of each request in the graph that everybody solves.
LISTED = 32
# Dense or slow solvers stop being asked there (volunteers).
TOO_LARGE = {"lap": 10_000, "scipy": 10_000, "highs": 1_000_000, "ortools": 1_000_000}
SOLVERS = {"ortools": peers.ortools, "highs": peers.highs, "scipy": peers.scipy, "lap": peers.lap}
GAPS = {"L": 0.0002, "H": 0.0003, "X": 0.0003}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", default="M", help="S, M, L, H, X, or a number of volunteers")
    parser.add_argument("--rounds", type=int, default=5, help="how often each solver has its turn")
    parser.add_argument("--peers", default="ortools", help="some of ortools,highs,scipy,lap; or none")


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Lines `match` (the whole: volunteers laid out, candidates, plan, a bound for everybody) and `assign` (the same
    graph for each solver; a peer's time is its solving alone, without building its graph)."""
    warm()
    problem = synthetic.problem(args.size, args.seed)
    params = Params(gap=GAPS.get(args.size, 0.0002))
    named = {"size": args.size, "seed": args.seed}
    for _ in range(args.rounds):
        yield {"name": "match", **named, **_whole(problem, params)}
    wanted = [] if args.peers == "none" else args.peers.split(",")
    those = [name for name in wanted if len(problem.volunteers) <= TOO_LARGE[name]]
    if not those and wanted:
        print(f"No peer solves {args.size} in reasonable time or memory.", file=sys.stderr)
    crowd = Crowd(problem.volunteers, params)
    edges = Edges.of(problem, params, crowd.candidates(problem, np.arange(len(problem.requests)), LISTED))
    del crowd
    # In turns, so that a slow moment of the machine meets everybody; a solver of minutes has one turn.
    for turn in range(args.rounds):
        for name in ["auction", *those]:
            if turn and name not in {"auction", "ortools"}:
                continue
            yield {"name": "assign", **named, **_assigned(name, edges, params)}


def _whole(problem: Problem, params: Params) -> dict[str, Any]:
    memory.forget_peak()
    wall, cpu, plan = peers.timed(lambda: solve(problem, params=params))
    return {
        "solver": "engine",
        "wall_s": round(wall, 3),
        "cpu_s": round(cpu, 3),
        "rss_mb": memory.peak_mb(),
        "cost": plan.cost,
        "unserved": plan.unserved,
        "bound": plan.bound,
        "gap": round(plan.gap, 7),
        "recall": 1.0,
        "feasible": not faults(problem, plan),
        "parts": {part: round(seconds, 3) for part, seconds in plan.seconds.items()},
    }


def _assigned(name: str, edges: Edges, params: Params) -> dict[str, Any]:
    memory.forget_peak()
    if name == "auction":
        wall, cpu, (cost, unserved, taken, lower) = peers.timed(auction, edges, params)
    else:
        wall, cpu, (cost, unserved, taken) = peers.timed(SOLVERS[name], edges)
        lower = cost
    return {
        "solver": name,
        "wall_s": round(wall, 3),
        "cpu_s": round(cpu, 3),
        "rss_mb": memory.peak_mb(),
        "cost": cost,
        "unserved": unserved,
        "bound": lower,
        "gap": round((cost - lower) / max(1, cost), 7),
        "recall": 1.0,
        "feasible": peers.feasible(edges, taken),
    }


def auction(edges: Edges, params: Params) -> tuple[int, int, Any, int]:
    """The engine's auction on a graph that is given, until its plan is within the gap of the graph's own bound."""
    state, epsilon = Auction.of_edges(edges), round(params.epsilon_m)
    if edges.places[-1] >= AMPLE * edges.needed.sum():
        epsilon = min(epsilon, FINE_M)
    nobody = np.full(len(edges.needed), NOTHING_BEYOND, dtype=np.int32)
    while True:
        state.phase(edges, epsilon)
        cost, unserved = state.cost(edges)
        lower, _short = bound(edges, state.low, state.asked, nobody)
        if cost - lower <= params.gap * cost or epsilon == 1:
            return cost, unserved, state.taken(edges), lower
        epsilon = max(1, epsilon // FINER)
