"""How likely a volunteer says yes, and how soon: a prior everybody starts from, moved by one's own history. Pure.

`readiness`, `circumstances` and `habit_m` work on numbers and on NumPy arrays alike. Figures are assumed until
`quartier calibrate` fits them to an installation's own history (docs/howto/calibration.md).

A yes is as likely as `readiness * circumstances`. The farther somebody lives, the less likely, by a factor
exp(-metres / distance_m): so to lower the readiness by a factor q is to move the house distance_m * ln(1 / q)
away. That is what `habit_m` is, and why `metres + habit_m` ranks by the likelihood of a yes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import erf, log, sqrt
from typing import Any

import numpy as np

# Nobody is moved farther away than this by what they answered, in metres: who lives next door is asked all the same.
MOST_HABIT_M = 10_000
# How much an offer counts: made in the last so many days, and the share. Half a year later it is forgotten.
FADES = ((90, 1.0), (120, 0.75), (150, 0.5), (180, 0.25))
# Who seldom says yes and has not been asked for so long begins afresh.
FRESH_START_DAYS = 30
# The logistic curve comes within 0.01 of the normal one when it is so steep.
STEEP = 1.702


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

    def __post_init__(self) -> None:
        if min(self.yes, self.no, self.distance_m, self.reply_min, self.reply_sigma) <= 0:
            raise ValueError("yes, no, distance_m, reply_min and reply_sigma must be above 0")
        if not (0 < self.load <= 1 and 0 < self.fatigue <= 1):
            raise ValueError("load and fatigue must be above 0 and at most 1")

    @property
    def mean(self) -> float:
        """The readiness of somebody of whom nothing is known."""
        return self.yes / (self.yes + self.no)


def prior_of(figures: Mapping[str, Any]) -> Prior:
    """The prior that a behaviour file describes (its section `answering`). Raises `KeyError`, `ValueError`."""
    said = figures["answering"]
    return Prior(
        yes=float(said["ready_a"]),
        no=float(said["ready_b"]),
        distance_m=float(said["distance_m"]),
        load=float(said["load_factor"]),
        fatigue=float(said["fatigue_factor"]),
        reply_min=float(said["reply_median_min"]),
        reply_sigma=float(said["reply_sigma"]),
    )


@dataclass(frozen=True, slots=True)
class History:
    """What a volunteer has done with the offers so far: `expected` is the sum of the distance, load and fatigue
    factors of the offers made (so a far one counts less), `yes` how many were accepted. Numbers or arrays."""

    expected: Any = 0.0
    yes: Any = 0


def readiness(history: History, prior: Prior) -> Any:
    """Likelihood of a yes at the door, with no load: the posterior mean of a Beta prior."""
    heard = np.maximum(history.expected, history.yes)
    return (prior.yes + history.yes) / (prior.yes + prior.no + heard)


def circumstances(metres: Any, load: Any, asked_today: Any, prior: Prior) -> Any:
    """The factor, at most 1, by which distance, visits carried and offers had today lower the readiness."""
    return np.exp(-metres / prior.distance_m) * prior.load**load * prior.fatigue ** np.maximum(0, asked_today)


def habit_m(ready: Any, prior: Prior) -> Any:
    """Whole metres that stand for seldom saying yes: 0 for newcomers and for whoever is readier than they are.

    Ranked by `metres + habit_m`, volunteers stand in the order of how likely they say yes, except that nobody is
    asked more often for saying yes more often than a newcomer would, and nobody is put farther than `MOST_HABIT_M`.
    """
    metres = prior.distance_m * np.log(prior.mean / ready)
    return np.rint(np.clip(metres, 0, MOST_HABIT_M)).astype(np.int64)


def answered_within(minutes: float, prior: Prior) -> float:
    """The share of answers that have come so long after the offer (lognormal)."""
    return 0.0 if minutes <= 0 else _answered(minutes, prior.reply_min, prior.reply_sigma)


# Looks come at the same minutes for every request.
@lru_cache(maxsize=1 << 12)
def _answered(minutes: float, reply_min: float, sigma: float) -> float:
    return 0.5 * (1.0 + erf((log(minutes) - log(reply_min)) / (sigma * sqrt(2.0))))


def answered_roughly(minutes: Any, prior: Prior) -> Any:
    """`answered_within`, within 0.01, from operations that databases and arrays know. `minutes` must be above 0."""
    return 1.0 / (1.0 + (prior.reply_min / minutes) ** (STEEP / prior.reply_sigma))


def weight(days: float) -> float:
    """How much an offer made so many days ago still counts."""
    return next((share for most, share in FADES if days <= most), 0.0)


def log_silence(
    pending: Iterable[tuple[float, float]], horizon_min: float, prior: Prior, surest: float
) -> float:
    """Natural logarithm of the likelihood that none of these offers brings a yes within `horizon_min` from now.

    `pending`: offers not answered until now, (likelihood when it was made, minutes ago); those made at one time stand
    beside each other, so that the share of answers is worked out once. `surest`: no single one counts as likelier.
    """
    silence, made, by_now, by_then = 0.0, -1.0, 0.0, 0.0
    for likelihood, ago in pending:
        if ago != made:
            made = ago
            by_now, by_then = answered_within(ago, prior), answered_within(ago + horizon_min, prior)
        still_to_come = likelihood * (by_then - by_now) / (1.0 - likelihood * by_now)
        silence += log(1.0 - (still_to_come if still_to_come < surest else surest))
    return silence
