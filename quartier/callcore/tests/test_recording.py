"""A talk is recorded: asked for, agreed to with a key, resting, over, and kept."""

import pytest

from quartier.callcore import Line, Outcome, Recording, State, facts, orders
from quartier.callcore.tests.test_the_way import talking


def asked(**line):
    """Anna has asked Marie, who hears the question."""
    evening = talking()
    evening.board.line = Line(records=True, **line)
    evening.asks("Anna", "record")
    return evening


def agreed(**line):
    return asked(**line).press("1", after=3.0)


def joined(evening):
    """The part under which what they say now is recorded; 0: it is not."""
    (order,) = evening.told(orders.Join)
    assert order.legs == ("", "a.1")
    return order.part


def kept(evening):
    return [order.part for order in evening.told(orders.Keep)]


def test_the_caller_is_asked_while_the_operator_waits():
    evening = asked()
    assert evening.played() == ["consent_record"]
    assert not evening.told(orders.Join)
    assert (evening.call.state, evening.call.operator) == (State.CONSENTING, "Anna")


def test_one_agrees():
    evening = agreed()
    assert joined(evening) == 1
    assert (evening.call.state, evening.call.tape.state) == (State.BRIDGED, Recording.ON)
    assert evening.call.tape.began == evening.at


@pytest.mark.parametrize(
    "no", [lambda it: it.press("2"), lambda it: it.press("#"), lambda it: it.passes(18.0)]
)
def test_another_key_and_silence_are_a_no(no):
    evening = no(asked())
    assert joined(evening) == 0
    assert (evening.call.state, evening.call.tape.state) == (State.BRIDGED, Recording.REFUSED)
    assert not kept(evening.tell(facts.HungUp, call="a"))


def test_the_operator_thinks_better_of_it():
    evening = asked().asks("Anna", "stop_record")
    assert (joined(evening), evening.call.tape.state) == (0, Recording.NONE)


def test_the_longest_talk_is_as_long_after_the_question_as_before():
    evening = talking()
    ends = evening.call.until
    evening.board.line = Line(records=True)
    assert evening.asks("Anna", "record").press("1", after=5.0).call.until == ends


def test_where_the_group_does_not_want_it_nobody_is_asked():
    evening = talking().asks("Anna", "record")
    assert evening.orders == [orders.Tell("a", "Anna", "no_recording")]
    assert evening.call.state == State.BRIDGED


def test_nobody_but_the_operator_asks():
    evening = talking()
    evening.board.line = Line(records=True)
    assert evening.asks("Bert", "record").orders == [orders.Tell("a", "Bert", "not_yours")]


def test_a_pause_is_not_recorded_and_the_clock_stands_still():
    evening = agreed()
    evening.asks("Anna", "pause_record")
    assert joined(evening) == 0
    assert (evening.call.tape.state, evening.call.tape.began) == (Recording.PAUSED, None)
    evening.at += 30.0
    evening.asks("Anna", "resume_record")
    assert joined(evening) == 1
    assert evening.call.tape.began == evening.at
    evening.at += 10.0
    evening.asks("Anna", "stop_record")
    assert (kept(evening), joined(evening), evening.call.tape.seconds) == ([1], 0, 10.0)


def test_on_hold_it_rests_and_goes_on_by_itself():
    evening = agreed().asks("Anna", "hold")
    assert (evening.call.tape.state, evening.call.tape.since) == (Recording.ON, None)
    assert not kept(evening)
    assert joined(evening.asks("Anna", "resume")) == 1


def test_who_pauses_it_on_hold_finds_it_paused():
    evening = agreed().asks("Anna", "hold").asks("Anna", "pause_record")
    assert not evening.told(orders.Join)
    assert joined(evening.asks("Anna", "resume")) == 0


@pytest.mark.parametrize("wish", ["transfer", "consult", "third"])
def test_it_is_over_when_a_colleague_comes_in_and_the_next_one_sees_it(wish):
    evening = agreed().asks("Anna", wish, "Bert")
    assert kept(evening) == [1]
    assert evening.call.tape.state == Recording.KEPT
    evening.answers("a.2")
    assert all(not order.part for order in evening.told(orders.Join))
    assert evening.call.tape.state == Recording.KEPT


