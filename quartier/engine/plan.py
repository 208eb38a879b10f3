"""What the engine proposes."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Plan:
    """Who goes where. Always feasible; how far from the best it can be is `gap`.

    pairs      int32[p, 2]   (row of request, row of volunteer), sorted
    metres     float32[p]    distance of each pair; 0 for help by phone
    cost       what the plan costs with the empty places, in metres; `bound`: no plan can cost less
    unserved   how many places stay empty
    solver     "auction" or "paths": which gave the plan
    candidates how many candidates the widest request had
    """

    pairs: NDArray[np.int32]
    metres: NDArray[np.float32]
    cost: int
    bound: int
    unserved: int
    solver: str
    candidates: int
    seconds: dict[str, float]

    @property
    def gap(self) -> float:
        """How much dearer than the bound the plan is at most, as a share. Never below 0."""
        return (self.cost - self.bound) / max(1, self.cost)

    def of(self, request: int) -> NDArray[np.int32]:
        """The volunteers' rows for one request's row."""
        first, last = np.searchsorted(self.pairs[:, 0], [request, request + 1])
        return self.pairs[first:last, 1]

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, Plan) and np.array_equal(self.pairs, other.pairs) and self.cost == other.cost

    __hash__ = None  # type: ignore[assignment]
