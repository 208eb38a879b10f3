"""The volunteers as they are now: who may be asked, found in microseconds, kept up to date one by one."""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from math import cos, radians
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from quartier.engine import tree
from quartier.engine.candidates import Candidates
from quartier.engine.checks import BadProblem
from quartier.engine.hilbert import along
from quartier.engine.params import Params
from quartier.engine.plane import METRES_A_DEGREE
from quartier.engine.problem import Problem
from quartier.engine.requests import Requests
from quartier.engine.search import cheapest, cheapest_each
from quartier.engine.volunteers import Volunteers

Rows = Sequence[int] | NDArray[Any]
NOBODY, _EXTRA = -1, 6
_NO_ROWS = np.empty(0, dtype=np.int32)
_work = threading.local()


class Ranked(NamedTuple):
    """Those who may be sent, cheapest first: int32 rows of volunteers; float64 metres (0 for help by phone); cost."""

    rows: NDArray[np.int32]
    metres: NDArray[np.float64]
    cost: NDArray[np.float64]


def extra_m(volunteers: Volunteers, params: Params) -> NDArray[np.float32]:
    """float32[n]: what each volunteer costs besides the distance, in metres: offers had, visits carried, penalty."""
    extra = volunteers.asked * np.float32(params.asked_m)
    extra += volunteers.load * np.float32(params.load_m)
    extra += volunteers.penalty_m
    return extra


