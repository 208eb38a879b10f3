"""The fewest offers with which anybody could keep a promise of speed: what no way of asking can go below."""

import argparse
import os
from collections.abc import Iterator
from math import erf, exp, log, sqrt
from typing import Any

import numpy as np

DATABASES = ("sqlite",)
HOUR_MIN = 60.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--median-min", type=float, default=8.3, help="half have a yes within so many minutes"
    )
    parser.add_argument("--within-hour", type=float, default=0.995, help="and so many within an hour")
    parser.add_argument("--every-min", type=float, default=5.0, help="minutes between two looks")


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """A line for each chance of a yes, from that of the behaviour file upwards: the fewest offers for each request
    (mean), and how many to make at each look if nobody has said yes by then.

    Everybody is taken to say yes equally often, and answers come as the behaviour file says; nobody is reopened, and
    offers may be parts of one: real ones can only be more.
    """
    os.environ["DJANGO_SETTINGS_MODULE"] = "quartier.config.settings"
    os.environ.setdefault("QUARTIER_SECRET_KEY", "bench")
    from quartier.sim.behaviour import behaviour

    says = behaviour()["answering"]
    at_the_door = says["ready_a"] / (says["ready_a"] + says["ready_b"])
    # A neighbour of the same area, who has had no other offer for a week.
    nearby = exp(-1000.0 / says["distance_m"]) * says["weary_factor"] ** (1.0 / says["remembers_days"])
    for chance in (at_the_door * nearby, at_the_door, 0.2, 0.3):
        looks, offers, mean = fewest(chance, says["reply_median_min"], says["reply_sigma"], args)
        yield {
            "name": "schedule", "chance": round(chance, 3), "median_min": args.median_min,
            "served_1h": args.within_hour, "offers_per_served": round(mean, 1),
            "minutes": looks.tolist(), "offers": np.round(offers, 1).tolist(),
        }  # fmt: skip


def fewest(chance: float, reply_min: float, sigma: float, args: argparse.Namespace) -> tuple[Any, Any, float]:
    """Minutes of the looks, offers at each, and how many are made on average until somebody says yes."""
    from scipy.optimize import minimize

    def answered(minutes: Any) -> Any:
        return np.vectorize(
            lambda each: 0.5 * (1 + erf(log(each / reply_min) / sigma / sqrt(2))) if each > 0 else 0.0
        )(minutes)

    looks = np.arange(0.0, HOUR_MIN, args.every_min)
    weight = -log(1.0 - chance)
    before = answered(looks[:, None] - looks[None, :])
    at_hour, at_median = answered(HOUR_MIN - looks), answered(args.median_min - looks)

    def mean(offers: Any) -> Any:
        return (offers * np.exp(-weight * (before @ offers))).sum()

    found = minimize(
        mean,
        np.full(len(looks), 3.0),
        bounds=[(0, None)] * len(looks),
        constraints=[
            {"type": "ineq", "fun": lambda offers: weight * (at_hour @ offers) + log(1 - args.within_hour)},
            {"type": "ineq", "fun": lambda offers: weight * (at_median @ offers) + log(0.5)},
        ],
        method="SLSQP",
        options={"maxiter": 1000},
    )
    return looks, found.x, float(found.fun)
