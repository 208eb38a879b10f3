"""What comes from outside in a scenario, whatever the policy: who asks when, what becomes of calls, who joins when.

Both modes play the same timeline. It depends on the scenario and the seed alone.
"""

from collections import deque
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from quartier.sim import draws
from quartier.sim.behaviour import behaviour
from quartier.sim.calendar import Calendar
from quartier.sim.country import Country
from quartier.sim.line import Answered, Call, Line, on_shift
from quartier.sim.population import Wishes, requests
from quartier.sim.scenario import Blow, Phase, Scenario
from quartier.sim.trace import Day

# Once phones work again, who could not call does so after so many minutes, on average.
AFTER_A_BLACKOUT_MIN = 45.0


@dataclass(frozen=True, slots=True)
class Opening:
    """A request: when somebody first tried to reach us, when it was opened (minutes), and what kind of person asks."""

    number: int
    tried: float
    opened: float
    wishes: Wishes


@dataclass(frozen=True, slots=True)
class Wave:
    """Volunteers with these numbers join at this minute."""

    minute: float
    numbers: range


@dataclass(frozen=True)
class Timeline:
    """openings in the order of opening; joins in the order of time; days with what is known before anybody is asked.

    `lost`: people who never reached us, although they were rung back.
    """

    calendar: Calendar
    openings: list[Opening]
    joins: list[Wave]
    days: list[Day]
    lost: int
    until: float


