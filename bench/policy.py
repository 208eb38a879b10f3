"""Ways of asking, compared in the simulator's fast mode: how soon somebody comes, and what it costs volunteers."""

import argparse
import os
import resource
import time
from collections.abc import Iterator
from typing import Any

# On these seeds the adaptive way was tuned; what is published comes from others.
TUNED_ON = range(1, 6)
GOALS = (
    "served_1h",
    "served_24h",
    "median_min",
    "p95_min",
    "messages_per_served",
    "offers_per_served",
    "quit",
    "gini_messages",
    "worst_hit",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--scenario", default="x1", help="x1, x10, x100, surge, or another one; commas between them"
    )
    parser.add_argument("--policy", default="waves,adaptive+learns,nearest,broadcast", metavar="NAME[,NAME…]")
    parser.add_argument("--seeds", metavar="A-B", help="several seeds, such as 101-105; instead of --seed")
    parser.add_argument("--scale", type=float, default=1.0, help="so many times the people and the requests")


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """One line for each scenario, seed and way of asking. `wall_s` and `cpu_s` are of playing it, the making of the
    people apart (`people_s`); `rss_mb` is the most memory that this process has had so far."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "quartier.config.settings"
    os.environ.setdefault("QUARTIER_SECRET_KEY", "bench")
    import django

    django.setup()
    from quartier.sim import playing

    for name in args.scenario.split(","):
        for seed in seeds(args):
            begins = time.perf_counter()
            world = playing.Asked(name, args.policy, seed, "fast", args.scale).world()
            people = len(world.volunteers) + len(world.requests)
            people_s = time.perf_counter() - begins
            for policy in args.policy.split(","):
                wall, cpu = time.perf_counter(), time.process_time()
                found = playing.fast(world, policy).figures
                yield {
                    "name": "policy",
                    "scenario": name if args.scale == 1.0 else f"{name} at {args.scale}",
                    "policy": policy,
                    "seed": seed,
                    "held_out": seed not in TUNED_ON,
                    "created": found["created"],
                    **{goal: found[goal] for goal in GOALS},
                    "people": people,
                    "people_s": round(people_s, 2),
                    "wall_s": round(time.perf_counter() - wall, 2),
                    "cpu_s": round(time.process_time() - cpu, 2),
                    "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                }


def seeds(args: argparse.Namespace) -> range:
    """The seeds that were asked for."""
    if not args.seeds:
        return range(args.seed, args.seed + 1)
    first, _, last = args.seeds.partition("-")
    return range(int(first), int(last or first) + 1)
