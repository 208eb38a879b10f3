"""What is asked, as columns."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quartier.engine.checks import MOST_METRES, BadProblem, column, unique

Column = NDArray[Any]


def _none() -> Column:
    return np.empty(0)


@dataclass(frozen=True, eq=False)
class Requests:
    """`m` requests; row `i` of every column is the same request. Raises `BadProblem` for impossible values.

    ids        int64    whatever the caller knows them by; no two alike
    lat, lon   float64  degrees
    kinds, languages, slots   int32   bit masks; a volunteer must share at least one bit of each
    level      int8     vetting level that a volunteer must have at least
    radius_m   float32  how far volunteers may live, metres
    needed     int16    how many different volunteers, 0 or more
    weight_m   float32  what leaving one place empty costs, in metres: more for what is urgent or waits long;
               a volunteer whose cost is not below it is not sent
    remote     bool     help by phone: distance and reach do not count
    """

    ids: Column
    lat: Column
    lon: Column
    kinds: Column
    languages: Column
    slots: Column
    level: Column
    radius_m: Column
    needed: Column
    weight_m: Column
    remote: Column = field(default_factory=_none)

    def __post_init__(self) -> None:
        m = len(np.asarray(self.ids))
        if not len(np.asarray(self.remote)):
            object.__setattr__(self, "remote", np.zeros(m, dtype=bool))
        for name, kind, low, high in (
            ("ids", np.int64, -(2**63), 2**63 - 1),
            ("lat", np.float64, -90, 90),
            ("lon", np.float64, -180, 180),
            ("kinds", np.int32, 0, 2**31 - 1),
            ("languages", np.int32, 0, 2**31 - 1),
            ("slots", np.int32, 0, 2**31 - 1),
            ("level", np.int8, -128, 127),
            ("radius_m", np.float32, 0, MOST_METRES),
            ("needed", np.int16, 0, 1000),
            ("weight_m", np.float32, 0, MOST_METRES),
            ("remote", np.bool_, 0, 1),
        ):
            checked = column(f"requests.{name}", getattr(self, name), m, kind, low, high)
            object.__setattr__(self, name, checked)
        unique("requests.ids", self.ids)

    def __len__(self) -> int:
        return len(self.ids)

    def row(self, position: int) -> "Requests":
        """Only that one. Raises `BadProblem` when there is none."""
        if not 0 <= position < len(self):
            raise BadProblem(f"requests: there is no row {position} of {len(self)}")
        return Requests(
            **{name: getattr(self, name)[position : position + 1] for name in self.__dataclass_fields__}
        )
