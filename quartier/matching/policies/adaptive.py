"""As many as it takes: looks often, asks only so many that somebody will likely say yes in time."""

from math import exp, log

from quartier.matching.likelihood import Prior, answered_within, still_to_come
from quartier.matching.policies.protocol import FARTHEST_M, Settings, Standing, Step
from quartier.matching.policies.waves import WIDENING

# Minutes in which somebody should have said yes, and how sure of it we want to be.
HORIZON_MIN, SURE = 45.0, 0.9
URGENT_HORIZON_MIN, URGENT_SURE = 20.0, 0.97
LOOKS_EACH_MIN = 5.0
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
        within, sure = (URGENT_HORIZON_MIN, URGENT_SURE) if standing.urgent else (HORIZON_MIN, SURE)
        horizon = max(within - standing.waited_min, LOOKS_EACH_MIN * 2)
        short = -log(1.0 - sure) * standing.places
        for likelihood, ago in standing.pending:
            short += log(1.0 - min(still_to_come(likelihood, ago, horizon, prior), SUREST))
        rung = min(standing.steps // LOOKS_A_REACH, len(WIDENING) - 1)
        return Step(
            size=2 * settings.wave_size * standing.places if short > NEARLY else 0,
            radius_m=min(int(standing.radius_m * WIDENING[rung]), FARTHEST_M),
            wait_min=LOOKS_EACH_MIN,
            budget=settings.daily_budget,
            widest=rung == len(WIDENING) - 1,
            enough=1.0 - exp(-max(short, 0.0) / answered_within(horizon, prior)),
        )
