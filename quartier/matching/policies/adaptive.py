"""As many as it takes: looks often, asks only so many that somebody will likely say yes in time."""

from quartier.matching.likelihood import Prior, answered_within, still_to_come
from quartier.matching.policies.protocol import FARTHEST_M, Settings, Standing, Step
from quartier.matching.policies.waves import WIDENING

# Minutes in which somebody should have said yes, and how sure of it we want to be.
HORIZON_MIN, SURE = 45.0, 0.9
URGENT_HORIZON_MIN, URGENT_SURE = 20.0, 0.97
LOOKS_EACH_MIN = 5.0
# So many looks at each reach before looking farther.
LOOKS_A_REACH = 3


class Adaptive:
    name = "adaptive"

    def __init__(self, prior: Prior | None = None) -> None:
        self.prior = prior or Prior()

    def next_step(self, standing: Standing, settings: Settings) -> Step | None:
        """Counts the answers still to come of those asked already, and tops up."""
        if standing.steps >= settings.waves_before_human * LOOKS_A_REACH:
            return None
        within, sure = (URGENT_HORIZON_MIN, URGENT_SURE) if standing.urgent else (HORIZON_MIN, SURE)
        horizon = max(within - standing.waited_min, LOOKS_EACH_MIN * 2)
        nobody = 1.0
        for likelihood, ago in standing.pending:
            nobody *= 1.0 - still_to_come(likelihood, ago, horizon, self.prior)
        short = (1.0 - sure) / nobody if nobody > 0 else 1.0
        rung = min(standing.steps // LOOKS_A_REACH, len(WIDENING) - 1)
        return Step(
            size=0 if short >= 1.0 else 2 * settings.wave_size * standing.places,
            radius_m=min(int(standing.radius_m * WIDENING[rung]), FARTHEST_M),
            wait_min=LOOKS_EACH_MIN,
            budget=settings.daily_budget,
            widest=rung == len(WIDENING) - 1,
            enough=(1.0 - short) / answered_within(horizon, self.prior) if short < 1.0 else 0.0,
        )
