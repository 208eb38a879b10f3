"""When a promise is looked at next, and the hours that can be promised. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from quartier.people.models import Person
from quartier.promises.models import Promise
from quartier.team.models import Account

# The team is warned so long before a promise breaks.
WARNING_LEAD = timedelta(minutes=30)
# The search says so long before the hour that it is still going on: then the word is kept.
SEARCH_LEAD = timedelta(minutes=10)
# Where its news are due when the need ends, it says them in that minute: the worker sees it some moments later.
WORKER_TAKES = timedelta(minutes=2)
# So long before the hour it looks whether it can: to who can only be called one of the team must have time to say it.
NOTICE_LEAD = timedelta(hours=1)
# A promise that was broken is renewed for so long afterwards, at the earliest: what is urgent, and what is not.
URGENT_RENEWAL_WAIT, RENEWAL_WAIT = timedelta(hours=1), timedelta(hours=3)
# Broken so often, the person hears of it once a day, and no more.
MAX_BREAKS_A_DAY = 2
DAILY_WAIT = timedelta(hours=23)
SATURDAY = 5
MAX_DAYS_AHEAD = 30


@dataclass(frozen=True)
class PromiseSpec:
    """What is promised. `person` is empty for a caller of whom only the number is known, and where nobody was told.
    `waiting_since`: where they wait for longer than since now."""

    kind: str
    subject_kind: str
    subject_id: UUID
    person: Person | None
    due_at: datetime
    told_by: str = Promise.ToldBy.MESSAGE
    urgent: bool = False
    needs_team: bool = True
    owner: Account | None = None
    complaint_id: UUID | None = None
    waiting_since: datetime | None = None


def next_look(promise: Promise) -> datetime:
    """When the worker looks at an open promise next: to tell the team, to warn, or because its hour has come."""
    if promise.needs_team and promise.team_told_at is None:
        return promise.made_at
    if promise.needs_team and promise.warned_at is None:
        return min(max(promise.due_at - WARNING_LEAD, promise.made_at), promise.due_at)
    if not promise.needs_team:
        return max(promise.due_at - NOTICE_LEAD, promise.made_at)
    return promise.due_at


def renewal_wait(promise: Promise) -> timedelta:
    """How long after a promise breaks the next one is due, at the earliest."""
    if promise.times_broken + 1 >= MAX_BREAKS_A_DAY:
        return DAILY_WAIT
    return URGENT_RENEWAL_WAIT if promise.urgent else RENEWAL_WAIT


def keepable_hour(
    earliest: datetime, open_at: Callable[[datetime], datetime], zone: ZoneInfo, *, weekends: bool
) -> datetime:
    """A full hour, not before `earliest`, at which somebody of the team is there and has had an hour to do it.
    `open_at` gives the first moment, not before the one that it is given, at which the team is there.

    `weekends`: also on Saturdays and Sundays, as for what is urgent.
    """
    moment = earliest
    for _ in range(MAX_DAYS_AHEAD):
        there = open_at(moment)
        # Nobody has done it yet in the minute in which the doors open.
        due = _next_full_hour(there if there == moment else there + timedelta(hours=1))
        local = due.astimezone(zone)
        still_open = open_at(due - timedelta(minutes=1)) == due - timedelta(minutes=1)
        if still_open and (weekends or local.weekday() < SATURDAY):
            return due
        day_ends = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        moment = (due if not still_open else max(due, day_ends.astimezone(due.tzinfo))) + timedelta(minutes=1)
    return _next_full_hour(earliest)


def _next_full_hour(moment: datetime) -> datetime:
    full = moment.replace(minute=0, second=0, microsecond=0)
    return full if full == moment else full + timedelta(hours=1)
