"""A supervisor listens to a call, stays with it, and is there for the caller when nobody else is."""

import pytest

from quartier.callcore import Standing, State, facts, orders
from quartier.callcore.tests.test_the_way import talking


def test_a_supervisor_listens_and_the_operator_is_told():
    evening = talking().asks("Bert", "listen")
    assert evening.told(orders.Ring) == [orders.Ring("a", "a.2", "Bert", auto=True)]
    evening.answers("a.2")
    assert evening.told(orders.Listen) == [orders.Listen("a", ("", "a.1"), "a.2")]
    assert orders.Tell("a", "Anna", "listened") in evening.orders
    evening.asks("Bert", "end")
    assert evening.told(orders.Drop) == [orders.Drop("a", "a.2")]
    assert evening.told(orders.Join) == [orders.Join("a", ("", "a.1"))]
    assert evening.standing("Bert") == Standing.WRAP_UP
    assert evening.call.state == State.BRIDGED


def listened():
    return talking().asks("Bert", "listen").answers("a.2").on("Carla")


def test_whoever_listens_stays_while_a_call_is_handed_on_and_hears_who_has_it_then():
    evening = listened().asks("Anna", "transfer", "Carla")
    assert (evening.standing("Bert"), evening.call.state) == (Standing.IN_CALL, State.TRANSFERRING)
    assert [(each.leg, each.prompt) for each in evening.told(orders.Play)] == [("a.2", "hold"), ("", "hold")]
    evening.answers("a.3")
    assert evening.told(orders.Listen) == [orders.Listen("a", ("", "a.3"), "a.2")]
    assert orders.Tell("a", "Carla", "listened") in evening.orders


@pytest.mark.parametrize("wish", ["consult", "third"])
def test_whoever_listens_stays_when_the_colleague_refuses(wish):
    evening = listened().asks("Anna", wish, "Carla").tell(facts.Declined, call="a", leg="a.3", reason="busy")
    assert evening.told(orders.Listen) == [orders.Listen("a", ("", "a.1"), "a.2")]
    assert (evening.standing("Bert"), evening.call.state) == (Standing.IN_CALL, State.BRIDGED)


def test_whoever_listens_stays_when_a_transfer_is_refused_and_somebody_else_takes_the_caller():
    evening = listened().asks("Anna", "transfer", "Carla").on("Dora")
    evening.tell(facts.Declined, call="a", leg="a.3", reason="busy")
    assert (evening.standing("Bert"), evening.call.state) == (Standing.IN_CALL, State.OFFERING)
    evening.answers("a.4")
    assert evening.told(orders.Listen) == [orders.Listen("a", ("", "a.4"), "a.2")]


def test_whom_a_colleague_who_is_not_free_does_not_take_is_heard_on():
    evening = listened().tell(facts.Paused, operator="Carla").asks("Anna", "transfer", "Carla")
    assert not evening.told(orders.Drop)
    assert not evening.told(orders.Play)
    assert evening.call.ear == "a.2"


def test_whoever_listens_may_go_while_the_caller_is_on_hold():
    evening = listened().asks("Anna", "hold").asks("Bert", "end")
    assert evening.told(orders.Drop) == [orders.Drop("a", "a.2")]
    assert not evening.told(orders.Join)
    assert evening.asks("Anna", "resume").told(orders.Join) == [orders.Join("a", ("", "a.1"))]


def test_whoever_listens_is_needed_when_nobody_else_could_take_the_caller():
    evening = talking().asks("Bert", "listen").answers("a.2").tell(facts.WentOff, operator="Anna")
    evening.tell(facts.Lost, call="a", leg="a.1").passes(evening.board.line.mend_s)
    assert (evening.call.state, evening.call.ear) == (State.OFFERING, "")
    assert evening.told(orders.Ring) == [orders.Ring("a", "a.3", "Bert")]


def talks_elsewhere(evening):
    """Carla is on another call."""
    return evening.on("Carla").rings("b").press("1", "b").answers("b.1", "b")


def loses_anna(evening):
    evening.tell(facts.WentOff, operator="Anna").tell(facts.Lost, call="a", leg="a.1")
    return evening.passes(evening.board.line.mend_s)


def waits_with_a_listener():
    """Anna's call is lost; Bert listens on; Carla writes notes, and is free in a moment."""
    evening = talks_elsewhere(talking().asks("Bert", "listen").answers("a.2"))
    evening = loses_anna(evening.tell(facts.HungUp, call="b"))
    assert (evening.call.state, evening.call.ear) == (State.QUEUED, "a.2")
    return evening


def test_whoever_listens_waits_for_nobody_else_s_talk_to_end():
    evening = loses_anna(talks_elsewhere(talking().asks("Bert", "listen").answers("a.2")))
    assert orders.Drop("a", "a.2") in evening.orders
    assert evening.told(orders.Ring) == [orders.Ring("a", "a.3", "Bert")]


@pytest.mark.parametrize("how", [facts.Paused, facts.WentOff])
def test_whoever_listens_is_needed_as_soon_as_the_last_other_one_goes(how):
    evening = waits_with_a_listener().tell(how, operator="Carla")
    assert orders.Drop("a", "a.2") in evening.orders
    assert evening.told(orders.Ring) == [orders.Ring("a", "a.3", "Bert")]
    assert evening.answers("a.3").told(orders.Join) == [orders.Join("a", ("", "a.3"))]


def test_whoever_listens_is_needed_when_the_last_other_one_does_not_answer():
    evening = waits_with_a_listener().passes(60.0)
    assert (evening.call.ear, list(evening.call.legs.values())) == ("a.2", ["Carla"])
    evening.passes(20.0)
    assert (evening.standing("Carla"), evening.call.ear) == (Standing.PAUSED, "")
    assert [each.operator for each in evening.told(orders.Ring)] == ["Bert"]


def test_whoever_goes_off_while_they_listen_is_not_rung():
    evening = (
        waits_with_a_listener().tell(facts.WentOff, operator="Bert").tell(facts.WentOff, operator="Carla")
    )
    assert (evening.standing("Bert"), evening.call.ear) == (Standing.OFFLINE, "")
    assert evening.passes(10.0).played() == ["nobody_here"]


def test_of_two_who_wait_with_a_listener_each_has_theirs():
    evening = talks_elsewhere(talking().asks("Bert", "listen").answers("a.2")).on("Dora")
    evening.tell(facts.Asked, operator="Dora", call="b", wish="listen").answers("b.2", "b")
    evening.tell(facts.WentOff, operator="Carla").tell(facts.Lost, call="b", leg="b.1")
    loses_anna(evening).answers("a.3")
    assert (evening.call.operator, list(evening.board.calls["b"].legs.values())) == ("Bert", ["Dora"])
