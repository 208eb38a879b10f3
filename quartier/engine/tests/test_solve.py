"""Every plan is feasible, as good as the best, and the same again."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quartier.engine import Params, Problem, Requests, Stop, Volunteers, faults
from quartier.engine.oracle import min_cost_flow
from quartier.engine.paths import shortest_paths
from quartier.engine.solve import solve
from quartier.engine.tests.brute import dense_edges
from quartier.engine.tests.problems import problems, volunteers

EXACT = Params(gap=0, exact=True, candidates=2, epsilon_m=64)
# Costs are rounded to whole metres in one place and compared with those rounded in another.
ROUNDING = 1


@pytest.fixture(scope="module", autouse=True)
def _oracle():
    pytest.importorskip("ortools", exc_type=ImportError)


@settings(deadline=None, max_examples=150)
@given(problems())
def test_the_exact_plan_costs_what_the_oracle_says(problem):
    plan = solve(problem, params=EXACT)
    cost, _unserved, _used = min_cost_flow(dense_edges(problem, EXACT))
    assert faults(problem, plan) == []
    assert plan.cost == pytest.approx(cost, abs=ROUNDING * max(1, len(plan.pairs)))
    assert plan.gap == 0


@settings(deadline=None, max_examples=100)
@given(problems(), st.integers(0, 3), st.sampled_from([1, 3, 16]), st.sampled_from([1.0, 10.0, 3000.0]))
def test_every_plan_is_feasible_and_its_bound_holds(problem, seed, candidates, epsilon_m):
    params = Params(candidates=candidates, epsilon_m=epsilon_m, gap=0.001)
    plan = solve(problem, seed=seed, params=params)
    cost, _unserved, _used = min_cost_flow(dense_edges(problem, params))
    assert faults(problem, plan) == []
    assert 0 <= plan.gap <= 1
    assert plan.bound - ROUNDING * 10 <= cost <= plan.cost + ROUNDING * 10
    assert solve(problem, seed=seed, params=params) == plan


@settings(deadline=None, max_examples=60)
@given(problems())
def test_shortest_paths_and_their_prices_are_those_of_the_oracle(problem):
    edges = dense_edges(problem, EXACT)
    used, worth = shortest_paths(edges)
    cost, _unserved, _used = min_cost_flow(edges)
    assert edges.cost_of(np.flatnonzero(used))[0] == cost
    assert worth.min(initial=0) >= 0


@settings(deadline=None, max_examples=60)
@given(problems(), volunteers(least=1, most=3))
def test_another_volunteer_never_makes_the_best_plan_dearer(problem, more):
    def joined(name):
        ids = name == "ids"
        later = getattr(more, name) + (10_000 if ids else 0)
        return np.concatenate([getattr(problem.volunteers, name), later])

    names = Volunteers.__dataclass_fields__
    larger = replace(problem, volunteers=Volunteers(**{name: joined(name) for name in names}))
    before, after = solve(problem, params=EXACT), solve(larger, params=EXACT)
    assert after.cost <= before.cost + ROUNDING * (1 + len(before.pairs))


def plain(n, **columns):
    usual = {
        "lat": np.full(n, 50.0), "lon": np.full(n, 4.0), "kinds": np.ones(n), "languages": np.ones(n),
        "slots": np.ones(n), "level": np.zeros(n), "radius_m": np.full(n, 5000.0),
    }  # fmt: skip
    return {name: np.asarray(column) for name, column in {"ids": np.arange(n), **usual, **columns}.items()}


def some_volunteers(n, **columns):
    given = plain(n, **{"capacity": np.ones(n), **columns})
    return Volunteers(**given)


def some_requests(m, **columns):
    return Requests(**plain(m, **{"needed": np.ones(m), "weight_m": np.full(m, 20_000.0), **columns}))


def test_nobody_and_nothing():
    nobody, nothing = some_volunteers(0), some_requests(0)
    assert solve(Problem(nobody, nothing)).cost == 0
    plan = solve(Problem(nobody, some_requests(3)))
    assert (plan.unserved, len(plan.pairs), plan.gap) == (3, 0, 0)
    assert solve(Problem(some_volunteers(4), nothing)).unserved == 0


def test_a_request_nobody_may_serve_stays_empty_and_takes_nothing_from_the_others():
    problem = Problem(some_volunteers(3), some_requests(2, kinds=np.array([1, 2])))
    plan = solve(problem)
    assert plan.pairs[:, 0].tolist() == [0]
    assert plan.unserved == 1


def test_all_in_one_building():
    problem = Problem(some_volunteers(500), some_requests(700))
    plan = solve(problem, params=EXACT)
    assert (len(plan.pairs), plan.unserved, plan.gap) == (500, 200, 0)
    assert faults(problem, plan) == []


def test_capacity_0_is_nobody():
    plan = solve(Problem(some_volunteers(5, capacity=np.zeros(5)), some_requests(2)))
    assert (len(plan.pairs), plan.unserved) == (0, 2)


def test_a_place_at_sea_or_on_the_other_side_of_the_world_is_only_far():
    problem = Problem(
        some_volunteers(2), some_requests(2, lat=np.array([0.0, 50.0]), lon=np.array([-170.0, 4.0]))
    )
    assert solve(problem).pairs[:, 0].tolist() == [1]


def test_neighbours_on_both_sides_of_the_180th_meridian_are_near():
    problem = Problem(
        some_volunteers(2, lon=np.array([179.999, -179.99]), lat=np.full(2, -17.0)),
        some_requests(1, lon=np.array([-179.999]), lat=np.full(1, -17.0)),
    )
    plan = solve(problem)
    assert plan.pairs.tolist() == [[0, 0]]
    assert plan.metres[0] == pytest.approx(0.002 * 111_194.9 * np.cos(np.radians(17)), rel=1e-3)


def test_two_who_are_needed_are_two_people():
    plan = solve(Problem(some_volunteers(1, capacity=np.array([5])), some_requests(1, needed=np.array([2]))))
    assert (len(plan.pairs), plan.unserved) == (1, 1)


def test_who_knows_the_person_goes_rather_than_who_lives_nearer():
    problem = Problem(
        some_volunteers(2, lat=np.array([50.004, 50.01])), some_requests(1), known=np.array([[0, 1]])
    )
    assert solve(problem).pairs.tolist() == [[0, 1]]
    assert solve(problem, params=Params(continuity_m=0)).pairs.tolist() == [[0, 0]]


def test_work_is_shared_before_one_does_it_all():
    where = np.array([50.0, 50.004])
    problem = Problem(some_volunteers(2, lat=where, capacity=np.array([2, 2])), some_requests(2))
    assert sorted(solve(problem).pairs[:, 1].tolist()) == [0, 1]
    assert solve(problem, params=Params(again_m=0)).pairs[:, 1].tolist() == [0, 0]


def test_when_the_time_is_over_the_plan_is_still_feasible():
    problem = Problem(some_volunteers(300, capacity=np.full(300, 2)), some_requests(900))
    plan = solve(problem, stop=Stop(0), params=EXACT)
    assert faults(problem, plan) == []
    assert plan.gap >= 0


@pytest.mark.parametrize("rich", [0, 5000])
def test_an_empty_place_may_cost_anything(rich):
    # Prices climb to what an empty place costs: in steps of a metre that would be billions of bids.
    where = np.random.default_rng(1)
    n, m = 60 + rich, 40
    volunteers = some_volunteers(
        n, lat=50 + where.random(n) / 5, kinds=np.where(np.arange(n) < 60, 1, 2), radius_m=np.full(n, 40_000)
    )
    requests = some_requests(
        m,
        lat=50 + where.random(m) / 5,
        needed=np.full(m, 4),
        weight_m=np.full(m, 5e7),
        radius_m=np.full(m, 40_000),
    )
    problem = Problem(volunteers, requests)
    plan = solve(problem)
    assert faults(problem, plan) == []
    assert (plan.unserved, plan.gap < 0.0003) == (100, True)
