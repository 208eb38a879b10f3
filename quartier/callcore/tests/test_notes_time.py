"""The time for the notes after a call: a little longer while they are typed, and not cut by a page loaded again."""

import pytest

from quartier.callcore import Line, Standing, State, facts, orders
from quartier.callcore.tests.test_the_way import Evening, talking


def test_whoever_types_their_notes_is_not_rung_in_mid_word_and_not_left_out_for_ever():
    evening = Evening().on("Anna").rings().press("1").answers("a.1")
    evening.tell(facts.HungUp, call="a")
    evening.tell(facts.NotesTyped, after=50.0, operator="Anna").passes(59.0)
    assert evening.standing("Anna") == Standing.WRAP_UP
    evening.passes(1.0)
    assert evening.standing("Anna") == Standing.AVAILABLE
    # Said too late, it takes nobody off the line.
    evening.tell(facts.NotesTyped, operator="Anna")
    assert evening.standing("Anna") == Standing.AVAILABLE
    evening.rings("b").press("1", "b").answers("b.1", "b").tell(facts.HungUp, call="b")
    for _time in range(9):
        evening.tell(facts.NotesTyped, after=30.0, operator="Anna")
    evening.passes(29.0)
    assert evening.standing("Anna") == Standing.WRAP_UP
    evening.tell(facts.NotesTyped, operator="Anna").passes(1.0)
    assert evening.standing("Anna") == Standing.AVAILABLE


def noting():
    """Anna has a minute for her notes, of which twenty seconds are over."""
    evening = Evening().on("Anna").rings().press("1").answers("a.1")
    return evening.tell(facts.HungUp, call="a").passes(20.0)


@pytest.mark.parametrize("away_s", [0.0, 7.0, 39.0])
def test_a_page_that_is_loaded_again_does_not_cut_them(away_s):
    evening = noting().tell(facts.WentOff, operator="Anna").passes(away_s)
    assert evening.standing("Anna") == Standing.OFFLINE
    evening.on("Anna").rings("b").press("1", "b")
    assert (evening.standing("Anna"), evening.told(orders.Ring)) == (Standing.WRAP_UP, [])
    # They last as long as they would have, and not longer.
    assert evening.passes(39.9 - away_s).standing("Anna") == Standing.WRAP_UP
    assert evening.passes(0.2).standing("Anna") == Standing.RINGING


def test_whoever_comes_on_after_their_time_is_free():
    evening = noting().tell(facts.WentOff, operator="Anna").passes(40.0)
    assert evening.on("Anna").standing("Anna") == Standing.AVAILABLE


def test_whoever_goes_off_by_hand_is_free_when_they_come_on():
    evening = noting().tell(facts.WentOff, operator="Anna", by_hand=True).passes(5.0)
    assert evening.on("Anna").standing("Anna") == Standing.AVAILABLE


def test_whoever_goes_off_by_hand_in_the_talk_is_free_when_they_come_on():
    evening = Evening().on("Anna").rings().press("1").answers("a.1")
    evening.tell(facts.WentOff, operator="Anna", by_hand=True).tell(facts.HungUp, call="a")
    assert evening.standing("Anna") == Standing.OFFLINE
    assert evening.passes(5.0).on("Anna").standing("Anna") == Standing.AVAILABLE


def test_one_press_ends_them_and_coming_on_does_not_bring_them_back():
    evening = noting().tell(facts.WentOff, operator="Anna").on("Anna").tell(facts.Resumed, operator="Anna")
    assert evening.standing("Anna") == Standing.AVAILABLE
    assert evening.tell(facts.WentOff, operator="Anna").on("Anna").standing("Anna") == Standing.AVAILABLE


def test_whoever_goes_off_in_the_talk_has_them_after_it():
    evening = Evening().on("Anna").rings().press("1").answers("a.1").tell(facts.WentOff, operator="Anna")
    evening.tell(facts.HungUp, call="a")
    assert evening.standing("Anna") == Standing.OFFLINE
    assert evening.passes(5.0).on("Anna").standing("Anna") == Standing.WRAP_UP
    assert evening.passes(55.0).standing("Anna") == Standing.AVAILABLE


def test_a_caller_who_waits_for_a_page_that_is_loaded_again_comes_before_them():
    evening = talking().tell(facts.WentOff, operator="Bert").tell(facts.Lost, call="a", leg="a.1")
    evening.passes(Line().mend_s)
    assert evening.call.state == State.QUEUED
    assert [each.operator for each in evening.on("Anna").told(orders.Ring)] == ["Anna"]


@pytest.mark.parametrize("is_back", [False, True])
def test_a_caller_who_goes_while_the_page_is_loaded_leaves_notes_to_write(is_back):
    evening = talking().tell(facts.Lost, call="a", leg="a.1")
    if is_back:
        evening.on("Anna", after=2.0)
        assert evening.standing("Anna") == Standing.RINGING
    evening.tell(facts.HungUp, call="a").on("Anna", after=1.0)
    assert evening.standing("Anna") == Standing.WRAP_UP
    assert evening.passes(60.0).standing("Anna") == Standing.AVAILABLE
