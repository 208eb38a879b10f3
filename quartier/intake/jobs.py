"""What comes by itself: messages go to the phone line and what came of them comes back; drafts do not stay for ever,
since they hold what somebody typed and never sent."""

from quartier.intake import actions, missed_calls, reading
from quartier.jobs.pull import puller
from quartier.jobs.schedule import every

KEEP_DAYS = 7


@puller("intake.read_aloud")
def read_aloud() -> bool:
    """Hand over what is to be read, and bring back what came of it. True when there was something."""
    handed, brought = reading.hand_over(), reading.bring_back()
    return handed or brought


@every(10, "intake.text_callers")
def text_callers() -> None:
    """Write to callers who asked for a text, or were missed; ring those back whom it did not reach."""
    missed_calls.text_callers()
    missed_calls.ring_back_unreached()


@every(3600, "intake.drop_old_drafts")
def drop_old_drafts() -> None:
    """Delete drafts that nobody touched for a week."""
    actions.drop_old_drafts(KEEP_DAYS)
