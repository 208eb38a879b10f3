"""A caller presses 9: who listens is found first, or a message is left; and it is known as a worry in any case."""

import pytest

from quartier.callcore import Outcome, Standing, State, facts, orders
from quartier.callcore.tests.test_the_way import MARIE, Evening, busy


def worried(evening, after=10.0):
    return evening.press("9", after=after)


@pytest.mark.parametrize("chosen", ["", "2"])
def test_from_the_menu_or_the_queue_they_go_first(chosen):
    evening = Evening().on("Anna", ("fr", "nl")).rings("b").press("1", "b").answers("b.1", "b")
    evening.rings("c").press("1", "c").rings()
    if chosen:
        evening.press(chosen)
    worried(evening)
    assert evening.played() == ["concern_queue"]
    assert [call.name for call in evening.board.waiting()] == ["a", "c"]
    assert evening.call.language == ("nl" if chosen else "fr")
    evening.passes(60)
    assert evening.played()
    assert {each.prompt for each in evening.told(orders.Play) if each.call == "a"} == {"concern_queue"}
    evening.tell(facts.HungUp, call="b").tell(facts.Resumed, operator="Anna")
    assert [ring.call for ring in evening.told(orders.Ring)] == ["a"]
    evening.answers("a.1")
    evening.tell(facts.HungUp, call="a", after=60)
    close = evening.closed()
    assert (close.outcome, close.worried, close.ring_back) == (Outcome.ANSWERED, True, False)


def test_who_is_rung_already_goes_on_being_rung():
    evening = Evening().on("Anna").rings().press("1")
    worried(evening)
    assert (evening.call.state, evening.played()) == (State.OFFERING, ["concern_queue"])
    assert not evening.told(orders.Drop)
    assert evening.answers("a.1").call.state == State.BRIDGED


def test_nine_again_means_the_same_and_three_is_a_message():
    evening = Evening().on("Anna").rings().press("1")
    worried(evening).press("9", after=5)
    assert (evening.call.state, evening.played()) == (State.OFFERING, [])
    evening.press("3")
    assert (evening.call.state, evening.played()) == (State.VOICEMAIL, ["concern_message"])
    assert evening.told(orders.Record)
    assert evening.tell(facts.HungUp, call="a", after=20).closed().outcome == Outcome.VOICEMAIL
    assert evening.closed().worried


def test_everybody_has_gone_and_a_worry_is_a_message_at_once():
    evening = Evening().on("Anna").tell(facts.Paused, operator="Anna").rings().press("1")
    worried(evening).tell(facts.WentOff, operator="Anna")
    assert evening.passes(8.0).played() == ["concern_message"]


@pytest.mark.parametrize("switchboard", [{"is_open": False}, {}])
def test_closed_or_with_nobody_there_a_message_is_left_at_once(switchboard):
    evening = Evening(number="", **switchboard).rings()
    worried(evening, after=1)
    assert (evening.call.state, evening.played()) == (State.VOICEMAIL, ["concern_message"])
    evening.passes(1000)
    assert evening.closed().worried


def test_nobody_comes_in_time():
    evening = Evening().on("Anna", own_phone=True).rings()
    worried(evening).tell(facts.Paused, operator="Anna")
    evening.passes(3000)
    assert "concern_message" in evening.played()
    assert (evening.closed().outcome, evening.closed().worried) == (Outcome.VOICEMAIL, True)


def test_hung_up_before_a_word_it_is_a_worry_all_the_same():
    evening = worried(Evening().on("Anna").rings()).tell(facts.HungUp, call="a")
    assert (evening.closed().outcome, evening.closed().worried) == (Outcome.ABANDONED, True)


def test_in_a_talk_the_key_means_nothing():
    evening = Evening().on("Anna").rings().press("1").answers("a.1")
    worried(evening)
    assert (evening.call.state, evening.call.worried) == (State.BRIDGED, False)


