"""A scenario with a seed: its people and its timeline, made once and played by each policy in turn."""

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from quartier.sim.country import Country, Homes
from quartier.sim.population import Requests, Volunteers, Wishes, requests, volunteers
from quartier.sim.scenario import Scenario
from quartier.sim.timeline import Timeline, timeline


@dataclass(frozen=True)
class World:
    """Everything about a scenario that no policy changes."""

    scenario: Scenario
    seed: int
    country: Country
    timeline: Timeline

    @cached_property
    def volunteers(self) -> Volunteers:
        """All volunteers, in the order in which they join."""
        return volunteers(self.country, self.seed, np.arange(self.scenario.all_volunteers))

    @cached_property
    def requests(self) -> Requests:
        """The requests in the order of `timeline.openings`."""
        by_wishes: dict[int, tuple[Wishes, list[int]]] = {}
        for row, opening in enumerate(self.timeline.openings):
            by_wishes.setdefault(id(opening.wishes), (opening.wishes, []))[1].append(row)
        parts, rows = [], []
        for wishes, places in by_wishes.values():
            numbers = np.array([self.timeline.openings[row].number for row in places])
            parts.append(requests(self.country, self.seed, numbers, wishes))
            rows += places
        back = np.argsort(np.array(rows, dtype=np.int64), kind="stable")
        if not parts:
            return requests(self.country, self.seed, np.empty(0, dtype=np.int64))
        homes = {
            each.name: np.concatenate([getattr(part.homes, each.name) for part in parts])[back]
            for each in fields(Homes)
        }
        columns = {
            each.name: np.concatenate([getattr(part, each.name) for part in parts])[back]
            for each in fields(Requests)
            if each.name != "homes"
        }
        return Requests(homes=Homes(**homes), **columns)

    @property
    def warm_up_min(self) -> float:
        """Minutes before what counts begins."""
        return self.timeline.calendar.midnights[self.scenario.warm_up_days]

    def dark(self) -> tuple[np.ndarray, float, float]:
        """Who is reached late in a blackout (a column), and from when to when (minutes)."""
        return self._struck("blackout")

    def hit(self) -> tuple[np.ndarray, float, float]:
        """Who is hit and seldom says yes (a column), and from when to when (minutes)."""
        return self._struck("hit")

    def _struck(self, what: str) -> tuple[np.ndarray, float, float]:
        blow = getattr(self.scenario, what)
        if blow is None:
            return np.zeros(len(self.volunteers), dtype=bool), 0.0, 0.0
        places = np.array([blow.strikes(postcode) for postcode, _name in self.country.places])
        return places[self.volunteers.homes.place], *blow.minutes(self.timeline.calendar)


def world(scenario: Scenario, seed: int) -> World:
    """The people and the timeline of a scenario."""
    country = Country()
    return World(scenario, seed, country, timeline(scenario, seed, country))
