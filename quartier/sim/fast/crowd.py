"""The volunteers of the fast mode: what the product knows of each, what it has learnt, and what only they know."""

from math import exp

import numpy as np

from quartier.matching.likelihood import History, Prior, answered_roughly, circumstances, habit_m, readiness
from quartier.sim import conduct
from quartier.sim.behaviour import behaviour
from quartier.sim.draws import compiled
from quartier.sim.fast.neighbours import VOLUNTEER, grid
from quartier.sim.world import World


class Volunteers:
    """State of every volunteer, as columns; `rows` is what the search reads."""

    def __init__(self, world: World, *, learns: bool) -> None:
        people, count = world.volunteers, len(world.volunteers)
        self.seed = world.seed
        self.rows = np.zeros(count, dtype=VOLUNTEER)
        self.rows["active"][: world.scenario.volunteers] = True
        self.rows["budget"], self.rows["asked_day"] = world.scenario.own_budget, -1
        for name in ("lat", "lon"):
            self.rows[name] = getattr(people.homes, name)
        for name in ("kinds", "languages", "slots", "radius_m", "capacity"):
            self.rows[name] = getattr(people, name)
        self.active, self.carries = self.rows["active"], self.rows["carries"]
        self.capacity, self.left_out = self.rows["capacity"], self.rows["left_out"]
        self.squares = grid(people.homes.lat, people.homes.lon) if count else None
        self.quit = np.zeros(count, dtype=np.bool_)
        # Offers they got lately, fading, and the minute of the last one.
        self._lately, self._lately_at = np.zeros(count), np.zeros(count)
        self.homes, self._ready = people.homes, people.ready
        self._dark, *self._dark_time = world.dark()
        self._hit, *self._hit_time = world.hit()
        self._figures = conduct.answering()
        self.learns, self._prior = learns, Prior()
        self._lessons: dict[int, tuple[float, int]] = {}
        self._expected, self._yes = np.zeros(count), np.zeros(count)
        self._known = np.full(count, self._prior.mean)

    def circumstances(self, who: np.ndarray, where: tuple[float, float] | None, today: int) -> np.ndarray:
        """By how much distance, visits carried and offers had today lower the likelihood of a yes, for each."""
        chosen = self.rows[who]
        asked = np.where(chosen["asked_day"] == today, chosen["asked_count"], 0)
        metres = np.zeros(len(who))
        if where is not None:
            metres = told(*where, self.homes.area_lat, self.homes.area_lon, who)
        return np.asarray(circumstances(metres, chosen["carries"], asked, self._prior))

    def likelihood(self, who: np.ndarray, where: tuple[float, float] | None, today: int) -> np.ndarray:
        """How likely each says yes to an offer made now, as the product would judge it."""
        return np.asarray(self._known[who] * self.circumstances(who, where, today))

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
        remembers = float(behaviour()["answering"]["remembers_days"])
        says, minutes = _ask(
            (self.seed, *what, now, today, remembers, lat, lon), who, factor, self.rows,
            (self.homes.area_lat, self.homes.area_lon, self._ready, self._lately, self._lately_at), self._figures,
        )  # fmt: skip
        if self._dark_time[0] <= now < self._dark_time[1]:
            minutes[self._dark[who]] += self._dark_time[1] - now
        return says, minutes

    def learn(
        self, lessons: dict[int, tuple[float, float]], who: int, share: float, *, yes: bool = False
    ) -> None:
        """So much of an offer counts now (`share`, 0 to 1), as in `matching.actions.learning`; known the next day."""
        factor, counted = lessons.get(who, (0.0, 1.0))
        more = max(0.0, share - counted) * factor
        if more or yes:
            lessons[who] = (factor, max(share, counted))
            before = self._lessons.get(who, (0.0, 0))
            self._lessons[who] = (before[0] + more, before[1] + yes)

    def learn_partly(self, lessons: dict[int, tuple[float, float]], who: int, minutes: float) -> None:
        """An offer was taken back so many minutes after it was made: there had been that much time to answer it."""
        self.learn(lessons, who, float(answered_roughly(minutes, self._prior)) if minutes > 0 else 0.0)

    def midnight(self) -> None:
        """What was learnt the day before is put to use."""
        if not self._lessons:
            return
        who = np.array(list(self._lessons))
        for one, (expected, yes) in self._lessons.items():
            self._expected[one] += expected
            self._yes[one] += yes
        self._lessons.clear()
        self._known[who] = readiness(History(self._expected[who], self._yes[who]), self._prior)
        self.rows["habit_m"][who] = habit_m(self._known[who], self._prior)


@compiled
def told(lat, lon, lats, lons, who):  # type: ignore[no-untyped-def]
    """Metres as each of `who` is told them."""
    found = np.empty(len(who))
    for place, one in enumerate(who):
        found[place] = conduct.told_m(lat, lon, lats[one], lons[one])
    return found


@compiled
def _ask(moment, who, factor, crowd, own, figures):  # type: ignore[no-untyped-def]
    seed, what, again, now, today, remembers, lat, lon = moment
    area_lat, area_lon, ready, lately, lately_at = own
    says, minutes = np.empty(len(who), np.int8), np.empty(len(who))
    for place, one in enumerate(who):
        if crowd[one].asked_day < today:
            crowd[one].asked_day = today
            crowd[one].asked_count = 0
        lately[one] = lately[one] * exp((lately_at[one] - now) / (remembers * 1440.0)) + 1.0
        lately_at[one] = now
        metres = 0.0 if np.isnan(lat) else conduct.told_m(lat, lon, area_lat[one], area_lon[one])
        asked = conduct.Asked(
            ready[one],
            metres,
            crowd[one].carries,
            crowd[one].asked_count,
            lately[one] / remembers,
            factor[place],
        )
        says[place], minutes[place] = conduct.answer(seed, one, what, again, asked, figures)
        crowd[one].asked_count += 1
        crowd[one].asked_total += 1
    return says, minutes
