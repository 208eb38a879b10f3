"""General solvers on the engine's graph, each in its own best form. Needs the dependency group `bench`."""

import os
import time
from typing import Any

import numpy as np

from quartier.engine.edges import Edges
from quartier.engine.oracle import min_cost_flow


def ortools(edges: Edges) -> tuple[int, int, Any]:
    """Min-cost flow by cost scaling (OR-Tools). `(cost, unserved, edges of the plan)`, as all here."""
    return min_cost_flow(edges)


def highs(edges: Edges) -> tuple[int, int, Any]:
    """The linear programme of the flow, whose vertices are whole numbers (HiGHS, its own choice of method)."""
    import highspy

    m, n = len(edges.needed), len(edges.places) - 1
    capacity = np.diff(edges.places)
    steps = np.repeat(np.arange(n), capacity)
    request = np.repeat(np.arange(m), np.diff(edges.starts))
    e, s = len(request), len(steps)
    further = np.arange(s) - edges.places[steps]
    # Rows: each request gets its number, each volunteer's edges are paid for by its steps.
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = e + s + m, m + n
    model.col_cost_ = np.concatenate([edges.cost, further * edges.again, edges.empty]).astype(float)
    model.col_lower_ = np.zeros(e + s + m)
    model.col_upper_ = np.concatenate([np.ones(e + s), edges.needed]).astype(float)
    model.row_lower_ = np.concatenate([edges.needed, np.full(n, -np.inf)]).astype(float)
    model.row_upper_ = np.concatenate([edges.needed, np.zeros(n)]).astype(float)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.concatenate(
        [np.arange(e) * 2, 2 * e + np.arange(s), 2 * e + s + np.arange(m + 1)]
    ).astype(np.int32)
    pairs = np.stack([request, m + edges.row], axis=1).ravel()
    model.a_matrix_.index_ = np.concatenate([pairs, m + steps, np.arange(m)]).astype(np.int32)
    model.a_matrix_.value_ = np.concatenate([np.ones(2 * e), -np.ones(s), np.ones(m)])
    # Its banner goes past Python to the terminal, where the JSON lines go.
    said, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        solver = highspy.Highs()
        solver.silent()
        solver.passModel(model)
        solver.run()
    finally:
        os.dup2(said, 1)
        os.close(said)
        os.close(nowhere)
    flow = np.array(solver.getSolution().col_value[:e])
    return _plan(edges, np.flatnonzero(flow > 0.5))


def scipy(edges: Edges) -> tuple[int, int, Any]:
    """Sparse assignment of places to places (scipy, Jonker and Volgenant): every place of a request a row, with an
    empty place of its own. It may send one volunteer twice to one request: it knows no rule against it."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    rows, columns, weights, edge = _expanded(edges)
    columns_in_all = int(edges.places[-1] + edges.needed.sum())
    graph = csr_array((weights + 1.0, (rows, columns)), shape=(int(edges.needed.sum()), columns_in_all))
    found_rows, found_columns = min_weight_full_bipartite_matching(graph)
    where = csr_array((edge + 2.0, (rows, columns)), shape=graph.shape)
    taken = np.asarray(where[found_rows, found_columns]).ravel().astype(np.int64) - 2
    return _plan(edges, taken[taken >= 0])


def lap(edges: Edges) -> tuple[int, int, Any]:
    """Dense assignment (lap, Jonker and Volgenant), for small sizes only: the whole matrix is written out."""
    import lap as library

    rows, columns, weights, edge = _expanded(edges)
    shape = (int(edges.needed.sum()), int(edges.places[-1] + edges.needed.sum()))
    matrix, where = np.full(shape, 1e9), np.full(shape, -1)
    matrix[rows, columns], where[rows, columns] = weights, edge
    _cost, chosen, _back = library.lapjv(matrix, extend_cost=True)
    taken = where[np.arange(shape[0]), chosen]
    return _plan(edges, taken[taken >= 0])


def _expanded(edges: Edges) -> tuple[Any, Any, Any, Any]:
    """Rows, columns, costs and edge (-1: empty) of the problem in which every place stands alone."""
    of = np.repeat(np.arange(len(edges.needed)), edges.needed)
    counts = np.diff(edges.starts)
    rows = np.repeat(np.arange(len(of)), counts[of])
    edge = np.concatenate(
        [np.arange(edges.starts[r], edges.starts[r + 1]) for r in of] or [np.empty(0, dtype=int)]
    )
    capacity = np.diff(edges.places)[edges.row[edge]]
    step = np.arange(capacity.sum()) - np.repeat(np.cumsum(capacity) - capacity, capacity)
    columns = np.repeat(edges.places[edges.row[edge]], capacity) + step
    weights = np.repeat(edges.cost[edge], capacity) + step * edges.again
    alone = np.arange(len(of))
    return (
        np.concatenate([np.repeat(rows, capacity), alone]),
        np.concatenate([columns, edges.places[-1] + alone]),
        np.concatenate([weights, edges.empty[of]]).astype(float),
        np.concatenate([np.repeat(edge, capacity), np.full(len(of), -1)]),
    )


def _plan(edges: Edges, taken: Any) -> tuple[int, int, Any]:
    return (*edges.cost_of(taken), taken)


def feasible(edges: Edges, taken: Any) -> bool:
    """Whether a plan of edges keeps capacities, and sends two people where two are needed."""
    request = np.searchsorted(edges.starts, taken, side="right") - 1
    uses = np.bincount(edges.row[taken], minlength=len(edges.places) - 1)
    got = np.bincount(request, minlength=len(edges.needed))
    pairs = len(np.unique(request.astype(np.int64) * len(edges.places) + edges.row[taken]))
    return bool((uses <= np.diff(edges.places)).all() and (got <= edges.needed).all() and pairs == len(taken))


def timed(solver: Any, *given: Any) -> tuple[float, float, Any]:
    """Wall and processor seconds of a call, and what it gives."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = solver(*given)
    return time.perf_counter() - wall, time.process_time() - cpu, result
