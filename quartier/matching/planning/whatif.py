"""What if: the same requests with the volunteers and the ways of today, and with one thing changed. Pure.

Nothing here is promised. Who could go and how many could be covered is computed exactly; how soon somebody says yes
rests on what is assumed of answers (`matching.likelihood`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from math import cos, radians
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from quartier.engine import Params, Problem
from quartier.engine.candidates import Candidates
from quartier.matching.planning.first_hour import FirstHour
from quartier.matching.planning.problem import VOLUNTEER, Rows, problem_of
from quartier.matching.planning.way import cap_of
from quartier.matching.policies import FARTHEST_M, WIDENING, Policy, Settings, Standing
from quartier.matching.queries import METRES_A_DEGREE, METRES_AN_OFFER

# Newcomers are like the volunteers who live within so many metres, else like the nearest ones.
LIKE_WITHIN_M = 3000
LIKE_AT_LEAST = 20
# So many candidates of a request are looked at. Only who asks everybody at once could want more.
MOST_ASKED = 2000
MANY = 256
# One more request that is covered is worth any detour of all the others.
COVERED_M = 30_000_000.0


class What(StrEnum):
    """The one thing that is different.

    join      `amount` volunteers more live at `where`
    reach     requests look `amount` metres far from the first wave on
    go        every volunteer goes at least `amount` metres far
    budget    at most `amount` offers a day for each volunteer (whoever agreed to fewer gets fewer)
    capacity  every volunteer can carry `amount` visits more
    policy    neighbours are asked in another way
    """

    JOIN = "join"
    REACH = "reach"
    GO = "go"
    BUDGET = "budget"
    CAPACITY = "capacity"
    POLICY = "policy"


@dataclass(frozen=True)
class Change:
    """`where`: latitude and longitude; `kinds`, `languages`: bits of newcomers, 0 for those of their neighbours."""

    what: What
    amount: int = 0
    policy: Policy | None = None
    where: tuple[float, float] | None = None
    kinds: int = 0
    languages: int = 0


@dataclass(frozen=True, eq=False)
class World:
    """Those who help, and how they are asked."""

    volunteers: Rows
    policy: Policy
    settings: Settings
    zone: ZoneInfo


@dataclass(frozen=True, eq=False)
class Batch:
    """Requests that are open at the same time. `excluded`: (row of request, row of volunteer). `fresh`: a day of its
    own, on which nobody has had an offer yet."""

    requests: Rows
    excluded: NDArray[np.int64]
    fresh: bool = False


@dataclass(frozen=True, eq=False)
class Outlook:
    """How requests stand.

    requests     how many there are
    reachable    how many have somebody who may be asked, as far as the last wave looks
    covered      how many could have all their places filled at the same time, if everybody said yes
    median_m     the median way of those who would go then; `None` if nobody goes
    within_hour  expected share with a yes within an hour, 0 to 1
    offers       how many offers that takes, as expected
    reached      bool[requests], in the order of the batches
    """

    requests: int
    reachable: int
    covered: int
    median_m: int | None
    within_hour: float
    offers: float
    reached: NDArray[np.bool_]


def changed(world: World, batch: Batch, change: Change) -> tuple[World, Batch]:
    """Both with the one thing different. What was given is left as it was."""
    volunteers, requests = world.volunteers.copy(), batch.requests.copy()
    match change.what:
        case What.JOIN:
            assert change.where is not None
            volunteers = np.concatenate([volunteers, newcomers(volunteers, change)])
        case What.REACH:
            requests["radius_m"] = np.maximum(requests["radius_m"], change.amount)
        case What.GO:
            volunteers["radius_m"] = np.maximum(volunteers["radius_m"], change.amount)
        case What.BUDGET:
            world = replace(world, settings=replace(world.settings, daily_budget=change.amount))
        case What.CAPACITY:
            volunteers["capacity"] += change.amount
        case What.POLICY:
            assert change.policy is not None
            world = replace(world, policy=change.policy)
    return replace(world, volunteers=volunteers), replace(batch, requests=requests)


def farthest_m(requests: Rows, change: Change) -> int:
    """How far the last wave looks for any of these requests, after the change too."""
    reach = int(requests["radius_m"].max(initial=0))
    if change.what is What.REACH:
        reach = max(reach, change.amount)
    return int(min(reach * WIDENING[-1], FARTHEST_M))


def newcomers(volunteers: Rows, change: Change) -> Rows:
    """`VOLUNTEER` rows: they live, speak, help and travel like those who live there already, one after the other."""
    assert change.where is not None
    rows = np.zeros(change.amount, dtype=VOLUNTEER)
    away = metres_from(change.where, volunteers)
    order = np.argsort(away, kind="stable")
    near = order[: max(LIKE_AT_LEAST, int((away <= LIKE_WITHIN_M).sum()))]
    if len(near):
        rows[:] = volunteers[near[np.arange(change.amount) % len(near)]]
        rows["open"] = rows["asked"] = rows["habit_m"] = 0
    else:
        for name, value in (("slots", (1 << 21) - 1), ("radius_m", 5000), ("capacity", 1), ("budget", 2)):
            rows[name] = value
    rows["ready"] = -1.0
    far = metres_from(change.where, rows) > LIKE_WITHIN_M
    rows["lat"][far], rows["lon"][far] = change.where
    for name, bits in (("kinds", change.kinds), ("languages", change.languages)):
        if bits:
            rows[name] = bits
    # Nobody else has these ids; they are never looked for.
    rows["id"] = rows["person"] = np.zeros((), dtype="V16")
    return rows


def metres_from(where: tuple[float, float], rows: Rows) -> NDArray[np.float64]:
    """float64[n]: how far each row lives from a point, in metres."""
    lat, lon = where
    east: NDArray[np.float64] = (rows["lon"] - lon) * cos(radians(lat))
    return np.hypot(rows["lat"] - lat, east) * METRES_A_DEGREE


def outlook(world: World, batches: Iterable[Batch]) -> Outlook:
    """How the requests of all batches stand, one batch after the other."""
    parts = [_outlook(world, batch) for batch in batches if len(batch.requests)]
    count = sum(len(part.reached) for part in parts)
    metres = np.concatenate([part.metres for part in parts]) if parts else np.empty(0)
    return Outlook(
        requests=count,
        reachable=int(sum(part.reached.sum() for part in parts)),
        covered=sum(part.covered for part in parts),
        median_m=int(np.median(metres)) if len(metres) else None,
        within_hour=sum(part.yes for part in parts) / count if count else 0.0,
        offers=sum(part.offers for part in parts),
        reached=np.concatenate([part.reached for part in parts]) if parts else np.empty(0, dtype=bool),
    )


@dataclass(frozen=True, eq=False)
class _Part:
    reached: NDArray[np.bool_]
    covered: int
    metres: NDArray[np.float32]
    yes: float
    offers: float


def _outlook(world: World, batch: Batch) -> _Part:
    from quartier.engine.crowd import Crowd  # Only here: Numba is read by those who plan.

    volunteers, wide = world.volunteers, batch.requests.copy()
    if batch.fresh:
        volunteers = volunteers.copy()
        volunteers["asked"] = 0
    wide["radius_m"] = np.minimum(wide["radius_m"] * WIDENING[-1], FARTHEST_M)
    problem = problem_of(
        volunteers,
        wide,
        batch.excluded,
        zone=world.zone,
        budget=cap_of(world.policy, world.settings),
        empty_m=COVERED_M,
    )
    params = Params(asked_m=METRES_AN_OFFER, load_m=0)
    crowd = Crowd(problem.volunteers, params)
    first = world.policy.next_step(Standing(False, 0, 1, 0, 0.0), world.settings)
    broad = first is not None and first.size > MANY
    everybody = np.arange(len(wide))
    # With as many candidates as there are places in all, nobody would ever want one who is not in the list.
    enough = max(MOST_ASKED if broad else MANY, int(problem.requests.needed.sum()))
    found = crowd.candidates(problem, everybody, enough)
    sent, metres = _covered(problem, found, params)
    hour = FirstHour(volunteers, world.policy, world.settings)
    yes = 0.0
    for row in everybody:
        count = int(found.count[row])
        near = np.zeros(count) if wide["remote"][row] else found.metres[row, :count].astype(np.float64)
        yes += hour.ask(batch.requests[row], found.row[row, :count], near)
    return _Part(
        reached=found.count > 0,
        covered=int((sent >= problem.requests.needed).sum()),
        metres=metres,
        yes=yes,
        offers=hour.offers,
    )


def _covered(
    problem: Problem, found: Candidates, params: Params
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """How many go to each request in the best plan, and the way of each who goes on foot, by bicycle or by car.

    Shortest paths and no auction: prices would rise as high as an empty place costs.
    """
    from quartier.engine.edges import Edges
    from quartier.engine.paths import shortest_paths

    edges = Edges.of(problem, params, found)
    used, _worth = shortest_paths(edges)
    taken = np.flatnonzero(used)
    request = np.searchsorted(edges.starts, taken, side="right") - 1
    away = edges.metres[taken][~problem.requests.remote[request]]
    return np.bincount(request, minlength=len(problem.requests)), away.astype(np.float32)
