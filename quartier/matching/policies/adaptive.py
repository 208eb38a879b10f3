"""As many as it takes: looks often, asks only so many that somebody will likely say yes in time."""

from math import exp, log

from quartier.matching.likelihood import Prior, answered_within, still_to_come
from quartier.matching.policies.protocol import FARTHEST_M, Settings, Standing, Step
from quartier.matching.policies.waves import WIDENING

# How sure we want to be, at the first look, that somebody will have said yes so many minutes later.
AHEAD_MIN = 20.0
SURE, URGENT_SURE = 0.72, 0.9
# Later looks count on answers that take their time: they want to be less sure at first, and surer the longer somebody
# has waited. `SURE_LATER` plus minutes waited / `PATIENCE_MIN`, at most `SURE_AT_LAST`.
SURE_LATER, URGENT_SURE_LATER = 0.2, 0.6
PATIENCE_MIN, URGENT_PATIENCE_MIN = 60.0, 60.0
SURE_AT_LAST = 0.9
LOOKS_EACH_MIN = 5.0
# The first looks come soon one after the other, the later ones more slowly (unless it is urgent): volunteers come home
# and places become free.
QUICK_LOOKS = 9
LATER_EACH_MIN = 15.0
# The readiest are chosen out of so many times a wave of the nearest.
CHOSEN_FROM = 2
# So many looks at each reach before looking farther.
LOOKS_A_REACH = 3
# Less than this is nothing.
NEARLY = 1e-6
# Nobody is so sure to say yes that nobody else need be asked.
SUREST = 0.99


class Adaptive:
    name = "adaptive"
    counts_pending = True

    def __init__(self, prior: Prior | None = None) -> None:
        self.prior = prior

    def next_step(self, standing: Standing, settings: Settings) -> Step | None:
        """Counts the answers still to come of those asked already, and tops up.

        Each place is to be filled as surely as one would be: several add up, as -ln(1 - likelihood) does.
        """
        if standing.steps >= settings.waves_before_human * LOOKS_A_REACH:
            return None
        prior = self.prior or settings.prior
        short = -log(1.0 - _sure(standing)) * standing.places
        for likelihood, ago in standing.pending:
            short += log(1.0 - min(still_to_come(likelihood, ago, AHEAD_MIN, prior), SUREST))
        quick = standing.urgent or standing.steps < QUICK_LOOKS
        rung = min(standing.steps // LOOKS_A_REACH, len(WIDENING) - 1)
        return Step(
            size=CHOSEN_FROM * settings.wave_size * standing.places if short > NEARLY else 0,
            radius_m=min(int(standing.radius_m * WIDENING[rung]), FARTHEST_M),
            wait_min=LOOKS_EACH_MIN if quick else LATER_EACH_MIN,
            budget=settings.daily_budget,
            widest=rung == len(WIDENING) - 1,
            enough=1.0 - exp(-max(short, 0.0) / answered_within(AHEAD_MIN, prior)),
        )


def _sure(standing: Standing) -> float:
    """How sure we want to be of a yes within `AHEAD_MIN`."""
    first, later, patience = (
        (URGENT_SURE, URGENT_SURE_LATER, URGENT_PATIENCE_MIN)
        if standing.urgent
        else (SURE, SURE_LATER, PATIENCE_MIN)
    )
    return min(SURE_AT_LAST, first if standing.steps == 0 else later + standing.waited_min / patience)
