"""As many as it takes: looks often, asks only so many that somebody will likely say yes in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log

from quartier.matching.likelihood import Prior, answered_within, log_silence
from quartier.matching.policies.protocol import (
    FARTHEST_M,
    PLENTIFUL_OFFERS_EACH,
    Settings,
    Standing,
    Step,
    daily_budget,
)
from quartier.matching.policies.waves import WIDENING

# Each look asks how likely a yes within the next so many minutes is.
AHEAD_MIN = 20.0
# The readiest are chosen out of so many times a wave of the nearest.
CHOSEN_FROM = 4
# Less than this is nothing.
NEARLY = 1e-6
# Nobody is so sure to say yes that nobody else need be asked.
SUREST = 0.99


@dataclass(frozen=True, slots=True)
class Pace:
    """How hurriedly neighbours are asked.

    first       how sure it wants to be, at the first look, of a yes within `AHEAD_MIN`
    sure        the same for later looks: (minutes waited, probability), straight lines between
    looks_min   minutes between looks; after `quick_looks` of them, `later_min`
    looks_a_rung  so many looks at each reach before looking farther
    """

    first: float
    sure: Sequence[tuple[float, float]]
    looks_min: float
    quick_looks: int
    later_min: float
    looks_a_rung: int


# The fewest messages with which half wait at most eight minutes and 995 in 1,000 at most an hour, if one in eight says
# yes: a dozen at once, a pause for their answers, then a few more each time (decision 0014).
BRISK = Pace(
    0.72, ((0, 0.3), (15, 0.36), (30, 0.58), (40, 0.8), (45, 0.9), (50, 0.97), (55, 0.99)), 5.0, 13, 15.0, 3
)
URGENT = Pace(0.85, ((0, 0.6), (15, 0.75), (30, 0.95), (40, 0.99)), 5.0, 18, 5.0, 3)
# One or two at a time, all day long: nearly everybody who is asked is needed, so those who would say yes are not tired
# out by messages about places that somebody else has taken.
SPARING = Pace(0.1, ((0, 0.1),), 15.0, 60, 15.0, 10)
# What is urgent does not wait all day for a human: two hours and a quarter, with the usual numbers.
URGENT_SPARING = Pace(0.3, ((0, 0.3),), 7.5, 18, 7.5, 3)

# What is days away: two or three every half hour. A ladder takes a day of twelve hours, and each morning begins another
# one.
DAYS_AWAY = Pace(0.25, ((0, 0.25),), 30.0, 24, 30.0, 4)


class Adaptive:
    name = "adaptive"
    counts_pending = True

    def __init__(self, prior: Prior | None = None) -> None:
        self.prior = prior

    def next_step(self, standing: Standing, settings: Settings) -> Step | None:
        """Counts the answers still to come of those asked already, and tops up.

        Each place is to be filled as surely as one would be: several add up, as -ln(1 - likelihood) does.
        """
        pace = pace_of(standing)
        if standing.steps >= settings.waves_before_human * pace.looks_a_rung:
            return None
        prior = self.prior or settings.prior
        short = -log(1.0 - _sure(pace, standing)) * standing.places
        short += log_silence(standing.pending, AHEAD_MIN, prior, SUREST)
        rung = min(standing.steps // pace.looks_a_rung, len(WIDENING) - 1)
        return Step(
            size=CHOSEN_FROM * settings.wave_size * standing.places if short > NEARLY else 0,
            radius_m=min(int(standing.radius_m * WIDENING[rung]), FARTHEST_M),
            wait_min=pace.looks_min if standing.steps < pace.quick_looks else pace.later_min,
            budget=daily_budget(standing, settings),
            widest=rung == len(WIDENING) - 1,
            enough=1.0 - exp(-max(short, 0.0) / answered_within(AHEAD_MIN, prior)),
        )


def pace_of(standing: Standing) -> Pace:
    """How hurriedly, for this request, while so many come."""
    if standing.offers_each < PLENTIFUL_OFFERS_EACH:
        return URGENT_SPARING if standing.urgent else SPARING
    if standing.days_away:
        return DAYS_AWAY
    return URGENT if standing.urgent else BRISK


def _sure(pace: Pace, standing: Standing) -> float:
    """How sure it wants to be of a yes within `AHEAD_MIN`."""
    if standing.steps == 0:
        return pace.first
    waited = standing.waited_min
    for (before, low), (after, high) in pairwise(pace.sure):
        if waited < after:
            return low + (high - low) * (waited - before) / (after - before)
    return pace.sure[-1][1]
