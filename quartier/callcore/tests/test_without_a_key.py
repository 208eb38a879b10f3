"""Whoever presses no key gets as far as whoever does: languages, nobody on shift, a text instead."""

from quartier.callcore import Outcome, State, facts, orders
from quartier.callcore.tests.test_the_way import Evening, busy

ALL = ("fr", "nl", "de", "en")


def test_a_key_chooses_the_language_and_without_one_the_likely_one_is_taken():
    assert Evening().on("Anna", ALL).rings().press("3").call.language == "de"
    evening = Evening().on("Anna", ALL).rings()
    assert evening.press("8").call.state == State.MENU
    assert evening.passes(12.0).call.language == "fr"
    assert evening.call.state == State.OFFERING
    # From Ghent, the same line.
    assert Evening(number="+3292000000").on("Anna", ALL).rings().passes(12.0).call.language == "nl"


def test_the_likely_language_is_said_first_and_each_keeps_its_key():
    evening = Evening(number="+3292000000").on("Anna", ("fr", "en")).rings()
    (play,) = evening.told(orders.Play)
    assert play.offered == (("2", "nl"), ("1", "fr"), ("4", "en"), ("3", "de"))
    assert evening.press("2").call.language == "nl"


def test_a_key_that_comes_late_is_still_a_language_and_no_wish_to_be_rung_back():
    evening = Evening().on("Anna", ALL).rings().passes(12.0)
    queued_at = evening.call.queued_at
    evening.press("2", after=2.0)
    assert (evening.call.language, evening.call.queued_at) == ("nl", queued_at)
    assert evening.played() == ["wait"]
    same = Evening().on("Anna", ALL).rings().passes(12.0).press("1", after=2.0)
    assert (same.call.language, same.played()) == ("fr", [])
    assert same.press("1", after=5.0).closed().outcome == Outcome.CALLBACK


def test_whoever_is_known_presses_the_key_of_last_time_and_is_rung_for():
    def known(**recognised):
        evening = Evening().on("Anna", ALL).rings()
        return evening.tell(facts.Recognised, after=1.5, call="a", language="fr", **recognised)

    evening = known()
    assert (evening.played(), evening.call.state) == (["wait"], State.OFFERING)
    # Twice, before "press one" is said: it rings on.
    for after in (5.0, 4.0):
        evening.press("1", after=after)
        assert (evening.orders, evening.call.state) == ([], State.OFFERING)
    assert evening.answers("a.1").call.state == State.BRIDGED
    # Once it is said, it is a wish to be rung back; another key chose another language until then.
    assert known().press("1", after=12.0).closed().outcome == Outcome.CALLBACK
    other = known().press("2", after=5.0)
    assert (other.call.language, other.played()) == ("nl", ["wait"])
    # With nobody on shift it is said at once.
    alone = Evening().on("Anna").rings().tell(facts.Recognised, after=1.5, call="a", language="nl")
    assert alone.played() == ["nobody_here"]
    assert alone.press("1", after=5.0).closed().outcome == Outcome.CALLBACK


def test_after_a_late_key_they_hear_the_place_that_they_have():
    evening = busy().rings().passes(12.0).rings("b").press("1", "b").on("Bert", ("nl",))
    evening.tell(facts.Paused, operator="Bert").press("2", after=1.0)
    assert [(each.prompt, each.place) for each in evening.told(orders.Play)] == [("wait", 1)]


def test_who_leaves_the_greeting_late_was_missed():
    evening = Evening().on("Anna")
    evening.board.prompt_s = lambda _play: 20.0
    evening.rings().tell(facts.HungUp, call="a", after=12.5)
    close = evening.closed()
    assert (close.outcome, close.why, close.ring_back) == (Outcome.ABANDONED, "missed", True)
    early = Evening().on("Anna").rings().tell(facts.HungUp, call="a", after=9.0).closed()
    assert (early.outcome, early.ring_back) == (Outcome.LEFT, False)


def test_nobody_on_shift_is_said_at_once():
    evening = Evening().rings()
    assert evening.played() == ["nobody_here"]
    assert evening.passes(20.0).call.state == State.VOICEMAIL
    assert evening.told(orders.Record)
    assert evening.tell(facts.HungUp, call="a").closed().outcome == Outcome.VOICEMAIL
    assert Evening().rings().press("1", after=5.0).closed().outcome == Outcome.CALLBACK
    assert Evening(number="").rings().press("1", after=5.0).call.state == State.VOICEMAIL


def test_who_comes_on_shift_meanwhile_has_the_caller():
    evening = Evening().rings().on("Anna", after=10.0)
    assert evening.played() == ["wait"]
    assert evening.told(orders.Ring) == [orders.Ring("a", "a.1", "Anna")]
    assert evening.answers("a.1").call.state == State.BRIDGED


def test_nobody_who_speaks_it_is_nobody():
    assert Evening().on("Anna", ("en",)).rings().press("1").played() == ["nobody_here"]


def test_everybody_has_gone_later():
    evening = busy().rings().press("1").tell(facts.WentOff, operator="Anna", after=60.0)
    assert evening.passes(6.0).played() == [], "a page that is loaded again is back by then"
    assert evening.passes(1.0).played() == ["nobody_here"]
    assert evening.passes(20.0).call.state == State.VOICEMAIL
    again = busy().rings().press("1").tell(facts.WentOff, operator="Anna", after=60.0)
    again.on("Anna", after=3.0)
    assert "nobody_here" not in again.passes(30.0).played()


def test_what_was_said_without_knowing_them_is_said_anew():
    evening = Evening(is_open=False).rings()
    evening.tell(facts.Recognised, call="a", language="nl", ring_back=False, can_text=True)
    (play,) = evening.told(orders.Play)
    assert (play.prompt, play.language, play.offered) == ("closed", "nl", ())
    assert (play.ring_back, play.can_text) == (False, True)
    assert Evening(is_open=False).rings().tell(facts.Recognised, call="a").played() == []
    # Known at once, they hear their language alone; later it would only be a second beginning.
    known = Evening(is_open=False).rings().tell(facts.Recognised, call="a", language="fr")
    assert [play.offered for play in known.told(orders.Play)] == [()]
    late = Evening(is_open=False).rings().tell(facts.Recognised, call="a", language="fr", after=4.0)
    assert late.played() == []


def test_seven_is_a_text_instead_where_one_can_be_sent():
    evening = Evening(is_open=False).rings().tell(facts.Recognised, call="a", can_text=True)
    close = evening.press("7", after=4.0).closed()
    assert (close.outcome, close.ring_back) == (Outcome.WRITTEN, False)
    assert evening.played() == ["we_write"]
    assert Evening(is_open=False).rings().press("7", after=4.0).call.state == State.CLOSED
    queued = busy().rings().press("1").tell(facts.Recognised, call="a", can_text=True)
    assert queued.press("7", after=4.0).closed().outcome == Outcome.WRITTEN


def test_asked_late_whom_they_want_they_keep_their_turn():
    evening = busy().rings().passes(12.0)
    assert evening.call.state == State.QUEUED
    evening.tell(facts.Recognised, call="a", language="fr", masked="visit")
    assert evening.call.state == State.MASKED
    evening.rings("b").press("1", "b")
    evening.passes(60.0)
    assert evening.call.state == State.QUEUED
    assert [call.name for call in evening.board.waiting()] == ["a", "b"]
