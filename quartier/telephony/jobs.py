"""What happens on the line by itself."""

from quartier.jobs.schedule import every
from quartier.lib import clock
from quartier.telephony import actions
from quartier.telephony.transcription import work


@every(30, "telephony.release_expired")
def release_expired() -> None:
    """Callbacks that somebody took and did not come back to wait again."""
    actions.release_expired(clock.now())


@every(60, "telephony.give_up_unread")
def give_up_unread() -> None:
    """What the line should have read, and did not, a human says."""
    actions.give_up_unread(clock.now())


@every(3600, "telephony.forget_readings")
def forget_readings() -> None:
    """That something was read is forgotten after a month."""
    actions.forget_readings(clock.now())


@every(3600, "telephony.drop_old_audio")
def drop_old_audio() -> None:
    """Messages and recordings are deleted on their day."""
    actions.drop_old_audio(clock.now())


@every(3600, "telephony.forget_wishes")
def forget_wishes() -> None:
    """What was wished yesterday nobody wants any more."""
    actions.forget_wishes(clock.now())


@every(30, "telephony.write_down", atomic=False)
def write_down() -> None:
    """Where the installation has a program for it, messages and recordings are written down."""
    work.begin()
