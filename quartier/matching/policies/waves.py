"""A dozen neighbours at a time, each volunteer protected by a daily budget; then farther; then a human."""

from quartier.matching.policies.protocol import FARTHEST_M, Settings, Standing, Step

# Each wave looks farther than the one before, in multiples of the first reach.
WIDENING = (1.0, 1.0, 1.5, 2.0, 3.0, 4.0)


class Waves:
    name = "waves"
    counts_pending = False

    def next_step(self, standing: Standing, settings: Settings) -> Step | None:
        """An urgent request asks two thirds more neighbours, and waits half as long."""
        if standing.steps >= settings.waves_before_human:
            return None
        size = settings.wave_size * 5 // 3 if standing.urgent else settings.wave_size
        widening = WIDENING[min(standing.steps, len(WIDENING) - 1)]
        return Step(
            size=size * standing.places,
            radius_m=min(int(standing.radius_m * widening), FARTHEST_M),
            wait_min=settings.wave_minutes / 2 if standing.urgent else settings.wave_minutes,
            budget=settings.daily_budget,
            widest=standing.steps >= len(WIDENING) - 1,
        )
