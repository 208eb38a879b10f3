"""What was seen does not hold for ever."""

from quartier.jobs.schedule import every
from quartier.lib import clock
from quartier.trust import actions


@every(3600, "trust.expire")
def expire() -> None:
    """Levels that rested on something that is over are lower."""
    actions.expire(clock.now().date())
