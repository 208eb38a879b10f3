"""What happens to people with time."""

from quartier.jobs.schedule import every
from quartier.lib import clock
from quartier.people import actions, wishes


@every(600, "people.wake_paused")
def wake_paused() -> None:
    """Volunteers whose pause is over are active again; times away that are long over are forgotten."""
    today = clock.now().date()
    actions.wake_paused(today)
    wishes.forget_old(today)
