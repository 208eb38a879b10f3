"""What happens to people with time."""

from quartier.jobs.schedule import every
from quartier.lib import clock
from quartier.people import actions


@every(600, "people.wake_paused")
def wake_paused() -> None:
    """Volunteers whose pause is over are active again."""
    actions.wake_paused(clock.now().date())
