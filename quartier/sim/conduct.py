"""What people do, drawn from the behaviour file: the same draws in the fast and in the true mode.

`who` is the number of a volunteer, `what` that of a request, `again` how often it has been reopened: a draw depends on
these and the seed alone.
"""

from dataclasses import dataclass
from math import asin, cos, exp, radians, sin, sqrt
from typing import NamedTuple

import numpy as np

from quartier.lib.cells import EARTH_RADIUS_M
from quartier.sim import draws
from quartier.sim.behaviour import behaviour
from quartier.sim.draws import compiled

NOTHING, YES, NO, QUITS = range(4)
# The likelihood of a yes is never more than this, whoever asks.
MOST = 0.95
# Metres that are said where both live in one neighbourhood (`matching.actions.offering`).
WITHIN_AN_AREA_M = 1000.0


class Answering(NamedTuple):
    """The figures of the sections `answering` and `quitting`, for compiled code."""

    distance_m: float
    load: float
    fatigue: float
    weary: float
    says_no: float
    reply_median: float
    reply_sigma: float
    risk: float
    growth: float


class Asked(NamedTuple):
    """One volunteer is asked: how ready they are at their own door, metres that they are told, visits they carry,
    offers they have had that day before this one, offers a day that they got lately, and a factor for what moves them
    besides: a call by a coordinator, a flood."""

    ready: float
    metres: float
    load: int
    asked_today: int
    lately: float
    factor: float


def answering() -> Answering:
    """The figures of the behaviour file."""
    says, quits = behaviour()["answering"], behaviour()["quitting"]
    return Answering(
        says["distance_m"],
        says["load_factor"],
        says["fatigue_factor"],
        says["weary_factor"],
        says["says_no"],
        says["reply_median_min"],
        says["reply_sigma"],
        quits["risk"],
        quits["growth"],
    )


@compiled
def answer(seed, who, what, again, asked, figures):  # type: ignore[no-untyped-def]
    """What a volunteer says to an offer, and after how many minutes of having read it."""
    minutes = draws.around(seed, draws.REPLY, who, what, again, figures.reply_median, figures.reply_sigma)
    if draws.unit(seed, draws.QUITS, who, what, again) < figures.risk * figures.growth**asked.asked_today:
        return QUITS, minutes
    ready = asked.ready * exp(-asked.metres / figures.distance_m)
    ready *= figures.load**asked.load * figures.fatigue**asked.asked_today * figures.weary**asked.lately
    chance = draws.unit(seed, draws.ANSWER, who, what, again)
    if chance < min(MOST, ready * asked.factor):
        return YES, minutes
    if draws.unit(seed, draws.SAYS_NO, who, what, again) < figures.says_no:
        return NO, minutes
    return NOTHING, minutes


@compiled
def told_m(lat1, lon1, lat2, lon2):  # type: ignore[no-untyped-def]
    """Metres as a volunteer is told them: between the middles of two neighbourhoods, never less than a kilometre."""
    north, east = radians(lat2 - lat1), radians(lon2 - lon1)
    half = sin(north / 2.0) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(east / 2.0) ** 2
    return max(WITHIN_AN_AREA_M, round(2.0 * EARTH_RADIUS_M * asin(min(1.0, sqrt(half)))))


def ready(seed: int, who: int) -> float:
    """How likely a yes of this volunteer is at their own door."""
    figures = behaviour()["answering"]
    return float(
        draws.beta(
            draws.units(seed, draws.READY, np.array([who]), 0), figures["ready_a"], figures["ready_b"]
        )[0]
    )


def wakes_after(seed: int, who: int, what: int, again: int) -> float:
    """Minutes after the quiet hours until an answer comes that fell into them."""
    median = behaviour()["answering"]["after_quiet_median_min"]
    return float(draws.around(seed, draws.WAKES, who, what, again, median, 1.0))


def which_time(seed: int, who: int, what: int, again: int, count: int) -> int:
    """Which of `count` times on offer a volunteer takes."""
    factor = behaviour()["visiting"]["next_time_factor"]
    chance = np.array([draws.unit(seed, draws.TIME, who, what, again)])
    return int(draws.choose(chance, factor ** np.arange(count))[0])


@dataclass(frozen=True, slots=True)
class Course:
    """How a visit goes. Minutes from the yes: `leaves`, `ends`, `None` where that does not happen. `failure`: code
    as in `visits.Assignment.Failure`, or "" when it is done. Who does not turn up does neither."""

    leaves: float | None
    ends: float | None
    failure: str = ""


def visit(seed: int, who: int, what: int, again: int, begins: float) -> Course:
    """How a visit goes that is to begin in so many minutes."""
    figures, fate = behaviour()["visiting"], draws.unit(seed, draws.FATE, who, what, again)
    if fate < figures["no_show"]:
        return Course(None, None)
    fate -= figures["no_show"]
    if fate < figures["cannot_go"]:
        median = figures["cannot_go_after_median_min"]
        later = draws.around(seed, draws.CANNOT, who, what, again, median, 1.0)
        return Course(None, min(later, max(0.0, begins - 10.0)), "cannot_go")
    fate -= figures["cannot_go"]
    leaves = max(5.0, begins - figures["on_way_before_min"])
    arrives = leaves + figures["on_way_before_min"]
    if fate < figures["nobody_home"]:
        return Course(leaves, arrives, "nobody_home")
    if fate < figures["nobody_home"] + figures["wrong_place"]:
        return Course(leaves, arrives, "wrong_place")
    stays = (figures["at_the_door_median_min"], figures["at_the_door_sigma"])
    return Course(leaves, arrives + draws.around(seed, draws.STAYS, who, what, again, *stays))


@dataclass(frozen=True, slots=True)
class Act:
    """One step of the team for a request that needs a human: minutes until it is taken, and what it comes to."""

    minutes: float
    still_wanted: bool
    referred: bool


def act(seed: int, what: int, tries: int) -> Act:
    """The step after so many others."""
    figures = behaviour()["team"]
    return Act(
        draws.around(seed, draws.ACTS, what, tries, 0, figures["acts_median_min"], figures["acts_sigma"]),
        draws.unit(seed, draws.WANTED, what, tries, 0) < figures["still_wanted"],
        draws.unit(seed, draws.REFERRED, what, tries, 0) < figures["referred"],
    )