def test_who_is_worried_is_never_asked_whether_they_want_whoever_comes():
    evening = busy("b").tell(facts.Rang, call="a", number=MARIE)
    worried(evening, after=1.0).tell(facts.Recognised, call="a", masked="visit", coming_s=5.0)
    assert (evening.call.state, evening.played()) == (State.QUEUED, [])
    evening.tell(facts.Recognised, call="a", not_put_through="spent")
    assert (evening.call.state, evening.played()) == (State.QUEUED, [])
    assert evening.board.waiting()[0].name == "a"


@pytest.mark.parametrize("is_open", [True, False])
def test_asked_whom_they_want_they_can_still_say_that_they_are_worried(is_open):
    evening = Evening(is_open=is_open).on("Anna").tell(facts.Paused, operator="Anna").rings()
    evening.tell(facts.Recognised, call="a", masked="visit")
    assert evening.call.state == State.MASKED
    worried(evening, after=1.0)
    if is_open:
        assert (evening.call.state, evening.played()) == (State.QUEUED, ["concern_queue"])
    else:
        assert (evening.call.state, evening.played()) == (State.VOICEMAIL, ["concern_message"])
    assert evening.call.worried


def test_in_the_greeting_a_language_may_be_chosen_after_the_nine():
    evening = Evening(number="").on("Anna", ("fr", "nl")).rings()
    worried(evening, after=2.0).press("2", after=1.0)
    assert (evening.call.language, evening.call.state) == ("nl", State.OFFERING)
    assert [(each.prompt, each.language) for each in evening.told(orders.Play)] == [("concern_queue", "nl")]
    assert evening.call.front
    evening.press("3", after=10.0)
    assert evening.call.state == State.VOICEMAIL


def test_a_language_that_is_learnt_late_is_heard_at_once_also_before_the_tone():
    evening = Evening(is_open=False).rings()
    worried(evening, after=2.0).tell(facts.Recognised, after=1.0, call="a", language="nl")
    assert [(each.prompt, each.language) for each in evening.told(orders.Play)] == [("concern_message", "nl")]
    assert evening.told(orders.Record)
    evening.tell(facts.Recognised, after=20.0, call="a", language="de")
    assert not evening.orders, "they are speaking"


def test_a_language_that_was_chosen_is_heard_whatever_the_number_is_filed_under():
    evening = Evening().on("Anna", ("fr", "nl")).rings().press("1")
    worried(evening).tell(facts.Recognised, call="a", language="nl")
    assert evening.call.language == "fr"
    assert {each.language for each in evening.told(orders.Play)} <= {"fr"}


def test_of_whom_no_language_is_known_each_hears_what_the_tone_is_for():
    evening = Evening(number="", is_open=False).rings()
    worried(evening, after=2.0)
    (said,) = evening.told(orders.Play)
    assert [language for _key, language in said.offered] == ["fr", "nl", "de", "en"]


def left_to_a_listener():
    """Anna's call is lost; Bert listens, and Carla writes notes: the caller waits."""
    evening = Evening().on("Anna").rings().press("1").answers("a.1").on("Bert")
    evening.asks("Bert", "listen").answers("a.2").on("Carla").rings("b").press("1", "b").answers("b.1", "b")
    evening.tell(facts.HungUp, call="b").tell(facts.WentOff, operator="Anna")
    return evening.tell(facts.Lost, call="a", leg="a.1").passes(evening.board.line.mend_s)


def test_whoever_listened_goes_and_is_not_the_first_to_hear_of_it():
    evening = left_to_a_listener()
    assert evening.call.ear == "a.2"
    worried(evening)
    assert (evening.call.ear, evening.standing("Bert")) == ("", Standing.WRAP_UP)
    assert orders.Drop("a", "a.2") in evening.orders
    evening.tell(facts.Resumed, operator="Carla")
    assert [each.operator for each in evening.told(orders.Ring)] == ["Carla"]
    assert evening.answers("a.3").told(orders.Join) == [orders.Join("a", ("", "a.3"))]


def test_nobody_listens_to_a_worry():
    evening = (
        worried(Evening().on("Anna").rings().press("1")).answers("a.1").on("Bert").asks("Bert", "listen")
    )
    assert [each.what for each in evening.told(orders.Tell)] == ["private"]
    assert not evening.told(orders.Ring)
    assert evening.standing("Bert") == Standing.AVAILABLE