def timeline(scenario: Scenario, seed: int, country: Country) -> Timeline:
    """The timeline of a scenario."""
    played = scenario.warm_up_days + scenario.days
    calendar = Calendar(scenario.first_day, played + scenario.after_hours // 24 + 1)
    openings: list[Opening] = []
    days: list[Day] = []
    missed: deque[Answered] = deque()
    number, lost = 0, 0
    asks: dict[int, tuple[float, Wishes]] = {}
    for day in range(played):
        today = scenario.phase(calendar.dates[day])
        chance = np.random.Generator(np.random.Philox(key=[seed, day]))
        found = _asking(today, calendar, day, chance)
        numbered, number = _numbered(found, number)
        if scenario.blackout is not None:
            numbered = _in_the_dark(numbered, scenario.blackout, (calendar, country, seed))
        calls = []
        for which, tried, wishes, call in sorted(numbered, key=lambda each: each[1]):
            if call is not None:
                calls.append(call)
            if wishes is not None:
                asks[which] = (tried, wishes)
                if call is None:
                    openings.append(Opening(which, tried, tried, wishes))
        operators = on_shift(today.operators) if today.line else 0
        entry = Day(calendar.dates[day].isoformat(), operators=operators)
        if operators:
            figures = behaviour()["line"]
            line = Line(
                operators, calendar.at(day, figures["opens"]), calendar.at(day, figures["closes"]), missed
            )
            answers = line.play(calls)
            reached = [each for each in answers if not each.missed]
            for each in (*reached, *line.called_back):
                if each.call.number < 0:
                    continue
                if each.answered is None:
                    lost += 1
                    continue
                tried, wishes = asks[each.call.number]
                openings.append(Opening(each.call.number, tried, each.answered + each.call.talks, wishes))
            entry = replace(
                entry, calls=len(calls), answered=len(reached), missed=len(calls) - len(reached),
                called_back=len(line.called_back),
            )  # fmt: skip
        days.append(entry)
    lost += sum(each.call.number >= 0 for each in missed)
    openings.sort(key=lambda opening: (opening.opened, opening.number))
    until = calendar.midnights[played] + scenario.after_hours * 60.0
    return Timeline(calendar, openings, _joins(scenario, calendar), days, lost, until)


type _Ask = tuple[float, Wishes | None, Call | None]


def _asking(phase: Phase, calendar: Calendar, day: int, chance: np.random.Generator) -> list[_Ask]:
    """Everybody who tries to reach us on a day: minute, what for (`None`: no request), and the call if it is one."""
    if not phase.line:
        return [
            (minute, phase.wishes, None) for minute in _minutes(phase, calendar, day, phase.requests, chance)
        ]
    figures = behaviour()["line"]
    factor = figures["weekend"] if calendar.dates[day].weekday() >= 5 else 1.0
    web = replace(phase.wishes, by_phone=0.0)
    found: list[_Ask] = [
        (minute, web, None)
        for minute in _minutes(phase, calendar, day, int(chance.poisson(phase.web * factor)), chance)
    ]
    by_phone = replace(phase.wishes, by_phone=1.0)
    asks = figures["asks_for_help"] if phase.asks_for_help is None else phase.asks_for_help
    open_hours = replace(phase, by_hour=_while_open(phase, figures["opens"], figures["closes"]))
    for minute in _minutes(open_hours, calendar, day, int(chance.poisson(phase.calls * factor)), chance):
        call = Call(
            minute,
            patience=figures["patience_median_min"]
            * np.exp(figures["patience_sigma"] * chance.standard_normal()),
            talks=figures["talks_median_min"] * np.exp(figures["talks_sigma"] * chance.standard_normal()),
            picks_up=chance.random() < figures["picks_up"],
        )
        found.append((minute, by_phone if chance.random() < asks else None, call))
    return found


def _while_open(phase: Phase, opens: int, closes: int) -> dict[int, float]:
    return {hour: weight for hour, weight in _hours(phase).items() if opens <= hour < closes}


def _hours(phase: Phase) -> dict[int, float]:
    told = phase.by_hour or behaviour()["asking"]["by_hour"]
    return {int(hour): float(weight) for hour, weight in told.items()}


def _minutes(
    phase: Phase, calendar: Calendar, day: int, count: int, chance: np.random.Generator
) -> list[float]:
    """So many minutes of the day, by the weights of its hours, in the order of time."""
    weights = _hours(phase)
    which = draws.choose(chance.random(count), weights.values())
    starts = np.array([calendar.at(day, hour) for hour in weights])
    return [float(minute) for minute in np.sort(starts[which] + 60.0 * chance.random(count))]


type _Numbered = tuple[int, float, Wishes | None, Call | None]


def _numbered(found: list[_Ask], number: int) -> tuple[list[_Numbered], int]:
    """Whoever asks for help gets the next number; the others have -1."""
    numbered: list[_Numbered] = []
    for minute, wishes, call in sorted(found, key=lambda each: each[0]):
        if wishes is None:
            numbered.append((-1, minute, wishes, call))
            continue
        numbered.append((number, minute, wishes, call and replace(call, number=number)))
        number += 1
    return numbered, number


def _in_the_dark(
    numbered: list[_Numbered], blackout: Blow, world: tuple[Calendar, Country, int]
) -> list[_Numbered]:
    """Who cannot reach us from there does so when it is over."""
    calendar, country, seed = world
    begins, ends = blackout.minutes(calendar)
    moved: list[_Numbered] = []
    for number, minute, wishes, call in numbered:
        if wishes is not None and begins <= minute < ends:
            home = requests(country, seed, np.array([number]), wishes).homes
            if blackout.strikes(country.places[home.place[0]][0]):
                minute = ends - AFTER_A_BLACKOUT_MIN * float(
                    np.log(draws.unit(seed, draws.LATE, number, 0, 0))
                )
                call = call and replace(call, minute=minute)
        moved.append((number, minute, wishes, call))
    return moved


def _joins(scenario: Scenario, calendar: Calendar) -> list[Wave]:
    """Volunteers who join do so in the course of the day, in ten groups."""
    found: list[Wave] = []
    shares: list[tuple[float, int]] = []
    for each in scenario.joining:
        slots = [
            calendar.at((each.first - scenario.first_day + timedelta(days=day)).days, 9 + step)
            for day in range(each.days)
            for step in range(10)
        ]
        for place, minute in enumerate(slots):
            here = each.volunteers * (place + 1) // len(slots) - each.volunteers * place // len(slots)
            if here:
                shares.append((minute, here))
    number = scenario.volunteers
    for minute, here in sorted(shares):
        found.append(Wave(minute, range(number, number + here)))
        number += here
    return found
