"""Drafts do not stay for ever: they hold what somebody typed and never sent."""

from quartier.intake import actions
from quartier.jobs.schedule import every

KEEP_DAYS = 7


@every(3600, "intake.drop_old_drafts")
def drop_old_drafts() -> None:
    """Delete drafts that nobody touched for a week."""
    actions.drop_old_drafts(KEEP_DAYS)
