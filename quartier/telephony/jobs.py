"""What happens on the line by itself."""

from django.conf import settings

from quartier.jobs.schedule import every
from quartier.lib import clock
from quartier.telephony import actions
from quartier.telephony.desk import pulse
from quartier.telephony.transcription import work


@every(30, "telephony.release_expired")
def release_expired() -> None:
    """Callbacks that somebody took and did not come back to wait again."""
    actions.release_expired(clock.now())


@every(20, "telephony.watch_call_control")
def watch_call_control() -> None:
    """Call control that is away for a minute cannot say so itself."""
    actions.tell_call_control(is_away=pulse.is_away(settings.INSTALLATION.home / "line"))


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


@every(3600, "telephony.forget_block_requests")
def forget_block_requests() -> None:
    """Who asked for a block, and why, is forgotten three months after it was decided."""
    actions.forget_block_requests(clock.now())


@every(3600, "telephony.forget_wishes")
def forget_wishes() -> None:
    """What was wished yesterday nobody wants any more; codes of yesterday open nothing."""
    actions.forget_wishes(clock.now())
    actions.forget_codes(clock.now())


@every(30, "telephony.write_down", atomic=False)
def write_down() -> None:
    """Where the installation has a program for it, messages and recordings are written down."""
    work.begin()
