"""The figures of a replay, worked out the same way for both modes. Pure."""

from collections.abc import Iterable, Sequence
from statistics import quantiles
from typing import Any

import numpy as np


def waiting(waited_min: Iterable[float | None]) -> dict[str, Any]:
    """How soon: shares of everybody who asked, and minutes of those who were served at all (`None` if nobody was)."""
    waited = list(waited_min)
    created = len(waited)
    minutes = sorted(each for each in waited if each is not None)
    return {
        "served_1h": _share(sum(each <= 60 for each in minutes), created),
        "served_24h": _share(within_24h(minutes), created),
        "median_min": quantile(minutes, 50),
        "p95_min": quantile(minutes, 95),
    }


def within_24h(minutes: Iterable[float | None]) -> int:
    """How many were served within a day of asking."""
    return sum(each is not None and each <= 24 * 60 for each in minutes)


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def quantile(values: Sequence[float], percent: int) -> float | None:
    """The value below which so many percent of the sorted values lie; `None` if there are none."""
    if not values:
        return None
    if len(values) == 1:
        return round(values[0], 1)
    return round(quantiles(values, n=100, method="inclusive")[percent - 1], 1)


def burden(asked: np.ndarray, quit_count: int) -> dict[str, Any]:
    """How the asking weighs on volunteers. `asked`: offers each one got in all; those never asked are in it.

    `gini_messages`: 0 when all were asked as often, near 1 when a few were asked for all; `worst_hit`: offers that
    the one who was asked most got; `quit`: share of the volunteers who went for good.
    """
    ranked, count = np.sort(asked.astype(np.float64)), len(asked)
    total = float(ranked.sum())
    gini = 0.0
    if total:
        gini = float((2 * np.arange(1, count + 1) - count - 1) @ ranked) / (count * total)
    return {
        "quit": _share(quit_count, count),
        "gini_messages": round(gini, 4),
        "worst_hit": int(asked.max()) if count else 0,
    }


def each_served(count: int, served: int) -> float | None:
    """So many for each one served; `None` if nobody was."""
    return round(count / served, 2) if served else None
