"""How likely a yes is: the ranking by metres is the ranking by likelihood, and history counts as it should."""

from math import exp, expm1, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartier.matching import likelihood
from quartier.matching.likelihood import History, Prior

PRIOR = Prior()
priors = st.builds(
    Prior,
    yes=st.floats(0.3, 5),
    no=st.floats(1, 30),
    distance_m=st.floats(500, 50_000),
    reply_min=st.floats(0.5, 500),
    reply_sigma=st.floats(0.2, 3),
)
histories = st.builds(History, expected=st.floats(0, 60), yes=st.integers(0, 40))


@given(priors, histories, histories, st.floats(0, 30_000), st.floats(0, 30_000))
def test_metres_and_habit_rank_by_the_likelihood_of_a_yes(prior, one, other, metres_one, metres_other):
    """Among those who are no readier than a newcomer, and not at the far end of the scale."""

    def both(history, metres):
        ready = min(likelihood.readiness(history, prior), prior.mean)
        habit = int(likelihood.habit_m(ready, prior))
        return metres + habit, ready * exp(-metres / prior.distance_m), habit

    cost_one, likely_one, habit_one = both(one, metres_one)
    cost_other, likely_other, habit_other = both(other, metres_other)
    if max(habit_one, habit_other) < likelihood.MOST_HABIT_M and abs(cost_one - cost_other) > 1:
        # Habits are whole metres: half a metre each may tip the scale.
        assert (cost_one < cost_other) == (likely_one > likely_other)


@given(priors, histories)
def test_readiness_is_a_probability_that_a_yes_raises_and_silence_lowers(prior, history):
    ready = likelihood.readiness(history, prior)
    assert 0 < ready < 1
    assert likelihood.readiness(History(history.expected + 1, history.yes + 1), prior) > ready * (1 - 1e-12)
    assert likelihood.readiness(History(max(history.expected, history.yes) + 1, history.yes), prior) < ready


def test_a_newcomer_is_not_put_back_and_nobody_goes_off_the_scale():
    assert likelihood.readiness(History(), PRIOR) == pytest.approx(PRIOR.mean)
    assert likelihood.habit_m(PRIOR.mean, PRIOR) == 0
    assert likelihood.habit_m(0.9, PRIOR) == 0
    assert likelihood.habit_m(1e-9, PRIOR) == likelihood.MOST_HABIT_M


def test_a_far_offer_not_accepted_counts_less_than_a_near_one():
    near, far = (float(likelihood.circumstances(metres, 0, 0, PRIOR)) for metres in (500, 12_000))
    assert likelihood.readiness(History(5 * near, 0), PRIOR) < likelihood.readiness(
        History(5 * far, 0), PRIOR
    )


def test_arrays_give_what_numbers_give():
    metres, load, asked = np.array([0, 800.0, 9000]), np.array([0, 1, 2]), np.array([0, 3, 1])
    expected, yes = np.array([0.0, 3.5, 9.0]), np.array([0, 1, 12])
    ready = likelihood.readiness(History(expected, yes), PRIOR)
    each = [likelihood.readiness(History(*pair), PRIOR) for pair in zip(expected, yes, strict=True)]
    assert ready.tolist() == each
    assert likelihood.habit_m(ready, PRIOR).tolist() == [int(likelihood.habit_m(one, PRIOR)) for one in each]
    factors = likelihood.circumstances(metres, load, asked, PRIOR)
    assert factors.tolist() == [
        likelihood.circumstances(*row, PRIOR) for row in zip(metres, load, asked, strict=True)
    ]


@given(priors, st.floats(0.01, 10_000))
def test_the_rough_share_of_answers_is_the_share_of_answers(prior, minutes):
    exact = likelihood.answered_within(minutes, prior)
    assert likelihood.answered_roughly(minutes, prior) == pytest.approx(exact, abs=0.0101)


@given(priors, st.floats(0.01, 0.99), st.floats(0, 500), st.floats(1, 500))
def test_what_is_still_to_come_is_never_more_than_what_was_hoped_for(prior, likely, ago, horizon):
    def to_come(ago, horizon):
        return -expm1(likelihood.log_silence([(likely, ago)], horizon, prior, surest=0.999))

    assert -1e-12 <= to_come(ago, horizon) <= likely + 1e-12
    assert to_come(0, 1e9) == pytest.approx(likely, abs=1e-3)


@given(priors, st.lists(st.tuples(st.floats(0, 0.99), st.floats(0, 500)), max_size=8), st.floats(1, 500))
def test_nobody_says_yes_when_none_of_them_does(prior, pending, horizon):
    each = [likelihood.log_silence([one], horizon, prior, surest=0.9) for one in pending]
    assert likelihood.log_silence(pending, horizon, prior, surest=0.9) == pytest.approx(sum(each))
    assert all(one >= log(1 - 0.9) - 1e-12 for one in each)


def test_what_is_long_ago_fades():
    weights = [likelihood.weight(days) for days in (0, 90, 91, 130, 170, 181)]
    assert weights == [1.0, 1.0, 0.75, 0.5, 0.25, 0.0]


@pytest.mark.parametrize("wrong", [{"yes": 0}, {"distance_m": -1}, {"load": 0}, {"fatigue": 1.2}])
def test_a_prior_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match="above 0"):
        Prior(**wrong)
