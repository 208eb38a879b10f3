"""The simulator's two modes, held against each other: the same day with a database and without one."""

import argparse
import time
from collections.abc import Iterator
from typing import Any

from bench import protocol
from bench.policy import seeds

# The figures of all seeds together may lie so far apart: points of a share, and shares of the value.
SERVED_24H, MEDIAN, MESSAGES = 0.03, 0.25, 0.15

FIGURES = ("served_1h", "served_24h", "median_min", "p95_min", "messages_per_served", "offers_per_served")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--scenario", default="day")
    parser.add_argument("--policy", default="waves")
    parser.add_argument("--seeds", metavar="A-B", help="several seeds, such as 101-105; instead of --seed")
    parser.add_argument("--scale", type=float, default=1.0)


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """One line for each seed, then one for the means of all, with `ok`: within the bounds or not.

    `alike`: share of the requests that end in the same state in both modes.
    """
    protocol.start_django()
    from quartier.sim import playing

    rows = []
    for seed in seeds(args):
        world = playing.Asked(args.scenario, args.policy, seed, scale=args.scale).world()
        begins = time.perf_counter()
        fast = playing.fast(world, args.policy)
        between = time.perf_counter()
        true = playing.true(world, args.policy)
        alike = sum(one == other for one, other in zip(fast.state, true.state, strict=True)) / len(true.state)
        rows.append(
            {
                **{f"fast_{name}": fast.figures[name] for name in FIGURES},
                **{f"true_{name}": true.figures[name] for name in FIGURES},
                "alike": round(alike, 4),
                "fast_s": round(between - begins, 2),
                "true_s": round(time.perf_counter() - between, 1),
            }
        )
        yield {
            "name": "agreement",
            "scenario": args.scenario,
            "policy": args.policy,
            "seed": seed,
            **rows[-1],
        }
    means = {name: round(sum(row[name] for row in rows) / len(rows), 4) for name in rows[0]}
    yield {
        "name": "agreement",
        "scenario": args.scenario,
        "policy": args.policy,
        "seed": "all",
        **means,
        "ok": abs(means["fast_served_24h"] - means["true_served_24h"]) <= SERVED_24H
        and abs(means["fast_median_min"] / means["true_median_min"] - 1) <= MEDIAN
        and abs(means["fast_messages_per_served"] / means["true_messages_per_served"] - 1) <= MESSAGES,
    }
