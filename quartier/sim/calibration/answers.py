"""How volunteers answer: fitted by maximum likelihood to offers of which not all had time to be answered. Pure.

Whoever is covered by somebody else's yes could not answer any more: such an offer says that no answer had come by
then, not that none would have. So delays and acceptance are fitted together, each silence with the part of the
answers that would have come by then; what the one does not know widens the interval of the other.

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

NAMES = (
    *("ready_a", "ready_b", "distance_m", "load_factor", "fatigue_factor", "says_no"),
    *("reply_median_min", "reply_sigma"),
)
# Where they stand in the search, as unbounded numbers. The Beta is searched by its mean (a logit) and by how much it
# weighs, a + b (a logarithm): the first is known long before the second.
WEIGHT, DISTANCE, LOAD, FATIGUE, SAYS_NO, MEDIAN, SIGMA = range(1, 8)
# Fewer say too little: offers, yeses and noes, offers under load or after others of the day.
LEAST_OFFERS, LEAST_YES, LEAST_NO, LEAST_WITH = 200, 30, 30, 100
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
    count, replied = len(answers.said), int((answers.said != 0).sum())
    yes, no = int((answers.said == 1).sum()), int((answers.said == -1).sum())
    if count < LEAST_OFFERS or yes < LEAST_YES:
        return [Fitted("answering", name, float(now[name]), count) for name in NAMES]
    loaded, later = int((answers.load > 0).sum()), int((answers.before > 0).sum())
    free = np.ones(len(NAMES), bool)
    free[DISTANCE] = len(np.unique(answers.metres)) > 2
    free[LOAD], free[FATIGUE], free[SAYS_NO] = loaded >= LEAST_WITH, later >= LEAST_WITH, no >= LEAST_NO
    start = _start(answers, now)
    likelihood = _likelihood(answers)

    def among(given: Vector) -> float:
        at = start.copy()
        at[free] = given
        return likelihood(at)

    found, covariance = maximum(among, start[free])
    if _vague(*_beta_widths(found[0], covariance[:2, :2])):
        # Either both are fitted or the weight is kept: one of them alone would move the mean.
        free[WEIGHT] = False
        found, covariance = maximum(among, start[free])
    at, spread = start.copy(), np.diag(np.where(free, 0.0, np.inf))
    at[free], spread[np.ix_(free, free)] = found, covariance
    ends = _intervals(at, spread, weighed=bool(free[WEIGHT]))
    counts = (count, count, count, loaded, later, no, replied, replied)
    return [
        _interval(name, number, *each, now) for name, number, each in zip(NAMES, counts, ends, strict=True)
    ]


def _start(answers: Answers, now: dict[str, float]) -> Vector:
    """Where the search begins: the file, and delays as they look at first sight."""
    a, b, metres, *factors = (float(now[name]) for name in NAMES[:6])
    logs = np.log(np.maximum(answers.minutes[answers.said != 0], SHORTEST_MIN))
    shares = [_logit(min(max(each, 0.01), 0.99)) for each in factors]
    return np.array([_logit(a / (a + b)), log(a + b), log(metres), *shares, float(np.median(logs)), 0.0])


def _likelihood(answers: Answers) -> Callable[[Vector], float]:
    """The log-likelihood of all answers, by the parameters as `_start` gives them."""
    yes, no = answers.said == 1, answers.said == -1
    replied = yes | no
    day, night = replied & ~answers.night, replied & answers.night
    logs = np.log(np.maximum(answers.minutes, SHORTEST_MIN))
    blocks = _blocks(answers.who)
    node = (np.arange(NODES) + 0.5) / NODES
    ready = node**2

    def likelihood(at: Vector) -> float:
        mean, load, fatigue, says_no = (_logistic(at[place]) for place in (0, LOAD, FATIGUE, SAYS_NO))
        weight, metres, sigma = np.exp(at[[WEIGHT, DISTANCE, SIGMA]])
        weights = (mean * weight - 1) * np.log(ready) + ((1 - mean) * weight - 1) * np.log(1 - ready)
        weights += np.log(node)
        weights = np.exp(weights - np.logaddexp.reduce(weights))
        factor = np.exp(-answers.metres / metres) * load**answers.load * fatigue**answers.before
        scaled = (logs - at[MEDIAN]) / sigma
        in_time = np.clip(0.5 * (1 + _erf(scaled / sqrt(2)).astype(float)), 1e-12, 1 - 1e-12)
        total = float((-(scaled[day] ** 2) / 2 - at[SIGMA]).sum() + np.log(1 - in_time[night]).sum())
        # What was said has the likelihood `level + slope * ready`.
        level = np.where(yes, 0.0, np.where(no, says_no, 1 - in_time * says_no))
        slope = np.where(yes, 1.0, np.where(no, -says_no, -in_time * (1 - says_no))) * factor
        for rows, people in blocks:
            each = level[rows, None] + slope[rows, None] * ready
            of_each = np.multiply.reduceat(each, people, axis=0) @ weights
            total += float(np.log(np.maximum(of_each, SMALLEST)).sum())
        return total

    return likelihood


def _intervals(at: Vector, spread: Vector, *, weighed: bool) -> list[tuple[float, float, float]]:
    """Value and ends of each parameter; `weighed`: the weight was fitted too."""
    mean, wide = _logistic(at[0]), np.sqrt(np.diag(spread))
    widths = _beta_widths(at[0], spread[:2, :2] if weighed else np.diag([spread[0, 0], 0.0]))
    if _vague(*widths):
        widths = inf, inf
    beta = zip((mean, 1 - mean), widths, strict=True)
    ends = [_ends(np.exp, log(share) + at[WEIGHT], width) for share, width in beta]
    ends.append(_ends(np.exp, at[DISTANCE], wide[DISTANCE]))
    ends += [_ends(_logistic, at[place], wide[place]) for place in (LOAD, FATIGUE, SAYS_NO)]
    return [*ends, *(_ends(np.exp, at[place], wide[place]) for place in (MEDIAN, SIGMA))]


def _beta_widths(mean: float, known: Vector) -> tuple[float, float]:
    """The standard errors of the logarithms of a and b, from the covariance of the mean (as a logit) and the weight
    (as a logarithm): the logarithm of a is that of its share of the weight, and that of the weight."""
    share = _logistic(mean)
    one, other = (np.array([turns, 1.0]) for turns in (1 - share, -share))
    with np.errstate(invalid="ignore"):
        return float(np.sqrt(one @ known @ one)), float(np.sqrt(other @ known @ other))


def _vague(*widths: float) -> bool:
    """Whether one of these logarithms is so uncertain that a fit says nothing."""
    return not all(2 * Z95 * wide < log(WIDEST) for wide in widths)


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
