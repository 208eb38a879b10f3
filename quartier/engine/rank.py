"""The cheapest volunteers for one request."""

from quartier.engine.crowd import Crowd, Ranked
from quartier.engine.params import Params
from quartier.engine.problem import Problem


def rank(
    problem: Problem, request: int, k: int, *, params: Params | None = None, crowd: Crowd | None = None
) -> Ranked:
    """The `k` cheapest who may be sent to the request in row `request`, exact, the cheapest first.

    Who asks often gives the `crowd` of the problem's volunteers (`Crowd(problem.volunteers)`), which is otherwise laid
    out anew. Raises `BadProblem` when there is no such row.
    """
    one = problem.requests.row(request)
    starts, rows = problem.starts("excluded")
    out = rows[starts[request] : starts[request + 1]]
    return (crowd or Crowd(problem.volunteers, params)).rank(one, k, excluded=out)
