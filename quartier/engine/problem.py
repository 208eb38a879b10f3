"""Volunteers, requests, and what is known about pairs of them."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quartier.engine.checks import BadProblem
from quartier.engine.plane import METRES_A_DEGREE
from quartier.engine.requests import Requests
from quartier.engine.volunteers import Volunteers


def _no_pairs() -> NDArray[Any]:
    return np.empty((0, 2), dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Problem:
    """Who could go where.

    excluded   int64[e, 2]   (row of request, row of volunteer) that must not meet, or were asked already
    known      int64[c, 2]   (row of request, row of volunteer): they know each other (continuity)
    """

    volunteers: Volunteers
    requests: Requests
    excluded: NDArray[Any] = field(default_factory=_no_pairs)
    known: NDArray[Any] = field(default_factory=_no_pairs)

    def __post_init__(self) -> None:
        for name in ("excluded", "known"):
            object.__setattr__(self, name, self._pairs(name))

    def _pairs(self, name: str) -> NDArray[np.int64]:
        given = np.asarray(getattr(self, name))
        if given.size == 0:
            return _no_pairs()
        if given.ndim != 2 or given.shape[1] != 2 or given.dtype.kind not in "iu":
            raise BadProblem(f"{name}: rows of (request, volunteer), not {given.dtype}{list(given.shape)}")
        pairs = given.astype(np.int64)
        low, high = pairs.min(axis=0), pairs.max(axis=0)
        if low.min() < 0 or high[0] >= len(self.requests) or high[1] >= len(self.volunteers):
            raise BadProblem(f"{name}: names a request or a volunteer that is not there")
        return np.unique(pairs, axis=0)

    def starts(self, name: str) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """`excluded` or `known` by request: volunteers of request `r` are `rows[starts[r]:starts[r + 1]]`, sorted."""
        pairs: NDArray[np.int64] = getattr(self, name)
        counts = np.bincount(pairs[:, 0], minlength=len(self.requests))
        starts = np.zeros(len(self.requests) + 1, dtype=np.int64)
        np.cumsum(counts, out=starts[1:])
        return starts, np.ascontiguousarray(pairs[:, 1], dtype=np.int32)

    def distance_m(self, r: NDArray[Any], v: NDArray[Any]) -> NDArray[np.float64]:
        """float64: metres between requests `r` and volunteers `v` (rows), on the plane of each request's latitude."""
        volunteers, requests = self.volunteers, self.requests
        east = (volunteers.lon[v] - requests.lon[r] + 180.0) % 360.0 - 180.0
        east = east * np.cos(np.radians(requests.lat[r]))
        metres: NDArray[np.float64] = np.hypot(east, volunteers.lat[v] - requests.lat[r]) * METRES_A_DEGREE
        return metres