class Crowd:
    """Volunteers in a tree. They come (`add`), go (`remove`), come back (`restore`) and change (`weigh`), each in
    microseconds. Who has no capacity is not in it. Rows are those of `volunteers`; newcomers follow."""

    def __init__(self, volunteers: Volunteers, params: Params | None = None) -> None:
        self.params = params or Params()
        self._middle = _middle(volunteers)
        self._columns = self._read(volunteers)
        self._where = np.full(len(volunteers), NOBODY, dtype=np.int32)
        present = np.flatnonzero(volunteers.capacity > 0)
        x, y = self._columns[0][present], self._columns[1][present]
        order = present[along(x, y)].astype(np.int32)
        leaves, nodes = tree.size_of(len(order))
        self._nodes = np.zeros(nodes, dtype=tree.NODE)
        self._rows = np.zeros(leaves * tree.LEAF, dtype=tree.ROW)
        self._owner = np.zeros(leaves, dtype=np.int32)
        root = tree.build(order, self._columns, self._nodes, self._rows, self._owner, self._where)
        self._state = np.array([root, nodes, leaves], dtype=np.int64)

    def __len__(self) -> int:
        """How many may be asked."""
        return int((self._where >= 0).sum())

    def add(self, volunteers: Volunteers) -> NDArray[np.int64]:
        """Newcomers. Returns int64[n], their rows."""
        before, fresh = len(self._where), self._read(volunteers)
        self._columns = tuple(np.concatenate(pair) for pair in zip(self._columns, fresh, strict=True))
        self._where = np.append(self._where, np.full(len(volunteers), NOBODY, dtype=np.int32))
        rows = np.arange(before, len(self._where))
        self.restore(rows[volunteers.capacity > 0])
        return rows

    def remove(self, rows: Rows) -> None:
        """These cannot be asked any more: full, paused, gone, or asked enough today. Twice is once."""
        tree.take(self._checked(rows), self._nodes, self._rows, self._owner, self._where)

    def restore(self, rows: Rows) -> None:
        """These can be asked again. Twice is once."""
        left = self._checked(rows)
        while True:
            done = tree.put(
                left, self._columns, self._nodes, self._rows, self._owner, self._where, self._state
            )
            left = left[done:]
            if not len(left):
                return
            self._grow()

    def weigh(self, rows: Rows, extra: Sequence[float] | NDArray[Any]) -> None:
        """What these cost besides the distance, from now on (metres, 0 or more)."""
        checked, metres = self._checked(rows), np.asarray(extra, dtype=np.float32)
        if len(metres) != len(checked) or (len(metres) and not metres.min() >= 0):
            raise BadProblem("extra: for each row so many metres, 0 or more")
        self._columns[_EXTRA][checked] = metres
        tree.weigh(checked, metres, self._nodes, self._rows, self._owner, self._where)

    def rank(
        self, request: Requests, k: int, *, excluded: Rows = (), ceiling: float = np.inf, row: int = 0
    ) -> Ranked:
        """The `k` cheapest for row `row` of `request`, exact, the cheapest first. Excluded rows are left out, and
        nobody costs `ceiling` or more."""
        if k < 1:
            raise BadProblem(f"k: {k} is not at least 1")
        cost, metres, found = np.empty(k), np.empty(k), np.empty(k, dtype=np.int32)
        out = np.unique(np.asarray(excluded, dtype=np.int32)) if len(excluded) else _NO_ROWS
        lat = float(request.lat[row])
        x, y = self._plane(lat, float(request.lon[row]))
        x, y = float(x), float(y)
        heap_cost, heap_node = _heap(len(self._nodes) + 1)
        count = cheapest(
            self._nodes, self._rows, self._state[0], x, y, cos(radians(lat)),
            request.kinds[row], request.languages[row], request.slots[row], request.level[row],
            request.radius_m[row], self.params.remote_share if request.remote[row] else 1.0, ceiling,
            out, 0, len(out), _NO_ROWS, heap_cost, heap_node, cost, metres, found,
        )  # fmt: skip
        if request.remote[row]:
            metres[:count] = 0
        return Ranked(found[:count], metres[:count], cost[:count])

    def candidates(
        self, problem: Problem, which: NDArray[Any], k: int, price: NDArray[Any] | None = None
    ) -> Candidates:
        """The `k` cheapest for each of the requests `which` of a problem, on every processor.

        `price`: int32[n], metres asked on top of each volunteer's cost; then `cost` counts it too.
        """
        requests, size = problem.requests, (len(which), k)
        found = Candidates(
            np.zeros(len(which), dtype=np.int32), np.empty(size, dtype=np.int32),
            np.empty(size, dtype=np.float32), np.empty(size, dtype=np.float64),
        )  # fmt: skip
        if not len(which):
            return found
        x, y = self._plane(requests.lat[which], requests.lon[which])
        near = along(x, y)
        starts, excluded = problem.starts("excluded")
        narrow = np.cos(np.radians(requests.lat))
        nodes, root = self._nodes, self._state[0]
        if price is None:
            price = _NO_ROWS
        else:
            nodes = tree.promise(nodes[: self._state[1]], self._rows, price, root)

        def search(part: NDArray[Any]) -> None:
            cheapest_each(
                nodes, self._rows, root, part, which, x, y, narrow, requests.kinds, requests.languages,
                requests.slots, requests.level, requests.radius_m, requests.remote, self.params.remote_share,
                requests.weight_m, starts, excluded, price, found.count, found.cost, found.metres, found.row,
            )  # fmt: skip

        side_by_side(search, near)
        return found

    def _read(self, volunteers: Volunteers) -> tuple[NDArray[Any], ...]:
        x, y = self._plane(volunteers.lat, volunteers.lon)
        return (
            x, y, volunteers.kinds, volunteers.languages, volunteers.slots,
            volunteers.radius_m, extra_m(volunteers, self.params), volunteers.level,
        )  # fmt: skip

    def _plane(self, lat: Any, lon: Any) -> Any:
        """Degrees as float32 metres from the middle, east not yet narrowed by the latitude. Either side of the 180th
        meridian is near the other. Requests are rounded like volunteers, so one building is one place."""
        east = (lon - self._middle[1] + 180.0) % 360.0 - 180.0
        north = lat - self._middle[0]
        return np.asarray(east * METRES_A_DEGREE, dtype=np.float32), np.asarray(
            north * METRES_A_DEGREE, dtype=np.float32
        )

    def _checked(self, rows: Rows) -> NDArray[np.int64]:
        checked = np.atleast_1d(np.asarray(rows, dtype=np.int64))
        if len(checked) and not 0 <= checked.min() <= checked.max() < len(self._where):
            raise BadProblem("rows: there is no such volunteer")
        return checked

    def _grow(self) -> None:
        more = max(16, len(self._owner) // 4)
        self._nodes = np.append(self._nodes, np.zeros(more, dtype=tree.NODE))
        self._rows = np.append(self._rows, np.zeros(more * tree.LEAF, dtype=tree.ROW))
        self._owner = np.append(self._owner, np.zeros(more, dtype=np.int32))


def _middle(volunteers: Volunteers) -> tuple[float, float]:
    """The middle of where they live: a mean on the circle, so that a country across the 180th meridian has one."""
    if not len(volunteers):
        return 0.0, 0.0
    turn = np.radians(volunteers.lon[:: max(1, len(volunteers) // 10_000)])
    lon = float(np.degrees(np.arctan2(np.sin(turn).mean(), np.cos(turn).mean())))
    return float(volunteers.lat.mean()), lon


def _heap(size: int) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Room for one search, kept for this thread."""
    if len(getattr(_work, "cost", ())) < size:
        _work.cost, _work.node = np.empty(size), np.empty(size, dtype=np.int32)
    return _work.cost, _work.node


def side_by_side(work: Callable[[NDArray[Any]], None], parts: NDArray[Any]) -> None:
    """Let every processor do its part. Compiled code lets go of the interpreter's lock."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    count = min(processors, 1 + len(parts) // 500)
    if count == 1:
        work(parts)
        return
    # More pieces than processors: towns are slower than villages.
    with ThreadPoolExecutor(count) as pool:
        list(pool.map(work, np.array_split(parts, count * 4)))
