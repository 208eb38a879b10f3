"""Small problems of every shape, for the property tests."""

import numpy as np
from hypothesis import strategies as st

from quartier.engine import Problem, Requests, Volunteers

# Few places, so that many people share a building, a language or a reach exactly.
degrees = st.sampled_from([0.0, 0.001, 0.01, 0.013, 0.05, 0.2])
mask = st.integers(0, 7)


@st.composite
def volunteers(draw, least=0, most=14):
    n = draw(st.integers(least, most))

    def column(values):
        return np.array(draw(st.lists(values, min_size=n, max_size=n)), dtype=np.float64)

    return Volunteers(
        ids=np.arange(n) * 3,
        lat=50.0 + column(degrees),
        lon=4.0 + column(degrees),
        kinds=column(mask).astype(int),
        languages=column(mask).astype(int),
        slots=column(mask).astype(int),
        level=column(st.integers(0, 1)).astype(int),
        radius_m=column(st.sampled_from([0, 1500, 6000, 40_000])),
        capacity=column(st.integers(0, 3)).astype(int),
        asked=column(st.integers(0, 2)).astype(int),
        load=column(st.integers(0, 1)).astype(int),
        penalty_m=column(st.sampled_from([0, 0, 700.5])),
    )


@st.composite
def requests(draw, least=0, most=8):
    m = draw(st.integers(least, most))

    def column(values):
        return np.array(draw(st.lists(values, min_size=m, max_size=m)), dtype=np.float64)

    return Requests(
        ids=np.arange(m),
        lat=50.0 + column(degrees),
        lon=4.0 + column(degrees),
        kinds=column(st.sampled_from([1, 2, 4, 7])).astype(int),
        languages=column(st.sampled_from([1, 2, 7])).astype(int),
        slots=column(st.sampled_from([1, 6, 7])).astype(int),
        level=column(st.integers(0, 1)).astype(int),
        radius_m=column(st.sampled_from([0, 2000, 10_000, 60_000])),
        needed=column(st.integers(0, 3)).astype(int),
        weight_m=column(st.sampled_from([0, 900, 20_000, 60_000])),
        remote=column(st.integers(0, 1)).astype(bool),
    )


@st.composite
def problems(draw):
    who, what = draw(volunteers()), draw(requests())
    pairs = st.tuples(st.integers(0, max(0, len(what) - 1)), st.integers(0, max(0, len(who) - 1)))
    some = st.lists(pairs, max_size=5 if len(who) and len(what) else 0)
    return Problem(who, what, np.array(draw(some), dtype=int), np.array(draw(some), dtype=int))
