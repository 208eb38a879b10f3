"""The first hour, worked out once for each request, is that of each look worked out from the beginning."""

import numpy as np
import pytest

from quartier.matching.likelihood import answered_within
from quartier.matching.planning.first_hour import HOUR_MIN, FirstHour
from quartier.matching.planning.problem import REQUEST, VOLUNTEER
from quartier.matching.policies import POLICIES, Settings, Standing, fewest
from quartier.matching.queries import METRES_AN_OFFER

VOLUNTEERS, REQUESTS = 300, 12


class LookByLook:
    """The same hour in the plainest way: at each look everybody is ranked again."""

    def __init__(self, volunteers, policy, settings):
        self.policy, self.settings, self.prior = policy, settings, settings.prior
        self.own, self.habit = volunteers["budget"], volunteers["habit_m"]
        self.had = volunteers["asked"].astype(float)
        known = np.where(volunteers["ready"] >= 0, volunteers["ready"], self.prior.mean)
        self.ready = known * self.prior.load ** volunteers["open"]
        self.offers = 0.0

    def ask(self, request, rows, metres):
        places = max(1, int(request["places"]))
        left = np.ones(len(rows), dtype=bool)
        near = self.ready[rows] * np.exp(-metres / self.prior.distance_m)
        asked, minute, steps = [], 0.0, 0
        while minute < HOUR_MIN:
            pending = [(float(one), minute - at) for at, some in asked for one in some]
            standing = Standing(
                bool(request["urgent"]), steps, places, int(request["radius_m"]), minute, pending
            )
            step = self.policy.next_step(standing, self.settings)
            if step is None:
                break
            if step.size:
                open_ = self.short(asked, minute, places)
                asked.append((minute, self.ask_more(step, rows, metres, near, left, open_)))
            steps, minute = steps + 1, minute + step.wait_min
        return 1.0 - self.short(asked, HOUR_MIN, 1)

    def ask_more(self, step, rows, metres, near, left, open_):
        had = self.had[rows]
        cap = self.own[rows] if step.budget is None else np.minimum(self.own[rows], step.budget)
        may = np.flatnonzero(left & (metres <= step.radius_m) & (had + 0.5 < cap))
        order = np.argsort(metres[may] + self.habit[rows[may]] + METRES_AN_OFFER * had[may], kind="stable")
        chosen = may[order[: step.size]]
        likely = near[chosen] * self.prior.fatigue ** had[chosen]
        if step.enough is not None:
            first = np.argsort(-likely, kind="stable")
            first = first[: fewest(likely[first].tolist(), step.enough)]
            chosen, likely = chosen[first], likely[first]
        left[chosen] = False
        self.had[rows[chosen]] += open_
        self.offers += open_ * len(chosen)
        return likely

    def short(self, asked, minute, places):
        said = [one * answered_within(minute - at, self.prior) for at, some in asked for one in some]
        chance = np.zeros(places)
        chance[0] = 1.0
        for one in said:
            chance[1:] = chance[1:] * (1.0 - one) + chance[:-1] * one
            chance[0] *= 1.0 - one
        return float(chance.sum())


def drawn(chance):
    """Volunteers and requests, and for each request who may be asked: everybody, a few, or nobody."""
    volunteers, requests = np.zeros(VOLUNTEERS, dtype=VOLUNTEER), np.zeros(REQUESTS, dtype=REQUEST)
    volunteers["budget"] = chance.integers(0, 5, VOLUNTEERS)
    volunteers["asked"] = chance.integers(0, 3, VOLUNTEERS)
    volunteers["open"] = chance.integers(0, 2, VOLUNTEERS)
    volunteers["habit_m"] = chance.choice([0, 0, 500], VOLUNTEERS)
    volunteers["ready"] = np.where(chance.random(VOLUNTEERS) < 0.5, -1.0, chance.random(VOLUNTEERS) / 2)
    requests["places"], requests["radius_m"] = chance.choice([1, 1, 2, 3], REQUESTS), 3000
    requests["urgent"] = chance.integers(0, 2, REQUESTS)
    candidates = []
    for _each in range(REQUESTS):
        rows = chance.permutation(VOLUNTEERS)[: chance.choice([0, 3, 40, VOLUNTEERS])].astype(np.int32)
        # Some as far away as others.
        metres = np.sort(chance.integers(0, 150, len(rows)) * 100.0)
        candidates.append((rows, metres))
    return volunteers, requests, candidates


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("policy", sorted(POLICIES))
def test_the_hour_is_that_of_each_look_by_itself(policy, seed):
    volunteers, requests, candidates = drawn(np.random.default_rng(seed))
    settings = Settings(daily_budget=3)
    quick, plain = (kind(volunteers, POLICIES[policy], settings) for kind in (FirstHour, LookByLook))
    for request, (rows, metres) in zip(requests, candidates, strict=True):
        assert quick.ask(request, rows, metres) == pytest.approx(plain.ask(request, rows, metres), abs=1e-12)
    assert quick.offers == pytest.approx(plain.offers)
    assert plain.offers > 0
    assert quick.had == pytest.approx(plain.had)
