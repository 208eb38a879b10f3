"""A page that is loaded again while it rings: the one that is there now rings instead, and nothing else changes."""

import pytest

from quartier.callcore import Line, Standing, State, facts, orders
from quartier.callcore.tests.test_the_way import Evening, talking


def loaded(evening, leg, call="a"):
    return evening.tell(facts.PageLoaded, call=call, leg=leg)


def test_the_ring_goes_to_the_page_that_is_there_now():
    evening = Evening().on("Anna").on("Bert").rings().press("1").passes(5.0)
    loaded(evening, "a.1")
    assert [each for each in evening.orders if not isinstance(each, orders.Tell)] == [
        orders.Drop("a", "a.1"),
        orders.Ring("a", "a.3", "Anna"),
    ]
    assert set(evening.call.legs) == {"a.2", "a.3"}
    # Said again, it is no news.
    assert loaded(evening, "a.1").orders == []
    evening.answers("a.3")
    assert (evening.call.operator, evening.standing("Bert")) == ("Anna", Standing.AVAILABLE)


def test_it_rings_for_as_long_as_was_left():
    evening = loaded(Evening().on("Anna").rings().press("1").passes(15.0), "a.1")
    assert evening.passes(Line().ring_s - 15.1).standing("Anna") == Standing.RINGING
    assert evening.passes(0.1).standing("Anna") == Standing.PAUSED


@pytest.mark.parametrize(
    ("begin", "auto"),
    [
        (lambda: talking().asks("Anna", "consult", "Bert"), False),
        (lambda: talking().asks("Anna", "transfer", "Bert"), False),
        (lambda: talking().asks("Bert", "listen"), True),
        (lambda: talking().tell(facts.Lost, call="a", leg="a.1").on("Anna"), True),
    ],
    ids=["consult", "transfer", "listen", "mend"],
)
def test_whatever_it_rings_for_goes_on(begin, auto):
    evening = begin()
    state, (name,) = evening.call.state, evening.call.legs.values()
    loaded(evening, "a.2")
    assert evening.told(orders.Ring) == [orders.Ring("a", "a.3", name, auto=auto)]
    assert evening.call.state == state
    evening.answers("a.3")
    assert evening.standing(name) == Standing.IN_CALL


def test_a_call_of_ones_own_goes_on():
    evening = Evening().on("Anna").tell(facts.Dial, call="a", operator="Anna", to="Marie")
    assert loaded(evening, "a.1").told(orders.Ring) == [orders.Ring("a", "a.2", "Anna", auto=True)]
    assert evening.answers("a.2").call.state == State.CALLING


def test_whoever_has_answered_already_and_whoever_is_on_a_telephone_is_not_rung_anew():
    evening = Evening().on("Anna").rings().press("1").tell(facts.PickedUp, call="a", leg="a.1")
    assert loaded(evening, "a.1").orders == []
    evening = Evening().on("Bert", own_phone=True).rings().press("1")
    assert loaded(evening, "a.1").orders == []
    assert loaded(talking(), "a.1").orders == []
    assert loaded(talking(), "b.1", call="b").orders == []
