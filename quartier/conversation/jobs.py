"""What comes by itself: answers to our messages, one after the other."""

from quartier.conversation import actions
from quartier.jobs.pull import puller
from quartier.lib import clock
from quartier.lib.background import every
from quartier.messaging import codes

AT_ONCE = 20


@puller("conversation.received")
def received() -> bool:
    """Understand some of what was written to us. True when there was something."""
    done = 0
    while done < AT_ONCE and actions.take_next():
        done += 1
    return done > 0


@every(86400, "conversation.forget_codes")
def forget_codes() -> int:
    """Numbers that nobody can answer by any more are deleted."""
    return codes.forget_old(clock.now())


@every(3600, "conversation.forget_received")
def forget_received() -> None:
    """What was written to us is emptied after 90 days."""
    actions.forget_received(clock.now())
