"""Who could serve each request: the cheapest few, in rows of one length."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Candidates:
    """Row `i` belongs to one request; its first `count[i]` entries count, cheapest first.

    count    int32[m]
    row      int32[m, k]     rows of volunteers
    metres   float32[m, k]
    cost     float64[m, k]   metres and all that the parameters add
    A request with `count == k` may have more who could serve it, none of them cheaper than its last.
    """

    count: NDArray[np.int32]
    row: NDArray[np.int32]
    metres: NDArray[np.float32]
    cost: NDArray[np.float64]

    @property
    def k(self) -> int:
        return int(self.row.shape[1])
