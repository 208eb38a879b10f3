"""How likely requests have a yes an hour after they came in: the steps of a policy, one request after the other. Pure.

A coordinator waits for hundreds of requests, twice. So what stays the same during the hour of one request (who is
asked before whom, how likely each one says yes) is worked out once, and the few who are asked are plain numbers.
"""

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quartier.matching.likelihood import answered_within
from quartier.matching.planning.problem import Rows
from quartier.matching.policies import Policy, Settings, Standing, Step, fewest
from quartier.matching.queries import METRES_AN_OFFER

HOUR_MIN = 60.0

# Each step in which somebody was asked: its minute, and how likely each of them says yes.
Asked = list[tuple[float, list[float]]]


class FirstHour:
    """The first hour of one request after the other; offers count against the budgets that all share."""

    def __init__(self, volunteers: Rows, policy: Policy, settings: Settings) -> None:
        self.policy, self.settings, self.prior = policy, settings, settings.prior
        self.own = volunteers["budget"]
        self.had: NDArray[np.float64] = volunteers["asked"].astype(np.float64)
        self.habit = volunteers["habit_m"]
        known = np.where(volunteers["ready"] >= 0, volunteers["ready"], self.prior.mean)
        self.ready = known * self.prior.load ** volunteers["open"]
        self.offers = 0.0

    def ask(self, request: Any, rows: NDArray[np.int32], metres: NDArray[np.float64]) -> float:
        """How likely the request has a yes after an hour. `rows`: who may be asked, each once; `metres` how far they
        live."""
        places = max(1, int(request["places"]))
        urgent, radius_m = bool(request["urgent"]), int(request["radius_m"])
        queue = _Queue(self, rows, metres)
        asked: Asked = []
        minute, steps = 0.0, 0
        # Once everybody was asked, no later look changes anything.
        while minute < HOUR_MIN and queue.may_be_asked:
            pending = [(one, minute - at) for at, some in asked for one in some]
            standing = Standing(urgent, steps, places, radius_m, minute, pending)
            step = self.policy.next_step(standing, self.settings)
            if step is None:
                break
            # Most looks find that enough are asked already.
            if step.size:
                open_ = self._short(asked, minute, places)
                volunteers, likely = queue.take(step)
                asked.append((minute, likely))
                self.had[volunteers] += open_
                self.offers += open_ * len(likely)
            steps, minute = steps + 1, minute + step.wait_min
        return 1.0 - self._short(asked, HOUR_MIN, 1)

    def _short(self, asked: Asked, minute: float, places: int) -> float:
        """How likely fewer than `places` have said yes by this minute."""
        said: list[float] = []
        for at, some in asked:
            share = answered_within(minute - at, self.prior)
            said += [one * share for one in some]
        return prod(1.0 - one for one in said) if places == 1 else _fewer(said, places)


def _fewer(said: Sequence[float], places: int) -> float:
    """How likely fewer than `places` of these come true, each as likely as it says."""
    # By how many have come true: 0 to `places` - 1.
    chance = [1.0] + [0.0] * (places - 1)
    for one in said:
        for count in range(places - 1, 0, -1):
            chance[count] = chance[count] * (1.0 - one) + chance[count - 1] * one
        chance[0] *= 1.0 - one
    return sum(chance)


class _Queue:
    """Those who may be asked for one request, in the order in which they are. What they were asked for before stays as
    it is for whoever is still in it, so the order does too."""

    def __init__(self, hour: FirstHour, rows: NDArray[np.int32], metres: NDArray[np.float64]) -> None:
        had = hour.had[rows]
        order = np.argsort(metres + hour.habit[rows] + METRES_AN_OFFER * had, kind="stable")
        self.rows, self.metres, self.had = rows[order], metres[order], had[order]
        near = hour.ready[self.rows] * np.exp(-self.metres / hour.prior.distance_m)
        self.likely: list[float] = (near * hour.prior.fatigue**self.had).tolist()
        self.own = hour.own[self.rows]
        self.left = np.ones(len(rows), dtype=bool)
        # No step gives anybody more offers a day than they agreed to.
        self.may_be_asked = int(np.count_nonzero(self.had + 0.5 < self.own))
        self.reach: tuple[int, int | None] | None = None
        self.within: list[int] = []

    def take(self, step: Step) -> tuple[NDArray[np.int32], list[float]]:
        """Those whom this step asks, who leave the queue: their rows, and how likely each says yes."""
        self._look(step.radius_m, step.budget)
        likely = self.likely
        chosen = self.within[: step.size]
        if step.enough is not None:
            # The likeliest first; among the same, in the order of the queue.
            chosen.sort(key=likely.__getitem__, reverse=True)
            chosen = chosen[: fewest([likely[one] for one in chosen], step.enough)]
        gone = set(chosen)
        self.within = [one for one in self.within if one not in gone]
        self.left[chosen] = False
        self.may_be_asked -= len(chosen)
        return self.rows[chosen], [likely[one] for one in chosen]

    def _look(self, radius_m: int, budget: int | None) -> None:
        """Whoever is left within the reach of a step; the same as at the step before where that reaches as far."""
        if self.reach == (radius_m, budget):
            return
        self.reach = radius_m, budget
        cap = self.own if budget is None else np.minimum(self.own, budget)
        may = self.left & (self.metres <= radius_m) & (self.had + 0.5 < cap)
        self.within = np.flatnonzero(may).tolist()
