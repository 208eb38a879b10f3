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
# Why a message waits until tomorrow.
SPENT = "what may be spent today is spent"
# Why a message was not sent at all.
CEILING = "enough for one night: told in the morning"
OVERTAKEN = "its hour is past, and a later message says what is true"
SAID = "they have just read the same, about another thing that they asked for"
ASLEEP = "they sleep until nobody needs it any more"
# A provider that answers more slowly than this lets others go first for a while.
SLOW_S, SLOW_LASTS = 8.0, timedelta(minutes=5)
# After so many tries in a row that did not reach it (about five minutes), a provider is not waited for any more.
GONE_AFTER = 7
# What a browser or a chat does not take goes another way: after so many tries, or when it would be so long until the
# next.
PUSH_TRIES, PUSH_PATIENCE = 3, timedelta(minutes=2)
# Messages that only mean something where they were sent; nobody need hear that one did not arrive.
TRIALS = frozenset({"push_test"})


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


def after(outcome: Outcome, tries: int, now: datetime, wait: timedelta | None = None) -> Next:
    """The state after the try number `tries` (from 1). `wait`: not sooner than this, as the provider asks."""
    if outcome == Outcome.SENT:
        return Next(Message.State.SENT)
    if outcome == Outcome.REFUSED or tries >= TRIES:
        return Next(Message.State.FAILED)
    state = Message.State.UNKNOWN if outcome == Outcome.UNKNOWN else Message.State.DUE
    return Next(state, now + max(PAUSES[max(tries, 1) - 1], wait or timedelta(0)))


def goes_another_way(message: Message, outcome: Outcome, tries: int, wait: timedelta | None = None) -> bool:
    """Whether a message is better sent by the person's next way, if they have one, after this try: what was refused
    for good, and what a browser or a chat does not take."""
    if message.template in TRIALS:
        return False
    if outcome == Outcome.REFUSED:
        return True
    is_at_once = message.channel in {Message.Channel.PUSH, *Message.CHATS} and outcome != Outcome.SENT
    return is_at_once and (tries >= PUSH_TRIES or (wait or timedelta(0)) > PUSH_PATIENCE)


def rest(failures: int) -> timedelta:
    """How long a provider that could not be reached so often in a row is left alone: a moment at first, at most a
    minute, so that what waits for it goes out soon after it is back."""
    return timedelta(seconds=min(5 * 2 ** min(max(failures, 1), 8), 60))


def is_too_late(not_after: datetime | None, now: datetime) -> bool:
    """Whether nobody needs the message any more."""
    return not_after is not None and not_after <= now
