"""How volunteers answer: fitted by maximum likelihood to offers of which not all had time to be answered. Pure.

Whoever is covered by somebody else's yes could not answer any more: such an offer says that no answer had come by
then, not that none would have. So the delays are fitted as times to an answer with a share that never comes, and
acceptance with the part of the answers that each offer left time for.

Volunteers differ: readiness is Beta(a, b), and each offer multiplies it by what distance, load and earlier offers
of the day leave (`matching.likelihood`). The Beta is integrated out on a grid.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import erf, exp, inf, log, sqrt

import numpy as np
from numpy.typing import NDArray

from quartier.sim.calibration.fitted import Fitted, rounded
from quartier.sim.calibration.maximum import Vector, maximum

# Fewer say too little: answers for the delays, offers and yeses for acceptance, offers under load or after others.
LEAST_ANSWERS, LEAST_OFFERS, LEAST_YES, LEAST_WITH = 30, 200, 30, 100
NODES = 40
# Offers whose figures are worked on together.
BLOCK = 1000
Z95 = 1.96
SHORTEST_MIN = 0.05
SMALLEST = 1e-300
# A fit that leaves a factor of more than this between the ends of its interval says nothing.
WIDEST = 12.0
_erf = np.frompyfunc(erf, 1, 1)


@dataclass(frozen=True)
class Answers:
    """Offers, a row each (arrays of length n), sorted by `who`.

    who      number of the volunteer, from 0
    metres   distance, 0 for help by phone; load, before: visits carried, offers earlier that day
    said     1 yes, -1 no, 0 nothing while it could be answered
    minutes  until the answer, or until it could not be answered any more; quiet hours do not count
    night    the answer came after the quiet hours that followed `minutes`
    """

    who: NDArray[np.int64]
    metres: Vector
    load: Vector
    before: Vector
    said: NDArray[np.int64]
    minutes: Vector
    night: NDArray[np.bool_]


def fit_answers(answers: Answers, now: dict[str, float]) -> list[Fitted]:
    """The parameters of the section `answering`. `now`: what stands in the file."""
    delays = _delays(answers, now)
    median, sigma = (each.value for each in delays)
    assert isinstance(median, float)
    assert isinstance(sigma, float)
    return [*_acceptance(answers, now, _within(answers.minutes, median, sigma)), *delays]


def _within(minutes: Vector, median: float, sigma: float) -> Vector:
    """The share of answers that have come after so many minutes."""
    scaled = (np.log(np.maximum(minutes, SHORTEST_MIN)) - np.log(median)) / (sigma * sqrt(2))
    share: Vector = 0.5 * (1 + _erf(scaled).astype(float))
    return np.clip(share, 1e-12, 1 - 1e-12)


def _kept(now: dict[str, float], count: int, *names: str) -> list[Fitted]:
    return [Fitted("answering", name, float(now[name]), count) for name in names]


def _delays(answers: Answers, now: dict[str, float]) -> list[Fitted]:
    names = ("reply_median_min", "reply_sigma")
    replied = answers.said != 0
    count = int(replied.sum())
    if count < LEAST_ANSWERS:
        return _kept(now, count, *names)
    minutes = np.maximum(answers.minutes, SHORTEST_MIN)
    day, night, silent = replied & ~answers.night, replied & answers.night, ~replied
    logs = np.log(minutes[day])

    def likelihood(at: Vector) -> float:
        median, sigma, ever = np.exp(at[0]), np.exp(at[1]), 1 / (1 + np.exp(-at[2]))
        scaled = (logs - at[0]) / sigma
        total = (np.log(ever) - scaled**2 / 2 - at[1]).sum()
        total += (np.log(ever) + np.log(1 - _within(minutes[night], median, sigma))).sum()
        return float(total + np.log(1 - ever * _within(minutes[silent], median, sigma)).sum())

    start = np.array([np.median(logs) if len(logs) else 2.0, 0.0, 0.0])
    at, covariance = maximum(likelihood, start)
    wide = np.sqrt(np.diag(covariance))
    ends = [_ends(np.exp, *each) for each in zip(at[:2], wide[:2], strict=True)]
    return [_interval(name, count, *each, now) for name, each in zip(names, ends, strict=True)]


def _acceptance(answers: Answers, now: dict[str, float], in_time: Vector) -> list[Fitted]:
    names = ("ready_a", "ready_b", "distance_m", "load_factor", "fatigue_factor", "says_no")
    yes, no, count = answers.said == 1, answers.said == -1, len(answers.said)
    if count < LEAST_OFFERS or yes.sum() < LEAST_YES:
        return _kept(now, count, *names)
    counts = [
        count,
        count,
        count,
        int((answers.load > 0).sum()),
        int((answers.before > 0).sum()),
        int(no.sum()),
    ]
    free = np.array([True, True, len(np.unique(answers.metres)) > 2, counts[3] >= LEAST_WITH,
                     counts[4] >= LEAST_WITH, counts[5] >= LEAST_ANSWERS])  # fmt: skip
    # The Beta by its mean and by how much it weighs: the first is known long before the second.
    a, b, *others = (float(now[name]) for name in names)
    factors = [_logit(min(max(each, 0.01), 0.99)) for each in others[1:]]
    start = np.array([_logit(a / (a + b)), log(a + b), log(others[0]), *factors])
    blocks = _blocks(answers.who)
    node = (np.arange(NODES) + 0.5) / NODES
    ready = node**2

    def likelihood(given: Vector) -> float:
        at = start.copy()
        at[free] = given
        mean, load, fatigue, says_no = (_logistic(at[place]) for place in (0, 3, 4, 5))
        weight, metres = np.exp(at[1:3])
        weights = (mean * weight - 1) * np.log(ready) + ((1 - mean) * weight - 1) * np.log(1 - ready)
        weights += np.log(node)
        weights -= np.logaddexp.reduce(weights)
        factor = np.exp(-answers.metres / metres) * load**answers.load * fatigue**answers.before
        # What was said has the likelihood `level + slope * ready`.
        level = np.where(yes, 0.0, np.where(no, says_no, 1 - in_time * says_no))
        slope = np.where(yes, 1.0, np.where(no, -says_no, -in_time * (1 - says_no))) * factor
        weights, total = np.exp(weights), 0.0
        for rows, people in blocks:
            each = level[rows, None] + slope[rows, None] * ready
            total += np.log(np.maximum(np.multiply.reduceat(each, people, axis=0) @ weights, SMALLEST)).sum()
        return float(total)

    found, covariance = maximum(likelihood, start[free])
    if _vague(np.sqrt(covariance[1, 1])):
        free[1] = False
        found, covariance = maximum(likelihood, start[free])
    at, spread = start.copy(), np.diag(np.where(free, 0.0, np.inf))
    at[free], spread[np.ix_(free, free)] = found, covariance
    mean, wide = _logistic(at[0]), np.sqrt(np.diag(spread))
    known = spread[:2, :2] if free[1] else np.diag([spread[0, 0], 0.0])
    ends = []
    for share, turns in ((mean, 1 - mean), (1 - mean, -mean)):
        # The logarithm of a (or b) is that of its share of the weight, and that of the weight.
        along = np.array([turns, 1.0])
        ends.append(_ends(np.exp, np.log(share) + at[1], float(np.sqrt(along @ known @ along))))
    ends.append(_ends(np.exp, at[2], wide[2]))
    ends += [_ends(_logistic, at[place], wide[place]) for place in (3, 4, 5)]
    return [
        _interval(name, number, *each, now) for name, number, each in zip(names, counts, ends, strict=True)
    ]


def _vague(wide: float) -> bool:
    """Whether a logarithm is so uncertain that a fit says nothing."""
    return not bool(2 * Z95 * wide < np.log(WIDEST))


def _blocks(who: NDArray[np.int64]) -> list[tuple[slice, NDArray[np.int64]]]:
    """Some volunteers at a time, so that the figures of all their offers stay near the processor: the rows, and
    where among them each volunteer begins."""
    begins = np.flatnonzero(np.diff(who, prepend=-1))
    blocks, first = [], 0
    while first < len(begins):
        after = max(first + 1, int(np.searchsorted(begins, begins[first] + BLOCK)))
        end = int(begins[after]) if after < len(begins) else len(who)
        blocks.append((slice(int(begins[first]), end), begins[first:after] - begins[first]))
        first = after
    return blocks


def _logit(share: float) -> float:
    return log(share / (1 - share))


def _logistic(at: float) -> float:
    return 1 / (1 + exp(-min(max(at, -500.0), 500.0)))


def _ends(back: Callable[[float], float], at: float, wide: float) -> tuple[float, float, float]:
    """A value and the ends of its interval, from where it was fitted."""
    if not np.isfinite(wide):
        return float(back(at)), 0.0, inf
    return float(back(at)), float(back(at - Z95 * wide)), float(back(at + Z95 * wide))


def _interval(name: str, count: int, value: float, low: float, high: float, now: dict[str, float]) -> Fitted:
    if not 0 < low <= high <= WIDEST * low:
        return Fitted("answering", name, float(now[name]), count)
    return Fitted("answering", name, rounded(value), count, rounded(low), rounded(high))
