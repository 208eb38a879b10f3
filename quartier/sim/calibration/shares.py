"""Shares and medians, each with its 95% interval. Pure."""

from collections.abc import Mapping, Sequence
from math import exp, log, sqrt
from statistics import median, stdev

from quartier.sim.calibration.fitted import Fitted, rounded

Z95 = 1.96
# Fewer say too little, and could be about somebody: shares out of so many, medians of so many.
LEAST, LEAST_TIMES = 100, 30


def wilson(part: int, count: int) -> tuple[float, float]:
    """The 95% interval of a share."""
    share, z2 = part / count, Z95 * Z95
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = Z95 / (1 + z2 / count) * sqrt(share * (1 - share) / count + z2 / (4 * count * count))
    return max(0.0, middle - half), min(1.0, middle + half)


def share(section: str, name: str, part: int, count: int, now: float) -> Fitted:
    """A share out of `count`."""
    if count < LEAST:
        return Fitted(section, name, now, count)
    low, high = wilson(part, count)
    return Fitted(section, name, rounded(part / count), count, rounded(low), rounded(high))


def mixture(section: str, name: str, counted: Mapping[str, int], now: Mapping[str, float]) -> Fitted:
    """How often each of several things, in percent, in the order of the file; what the file does not know is left
    out. What never came in stays possible: it counts as half a case."""
    count = sum(counted.get(key, 0) for key in now)
    if count < LEAST:
        return Fitted(section, name, dict(now), count)
    cases = {key: counted.get(key, 0) or 0.5 for key in now}
    total = sum(cases.values())
    ends = {key: wilson(counted.get(key, 0), count) for key in now}
    return Fitted(
        section,
        name,
        {key: rounded(100 * part / total) for key, part in cases.items()},
        count,
        {key: rounded(100 * low) for key, (low, _high) in ends.items()},
        {key: rounded(100 * high) for key, (_low, high) in ends.items()},
    )


def middle(section: str, name: str, minutes: Sequence[float], now: float) -> Fitted:
    """The median of times that are lognormal."""
    logs = [log(each) for each in minutes if each > 0]
    if len(logs) < LEAST_TIMES:
        return Fitted(section, name, now, len(logs))
    half = Z95 * sqrt(3.1416 / 2) * stdev(logs) / sqrt(len(logs))
    at = median(logs)
    return Fitted(
        section, name, rounded(exp(at)), len(logs), rounded(exp(at - half)), rounded(exp(at + half))
    )
