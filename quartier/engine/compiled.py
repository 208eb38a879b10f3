"""Compiled functions: kept on disk, free of the interpreter's lock, and ready before anybody waits for them."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numba
import numpy as np


def compiled[Function: Callable[..., Any]](function: Function) -> Function:
    """Machine code for this function, compiled once on a machine and then read from its cache."""
    ready: Any = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    return cast(Function, ready)


def keep_in(folder: Path) -> None:
    """Where compiled code is kept, if the installation may not write beside the sources. Before `warm`."""
    os.environ.setdefault("NUMBA_CACHE_DIR", str(folder))
    numba.config.reload_config()  # type: ignore[no-untyped-call]


def warm() -> None:
    """Compile or read everything, by solving a tiny problem. Half a minute once on a machine, then a moment."""
    from quartier.engine import Params, Problem, Requests, Volunteers
    from quartier.engine.auction import Auction
    from quartier.engine.crowd import Crowd
    from quartier.engine.edges import Edges
    from quartier.engine.paths import shortest_paths
    from quartier.engine.rank import rank
    from quartier.engine.solve import solve

    n, ones = np.arange(8), np.ones(8, dtype=np.int32)
    volunteers = Volunteers(n, 50 + n / 1000, 4 + n / 1000, ones, ones, ones, ones, ones * 5000, ones)
    requests = Requests(
        n, 50 + n / 900, 4 + n / 900, ones, ones, ones, ones, ones * 5000, ones * 2, ones * 20000
    )
    problem, params = (
        Problem(volunteers, requests, known=np.array([[0, 1]])),
        Params(candidates=2, exact=True),
    )
    rank(problem, 0, 1)
    solve(problem, params=params)
    crowd = Crowd(volunteers)
    crowd.remove(n)
    crowd.restore(n)
    crowd.weigh(n, n)
    edges = Edges.of(problem, params, crowd.candidates(problem, n, 8))
    shortest_paths(edges)
    auction = Auction.of_edges(edges)
    for epsilon in (5000, 1):
        auction.phase(edges, epsilon)
        # With prices that nobody pays, free places look for takers.
        auction.owner[:], auction.place[:] = -1, -1
    auction.phase(edges, 1)
