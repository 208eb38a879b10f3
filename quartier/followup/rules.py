"""Whom we ask after a visit, and when; what is a bad answer; the ladder of a check-in. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import pgettext_lazy

from quartier.followup.models import CheckIn, FollowUp
from quartier.lib.choices import Choice

# People are asked between these hours, on local clocks.
DAY_BEGINS, DAY_ENDS = time(9), time(19)
# Who has not answered by then is left in peace. The page behind the link takes an answer for longer.
EXPIRES_AFTER, LINK_LASTS = timedelta(days=3), timedelta(days=30)
# Visits that ended longer ago nobody is asked about any more.
ASKS_BACK = timedelta(days=2)
# A call that nobody answers is tried again after this, and so often.
TRY_AGAIN_AFTER, MOST_TRIES = timedelta(hours=4), 3
CLAIM_LASTS = timedelta(minutes=10)
BOUNDS = {"share": (0, 100), "hours": (1, 48)}


@dataclass(frozen=True)
class Said:
    """An answer. `None` and '' mean that nothing was said about it; `how` as in `FollowUp.How`."""

    happened: bool | None = None
    how: int | None = None
    wants_call: bool = False
    words: str = ""

    def __post_init__(self) -> None:
        if self.how is not None and self.how not in FollowUp.How.values:
            raise ValueError("no such answer")

    @property
    def is_bad(self) -> bool:
        """Whether one of the team must look after it."""
        return self.happened is False or self.how == FollowUp.How.NOT_GOOD or self.wants_call

    @property
    def is_empty(self) -> bool:
        return self == Said()


FINE, NOT_FINE = Said(happened=True), Said(wants_call=True)


def by_day(moment: datetime, zone: ZoneInfo) -> datetime:
    """`moment`, or the next one after it at which people are asked."""
    local = moment.astimezone(zone)
    if local.time() >= DAY_ENDS:
        local = datetime.combine(local.date() + timedelta(days=1), DAY_BEGINS, tzinfo=zone)
    elif local.time() < DAY_BEGINS:
        local = datetime.combine(local.date(), DAY_BEGINS, tzinfo=zone)
    return local.astimezone(UTC)


def due_at(ended_at: datetime, hours: int, zone: ZoneInfo) -> datetime:
    """When who was helped is asked, so many hours after the end of the visit."""
    return by_day(ended_at + timedelta(hours=hours), zone)


def is_in_sample(assignment_id: UUID, share: int) -> bool:
    """Whether this visit is one of those asked about: always the same answer for the same visit."""
    # The last bits of an id are drawn at random (`lib.ids.uuid7`).
    return (assignment_id.int & 0xFFFF_FFFF) % 100 < share


def may_still_answer(follow_up: FollowUp, now: datetime) -> bool:
    """Whether the page behind the link still takes an answer."""
    asked = follow_up.state in {*FollowUp.OPEN, FollowUp.State.ANSWERED, FollowUp.State.EXPIRED}
    return asked and now < follow_up.due_at + LINK_LASTS


OCCASIONS = (
    Choice("heat", 0, pgettext_lazy("an occasion to call people", "Heatwave")),
    Choice("blackout", 1, pgettext_lazy("an occasion to call people", "Power cut")),
    Choice("lockdown", 2, pgettext_lazy("an occasion to call people", "Lockdown")),
    Choice("flood", 3, pgettext_lazy("an occasion to call people", "Flood")),
    Choice("arrival", 4, pgettext_lazy("an occasion to call people", "New arrivals")),
)
# Without power nobody reads a mail at home.
OCCASIONS_WITHOUT_POWER = frozenset({"blackout"})
# Whoever was reached by nobody for so long: the heads are told too; and again after this, until somebody closes it.
ESCALATE_AFTER, ESCALATE_AGAIN = timedelta(days=1), timedelta(days=7)
# What a coordinator may choose for a campaign: the least and the most.
CAMPAIGN_BOUNDS = {
    "asks": (1, 5),
    "answer_minutes": (15, 1440),
    "call_minutes": (15, 1440),
    "knock_minutes": (30, 1440),
    "per_minute": (1, 120),
}
# Who asked for help within so long is told when an incident begins; so many are written to in a minute.
HELPED_WITHIN, TOLD_A_MINUTE = timedelta(days=365), 30
# The line reads to so few at once: more would only wait for it, and then be given up.
READ_A_MINUTE = 3
# A call that nobody answers: again after this, and so often before a neighbour knocks.
CALL_AGAIN, CALLS = timedelta(minutes=20), 2


class Step(StrEnum):
    """What is done next for somebody who has not answered."""

    ASK = "ask"
    CALL = "call"
    KNOCK = "knock"
    ALERT = "alert"


@dataclass(frozen=True)
class Ways:
    """How somebody can be reached: by a message, by a call of one of the team, by a neighbour at the door."""

    write: bool
    call: bool
    knock: bool


def next_step(state: str, asked: int, asks: int, ways: Ways) -> Step:
    """The next rung of the ladder; never a lower one. At its end are the coordinators.

    Raises `ValueError` for who is not on the ladder.
    """
    if state not in CheckIn.CLIMBING:
        raise ValueError(state)
    if state in {CheckIn.State.WAITING, CheckIn.State.ASKED} and ways.write and asked < asks:
        return Step.ASK
    if state in {CheckIn.State.WAITING, CheckIn.State.ASKED} and ways.call:
        return Step.CALL
    if state != CheckIn.State.KNOCKING and ways.knock:
        return Step.KNOCK
    return Step.ALERT


def may_become(state: str, fine: bool, *, of_team: bool = False) -> bool:
    """Whether an answer changes something: who needs help is fine again only when one of the team says so."""
    if fine:
        return state != CheckIn.State.FINE and (of_team or state != CheckIn.State.NEEDS_HELP)
    return state != CheckIn.State.NEEDS_HELP
