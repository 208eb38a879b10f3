"""Whom the line rings does not come: the operator, or the neighbour who wanted them, hears why."""

import pytest

from quartier.callcore import Outcome, Standing, State, facts, orders
from quartier.callcore.tests.test_the_way import Evening


def calling(languages=("fr",)):
    evening = (
        Evening()
        .on("Anna", languages)
        .tell(facts.Dial, call="out", operator="Anna", to="Marie", language="fr")
    )
    return evening.answers("out.1", call="out")


def test_whom_an_operator_calls_may_be_lost():
    evening = calling().tell(facts.Lost, call="out", leg="")
    assert evening.closed().outcome == Outcome.UNREACHED
    assert evening.standing("Anna") == Standing.WRAP_UP


@pytest.mark.parametrize(
    ("reason", "prompt"),
    [
        ("busy", "failed_busy"),
        ("no_such_number", "failed_no_such_number"),
        ("forwarded", "failed_forwarded"),
        ("no_answer", "failed_no_answer"),
        ("refused", "failed_refused"),
        ("network", "failed_network"),
        ("", "failed_network"),
    ],
)
def test_an_operator_hears_and_is_told_why_nobody_comes(reason, prompt):
    evening = calling(("nl", "fr")).tell(facts.Declined, call="out", leg="", reason=reason)
    # In the operator's language, on the operator's leg; the other leg is over at once.
    assert evening.orders == [orders.Drop("out"), orders.Play("out", prompt, "nl", leg="out.1")]
    # Said again, or answered too late, it changes nothing.
    evening.tell(facts.Declined, call="out", leg="", reason="busy")
    assert not evening.orders
    assert not evening.answers("", call="out").orders
    evening.passes(6.0)
    assert (evening.closed().outcome, evening.closed().failure) == (Outcome.UNREACHED, reason or "network")
    assert (evening.standing("Anna"), evening.board.operators["Anna"].reason) == (
        Standing.WRAP_UP,
        reason or "network",
    )
    # It is not said of the next pause or call.
    evening.passes(60.0)
    assert (evening.standing("Anna"), evening.board.operators["Anna"].reason) == (Standing.AVAILABLE, "")


def test_an_operator_need_not_hear_it_to_the_end():
    evening = calling().tell(facts.Declined, call="out", leg="", reason="busy")
    evening.tell(facts.Asked, operator="Anna", call="out", wish="end")
    assert (evening.closed().outcome, evening.closed().failure) == (Outcome.UNREACHED, "busy")


@pytest.mark.parametrize("wish", ["hold", "transfer", "consult", "third"])
def test_with_nobody_there_yet_nobody_is_put_on_hold_or_handed_on_and_that_is_said(wish):
    evening = calling().on("Bert").tell(facts.Asked, operator="Anna", call="out", wish=wish, to="Bert")
    assert evening.orders == [orders.Tell("out", "Anna", "not_there_yet")]
    assert evening.board.calls["out"].state == State.CALLING


def test_who_rings_too_long_does_not_answer():
    evening = calling().passes(45.0)
    assert evening.told(orders.Drop)[0] == orders.Drop("out")
    assert evening.played() == ["failed_no_answer"]
    assert evening.passes(6.0).closed().failure == "no_answer"


@pytest.mark.parametrize(
    ("reason", "prompt"),
    [
        ("busy", "busy_line"),
        ("no_such_number", "no_such_number_other"),
        ("forwarded", "forwarded_other"),
        ("network", "network_other"),
        ("no_answer", "busy_other"),
        ("refused", "busy_other"),
        ("", "busy_other"),
    ],
)
def test_a_neighbour_hears_why_the_other_one_does_not_come(reason, prompt):
    evening = Evening().rings().tell(facts.Recognised, call="a", masked="visit").press("1")
    evening.tell(facts.Declined, call="a", leg="a.1", reason=reason)
    assert evening.played() == [prompt]
    assert evening.call.failure == (reason or "no_answer")
    evening.press("1").answers("a.2")
    assert evening.call.failure == ""


@pytest.mark.parametrize("is_open", [True, False])
def test_a_neighbour_who_may_not_be_put_through_is_told_so_and_goes_to_the_team(is_open):
    evening = Evening(is_open=is_open).on("Anna", ("nl",)).rings()
    evening.tell(facts.Recognised, call="a", language="nl", not_put_through="spent")
    assert [(each.prompt, each.language) for each in evening.told(orders.Play)] == [("not_put_through", "nl")]
    # There is nobody whom key 1 reaches.
    assert not evening.press("1").orders
    evening.passes(9.0)
    assert evening.call.failure == "spent"
    assert evening.call.state == (State.OFFERING if is_open else State.CLOSED)


@pytest.mark.parametrize(("end", "why"), [(facts.HungUp, "missed"), (facts.Lost, "cut_off")])
@pytest.mark.parametrize("waits_s", [1.0, 20.0])
def test_whom_we_called_and_lost_ourselves_is_called_again(waits_s, end, why):
    evening = calling().answers("", call="out").tell(facts.Lost, call="out", leg="out.1")
    assert evening.board.calls["out"].state == State.MENDING
    close = evening.passes(waits_s).tell(end, call="out").closed()
    assert (close.outcome, close.ring_back, close.why) == (Outcome.ANSWERED, True, why)


@pytest.mark.parametrize("end", [facts.HungUp, facts.Lost])
def test_whom_we_called_and_who_ends_it_is_not_called_again(end):
    close = calling().answers("", call="out").tell(end, call="out", after=30.0).closed()
    assert (close.outcome, close.ring_back, close.why) == (Outcome.ANSWERED, False, "")
