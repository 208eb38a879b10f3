"""Every way of asking keeps its word: within the budget, never less far, and a human in the end."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quartier.matching.likelihood import Prior
from quartier.matching.policies import FARTHEST_M, POLICIES, Settings, Standing, fewest

EACH = pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
# No organisation waits longer than this for a human, whatever it has chosen within the bounds of the page.
DAYS_MIN = 3 * 24 * 60

choosing = st.builds(
    Settings,
    wave_size=st.integers(1, 60),
    wave_minutes=st.floats(2, 60),
    daily_budget=st.integers(1, 10),
    waves_before_human=st.integers(1, 12),
)
offers = st.lists(st.tuples(st.floats(0, 0.95), st.floats(0, 600)), max_size=40)


@EACH
@given(
    settings=choosing,
    urgent=st.booleans(),
    places=st.integers(1, 20),
    radius_m=st.integers(500, 100_000),
    pending=offers,
)
def test_a_ladder_ends_in_a_human_and_never_looks_less_far(
    policy, settings, urgent, places, radius_m, pending
):
    waited, reach, steps = 0.0, 0, 0
    while step := policy.next_step(Standing(urgent, steps, places, radius_m, waited, pending), settings):
        kept = settings.daily_budget > 1 and not urgent
        assert step.budget is None or step.budget == settings.daily_budget - kept
        assert 0 <= step.size <= 10_000
        assert reach <= step.radius_m <= FARTHEST_M
        # Whoever asks nobody looks again, later.
        assert step.wait_min > 0
        assert step.enough is None or 0 <= step.enough <= 1
        reach, waited, steps = step.radius_m, waited + step.wait_min, steps + 1
        assert waited <= DAYS_MIN
    assert steps


@EACH
def test_the_last_step_is_the_widest(policy):
    settings, last, steps = Settings(), None, 0
    while step := policy.next_step(Standing(False, steps, 1, 5000, 0.0), settings):
        last, steps = step, steps + 1
    assert last.widest
    assert last.radius_m == 20_000


@given(settings=choosing, pending=offers, more=offers, waited=st.floats(0, 300))
def test_adaptive_asks_for_less_when_more_answers_are_to_come(settings, pending, more, waited):
    policy = POLICIES["adaptive"]
    few = policy.next_step(Standing(False, 0, 1, 5000, waited, pending), settings)
    many = policy.next_step(Standing(False, 0, 1, 5000, waited, pending + more), settings)
    assert many.size <= few.size
    assert many.enough <= few.enough


def test_adaptive_waits_while_enough_answers_are_to_come():
    step = POLICIES["adaptive"].next_step(Standing(False, 0, 1, 5000, 0.0, [(0.4, 1.0)] * 9), Settings())
    assert (step.size, step.wait_min) == (0, 5.0)


def test_adaptive_asks_more_for_an_urgent_request_and_for_two_neighbours():
    def enough(urgent, places):
        return POLICIES["adaptive"].next_step(Standing(urgent, 0, places, 5000, 0.0), Settings()).enough

    assert enough(False, 1) < enough(True, 1)
    assert enough(False, 1) < enough(False, 2)
    likelihoods = [0.15] * 100
    assert 10 <= fewest(likelihoods, enough(False, 1)) <= 20
    assert fewest(likelihoods, enough(False, 2)) == pytest.approx(
        2 * fewest(likelihoods, enough(False, 1)), abs=1
    )


def test_adaptive_is_sparing_where_there_are_too_many_requests():
    def ladder(offers_each, urgent=False):
        waited, steps, found = 0.0, 0, []
        while step := POLICIES["adaptive"].next_step(
            Standing(urgent, steps, 1, 5000, waited, (), offers_each), Settings()
        ):
            found.append((waited, fewest([0.12] * 200, step.enough)))
            waited, steps = waited + step.wait_min, steps + 1
        return found

    plenty, sparing = ladder(200.0), ladder(20.0)
    assert plenty[0][1] > 10
    assert {count for _, count in sparing} == {2}
    # All day long, instead of two hours.
    assert plenty[-1][0] < 3 * 60 < 12 * 60 < sparing[-1][0]
    urgent = ladder(20.0, urgent=True)
    assert urgent[0][1] > sparing[0][1]
    # A human takes over soon, however many ask.
    assert urgent[-1][0] < 3 * 60


@given(likelihoods=st.lists(st.floats(0, 1), max_size=30), enough=st.floats(0, 1))
def test_as_few_as_suffice(likelihoods, enough):
    def nobody(count):
        share = 1.0
        for each in likelihoods[:count]:
            share *= 1 - each
        return share

    count = fewest(likelihoods, enough)
    assert count == len(likelihoods) or nobody(count) <= 1 - enough
    assume(count > 0)
    assert nobody(count - 1) > 1 - enough


def test_a_slower_neighbourhood_is_asked_more_widely():
    quick, slow = (
        POLICIES["adaptive"].next_step(
            Standing(False, 0, 1, 5000, 0.0), Settings(prior=Prior(reply_min=minutes))
        )
        for minutes in (5.0, 60.0)
    )
    assert quick.enough < slow.enough
