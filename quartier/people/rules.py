"""How and when somebody wants to be told things. Pure."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from quartier.lib import hours

# Every way to tell somebody something, in the usual order: first those for which they have done something themselves,
# then, before the others, the one that they chose when they were written down (`Person.channel`). A new way is added
# here.
AT_ONCE = ("push", "telegram", "matrix")
CHANNELS = (*AT_ONCE, "text", "email", "voice")
# Hours of one's own are no way to hear nothing at all: for that there are breaks.
LONGEST_QUIET = timedelta(hours=16)
# The hours of "a few mails a day".
FEW_AT = (time(8), time(13), time(18))
# Days that somebody is away at once, and how far ahead they can say so.
LONGEST_AWAY, AHEAD, MOST_AWAY = timedelta(days=366), timedelta(days=366), 12


class Quiet(NamedTuple):
    """Hours of every day in which somebody is left alone; they may pass over midnight."""

    start: time
    end: time

    @property
    def lasts(self) -> timedelta:
        """How long, on a day of 24 hours."""
        minutes = [each.hour * 60 + each.minute for each in self]
        return timedelta(minutes=(minutes[1] - minutes[0]) % (24 * 60))


def usual_order(channel: str) -> list[str]:
    """The ways in the order of somebody who has not said more than `channel`."""
    rest = CHANNELS[len(AT_ONCE) :]
    return [*AT_ONCE, *sorted(rest, key=lambda code: code != channel)]


def in_order(channel: str, own: Sequence[str]) -> list[str]:
    """Every way: those named in `own` in that order, where such stand in the usual one; the others where they were."""
    usual = usual_order(channel)
    named = [code for code in dict.fromkeys(own) if code in usual]
    next_one = iter(named)
    return [next(next_one) if code in named else code for code in usual]


def moved(order: Sequence[str], code: str, *, up: bool) -> list[str]:
    """The order with one way a place higher or lower; as it was where that is not possible."""
    found = list(order)
    if code in found:
        here = found.index(code)
        there = here - 1 if up else here + 1
        if 0 <= there < len(found):
            found[here], found[there] = found[there], found[here]
    return found


def wakes(moment: datetime, quiet: Quiet | None, zone: ZoneInfo) -> datetime:
    """`moment` itself, or the end of the quiet hours in which it lies."""
    return moment if quiet is None else hours.after_quiet(moment, quiet.start, quiet.end, zone)


def next_mail(moment: datetime, at: Sequence[time], zone: ZoneInfo) -> datetime:
    """When the next mail goes in which things stand together: the first of these hours after `moment`."""
    later = moment + timedelta(minutes=1)
    return min(hours.next_time(later, each, zone) for each in at)
