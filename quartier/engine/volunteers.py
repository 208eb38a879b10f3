"""Those who help, as columns."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quartier.engine.checks import MOST_METRES, column, unique

Column = NDArray[Any]


def _none() -> Column:
    return np.empty(0)


@dataclass(frozen=True, eq=False)
class Volunteers:
    """`n` volunteers; row `i` of every column is the same person. Raises `BadProblem` for impossible values.

    ids        int64    whatever the caller knows them by; no two alike
    lat, lon   float64  degrees
    kinds, languages, slots   int32   bit masks of what they do, speak, and when they are free
    level      int8     vetting level they have
    radius_m   float32  how far they go, metres (what one does by phone has no distance)
    capacity   int16    how many they can still take on, 0 or more
    asked      int16    offers had already in the period for which fairness counts
    load       int16    visits carried now
    penalty_m  float32  metres added to everything they could do (learned unreadiness), 0 or more
    """

    ids: Column
    lat: Column
    lon: Column
    kinds: Column
    languages: Column
    slots: Column
    level: Column
    radius_m: Column
    capacity: Column
    asked: Column = field(default_factory=_none)
    load: Column = field(default_factory=_none)
    penalty_m: Column = field(default_factory=_none)

    def __post_init__(self) -> None:
        n = len(np.asarray(self.ids))
        zeros = np.zeros(n, dtype=np.int16)
        for name in ("asked", "load", "penalty_m"):
            if not len(np.asarray(getattr(self, name))):
                object.__setattr__(self, name, zeros)
        for name, kind, low, high in (
            ("ids", np.int64, -(2**63), 2**63 - 1),
            ("lat", np.float64, -90, 90),
            ("lon", np.float64, -180, 180),
            ("kinds", np.int32, 0, 2**31 - 1),
            ("languages", np.int32, 0, 2**31 - 1),
            ("slots", np.int32, 0, 2**31 - 1),
            ("level", np.int8, -128, 127),
            ("radius_m", np.float32, 0, MOST_METRES),
            ("capacity", np.int16, 0, 30_000),
            ("asked", np.int16, 0, 30_000),
            ("load", np.int16, 0, 30_000),
            ("penalty_m", np.float32, 0, MOST_METRES),
        ):
            checked = column(f"volunteers.{name}", getattr(self, name), n, kind, low, high)
            object.__setattr__(self, name, checked)
        unique("volunteers.ids", self.ids)

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def nobody(cls) -> "Volunteers":
        """No volunteer at all."""
        nothing = np.empty(0, dtype=np.int64)
        return cls(*[nothing] * 9)
