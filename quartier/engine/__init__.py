"""The matching engine: who could help whom, for one request or for a whole country at once. Pure; NumPy and Numba."""

from quartier.engine.checks import BadProblem
from quartier.engine.compiled import warm
from quartier.engine.crowd import Crowd, Ranked
from quartier.engine.faults import faults
from quartier.engine.params import Params
from quartier.engine.plan import Plan
from quartier.engine.problem import Problem
from quartier.engine.rank import rank
from quartier.engine.requests import Requests
from quartier.engine.solve import solve
from quartier.engine.stop import Stop
from quartier.engine.volunteers import Volunteers

__all__ = [
    "BadProblem", "Crowd", "Params", "Plan", "Problem", "Ranked", "Requests", "Stop", "Volunteers",
    "faults", "rank", "solve", "warm",
]  # fmt: skip
