"""What happens to money by itself: only that receipts are forgotten."""

from quartier.expenses import actions
from quartier.jobs.schedule import every
from quartier.lib import clock


@every(3600, "expenses.drop_old_receipts")
def drop_old_receipts() -> None:
    """Pictures of receipts are deleted on their day."""
    actions.drop_old_receipts(clock.now())
