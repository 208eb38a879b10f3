"""How likely a volunteer says yes, and how soon: a prior everybody starts from, moved by one's own history. Pure.

Figures are assumed until `quartier calibrate` fits them (docs/howto/simulation.md). Works on floats and on NumPy
arrays alike.
"""

from dataclasses import dataclass
from math import erf, exp, log, sqrt


@dataclass(frozen=True, slots=True)
class Prior:
    """yes, no     what everybody starts with, as if so many offers had been accepted and not accepted
    distance_m  at this distance in metres the likelihood has fallen to 37%
    load        factor for each visit carried already
    fatigue     factor for each offer today beyond the first
    reply_min   median minutes until an answer; reply_sigma its lognormal sigma
    """

    yes: float = 1.2
    no: float = 7.0
    distance_m: float = 6000.0
    load: float = 0.7
    fatigue: float = 0.8
    reply_min: float = 10.0
    reply_sigma: float = 1.1


@dataclass(frozen=True, slots=True)
class History:
    """What a volunteer has done with the offers so far: `expected` is the sum of the distance, load and fatigue
    factors of the offers made (so a far one counts less), `yes` how many were accepted."""

    expected: float = 0.0
    yes: int = 0


def readiness(history: History, prior: Prior) -> float:
    """Likelihood of a yes at the door, with no load: the posterior mean of a Beta prior."""
    return (prior.yes + history.yes) / (prior.yes + prior.no + max(history.expected, float(history.yes)))


def circumstances(metres: float, load: int, asked_today: int, prior: Prior) -> float:
    """The factor, at most 1, by which distance, visits carried and offers had today lower the readiness."""
    return float(exp(-metres / prior.distance_m) * prior.load**load * prior.fatigue ** max(0, asked_today))


def answered_within(minutes: float, prior: Prior) -> float:
    """The share of answers that have come so long after the offer (lognormal)."""
    if minutes <= 0:
        return 0.0
    return 0.5 * (1.0 + erf(log(minutes / prior.reply_min) / (prior.reply_sigma * sqrt(2.0))))


def still_to_come(likelihood: float, ago_min: float, horizon_min: float, prior: Prior) -> float:
    """Likelihood that an offer made `ago_min` ago and not answered since brings a yes within `horizon_min` from now."""
    by_now, by_then = answered_within(ago_min, prior), answered_within(ago_min + horizon_min, prior)
    return likelihood * (by_then - by_now) / (1.0 - likelihood * by_now)
