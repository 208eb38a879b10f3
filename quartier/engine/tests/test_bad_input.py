"""What cannot be a problem is refused, and the message says where."""

import numpy as np
import pytest

from quartier.engine import BadProblem, Params, Problem, Stop
from quartier.engine.crowd import Crowd
from quartier.engine.rank import rank
from quartier.engine.tests.test_solve import some_requests, some_volunteers


@pytest.mark.parametrize(
    ("column", "values", "words"),
    [
        ("lat", [50.0, np.nan, 50.0], "volunteers.lat: nan|volunteers.lat.*row 1"),
        ("lon", [4.0, 4.0, 181.0], "volunteers.lon.*row 2"),
        ("lat", [-91.0, 4.0, 4.0], "volunteers.lat.*row 0"),
        ("lat", [50.0, np.inf, 50.0], "volunteers.lat"),
        ("ids", [7, 3, 7], "volunteers.ids: 7 is there twice"),
        ("capacity", [1, -1, 1], "volunteers.capacity.*row 1"),
        ("radius_m", [-5.0, 1, 1], "volunteers.radius_m.*row 0"),
        ("kinds", [1, 2**31, 1], "volunteers.kinds.*row 1"),
        ("languages", [1, 1], "volunteers.languages: 3 values"),
        ("slots", [[1], [1], [1]], "volunteers.slots: 3 values"),
        ("level", ["a", "b", "c"], "volunteers.level: numbers"),
    ],
)
def test_volunteers(column, values, words):
    with pytest.raises(BadProblem, match=words):
        some_volunteers(3, **{column: values})


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("weight_m", [np.nan, 1]),
        ("needed", [-1, 1]),
        ("ids", [1, 1]),
        ("lon", [4, -180.5]),
        ("radius_m", [1, np.inf]),
    ],
)
def test_requests(column, values):
    with pytest.raises(BadProblem, match=f"requests.{column}"):
        some_requests(2, **{column: values})


def test_pairs():
    volunteers, requests = some_volunteers(2), some_requests(2)
    with pytest.raises(BadProblem, match="not there"):
        Problem(volunteers, requests, excluded=np.array([[0, 2]]))
    with pytest.raises(BadProblem, match="rows of"):
        Problem(volunteers, requests, known=np.array([0, 1]))
    assert len(Problem(volunteers, requests, excluded=np.array([[0, 1], [0, 1]])).excluded) == 1


def test_what_is_asked_of_the_engine():
    problem = Problem(some_volunteers(2), some_requests(2))
    with pytest.raises(BadProblem, match="no row 2"):
        rank(problem, 2, 1)
    with pytest.raises(BadProblem, match="k: 0"):
        rank(problem, 0, 0)
    with pytest.raises(BadProblem, match="no such volunteer"):
        Crowd(problem.volunteers).remove([5])
    with pytest.raises(BadProblem, match="0 or more"):
        Crowd(problem.volunteers).weigh([0], [np.nan])
    with pytest.raises(BadProblem, match=r"params\.again_m"):
        Params(again_m=float("nan"))
    with pytest.raises(BadProblem, match=r"params\.candidates"):
        Params(candidates=-1)
    with pytest.raises(ValueError, match="seconds"):
        Stop(float("nan"))
