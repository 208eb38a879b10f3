"""The fast mode: the same figures for the same seed, and nobody is asked who may not be asked."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from quartier.lib import choices
from quartier.matching.policies import POLICIES, Settings
from quartier.sim import playing, scenario
from quartier.sim.fast import neighbours
from quartier.sim.fast.files import COVERED
from quartier.sim.fast.played import play, trace
from quartier.sim.fast.run import Run
from quartier.sim.trace import STATES, Trace
from quartier.sim.world import world

DAYS = 8


@pytest.fixture(scope="module")
def surge():
    """Many requests for few volunteers, so that every limit is reached."""
    return world(replace(scenario.load("surge").scaled(0.1), days=DAYS).sized(requests=160), 3)


class Watched(Run):
    """Keeps every offer as (file, volunteer, minute), and looks whether it was allowed."""

    def __init__(self, *args, **named):
        super().__init__(*args, **named)
        self.told = []

    def asked(self, file, who, now):
        super().asked(file, who, now)
        people, row = self.world.volunteers, file.number
        for one in who:
            self.told.append((row, int(one), now))
            assert people.kinds[one] & file.kind
            assert people.languages[one] & self.world.requests.languages[row]
            assert people.slots[one] & choices.slots_between(
                file.window_from, file.window_until, self.calendar.zone
            )
            assert self.people.active[one]
            assert self.people.carries[one] < people.capacity[one]
            assert file.state != COVERED


@pytest.mark.parametrize("name", list(POLICIES))
def test_nobody_is_asked_who_may_not_be_asked(surge, name):
    run = Watched(surge, POLICIES[name], Settings()).play()
    assert run.told
    calendar = surge.timeline.calendar
    local = [calendar.moment(now).astimezone(calendar.zone) for _row, _one, now in run.told]
    assert all(8 <= moment.hour < 22 for moment in local)
    a_day = Counter((one, moment.date()) for (_row, one, _now), moment in zip(run.told, local, strict=True))
    if name in {"nearest", "broadcast"}:
        # No cap but what each one agreed to.
        assert 2 < max(a_day.values()) <= surge.scenario.own_budget
    else:
        assert max(a_day.values()) == 2
    found = trace(run)
    told = np.bincount([one for _row, one, _now in run.told], minlength=len(surge.volunteers))
    assert found.notifications == np.bincount(told).tolist()
    assert found.figures["worst_hit"] == told.max()
    assert sum(n * count for n, count in enumerate(found.notifications)) == len(run.told)
    assert sum(count for _area, count in found.asked_by_area) == len(run.told)


@pytest.mark.long
def test_a_seed_gives_the_same_figures_and_another_gives_others(surge):
    first, again = (play(surge, POLICIES["adaptive"], Settings(), learns=True) for _ in range(2))
    assert first == again
    other = world(surge.scenario, 4)
    assert play(other, POLICIES["adaptive"], Settings(), learns=True).figures != first.figures


def test_the_sums_hold(surge):
    found = play(surge, POLICIES["waves"], Settings())
    figures = found.figures
    assert figures["created"] == sum(figures["states"].values()) == 160 * DAYS == len(found.state)
    assert sum(figures["closures"].values()) == figures["states"]["closed"]
    assert set(found.state) <= set(STATES)
    assert found.state.count("served") == sum(minute is not None for minute in found.accepted_min)
    assert sum(day.requests for day in found.days) == figures["created"]
    assert sum(day.served for day in found.days) == found.state.count("served")
    assert sum(day.offers for day in found.days) == figures["offers"]
    assert found.days[-1].volunteers + sum(day.quit for day in found.days) == len(surge.volunteers)
    assert figures["quit"] == round(sum(day.quit for day in found.days) / len(surge.volunteers), 4)
    assert sum(count for _area, count in found.volunteers_by_area) == found.days[-1].volunteers


def test_learning_prefers_those_who_say_yes():
    abundance = world(replace(scenario.load("surge").scaled(0.1), days=DAYS).sized(requests=30), 3)
    ready = abundance.volunteers.ready
    means = []
    for learns in (False, True):
        run = Watched(abundance, POLICIES["adaptive"], Settings(), learns=learns).play()
        late = [one for _row, one, now in run.told if now > 4 * 1440]
        means.append(ready[late].mean())
    assert means[1] > means[0] * 1.02


def test_a_warm_up_is_played_and_not_counted():
    told = scenario.parse(
        "warm",
        {
            "title": "Warm", "starts": scenario.date(2020, 4, 14), "days": 1, "volunteers": 400, "warm_up_days": 2,
            "phase": [{"requests": 5}],
        },
    )  # fmt: skip
    found = play(world(told, 1), POLICIES["waves"], Settings())
    assert found.figures["created"] == 5
    assert [day.date for day in found.days] == ["2020-04-14", "2020-04-15"]
    assert min(found.asked_min) >= 0


def test_the_search_finds_what_a_look_at_everybody_finds(surge):
    people, chance = surge.volunteers, np.random.default_rng(1)
    rows = np.zeros(len(people), dtype=neighbours.VOLUNTEER)
    rows["lat"], rows["lon"] = people.homes.lat, people.homes.lon
    rows["kinds"], rows["languages"], rows["slots"] = people.kinds, people.languages, people.slots
    rows["radius_m"], rows["capacity"], rows["budget"] = people.radius_m, people.capacity, 2
    rows["active"] = chance.random(len(people)) < 0.9
    rows["carries"] = chance.random(len(people)) < 0.3
    rows["asked_day"], rows["asked_count"] = (
        chance.integers(0, 2, len(people)),
        chance.integers(0, 3, len(people)),
    )
    rows["habit_m"] = chance.integers(0, 2000, len(people))
    rows["left_out"] = chance.random(len(people)) < 0.05
    squares = neighbours.grid(rows["lat"], rows["lon"])
    sizes = []
    for place in range(150):
        lat, lon = people.homes.lat[place] + 0.003, people.homes.lon[place]
        wanted = neighbours.Wanted(lat, lon, 1, 3, 1 << 7 | 1 << 3, 15_000.0, 1, 2)
        east = neighbours.METRES_A_DEGREE * np.cos(np.radians(lat))
        away = np.hypot((rows["lat"] - lat) * neighbours.METRES_A_DEGREE, (rows["lon"] - lon) * east)
        today = np.where(rows["asked_day"] == 1, rows["asked_count"], 0)
        may = (
            rows["active"] & ~rows["left_out"] & (rows["carries"] < rows["capacity"]) & (rows["kinds"] & 1 > 0)
            & (rows["languages"] & 3 > 0) & (rows["slots"] & (1 << 7 | 1 << 3) > 0) & (today < 2)
            & (away <= 15_000) & (away <= rows["radius_m"])
        )  # fmt: skip
        cost = np.where(may, away + 300 * today + rows["habit_m"], np.inf)
        best = np.argsort(cost)[: min(12, may.sum())]
        found = neighbours.nearest(rows, squares, wanted, 12)
        assert cost[found].tolist() == pytest.approx(cost[best].tolist())
        everybody = neighbours.nearest(rows, squares, wanted, 10_000)
        assert set(everybody.tolist()) == set(np.flatnonzero(may).tolist())
        sizes.append(len(everybody))
    assert max(sizes) > 12


def test_for_help_by_phone_those_are_asked_who_were_asked_least(surge):
    people = surge.volunteers
    rows = np.zeros(len(people), dtype=neighbours.VOLUNTEER)
    rows["kinds"], rows["languages"], rows["slots"] = people.kinds, people.languages, people.slots
    rows["active"], rows["capacity"], rows["budget"], rows["asked_day"] = True, 1, 2, -1
    rows["asked_total"] = np.arange(len(people)) % 7
    wanted = neighbours.Wanted(0.0, 0.0, 1 << 6, 1, 1 << 4, 0.0, 0, 2)
    found = neighbours.by_phone(rows, wanted, 20, 0)
    may = (people.kinds & 1 << 6 > 0) & (people.languages & 1 > 0) & (people.slots & 1 << 4 > 0)
    numbers = np.flatnonzero(may)
    best = numbers[np.lexsort((numbers, rows["asked_total"][numbers]))][:20]
    assert found.tolist() == best.tolist()


def test_a_trace_comes_back_from_its_file():
    kept = []
    found = playing.play(
        playing.Asked("day", "waves,nearest", mode="fast", requests=5, volunteers=300),
        lambda words: None,
        kept.append,
    )
    assert Trace.from_json(found.to_json()) == found
    assert (
        [each["policy"] for each in kept] == ["waves", "nearest"] == [each.policy for each in found.policies]
    )
    assert found.start == "2020-04-14T00:00:00+02:00"


@pytest.mark.parametrize(("named", "words"), [({"policy": "psychic"}, "psychic"), ({"seed": -1}, "seed")])
def test_what_cannot_be_played_says_why(named, words):
    with pytest.raises(ValueError, match=words):
        playing.Asked("day", **named)
