"""What the script says of a caller whom nobody knows."""

import pytest

from quartier.console.line import script


@pytest.mark.parametrize(("caller", "is_warned"), [("Marie Peeters", True), ("", False)])
def test_nobody_is_warned_of_saying_what_an_unknown_person_has_asked(caller, is_warned):
    first = script.steps(spoken="en", speakers=script.Speakers("The line", "Lotte", caller))[0]
    assert any("do not say what this person" in one for one in first.advice) is is_warned
