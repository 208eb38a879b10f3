"""The nearest neighbour, one at a time: what a volunteer with a telephone list does. Kept for comparison."""

from quartier.matching.policies.protocol import FARTHEST_M, Settings, Standing, Step
from quartier.matching.policies.waves import WIDENING

# So many are asked, one after the other, before a human takes over.
MOST_ASKED = 48


class Nearest:
    name = "nearest"
    counts_pending = False

    def next_step(self, standing: Standing, settings: Settings) -> Step | None:
        """One for each place still open; every eighth time the next ones may live farther away."""
        if standing.steps >= MOST_ASKED:
            return None
        rung = min(standing.steps // 8, len(WIDENING) - 1)
        return Step(
            size=standing.places,
            radius_m=min(int(standing.radius_m * WIDENING[rung]), FARTHEST_M),
            wait_min=settings.wave_minutes / 2 if standing.urgent else settings.wave_minutes,
            budget=None,
            widest=rung == len(WIDENING) - 1,
        )
