"""The time for the notes after a call, and that it lasts a little longer while they are typed."""

from quartier.callcore import Standing, facts
from quartier.callcore.tests.test_the_way import Evening


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
