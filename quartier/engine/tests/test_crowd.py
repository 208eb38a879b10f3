"""The tree finds whom a look at everybody finds, however they came and went."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quartier.engine import Params, Problem, Requests, Volunteers
from quartier.engine.crowd import Crowd
from quartier.engine.rank import rank
from quartier.engine.tests.brute import everybody
from quartier.engine.tests.problems import problems, requests, volunteers

CLOSE_M = 0.5


def agree(ranked, expected, k):
    """The same costs in the same order; who costs the same may change places."""
    assert len(ranked.rows) == min(k, len(expected))
    assert ranked.cost == pytest.approx([cost for cost, _v, _m in expected[:k]], abs=CLOSE_M)
    by_row = {row: cost for cost, row, _m in expected}
    for row, cost in zip(ranked.rows.tolist(), ranked.cost, strict=True):
        assert by_row[row] == pytest.approx(cost, abs=CLOSE_M)


def together(first, later):
    names = Volunteers.__dataclass_fields__
    return {name: np.concatenate([getattr(first, name), getattr(later, name)]) for name in names}


@settings(deadline=None, max_examples=100)
@given(problems(), st.integers(1, 20))
def test_rank_finds_the_cheapest(problem, k):
    crowd = Crowd(problem.volunteers)
    for r, expected in enumerate(everybody(problem)):
        agree(rank(problem, r, k, crowd=crowd), expected, k)


@settings(deadline=None, max_examples=60)
@given(
    volunteers(least=1),
    volunteers(most=6),
    requests(least=1, most=3),
    st.lists(st.tuples(st.sampled_from(["remove", "restore", "weigh"]), st.integers(0, 10_000)), max_size=30),
)
def test_people_come_and_go_without_a_rebuild(first, later, asked, steps):
    crowd = Crowd(first)
    crowd.add(later)
    both = together(first, later)
    both["ids"] = np.arange(len(both["ids"]))
    present = both["capacity"] > 0
    weight = np.zeros(len(present), dtype=np.float32)
    plain = Params(asked_m=1, load_m=1)
    weight += both["asked"] * np.float32(crowd.params.asked_m) + both["load"] * np.float32(
        crowd.params.load_m
    )
    weight += both["penalty_m"].astype(np.float32)
    for what, number in steps:
        row = number % len(present)
        if what == "weigh":
            weight[row] = number % 5000
            crowd.weigh([row], [number % 5000])
        else:
            present[row] = what == "restore"
            getattr(crowd, what)([row])
    zeros = np.zeros(len(present))
    problem = Problem(Volunteers(**{**both, "asked": zeros, "load": zeros, "penalty_m": weight}), asked)
    assert len(crowd) == present.sum()
    for r, expected in enumerate(everybody(problem, plain, present)):
        agree(crowd.rank(asked, 5, row=r), [(c, v, m) for c, v, m in expected], 5)


def test_thousands_come_and_go():
    draw = np.random.default_rng(1)

    def some(n, first):
        ones = np.ones(n, dtype=int)
        lat, lon = 50 + draw.random(n) ** 3, 4 + draw.random(n) ** 3
        return Volunteers(np.arange(first, first + n), lat, lon, ones, ones, ones, ones, ones * 20_000, ones)

    old, new = some(1000, 0), some(3000, 1000)
    crowd = Crowd(old)
    crowd.add(new)
    gone = draw.permutation(4000)[:1500]
    crowd.remove(gone)
    back = gone[:700]
    crowd.restore(back)
    both = Volunteers(**together(old, new))
    present = np.ones(4000, dtype=bool)
    present[gone[700:]] = False
    one = np.ones(40, dtype=int)
    asked = Requests(
        np.arange(40),
        50 + draw.random(40),
        4 + draw.random(40),
        one,
        one,
        one,
        one,
        one * 15_000,
        one,
        one * 20_000,
    )
    for r, expected in enumerate(everybody(Problem(both, asked), present=present)):
        agree(crowd.rank(asked, 12, row=r), expected, 12)


def test_nobody_can_be_ranked_too():
    nobody = Volunteers.nobody()
    one = np.ones(1)
    asked = Requests(one, one * 50, one * 4, one, one, one, one, one * 5000, one, one * 20_000)
    assert len(Crowd(nobody).rank(asked, 3).rows) == 0
