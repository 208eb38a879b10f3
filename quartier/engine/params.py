"""What the cost of sending a volunteer is made of. Everything is in metres: "as bad as living so much farther away"."""

from dataclasses import dataclass, fields
from math import isfinite

from quartier.engine.checks import MOST_METRES, BadProblem


@dataclass(frozen=True)
class Params:
    """The weights, in metres, and how hard `solve` tries. Raises `BadProblem` for values below 0 or not finite.

    asked_m        for each offer had already: the same few are not asked every time (fairness)
    load_m         for each visit carried already
    again_m        for each further place that one plan gives to the same volunteer (fairness within the plan)
    continuity_m   taken off for a volunteer whom the person knows already
    remote_share   help by phone counts this share of the distance, so that requests of one place do not all
                   want the same volunteers; the volunteers' reach still does not matter
    candidates     how many candidates each request begins with; 0: few in plenty, more otherwise. A request that
                   may want more gets more
    gap            solve until the plan is at most this share above the dual bound
    epsilon_m      first bid step of the auction, in metres; smaller is more exact and slower
    exact          when the auction stops above `gap`, go on with shortest paths until the plan is optimal
    """

    asked_m: float = 300.0
    load_m: float = 1000.0
    again_m: float = 1000.0
    continuity_m: float = 3000.0
    remote_share: float = 0.05
    candidates: int = 0
    gap: float = 0.0002
    epsilon_m: float = 64.0
    exact: bool = False

    def __post_init__(self) -> None:
        for each in fields(self):
            value = float(getattr(self, each.name))
            if not isfinite(value) or not 0 <= value <= MOST_METRES:
                raise BadProblem(f"params.{each.name}: {value} is not between 0 and {MOST_METRES:g}")
        if self.epsilon_m < 1:
            raise BadProblem(f"params.epsilon_m: {self.epsilon_m} is not at least 1 metre")
