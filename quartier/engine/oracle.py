"""The same graph solved by OR-Tools' min-cost flow: the oracle of the tests, and the peer of the benchmark."""

import numpy as np
from numpy.typing import NDArray

from quartier.engine.edges import Edges


def min_cost_flow(edges: Edges) -> tuple[int, int, NDArray[np.int64]]:
    """`(cost, unserved, used)` of the optimal plan; `used` int64[k]: the edges of the plan. Needs `ortools`."""
    from ortools.graph.python import min_cost_flow as ortools

    m, n = len(edges.needed), len(edges.places) - 1
    capacity = np.diff(edges.places)
    request = np.repeat(np.arange(m), np.diff(edges.starts))
    touched = np.unique(edges.row)
    end = m + n
    steps = np.repeat(touched, capacity[touched])
    further = np.arange(len(steps)) - np.repeat(
        np.cumsum(capacity[touched]) - capacity[touched], capacity[touched]
    )
    flow = ortools.SimpleMinCostFlow()
    to_volunteer = flow.add_arcs_with_capacity_and_unit_cost(
        request, m + edges.row, np.ones(len(request), dtype=np.int64), edges.cost.astype(np.int64)
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        m + steps, np.full(len(steps), end), np.ones(len(steps), dtype=np.int64), further * edges.again
    )
    to_empty = flow.add_arcs_with_capacity_and_unit_cost(
        np.arange(m), np.full(m, end), edges.needed.astype(np.int64), edges.empty.astype(np.int64)
    )
    flow.set_nodes_supplies(np.arange(m), edges.needed.astype(np.int64))
    flow.set_nodes_supplies(np.array([end]), np.array([-int(edges.needed.sum())]))
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise RuntimeError(f"OR-Tools found no plan: {status}")
    used = np.flatnonzero(flow.flows(to_volunteer))
    return int(flow.optimal_cost()), int(flow.flows(to_empty).sum()), used
