"""What every array of a problem must satisfy before any search begins: a wrong row is an error, never a wrong plan."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

# As far as a count of metres fits every sum that the engine makes (a 32-bit cost; twice round the Earth).
MOST_METRES = 80_000_000.0


class BadProblem(ValueError):
    """The data cannot be a matching problem. The message names the array, the row and the value."""


def column(
    name: str, values: ArrayLike, length: int | None, kind: Any, low: float, high: float
) -> NDArray[Any]:
    """The values as a one-dimensional array of `kind`, all between `low` and `high`; raises `BadProblem`."""
    given = np.asarray(values)
    if given.ndim != 1 or (length is not None and len(given) != length):
        raise BadProblem(
            f"{name}: {length if length is not None else 'some'} values in a row, not {given.shape}"
        )
    if given.dtype.kind not in "biuf":
        raise BadProblem(f"{name}: numbers, not {given.dtype}")
    if len(given):
        # NaN compares false with everything, so this finds it too.
        wrong = ~((given >= low) & (given <= high))
        if wrong.any():
            row = int(np.argmax(wrong))
            raise BadProblem(f"{name}: {given[row]!r} in row {row} is not between {low:g} and {high:g}")
    return np.ascontiguousarray(given, dtype=kind)


def unique(name: str, ids: NDArray[np.int64]) -> None:
    """Raises `BadProblem` when one id stands twice."""
    if len(ids) < 2:
        return
    if bool(np.all(ids[1:] > ids[:-1])):
        return
    ordered = np.sort(ids)
    twice = ordered[1:] == ordered[:-1]
    if twice.any():
        raise BadProblem(f"{name}: {int(ordered[1:][twice][0])} is there twice")
