"""A pause lasts over a call of one's own, a language may be learnt late, and a wait is no talk."""

import pytest

from quartier.callcore import Line, Standing, State, facts, orders
from quartier.callcore.tests.test_the_way import Evening, talking


def dialled(evening):
    return evening.tell(facts.Dial, call="a", operator="Anna", to="Marie", language="fr")


def rung_by_itself(evening):
    """Nobody presses a key: the queue begins in the likeliest language."""
    evening.rings()
    while not evening.call.legs:
        evening.passes(1.0)
    return evening


def paused(evening):
    return evening.tell(facts.Paused, operator="Anna", reason="lunch")


def test_who_calls_somebody_in_a_pause_is_in_it_afterwards():
    evening = dialled(paused(Evening().on("Anna"))).answers("a.1").answers("")
    evening.tell(facts.HungUp, call="a", leg="").passes(65.0)
    assert (evening.standing("Anna"), evening.board.operators["Anna"].reason) == (Standing.PAUSED, "lunch")
    evening.tell(facts.Resumed, operator="Anna")
    assert evening.standing("Anna") == Standing.AVAILABLE


def test_a_pause_may_begin_in_the_notes():
    evening = dialled(Evening().on("Anna")).answers("a.1").answers("").tell(facts.HungUp, call="a", leg="")
    assert evening.standing("Anna") == Standing.WRAP_UP
    assert paused(evening).passes(300.0).standing("Anna") == Standing.PAUSED


def test_a_call_that_comes_to_nothing_ends_no_pause():
    evening = dialled(paused(Evening().on("Anna"))).tell(facts.HungUp, call="a", leg="")
    assert evening.standing("Anna") == Standing.PAUSED


def test_a_page_loaded_again_keeps_the_call_of_who_had_a_pause():
    evening = dialled(paused(Evening().on("Anna"))).answers("a.1").answers("")
    evening.tell(facts.Lost, call="a", leg="a.1")
    paused(evening.on("Anna"))
    assert evening.call.state == State.MENDING
    assert evening.answers("a.2").call.state == State.BRIDGED


def test_coming_on_anew_ends_a_pause():
    evening = paused(Evening().on("Anna")).tell(facts.WentOff, operator="Anna").on("Anna")
    assert evening.standing("Anna") == Standing.AVAILABLE
    evening.rings().press("1").tell(facts.HungUp, call="a", leg="")
    assert evening.standing("Anna") == Standing.AVAILABLE


def test_who_speaks_another_language_is_not_rung_on():
    evening = rung_by_itself(Evening().on("Fleur", ("fr",)).on("Nele", ("nl",)))
    assert list(evening.call.legs.values()) == ["Fleur"]
    evening.tell(facts.Recognised, call="a", language="nl")
    assert list(evening.call.legs.values()) == ["Nele"]
    assert evening.standing("Fleur") == Standing.AVAILABLE


def test_the_language_of_a_talk_is_that_of_who_talks():
    evening = rung_by_itself(Evening().on("Fleur", ("fr",))).answers("a.1")
    evening.tell(facts.Recognised, call="a", language="nl")
    assert (evening.call.state, evening.call.language) == (State.BRIDGED, "fr")


def test_a_wait_is_no_talk():
    evening = Evening().on("Anna", own_phone=True).rings().press("1").answers("a.1").press("1", leg="a.1")
    evening.passes(10.0).tell(facts.Lost, call="a", leg="a.1")
    evening.passes(60.0).tell(facts.HungUp, call="a", leg="")
    assert evening.closed().talked_s == 10.0


def test_the_last_one_who_goes_with_a_call_is_missed_at_once():
    evening = dialled(Evening().on("Anna")).answers("a.1")
    evening.rings("b").press("1", call="b")
    evening.tell(facts.WentOff, operator="Anna")
    evening.tell(facts.Declined, call="a", leg="").passes(20.0)
    assert evening.standing("Anna") == Standing.OFFLINE
    assert any(order.call == "b" and order.prompt == "nobody_here" for order in evening.told(orders.Play))


def test_a_colleague_who_says_yes_in_the_last_moment_has_not_missed_it():
    evening = talking().asks("Anna", "consult", "Bert").passes(Line().ring_s - 0.1)
    evening.tell(facts.PickedUp, call="a", leg="a.2").passes(2.0)
    assert (evening.standing("Bert"), evening.call.state) == (Standing.RINGING, State.CONSULTING)
    evening.answers("a.2")
    assert evening.call.second == "a.2"


