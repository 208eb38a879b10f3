"""The volunteers of the fast mode: what the product knows of each, what it has learnt, and what only they know."""

from collections import defaultdict
from math import exp

import numpy as np

from quartier.matching.likelihood import History, Prior, circumstances, readiness
from quartier.sim import conduct
from quartier.sim.behaviour import behaviour
from quartier.sim.draws import compiled
from quartier.sim.fast.neighbours import Crowd, grid
from quartier.sim.world import World

MINUTES_A_DAY = 1440.0


class Volunteers:
    """State of every volunteer, as columns; `crowd` is what the search reads."""

    def __init__(self, world: World, *, learns: bool) -> None:
        people, count = world.volunteers, len(world.volunteers)
        self.seed = world.seed
        self.crowd = Crowd(
            lat=people.homes.lat,
            lon=people.homes.lon,
            active=np.arange(count) < world.scenario.volunteers,
            kinds=people.kinds.astype(np.int32),
            languages=people.languages.astype(np.int32),
            slots=people.slots.astype(np.int32),
            radius_m=people.radius_m.astype(np.float64),
            capacity=people.capacity.astype(np.int16),
            budget=np.full(count, behaviour()["volunteers"]["budget"], dtype=np.int16),
            carries=np.zeros(count, dtype=np.int16),
            asked_day=np.full(count, -1, dtype=np.int16),
            asked_count=np.zeros(count, dtype=np.int16),
            asked_total=np.zeros(count, dtype=np.int32),
            habit_m=np.zeros(count, dtype=np.float64),
        )
        self.squares = grid(people.homes.lat, people.homes.lon) if count else None
        self.left_out = np.zeros(count, dtype=np.bool_)
        self.quit = np.zeros(count, dtype=np.bool_)
        self.homes, self._ready = people.homes, people.ready
        self._lately, self._lately_at = np.zeros(count), np.zeros(count)
        self._dark, *self._dark_time = world.dark()
        self._hit, *self._hit_time = world.hit()
        self._figures = conduct.answering()
        self.learns, self._prior = learns, Prior()
        self._history: dict[int, tuple[float, int]] = defaultdict(lambda: (0.0, 0))
        self._lessons: dict[int, tuple[float, int]] = defaultdict(lambda: (0.0, 0))
        self._known = np.full(count, readiness(History(), self._prior))

    def likelihood(self, who: int, metres: float, today: int) -> float:
        """How likely a yes of this volunteer is to an offer made now, as the product would judge it."""
        crowd = self.crowd
        asked = int(crowd.asked_count[who]) if crowd.asked_day[who] == today else 0
        return float(self._known[who]) * circumstances(metres, int(crowd.carries[who]), asked, self._prior)

    def ask(
        self, who: np.ndarray, what: tuple[int, int], where: tuple[float, float] | None, now: float, *,
        today: int, by_hand: bool,
    ) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
        """These volunteers are asked now. `what`: number of the request and its round; `where`: the middle of its
        neighbourhood in degrees, `None` for help by phone. Returns what each says and after how many minutes."""
        factor = np.ones(len(who))
        if self._hit_time[0] <= now < self._hit_time[1]:
            factor[self._hit[who]] = behaviour()["answering"]["hit_factor"]
        if by_hand:
            factor *= behaviour()["team"]["by_hand_factor"]
        lat, lon = where or (np.nan, np.nan)
        remembers = behaviour()["quitting"]["remembers_days"] * MINUTES_A_DAY
        says, minutes = _ask(
            (self.seed, *what, now, today, remembers, lat, lon), who, factor, self.crowd,
            (self.homes.area_lat, self.homes.area_lon, self._ready, self._lately, self._lately_at), self._figures,
        )  # fmt: skip
        if self._dark_time[0] <= now < self._dark_time[1]:
            minutes[self._dark[who]] += self._dark_time[1] - now
        return says, minutes

    def learn(self, who: int, expected: float, yes: int) -> None:
        """What came of an offer, as far as it is known. Counts from the next day on."""
        if self.learns:
            before = self._lessons[who]
            self._lessons[who] = (before[0] + expected, before[1] + yes)

    def midnight(self) -> None:
        """What was learnt the day before is put to use."""
        for who, (expected, yes) in self._lessons.items():
            before = self._history[who]
            self._history[who] = (before[0] + expected, before[1] + yes)
            self._known[who] = readiness(History(*self._history[who]), self._prior)
        self._lessons.clear()


@compiled
def _ask(moment, who, factor, crowd, own, figures):  # type: ignore[no-untyped-def]
    seed, what, again, now, today, remembers, lat, lon = moment
    area_lat, area_lon, ready, lately, lately_at = own
    says, minutes = np.empty(len(who), np.int8), np.empty(len(who))
    for place, one in enumerate(who):
        if crowd.asked_day[one] < today:
            crowd.asked_day[one], crowd.asked_count[one] = today, 0
        lately[one] = lately[one] * exp((lately_at[one] - now) / remembers) + 1.0
        lately_at[one] = now
        metres = 0.0 if np.isnan(lat) else conduct.told_m(lat, lon, area_lat[one], area_lon[one])
        asked = conduct.Asked(
            ready[one], metres, crowd.carries[one], crowd.asked_count[one], lately[one], factor[place]
        )
        says[place], minutes[place] = conduct.answer(seed, one, what, again, asked, figures)
        crowd.asked_count[one] += 1
        crowd.asked_total[one] += 1
    return says, minutes
