"""A caller on hold is on hold until the operator takes them back, whatever becomes of the operator's page."""

from quartier.callcore import Line, State, facts, orders
from quartier.callcore.tests.test_the_way import talking


def lost_on_hold():
    """Marie is on hold, and Anna's page is loaded again."""
    evening = talking().asks("Anna", "hold")
    assert evening.played() == ["hold"]
    return evening.tell(facts.Lost, call="a", leg="a.1")


def test_the_music_plays_on_while_the_page_is_loaded_again():
    evening = lost_on_hold()
    assert (evening.call.state, evening.played()) == (State.MENDING, [])


def test_the_page_that_is_back_finds_the_caller_on_hold():
    evening = lost_on_hold().on("Anna", after=2.0)
    assert evening.told(orders.Ring) == [orders.Ring("a", "a.2", "Anna", auto=True)]
    evening.answers("a.2")
    assert (evening.call.state, evening.call.operator) == (State.HELD, "Anna")
    # Nobody hears anybody, and the music is not begun anew.
    assert not evening.told(orders.Join)
    assert not evening.played()
    evening.asks("Anna", "resume")
    assert evening.told(orders.Join) == [orders.Join("a", ("", "a.2"))]
    assert evening.call.state == State.BRIDGED


def test_it_outlasts_a_page_that_is_loaded_twice():
    evening = lost_on_hold().on("Anna", after=2.0).answers("a.2")
    evening.tell(facts.Lost, call="a", leg="a.2").on("Anna", after=2.0).answers("a.3")
    assert evening.call.state == State.HELD


def test_a_page_that_is_loaded_again_in_the_talk_puts_nobody_on_hold():
    evening = talking().asks("Anna", "hold").asks("Anna", "resume").tell(facts.Lost, call="a", leg="a.1")
    assert evening.played() == ["moment"]
    assert evening.on("Anna").answers("a.2").call.state == State.BRIDGED


def test_whoever_takes_the_caller_of_a_page_that_does_not_come_back_hears_them():
    evening = lost_on_hold().passes(Line().mend_s)
    assert evening.played() == ["sorry_wait"]
    evening.answers("a.2")
    assert evening.told(orders.Join) == [orders.Join("a", ("", "a.2"))]
    assert (evening.call.state, evening.call.operator) == (State.BRIDGED, "Bert")


def test_a_supervisor_who_listens_hears_music_until_the_caller_is_taken_back():
    evening = talking().asks("Bert", "listen").answers("a.2").asks("Anna", "hold")
    evening.tell(facts.Lost, call="a", leg="a.1").on("Anna").answers("a.3")
    assert (evening.call.state, evening.call.ear) == (State.HELD, "a.2")
    assert not evening.told(orders.Listen)
    assert evening.asks("Anna", "resume").told(orders.Listen) == [orders.Listen("a", ("", "a.3"), "a.2")]
