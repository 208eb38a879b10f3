"""What happens on the line by itself."""

from quartier.jobs.schedule import every
from quartier.lib import clock
from quartier.telephony import actions


@every(30, "telephony.release_expired")
def release_expired() -> None:
    """Callbacks that somebody took and did not come back to wait again."""
    actions.release_expired(clock.now())


@every(3600, "telephony.drop_old_audio")
def drop_old_audio() -> None:
    """Messages and recordings are deleted on their day."""
    actions.drop_old_audio(clock.now())


@every(3600, "telephony.forget_wishes")
def forget_wishes() -> None:
    """What was wished yesterday nobody wants any more."""
    actions.forget_wishes(clock.now())
