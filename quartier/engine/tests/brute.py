"""What the engine finds, worked out the slow way."""

import numpy as np

from quartier.engine import Params
from quartier.engine.candidates import Candidates
from quartier.engine.crowd import extra_m
from quartier.engine.edges import Edges


def everybody(problem, params=None, present=None):
    """For each request its eligible volunteers as (cost, row, metres), cheapest first."""
    params = params or Params()
    volunteers, requests = problem.volunteers, problem.requests
    extra = extra_m(volunteers, params).astype(np.float64)
    out = {(int(r), int(v)) for r, v in problem.excluded}
    found = []
    for r in range(len(requests)):
        rows = np.arange(len(volunteers))
        metres = problem.distance_m(np.full(len(rows), r), rows)
        may = (
            (volunteers.kinds & requests.kinds[r] > 0)
            & (volunteers.languages & requests.languages[r] > 0)
            & (volunteers.slots & requests.slots[r] > 0)
            & (volunteers.level >= requests.level[r])
            & ((volunteers.capacity > 0) if present is None else present)
        )
        if not requests.remote[r]:
            may &= (metres <= volunteers.radius_m) & (metres <= requests.radius_m[r])
        share = params.remote_share if requests.remote[r] else 1.0
        cost = metres * share + extra
        found.append(sorted((cost[v], int(v), metres[v]) for v in rows[may] if (r, int(v)) not in out))
    return found


def dense_edges(problem, params):
    """The graph with everybody in it."""
    lists = [
        [each for each in found if each[0] < problem.requests.weight_m[r]]
        for r, found in enumerate(everybody(problem, params))
    ]
    k = max([1, *map(len, lists)]) + 1
    found = Candidates(
        np.array([len(each) for each in lists], dtype=np.int32),
        np.zeros((len(lists), k), dtype=np.int32),
        np.zeros((len(lists), k), dtype=np.float32),
        np.zeros((len(lists), k)),
    )
    for r, those in enumerate(lists):
        for i, (cost, row, metres) in enumerate(those):
            found.cost[r, i], found.row[r, i], found.metres[r, i] = cost, row, metres
    return Edges.of(problem, params, found)
