"""The matching engine: who could help whom, for one request or for a whole country at once. Pure; NumPy and Numba.

What is compiled is imported from its own file where it is used (`engine.solve`, `engine.rank`, `engine.crowd`): Numba
takes a process longer to read than all of Django, and most processes never plan.
"""

from quartier.engine.checks import BadProblem
from quartier.engine.faults import faults
from quartier.engine.params import Params
from quartier.engine.plan import Plan
from quartier.engine.problem import Problem
from quartier.engine.requests import Requests
from quartier.engine.stop import Stop
from quartier.engine.volunteers import Volunteers

__all__ = ["BadProblem", "Params", "Plan", "Problem", "Requests", "Stop", "Volunteers", "faults"]
