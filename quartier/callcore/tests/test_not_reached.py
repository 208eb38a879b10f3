"""No phone rang, or it answered and was not connected: nobody has missed anything, and nobody is rung without end."""

import pytest

from quartier.callcore import Line, Outcome, Standing, State, facts, orders
from quartier.callcore.operator import FAILED_RING_RESTS_S, UNREACHABLE_REASON
from quartier.callcore.tests.test_the_way import Evening, talking


def by_network(evening, leg):
    return evening.tell(facts.Declined, call="a", leg=leg, reason="network")


def by_connecting(evening, leg):
    evening.tell(facts.PickedUp, call="a", leg=leg)
    return evening.tell(facts.Declined, call="a", leg=leg)


def by_hanging_up_in_silence(evening, leg):
    evening.tell(facts.PickedUp, call="a", leg=leg)
    return evening.tell(facts.HungUp, call="a", leg=leg)


def by_loss(evening, leg):
    return evening.tell(facts.Lost, call="a", leg=leg)


def stands(evening, name="Anna"):
    one = evening.board.operators[name]
    return one.standing, one.reason


def rung(evening):
    return [order.operator for order in evening.told(orders.Ring)]


@pytest.mark.parametrize("fails", [by_network, by_connecting, by_hanging_up_in_silence, by_loss])
def test_whose_phone_was_not_reached_is_free_and_is_rung_again_a_little_later(fails):
    evening = Evening().on("Anna").rings().press("1")
    idle, waits = evening.board.operators["Anna"].idle_since, evening.call.waits_since
    evening.at += 2.0
    fails(evening, "a.1")
    assert stands(evening) == (Standing.AVAILABLE, UNREACHABLE_REASON)
    assert not rung(evening)
    assert orders.Tell("a", "Anna", "missed") not in evening.orders
    assert (evening.call.state, evening.call.waits_since) == (State.QUEUED, waits)
    assert evening.board.operators["Anna"].idle_since == idle
    assert not rung(evening.passes(FAILED_RING_RESTS_S[0] - 0.1))
    assert rung(evening.passes(0.1)) == ["Anna"]
    evening.answers("a.2")
    assert evening.call.state == State.BRIDGED
    assert stands(evening) == (Standing.IN_CALL, "")


def test_meanwhile_others_are_rung():
    evening = by_network(Evening().on("Anna").rings().press("1"), "a.1")
    assert rung(evening.on("Bert")) == ["Bert"]


def test_a_phone_that_is_never_reached_is_paused_and_the_caller_does_not_wait_for_ever():
    evening = Evening().on("Anna").rings().press("1")
    for number, rest in enumerate((*FAILED_RING_RESTS_S, 0.0), 1):
        assert stands(evening)[0] == Standing.RINGING
        by_network(evening, f"a.{number}").passes(rest)
    assert stands(evening) == (Standing.PAUSED, UNREACHABLE_REASON)
    assert not rung(evening.passes(60.0))
    evening.passes(Line().longest_s + Line().message_s)
    assert evening.passes(60.0).board.calls == {}
    # Ready again, they begin anew.
    evening.tell(facts.Resumed, operator="Anna").rings("b").press("1", call="b")
    evening.tell(facts.Declined, call="b", leg="b.1", reason="network")
    assert stands(evening)[0] == Standing.AVAILABLE


def test_a_number_that_does_not_exist_is_not_rung_again():
    evening = Evening().on("Anna", own_phone=True).rings().press("1")
    evening.tell(facts.Declined, call="a", leg="a.1", reason="no_such_number")
    assert stands(evening) == (Standing.PAUSED, UNREACHABLE_REASON)


def silent_until_it_has_rung_long_enough(evening):
    return evening.passes(Line().ring_s)


def unreachable_for_its_carrier(evening):
    return evening.tell(facts.Declined, call="a", leg="a.1", reason="no_answer")


def engaged(evening):
    return evening.tell(facts.Declined, call="a", leg="a.1", reason="busy")


@pytest.mark.parametrize("ends", [silent_until_it_has_rung_long_enough, unreachable_for_its_carrier, engaged])
def test_an_own_phone_that_never_rang_has_missed_nothing(ends):
    evening = ends(Evening().on("Anna", own_phone=True).rings().press("1"))
    assert stands(evening) == (Standing.AVAILABLE, UNREACHABLE_REASON)
    assert orders.Tell("a", "Anna", "missed") not in evening.orders
    assert rung(evening.passes(FAILED_RING_RESTS_S[0])) == ["Anna"]
    # It rings now: who does not answer has missed it.
    evening.tell(facts.Alerted, call="a", leg="a.2")
    evening.tell(facts.Declined, call="a", leg="a.2", reason="no_answer")
    assert stands(evening) == (Standing.PAUSED, "missed")


def test_an_own_phone_that_never_rings_is_paused_at_last():
    evening = Evening().on("Anna", own_phone=True).rings().press("1")
    for rest in (*FAILED_RING_RESTS_S, 0.0):
        assert stands(evening)[0] == Standing.RINGING
        evening.passes(Line().ring_s).passes(rest)
    assert stands(evening) == (Standing.PAUSED, UNREACHABLE_REASON)


def test_rings_that_fail_count_only_in_a_row():
    evening = Evening().on("Anna")
    for call in "abcdef":
        evening.rings(call).press("1", call=call)
        evening.tell(facts.Declined, call=call, leg=f"{call}.1", reason="network")
        evening.passes(FAILED_RING_RESTS_S[0]).answers(f"{call}.2", call=call)
        assert stands(evening)[0] == Standing.IN_CALL
        evening.tell(facts.HungUp, call=call).tell(facts.Resumed, operator="Anna")


def test_whoever_lets_it_ring_or_presses_another_key_has_missed_it_as_before():
    evening = Evening().on("Anna").rings().press("1").passes(20.0)
    assert stands(evening) == (Standing.PAUSED, "missed")
    evening = Evening().on("Bert", own_phone=True).rings().press("1")
    evening.tell(facts.PickedUp, call="a", leg="a.1").answers("a.1").tell(facts.HungUp, call="a", leg="a.1")
    assert stands(evening, "Bert") == (Standing.PAUSED, "missed")


def test_a_pause_of_ones_own_goes_on():
    evening = Evening().on("Anna").tell(facts.Paused, operator="Anna", reason="meal")
    evening.tell(facts.Dial, call="a", operator="Anna", to="Marie")
    assert by_network(evening, "a.1").closed().outcome == Outcome.UNREACHED
    assert stands(evening) == (Standing.PAUSED, "meal")
    assert stands(evening.passes(60.0)) == (Standing.PAUSED, "meal")


def test_whoever_asks_a_colleague_who_is_not_reached_is_back_with_the_caller_and_may_ask_again():
    evening = by_network(talking().asks("Anna", "consult", "Bert"), "a.2")
    assert evening.call.state == State.BRIDGED
    assert stands(evening, "Bert") == (Standing.AVAILABLE, UNREACHABLE_REASON)
    assert rung(evening.asks("Anna", "consult", "Bert")) == ["Bert"]
