"""Two of a visit reach each other while it lasts, and not without end during one call."""

import pytest

from quartier.callcore import Outcome, State, facts, orders
from quartier.callcore.tests.test_the_way import Evening


def asked(**switchboard):
    evening = Evening(**switchboard).on("Anna").rings()
    return evening.tell(facts.Recognised, call="a", masked="visit", coming_s=5.0)


def test_the_other_one_is_rung_three_times_during_a_call():
    evening = asked()
    for number in (1, 2, 3):
        assert evening.press("1").told(orders.RingOut) == [orders.RingOut("a", f"a.{number}", "visit")]
        evening.tell(facts.Declined, call="a", leg=f"a.{number}", reason="busy")
        assert evening.played() == ["busy_line" if number < 3 else "not_put_through"]
    assert not evening.press("1").orders
    assert evening.call.failure == "busy"
    assert evening.passes(10.0).call.state == State.OFFERING


def test_whoever_speaks_with_the_other_one_is_parted_when_the_visit_is_over():
    evening = asked().press("1").answers("a.1")
    evening.tell(facts.MaskedOver, call="a", reason="over", after=20.0)
    assert {each.leg for each in evening.told(orders.Drop)} == {"", "a.1"}
    assert (evening.closed().outcome, evening.closed().talked_s) == (Outcome.ANSWERED, 20.0)


@pytest.mark.parametrize("is_open", [True, False])
def test_whoever_reaches_for_the_other_one_goes_to_the_team_when_the_visit_is_over(is_open):
    evening = asked(is_open=is_open).press("1").tell(facts.MaskedOver, call="a", reason="over")
    assert evening.told(orders.Drop) == [orders.Drop("a", "a.1")]
    assert evening.played() == ["not_put_through"]
    assert not evening.press("1").orders
    # Nobody comes any more either.
    assert not evening.press("2").orders
    evening.passes(10.0)
    assert evening.call.state == (State.OFFERING if is_open else State.CLOSED)
    assert evening.call.failure == "over"


def test_whoever_speaks_with_the_team_goes_on():
    evening = asked().passes(30.0)
    assert evening.call.state == State.OFFERING
    assert not evening.tell(facts.MaskedOver, call="a", reason="over").orders


def test_whoever_waits_long_before_choosing_whom_and_hangs_up_is_rung_back():
    evening = asked().tell(facts.HungUp, call="a", after=13.0)
    assert (evening.closed().outcome, evening.closed().ring_back) == (Outcome.ABANDONED, True)


def test_whoever_has_heard_who_comes_or_tried_to_reach_them_wanted_no_more():
    for does in (lambda evening: evening.press("2"), reached_for):
        evening = does(asked()).passes(13.0 if does is reached_for else 3.0)
        evening.tell(facts.HungUp, call="a")
        assert not evening.closed().ring_back


def reached_for(evening):
    return evening.press("1").tell(facts.Declined, call="a", leg="a.1", reason="busy")
