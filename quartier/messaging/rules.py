"""When a message is sent again, and when it is given up. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from quartier.messaging.models import Message

# Pauses after the first, second... try that did not work: about five hours in all, then a human must look.
PAUSES = (
    timedelta(seconds=30),
    timedelta(minutes=1),
    timedelta(minutes=3),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=1),
    timedelta(hours=2),
)
TRIES = len(PAUSES) + 1
# A message that takes its worker down each time must not do so for ever; a machine that is restarted a few
# times must not lose one.
MOST_LOSSES = 20
# So long a provider that cannot be reached is left alone.
PROVIDER_PAUSE = timedelta(seconds=30)


class Outcome(StrEnum):
    """What came of one try. `later`: surely not sent, may work later. `refused`: surely not sent, never will be.
    `unknown`: the provider did not say, so that it may have arrived."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Next:
    """Where a message goes after a try, and not before when it is tried again."""

    state: str
    not_before: datetime | None = None


def after(outcome: Outcome, tries: int, now: datetime) -> Next:
    """The state after the try number `tries` (from 1)."""
    if outcome == Outcome.SENT:
        return Next(Message.State.SENT)
    if outcome == Outcome.REFUSED or tries >= TRIES:
        return Next(Message.State.FAILED)
    state = Message.State.UNKNOWN if outcome == Outcome.UNKNOWN else Message.State.DUE
    return Next(state, now + PAUSES[max(tries, 1) - 1])


def is_too_late(not_after: datetime | None, now: datetime) -> bool:
    """Whether nobody needs the message any more."""
    return not_after is not None and not_after <= now