def test_a_colleague_who_is_busy_ends_nothing():
    evening = agreed().asks("Anna", "transfer", "Nobody")
    assert not kept(evening)
    assert evening.call.tape.state == Recording.ON


@pytest.mark.parametrize(
    "end",
    [
        lambda it: it.tell(facts.HungUp, call="a"),
        lambda it: it.tell(facts.HungUp, call="a", leg="a.1"),
        lambda it: it.tell(facts.Lost, call="a"),
        lambda it: it.asks("Anna", "end"),
        lambda it: it.tell(facts.Tick, after=4 * 3600.0),
    ],
    ids=["caller", "operator", "lost", "end", "forgotten"],
)
def test_the_end_of_the_call_is_its_end_and_it_is_kept_before_the_call_is_counted(end):
    evening = end(agreed())
    assert kept(evening) == [1]
    kinds = [type(order) for order in evening.orders]
    assert kinds.index(orders.Keep) < kinds.index(orders.Close)
    assert evening.closed().outcome == Outcome.ANSWERED


def test_a_browser_that_is_lost_ends_it_and_there_may_be_another_part():
    evening = agreed().tell(facts.Lost, call="a", leg="a.1")
    assert (kept(evening), evening.call.state) == ([1], State.MENDING)
    evening.on("Anna", after=2.0).answers("a.3" if "a.3" in evening.call.legs else "a.2")
    assert evening.call.tape.state == Recording.KEPT
    evening.asks("Anna", "record").press("1")
    assert [order.part for order in evening.told(orders.Join)] == [2]
    assert kept(evening.tell(facts.HungUp, call="a")) == [2]


def test_who_puts_the_caller_on_hold_takes_the_question_back():
    evening = asked()
    ends = evening.call.tape.talk_until
    evening.asks("Anna", "hold")
    assert (evening.call.state, evening.played(), evening.call.until) == (State.HELD, ["hold"], ends)
    # Pressed too late, it answers nothing.
    evening.press("1")
    assert (evening.call.state, evening.call.tape.state) == (State.HELD, Recording.NONE)
    assert joined(evening.asks("Anna", "resume")) == 0


@pytest.mark.parametrize(
    ("wish", "state"),
    [
        ("transfer", State.TRANSFERRING),
        ("consult", State.CONSULTING),
        ("third", State.CONSULTING),
    ],
)
def test_who_brings_a_colleague_takes_the_question_back(wish, state):
    evening = asked().asks("Anna", wish, "Bert")
    assert (evening.call.state, evening.played()) == (state, ["hold"])
    assert [each.operator for each in evening.told(orders.Ring)] == ["Bert"]
    evening.press("1").answers("a.2")
    assert not kept(evening)
    assert evening.call.tape.state == Recording.NONE


def test_while_no_colleague_is_free_the_question_stands():
    evening = asked().asks("Anna", "transfer", "Nobody")
    assert evening.orders == [orders.Tell("a", "Anna", "busy")]
    assert joined(evening.press("1")) == 1


def test_who_is_lost_while_the_caller_is_asked_is_awaited():
    evening = asked().tell(facts.Lost, call="a", leg="a.1")
    assert evening.call.state == State.MENDING
    assert not kept(evening)


def test_none_is_longer_than_it_may_be():
    evening = agreed(record_s=60.0).passes(59.0)
    assert not kept(evening)
    evening.passes(1.0)
    assert (kept(evening), joined(evening), evening.call.tape.seconds) == ([1], 0, 60.0)


def test_nobody_listens_to_a_talk_that_is_recorded():
    evening = agreed().asks("Bert", "listen")
    assert evening.orders == [orders.Tell("a", "Bert", "recorded")]
    listened = talking().asks("Bert", "listen").answers("a.2")
    listened.board.line = Line(records=True)
    listened.asks("Anna", "record")
    assert listened.told(orders.Drop) == [orders.Drop("a", "a.2")]


def test_whom_we_call_is_asked_too():
    evening = talking().on("Carla").tell(facts.Dial, call="out", operator="Carla", to="Marie", language="nl")
    evening.board.line = Line(records=True)
    evening.answers("out.1", call="out").answers("", call="out")
    evening.tell(facts.Asked, operator="Carla", call="out", wish="record")
    assert [(each.prompt, each.language, each.leg) for each in evening.told(orders.Play)] == [
        ("consent_record", "nl", "")
    ]
