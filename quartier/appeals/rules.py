"""Whom an appeal may ask, in which order, how many at a time. Pure: `now` and `today` are passed in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from quartier.appeals.models import Appeal

# Nobody has two appeals within so long, whatever they answered.
COOLING = timedelta(days=14)
# Who said no to the same thing is not asked for it again within so long.
NO_IS_NO = timedelta(days=180)
# After so long without enough yeses the next ones are asked; and after so long an appeal ends.
PAUSE = timedelta(hours=4)
LASTS = timedelta(days=5)
# How long a yes to another neighbourhood holds.
FARTHER_FOR = timedelta(days=30)
# Before anybody has answered, about one in seven is expected to say yes: as if ten had been asked before.
YES_BEFORE, ASKED_BEFORE = 1.5, 10.0
LEAST_WAVE, MOST_WAVE = 3, 60
MOST_WANTED, MOST_ASKED = 50, 500
IDLE_DAYS = (14, 30, 60, 90)
# Asked so often in so many days without one answer, somebody is asked whether they want a break; once in so long. An
# offer counts that could be answered for so long at least.
QUIET_DAYS, QUIET_OFFERS = 30, 5
QUIET_AGAIN = timedelta(days=365)
# Those of a week are asked together: each of these appeals stands in the team's list for a month.
QUIET_EVERY = timedelta(days=7)
QUIET_OFFER_TIME = timedelta(hours=1)
# They may answer for so long. A break on one press is a month; from the question on they are asked after whoever lives
# so much farther away, until they answer something.
QUIET_LASTS = timedelta(days=30)
BREAK_FOR = timedelta(days=30)
QUIET_HABIT_M = 3000
# In an incident everybody may be asked, also who made a visit yesterday. A yes adds what anybody can do of what it
# brings; a bed, a car, a language or a stove of their own they tick themselves.
EVERYBODY = 0
FOR_ANYBODY = frozenset({"groceries", "pharmacy", "dog", "lookin", "cleanup", "things"})
# From the middle of a neighbourhood to its farthest corner, about.
AREA_REACH_M = 1500
# So much farther than they said is worth asking for, by how they travel; nothing of who has not said either.
FARTHER_M = {"foot": 3000, "bike": 7000, "bus": 12000, "car": 15000}

# What each role is about, to stand after "We look for volunteers"; and its name in a list.
ROLES = {
    Appeal.Role.OPERATOR: _("to answer our phone line from home"),
    Appeal.Role.LISTENER: _("to call someone twice a week and listen"),
    Appeal.Role.HELPER: _("to help our coordinators"),
    Appeal.Role.AMBASSADOR: _("to put up our posters in their street"),
}
ROLE_NAMES = {
    Appeal.Role.OPERATOR: _("On our phone line"),
    Appeal.Role.LISTENER: _("Regular calls, to listen"),
    Appeal.Role.HELPER: _("Helping our coordinators"),
    Appeal.Role.AMBASSADOR: _("Posters in the street"),
}


def taken_on(kinds: Iterable[str]) -> list[str]:
    """Of the kinds of help of an incident, those that a yes to its appeal adds."""
    return [code for code in kinds if code in FOR_ANYBODY]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a volunteer who may be asked. `short_m`: metres by which their reach falls short of the
    neighbourhood; 0 where it is no matter. `yes_share`: how often they say yes to offers, from 0 to 1."""

    volunteer_id: UUID
    active: bool
    budget: int
    asked_on: date | None
    asked_count: int
    last_appeal: datetime | None
    last_visit: datetime | None
    joined: datetime
    visits: int
    yes_share: float
    travel: str = "foot"
    short_m: int = 0


def may_be_asked(one: Known, *, today: date, now: datetime, cap: int, idle_days: int) -> bool:
    """Whether this volunteer may have an appeal now. `cap`: the organisation's offers a day for each volunteer."""
    spent = one.asked_count if one.asked_on == today else 0
    return (
        one.active
        and spent < min(one.budget, cap)
        and (one.last_appeal is None or one.last_appeal <= now - COOLING)
        and (one.last_visit is None or one.last_visit <= now - timedelta(days=idle_days))
        and one.short_m <= FARTHER_M.get(one.travel, 0)
    )


def in_order(found: Iterable[Known], purpose: str) -> list[Known]:
    """The likeliest to say yes first."""
    match purpose:
        case Appeal.Purpose.PLACE:
            # Who would go a little farther, and least of all much farther; then who says yes more often.
            return sorted(found, key=lambda one: (one.short_m // 500, -one.yes_share, one.volunteer_id))
        case Appeal.Purpose.ROLE:
            # Who has shown what they can do.
            return sorted(found, key=lambda one: (-min(one.visits, 5), -one.yes_share, one.volunteer_id))
        case Appeal.Purpose.STILL | Appeal.Purpose.QUIET:
            # Those of whom nothing was heard for longest.
            return sorted(found, key=lambda one: (one.last_visit or one.joined, one.volunteer_id))
    return sorted(found, key=lambda one: (-one.yes_share, one.visits, one.volunteer_id))


def likely(asked: int, yes: int) -> float:
    """The share of those asked who say yes, as far as this appeal has learnt."""
    return (yes + YES_BEFORE) / (asked + ASKED_BEFORE)


def wave_size(*, wanted: int, most: int, asked: int, yes: int) -> int:
    """How many are asked next: as many as it takes for the yeses that are missing, never more than `most` in all."""
    missing = wanted - yes
    if missing <= 0:
        return 0
    return max(0, min(max(ceil(missing / likely(asked, yes)), LEAST_WAVE), MOST_WAVE, most - asked))


def usual_most(wanted: int) -> int:
    """How many may be asked in all, unless somebody says otherwise."""
    return min(max(ceil(wanted / likely(0, 0)) * 3, 10), MOST_ASKED)
