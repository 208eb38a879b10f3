"""A dozen neighbours at a time, each volunteer protected by a daily budget; then farther; then a human."""

from quartier.matching.policies.protocol import FARTHEST_M, Settings, Standing, Step, daily_budget

# Each wave looks farther than the one before, in multiples of the first reach.
WIDENING = (1.0, 1.0, 1.5, 2.0, 3.0, 4.0)
# Of what is days away, a wave asks this share of its usual size, and waits so many times as long.
DAYS_AWAY_SHARE, DAYS_AWAY_WAITS = 4, 4


class Waves:
    name = "waves"
    counts_pending = False

    def next_step(self, standing: Standing, settings: Settings) -> Step | None:
        """An urgent request asks two thirds more neighbours, and waits half as long; one that is days away a quarter
        of them, and waits four times as long."""
        if standing.steps >= settings.waves_before_human:
            return None
        size, minutes = settings.wave_size, settings.wave_minutes
        if standing.urgent:
            size, minutes = size * 5 // 3, minutes / 2
        elif standing.days_away:
            size, minutes = max(size // DAYS_AWAY_SHARE, 1), minutes * DAYS_AWAY_WAITS
        widening = WIDENING[min(standing.steps, len(WIDENING) - 1)]
        return Step(
            size=size * standing.places,
            radius_m=min(int(standing.radius_m * widening), FARTHEST_M),
            wait_min=minutes,
            budget=daily_budget(standing, settings),
            widest=standing.steps >= len(WIDENING) - 1,
        )
