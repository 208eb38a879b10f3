"""Everybody within reach at once: what a group on a messenger does. Kept for comparison, and for a real emergency."""

from quartier.matching.policies.protocol import FARTHEST_M, Settings, Standing, Step
from quartier.matching.policies.waves import WIDENING

EVERYBODY = 10_000


class Broadcast:
    name = "broadcast"
    counts_pending = False

    def next_step(self, standing: Standing, settings: Settings) -> Step | None:
        """All of them, then those farther away whom nobody has asked yet."""
        if standing.steps >= settings.waves_before_human:
            return None
        widening = WIDENING[min(standing.steps, len(WIDENING) - 1)]
        return Step(
            size=EVERYBODY,
            radius_m=min(int(standing.radius_m * widening), FARTHEST_M),
            wait_min=settings.wave_minutes * 4,
            budget=None,
            widest=standing.steps >= len(WIDENING) - 1,
            spares_small_groups=False,
        )