def test_a_yes_that_is_never_connected_ends_by_itself():
    evening = talking().asks("Anna", "consult", "Bert")
    evening.tell(facts.PickedUp, call="a", leg="a.2").passes(60.0)
    assert (evening.standing("Bert"), evening.call.state) == (Standing.AVAILABLE, State.BRIDGED)


def test_whom_one_calls_and_who_says_yes_in_the_last_moment_is_reached():
    evening = dialled(Evening().on("Anna")).answers("a.1").passes(44.9)
    evening.tell(facts.PickedUp, call="a", leg="").passes(2.0).answers("")
    assert evening.call.state == State.BRIDGED


def test_whoever_hears_that_it_is_closed_when_it_opens_goes_on_like_everybody():
    evening = Evening(is_open=False).on("Nele", ("nl",)).rings()
    assert evening.played() == ["closed"]
    evening.tell(facts.Hours, after=3.0, open=True)
    assert (evening.played(), evening.call.state) == (["welcome"], State.MENU)
    evening.press("2")
    assert [each.operator for each in evening.told(orders.Ring)] == ["Nele"]


def test_a_language_that_is_known_need_not_be_chosen_when_it_opens():
    evening = Evening(is_open=False).on("Nele", ("nl",)).rings()
    evening.tell(facts.Recognised, call="a", language="nl").tell(facts.Hours, after=3.0, open=True)
    assert (evening.played(), evening.call.state) == (["wait"], State.OFFERING)


def test_with_nobody_there_when_it_opens_that_is_said():
    evening = Evening(is_open=False).rings().tell(facts.Hours, after=3.0, open=True)
    assert (evening.played(), evening.call.state) == (["nobody_here"], State.QUEUED)


def test_a_message_is_left_to_its_end_when_it_opens():
    evening = Evening(is_open=False).on("Anna").rings().press("3")
    evening.tell(facts.Hours, after=30.0, open=True)
    assert (evening.orders, evening.call.state) == ([], State.VOICEMAIL)


def test_while_the_edge_is_away_nobody_is_rung_and_nobody_misses_a_call():
    evening = Evening().on("Anna").rings().press("1")
    evening.tell(facts.Edge, up=False)
    assert [each.leg for each in evening.told(orders.Drop)] == ["a.1"]
    evening.passes(60.0)
    assert (evening.standing("Anna"), evening.call.state) == (Standing.AVAILABLE, State.QUEUED)
    assert not evening.told(orders.Ring)
    evening.tell(facts.Edge, up=True)
    assert [each.operator for each in evening.told(orders.Ring)] == ["Anna"]


def test_while_the_edge_is_away_a_talk_goes_on_and_nobody_else_comes_to_it():
    evening = talking().tell(facts.Edge, up=False)
    for wish in ("consult", "transfer"):
        evening.asks("Anna", wish, "Bert")
        assert [each.what for each in evening.told(orders.Tell)] == ["edge"]
    evening.asks("Bert", "listen")
    assert [each.what for each in evening.told(orders.Tell)] == ["edge"]
    evening.tell(facts.Dial, call="out", operator="Bert", to="marie")
    assert evening.orders == [orders.Tell("out", "Bert", "edge")]
    assert (evening.call.state, evening.standing("Bert")) == (State.BRIDGED, Standing.AVAILABLE)


def test_whoever_consults_while_the_edge_goes_is_back_with_the_caller():
    evening = talking().asks("Anna", "consult", "Bert").tell(facts.Edge, up=False)
    assert (evening.call.state, evening.standing("Bert")) == (State.BRIDGED, Standing.AVAILABLE)


def test_a_page_that_is_back_while_the_edge_is_away_is_not_rung():
    evening = talking().tell(facts.Edge, up=False).tell(facts.Lost, call="a", leg="a.1").on("Anna")
    assert (evening.call.state, evening.told(orders.Ring)) == (State.MENDING, [])


@pytest.mark.parametrize("how", ["cancelled", "hung_up", "over", "cut_off"])
def test_whoever_gave_advice_is_free_again_and_has_no_notes_to_write(how):
    evening = talking().asks("Anna", "consult", "Bert").tell(facts.Answered, call="a", leg="a.2")
    match how:
        case "cancelled":
            evening.asks("Anna", "cancel")
        case "hung_up":
            evening.tell(facts.HungUp, call="a", leg="a.2")
        case "over":
            evening.asks("Anna", "end")
        case "cut_off":
            evening.tell(facts.Lost, call="a")
    bert = evening.board.operators["Bert"]
    assert (str(bert.standing), bert.until, bert.call) == ("available", None, "")
    anna = evening.board.operators["Anna"]
    assert str(anna.standing) == ("wrap_up" if how in {"over", "cut_off"} else "in_call")
