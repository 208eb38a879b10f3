"""Who is promised a call, who is blocked, and when no own phone is rung."""

from quartier.callcore import Outcome, Standing, State, facts, orders
from quartier.callcore.tests.test_the_way import Evening


def test_with_the_app_down_only_a_number_that_may_be_dialled_is_promised_a_call():
    evening = Evening(app_is_up=False)
    evening.tell(facts.Rang, call="a", number="+3290212345", ring_back=False)
    assert evening.call.state == State.VOICEMAIL
    assert evening.played() == ["leave_message"]
    evening.tell(facts.Rang, call="b", number="+32470123456")
    assert evening.closed().outcome == Outcome.CALLBACK


def test_what_was_wanted_is_said_where_nothing_may_be_promised():
    evening = Evening().rings().tell(facts.Recognised, call="a", ring_back=False).press("1")
    evening.tell(facts.HungUp, call="a", after=60)
    close = evening.closed()
    assert (close.outcome, close.ring_back, close.why) == (Outcome.ABANDONED, False, "missed")


def test_a_blocked_number_hears_it_in_its_language_and_is_hung_up_on():
    evening = Evening().on("lotte", ("fr", "nl")).rings()
    evening.tell(facts.Recognised, call="a", language="nl", blocked=True)
    (said,) = evening.told(orders.Play)
    assert (said.prompt, said.language) == ("blocked", "nl")
    assert [order.said for order in evening.told(orders.Drop)] == [True]
    close = evening.closed()
    assert (close.outcome, close.ring_back, close.why) == (Outcome.BLOCKED, False, "")
    assert evening.standing("lotte") == Standing.AVAILABLE


def test_whoever_rings_already_for_a_blocked_number_is_free_again():
    evening = Evening().on("lotte").rings().press("1")
    assert evening.standing("lotte") == Standing.RINGING
    evening.tell(facts.Recognised, call="a", blocked=True)
    assert evening.standing("lotte") == Standing.AVAILABLE
    assert "a" not in evening.board.calls


def test_a_talk_with_a_blocked_number_goes_on():
    evening = Evening().on("lotte").rings().press("1").answers("a.1")
    evening.tell(facts.Recognised, call="a", blocked=True)
    assert evening.call.state == State.BRIDGED


def test_a_flood_rings_browsers_alone_and_goes_last():
    evening = Evening().on("own", own_phone=True).rings()
    evening.tell(facts.Recognised, call="a", flooding=True).press("1")
    assert evening.call.state == State.QUEUED
    evening.tell(facts.Rang, after=5, call="b", number="+32470123456").press("1", call="b")
    assert [call.name for call in evening.board.waiting()] == ["b", "a"]
    assert [order.operator for order in evening.told(orders.Ring)] == ["own"]
    evening.on("browser")
    assert [order.operator for order in evening.told(orders.Ring)] == ["browser"]
    assert evening.call.legs


def test_of_a_flood_nobody_waits_for_who_cannot_be_rung_for_them():
    evening = Evening().on("own", own_phone=True).rings()
    evening.tell(facts.Recognised, call="a", flooding=True).press("1")
    assert evening.played() == ["nobody_here"]
    assert all(order.ring_back for order in evening.told(orders.Play))
    evening.on("browser")
    assert [order.operator for order in evening.told(orders.Ring)] == ["browser"]
    evening.answers("a.1").tell(facts.HungUp, call="a", leg="a.1")
    evening.rings("b").tell(facts.Recognised, call="b", flooding=True).press("1", call="b", after=5)
    assert evening.played() == ["wait"]
    evening.tell(facts.WentOff, operator="browser").passes(evening.board.line.mend_s + 1)
    assert evening.played() == ["nobody_here"]
    evening.press("1", call="b")
    close = evening.closed()
    assert (close.outcome, close.ring_back, close.why) == (Outcome.CALLBACK, True, "asked")


def test_whoever_comes_on_with_an_own_phone_when_its_money_is_spent_is_awaited_by_nobody():
    evening = Evening().tell(facts.OwnPhones, may_ring=False).on("own", own_phone=True)
    assert (evening.standing("own"), evening.board.operators["own"].reason) == (Standing.OFFLINE, "own_spent")
    evening.rings()
    assert evening.played() == ["nobody_here"]


def test_without_money_own_phones_are_off_the_line_and_a_talk_goes_on():
    evening = Evening().on("own", own_phone=True).on("other", own_phone=True).on("browser")
    evening.rings().press("1")
    own = next(leg for leg, name in evening.call.legs.items() if name == "own")
    evening.answers(own).press("1", leg=own)
    assert evening.call.state == State.BRIDGED
    evening.tell(facts.OwnPhones, may_ring=False)
    assert (evening.standing("other"), evening.standing("browser")) == (Standing.OFFLINE, Standing.AVAILABLE)
    assert evening.board.operators["other"].reason == "own_spent"
    assert evening.call.state == State.BRIDGED
    evening.tell(facts.HungUp, call="a")
    one = evening.board.operators["own"]
    assert (one.standing, one.reason) == (Standing.OFFLINE, "own_spent")


def test_whoever_rings_on_an_own_phone_is_let_go_and_the_caller_hears_that_nobody_is_there():
    evening = Evening().on("own", own_phone=True).rings().press("1")
    evening.tell(facts.OwnPhones, may_ring=False)
    assert evening.call.state == State.QUEUED
    assert evening.board.alone_since is not None
    evening.passes(evening.board.line.mend_s + 1)
    assert evening.played() == ["nobody_here"]
    evening.passes(60)
    assert evening.call.state == State.VOICEMAIL


def test_with_money_again_whoever_still_talks_stays_on_the_line():
    evening = Evening().on("own", own_phone=True).rings().press("1").answers("a.1").press("1", leg="a.1")
    evening.tell(facts.OwnPhones, may_ring=False).tell(facts.OwnPhones, may_ring=True)
    evening.tell(facts.HungUp, call="a")
    assert evening.standing("own") == Standing.WRAP_UP


def test_in_the_browser_one_is_there_again():
    evening = Evening().on("own", own_phone=True).tell(facts.OwnPhones, may_ring=False)
    evening.on("own", own_phone=False)
    one = evening.board.operators["own"]
    assert (one.standing, one.reason, one.own_phone) == (Standing.AVAILABLE, "", False)
