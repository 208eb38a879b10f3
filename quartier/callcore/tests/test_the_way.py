"""The caller's way and the operator's, step by step."""

import pytest

from quartier.callcore import Line, Outcome, Standing, State, Switchboard, facts, orders

MARIE = "+3221234567"


class Evening:
    """A line with one caller, Marie; `orders` are those of the last fact."""

    def __init__(self, *, number=MARIE, **switchboard):
        self.board = Switchboard(Line(), **switchboard)
        self.at, self.orders, self.number = 1000.0, [], number

    def tell(self, fact, after=0.0, **words):
        self.at += after
        self.orders = self.board.handle(fact(at=self.at, **words))
        return self

    def on(self, name, languages=("fr",), **words):
        return self.tell(facts.CameOn, operator=name, languages=languages, **words)

    def rings(self, call="a"):
        return self.tell(facts.Rang, call=call, number=self.number)

    def press(self, digit, call="a", leg="", after=0.0):
        return self.tell(facts.Pressed, after=after, call=call, digit=digit, leg=leg)

    def answers(self, leg, call="a"):
        return self.tell(facts.Answered, call=call, leg=leg)

    def asks(self, operator, wish, to=""):
        return self.tell(facts.Asked, operator=operator, call="a", wish=wish, to=to)

    def passes(self, seconds):
        """Time passes, wake by wake; `orders` are those of all of them."""
        until, found = self.at + seconds, []
        while (wake := self.board.next_wake()) is not None and wake <= until:
            found += self.board.handle(facts.Tick(at=wake))
        self.at, self.orders = until, found + self.board.handle(facts.Tick(at=until))
        return self

    def told(self, kind):
        return [order for order in self.orders if isinstance(order, kind)]

    def played(self):
        return [order.prompt for order in self.told(orders.Play)]

    @property
    def call(self):
        return self.board.calls["a"]

    def standing(self, name):
        return self.board.operators[name].standing

    def closed(self):
        (close,) = self.told(orders.Close)
        return close


def busy(*calls):
    """Anna is there, and has a pause; these wait already."""
    evening = Evening().on("Anna").tell(facts.Paused, operator="Anna")
    for call in calls:
        evening.rings(call).press("1", call)
    return evening


def talking():
    """Marie and Anna talk; Bert is there too."""
    evening = Evening().on("Anna").rings().press("1").answers("a.1").on("Bert")
    assert evening.call.state == State.BRIDGED
    return evening


def test_from_the_greeting_to_the_notes():
    evening = Evening().on("Anna").rings()
    assert [type(order) for order in evening.orders] == [orders.Answer, orders.Play]
    assert evening.played() == ["welcome"]
    evening.press("1")
    assert evening.played() == ["wait"]
    assert evening.told(orders.Ring) == [orders.Ring("a", "a.1", "Anna")]
    evening.answers("a.1")
    assert evening.told(orders.Join) == [orders.Join("a", ("", "a.1"))]
    evening.tell(facts.HungUp, after=90.0, call="a")
    close = evening.closed()
    assert (close.outcome, close.ring_back, close.talked_s) == (Outcome.ANSWERED, False, 90.0)
    assert evening.standing("Anna") == Standing.WRAP_UP
    evening.passes(60.0)
    assert evening.standing("Anna") == Standing.AVAILABLE


def test_whoever_is_recognised_need_not_choose():
    evening = Evening().rings()
    evening.tell(facts.Recognised, call="a", language="nl", area=7)
    assert (evening.call.language, evening.call.state) == ("nl", State.QUEUED)


def test_who_speaks_the_language_is_rung_the_longest_idle_first_and_never_everybody():
    evening = Evening()
    for name in "EDCBA":
        evening.on(name, ("nl", "fr"))
        evening.at += 10
    evening.on("Zora", ("en",)).rings().press("2")
    assert [order.operator for order in evening.told(orders.Ring)] == ["E", "D", "C"]


def test_of_equally_idle_ones_the_neighbour_is_rung():
    evening = Evening()
    evening.on("Anna", area=1).on("Bert", area=2).rings()
    evening.tell(facts.Recognised, call="a", area=2)
    evening.board.line = Line(at_once=1)
    assert evening.press("1").told(orders.Ring)[0].operator == "Bert"


def test_the_others_stop_ringing_and_keep_their_place():
    evening = Evening().on("Anna").on("Bert").rings().press("1")
    before = evening.board.operators["Bert"].idle_since
    evening.answers("a.1")
    assert orders.Drop("a", "a.2") in evening.orders
    assert (evening.standing("Bert"), evening.board.operators["Bert"].idle_since) == (
        Standing.AVAILABLE,
        before,
    )
    # In the same moment he answered too.
    evening.answers("a.2")
    assert evening.orders == [orders.Drop("a", "a.2")]
    assert evening.standing("Bert") == Standing.AVAILABLE


def test_a_missed_offer_pauses_and_says_so_and_the_next_one_is_rung():
    evening = Evening().on("Anna").rings().press("1")
    evening.passes(20.0)
    assert orders.Tell("a", "Anna", "missed") in evening.orders
    assert (evening.standing("Anna"), evening.board.operators["Anna"].reason) == (Standing.PAUSED, "missed")
    assert evening.on("Bert").told(orders.Ring) == [orders.Ring("a", "a.2", "Bert")]


def test_on_an_own_phone_a_key_accepts():
    evening = Evening().on("Anna", own_phone=True).rings().press("1").answers("a.1")
    assert (evening.standing("Anna"), evening.played()) == (Standing.ACCEPTING, ["accept"])
    # A mailbox presses nothing.
    mailbox = Evening().on("Anna", own_phone=True).rings().press("1").answers("a.1").passes(10.0)
    assert mailbox.standing("Anna") == Standing.PAUSED
    assert mailbox.call.state == State.QUEUED
    evening.press("1", leg="a.1")
    assert evening.call.state == State.BRIDGED
    refused = Evening().on("Anna", own_phone=True).rings().press("1").answers("a.1").press("5", leg="a.1")
    assert refused.standing("Anna") == Standing.PAUSED


def test_the_place_is_said_now_and_then():
    evening = busy("b").rings().press("1")
    evening.passes(45.0)
    places = {order.call: order.place for order in evening.told(orders.Play)}
    assert places == {"b": 1, "a": 2}


def test_one_key_and_we_ring_back():
    evening = Evening().rings().press("1").press("1", after=5.0)
    close = evening.closed()
    assert (close.outcome, close.ring_back, close.number) == (Outcome.CALLBACK, True, MARIE)
    assert evening.played() == ["we_call_back"]
    assert orders.Drop("a", said=True) in evening.orders


def test_a_key_pressed_twice_is_a_language():
    evening = Evening().rings().press("1").press("1", after=0.5)
    assert (evening.call.state, evening.call.language) == (State.QUEUED, "fr")


def test_without_a_number_nobody_can_be_rung_back():
    evening = Evening(number="").on("Anna").tell(facts.Paused, operator="Anna").rings().press("1")
    assert [play.ring_back for play in evening.told(orders.Play)] == [False]
    assert evening.press("1", after=5.0).call.state == State.QUEUED
    assert evening.press("3").call.state == State.VOICEMAIL
    assert not evening.tell(facts.HungUp, call="a").closed().number


def test_a_full_line_takes_a_message_in_the_end():
    evening = busy().rings().press("1").passes(899.0)
    assert evening.call.state == State.QUEUED
    assert evening.passes(1.0).call.state == State.VOICEMAIL
    assert evening.passes(187.0).closed().outcome == Outcome.VOICEMAIL


def test_when_we_are_closed():
    evening = Evening(is_open=False).rings()
    assert (evening.call.state, evening.played()) == (State.CLOSED, ["closed"])
    assert evening.press("1").closed().outcome == Outcome.CALLBACK
    assert Evening(is_open=False).rings().passes(18.0).call.state == State.VOICEMAIL
    assert Evening(is_open=False).rings().press("3", after=4.0).call.state == State.VOICEMAIL
    missed = Evening(is_open=False).rings().tell(facts.HungUp, call="a").closed()
    assert (missed.outcome, missed.ring_back) == (Outcome.ABANDONED, True)


def test_when_the_app_is_down_we_promise_to_ring_back():
    evening = Evening(app_is_up=False).rings()
    assert (evening.closed().outcome, evening.played()) == (Outcome.CALLBACK, ["trouble"])
    assert Evening(app_is_up=False, number="").rings().call.state == State.VOICEMAIL
    evening = Evening(app_is_up=False).tell(facts.Rang, call="a", number=MARIE, ring_back=False)
    assert (evening.call.state, evening.played()) == (State.VOICEMAIL, ["leave_message"])


@pytest.mark.parametrize(
    ("until", "outcome", "ring_back"),
    [
        (lambda evening: evening, Outcome.LEFT, False),
        (lambda evening: evening.press("1"), Outcome.ABANDONED, True),
        (lambda evening: evening.press("1").answers("a.1"), Outcome.ANSWERED, False),
    ],
)
def test_who_hangs_up_is_on_the_list_where_that_belongs(until, outcome, ring_back):
    evening = until(Evening().on("Anna").rings()).tell(facts.HungUp, call="a")
    assert (evening.closed().outcome, evening.closed().ring_back) == (outcome, ring_back)


def test_a_dropped_call_is_rung_back_unless_the_phone_is_shared():
    assert talking().tell(facts.Lost, call="a").closed().ring_back
    shared = talking().tell(facts.Recognised, call="a", ring_back=False).tell(facts.Lost, call="a")
    assert not shared.closed().ring_back


def test_an_operator_who_is_lost_leaves_the_caller_at_the_front():
    evening = talking().tell(facts.Lost, call="a", leg="a.1")
    assert evening.call.state == State.MENDING
    assert evening.played() == ["moment"]
    evening.tell(facts.Rang, call="b", number=MARIE).press("2", call="b")
    assert evening.standing("Anna") == Standing.OFFLINE
    evening.passes(8.0)
    assert [call.name for call in evening.board.waiting()] == ["a", "b"]
    assert evening.told(orders.Ring) == [orders.Ring("a", "a.2", "Bert")]


def test_a_page_that_is_loaded_again_keeps_the_call():
    evening = talking().tell(facts.Lost, call="a", leg="a.1").on("Anna", after=2.0)
    assert evening.told(orders.Ring) == [orders.Ring("a", "a.2", "Anna", auto=True)]
    evening.answers("a.2")
    assert evening.told(orders.Join) == [orders.Join("a", ("", "a.2"))]
    assert evening.call.state == State.BRIDGED
    assert evening.tell(facts.HungUp, call="a", after=10.0).closed().outcome == Outcome.ANSWERED


def test_a_telephone_that_is_lost_is_not_awaited():
    evening = Evening().on("Anna", own_phone=True).rings().press("1").answers("a.1").press("1", leg="a.1")
    assert evening.tell(facts.Lost, call="a", leg="a.1").call.state == State.QUEUED


def test_an_operator_calls_somebody():
    evening = Evening().on("Anna").tell(facts.Dial, call="out", operator="Anna", to="Marie", language="nl")
    assert evening.told(orders.Ring) == [orders.Ring("out", "out.1", "Anna", auto=True)]
    evening.answers("out.1", call="out")
    assert evening.told(orders.RingOut) == [orders.RingOut("out", "", "Marie")]
    assert [(each.prompt, each.leg) for each in evening.told(orders.Play)] == [("ringing", "out.1")]
    evening.answers("", call="out")
    assert evening.told(orders.Join) == [orders.Join("out", ("", "out.1"))]
    evening.tell(facts.HungUp, call="out", leg="out.1", after=30.0)
    close = evening.closed()
    assert (close.outcome, close.talked_s, close.ring_back) == (Outcome.ANSWERED, 30.0, False)
    assert evening.standing("Anna") == Standing.WRAP_UP


def test_nobody_calls_out_while_on_a_call():
    evening = talking().tell(facts.Dial, call="out", operator="Anna", to="Marie")
    assert evening.orders == [orders.Tell("out", "Anna", "busy")]


def test_a_neighbour_is_put_through():
    evening = Evening(is_open=False).rings()
    evening.tell(facts.Recognised, call="a", language="nl", masked="visit")
    assert evening.played() == ["masked_menu"]
    evening.press("1")
    assert evening.told(orders.RingOut) == [orders.RingOut("a", "a.1", "visit")]
    evening.answers("a.1")
    assert evening.told(orders.Join) == [orders.Join("a", ("", "a.1"))]
    evening.tell(facts.HungUp, call="a", leg="a.1", after=20.0)
    assert evening.told(orders.Drop)[0] == orders.Drop("a")
    assert (evening.closed().outcome, evening.closed().talked_s) == (Outcome.ANSWERED, 20.0)


def test_a_neighbour_who_does_not_answer_is_tried_again_or_left_for_the_team():
    evening = Evening().on("Anna").rings().tell(facts.Recognised, call="a", masked="visit").press("1")
    evening.tell(facts.Declined, call="a", leg="a.1")
    assert evening.played() == ["busy_other"]
    assert evening.press("1").told(orders.RingOut) == [orders.RingOut("a", "a.2", "visit")]
    evening.passes(45.0)
    assert evening.call.state == State.MASKED
    # Said again to whoever is slow.
    assert evening.passes(9.0).played() == ["busy_other"]
    assert evening.passes(9.0).call.state == State.OFFERING


def test_three_speak_together():
    evening = talking().asks("Anna", "third", "Bert").answers("a.2")
    assert evening.told(orders.Join) == [orders.Join("a", ("", "a.1", "a.2"))]
    assert evening.asks("Anna", "cancel").told(orders.Join) == [orders.Join("a", ("", "a.1"))]


def refused(evening, operator):
    return [each.what for each in evening.told(orders.Tell) if each.operator == operator]


@pytest.mark.parametrize(
    "wish", ["hold", "resume", "transfer", "consult", "third", "complete", "cancel", "end", "record"]
)
def test_a_call_of_somebody_else_is_left_as_it_is_and_that_is_said(wish):
    evening = Evening().on("Anna").on("Bea").on("Karim").rings().press("1")
    evening.answers(next(iter(evening.call.legs)))
    mine = evening.call.operator
    other = next(name for name in ("Anna", "Bea", "Karim") if name != mine)
    evening.asks(other, wish, to="Karim")
    assert refused(evening, other) == ["not_yours"]
    assert (evening.call.state, evening.call.operator, len(evening.orders)) == (State.BRIDGED, mine, 1)


def test_a_call_that_nobody_has_yet_and_one_that_is_over_are_refused_too():
    evening = Evening().on("Anna").rings().press("1").asks("Anna", "end")
    assert refused(evening, "Anna") == ["not_yours"]
    evening.tell(facts.HungUp, call="a").asks("Anna", "hold")
    assert refused(evening, "Anna") == ["gone"]
    # What was wished has come by itself.
    assert refused(evening.asks("Anna", "end"), "Anna") == []


def test_whoever_calls_since_we_could_not_reach_them_is_next():
    evening = Evening(number="+3221").on("Anna")
    for name in ("first", "returns", "invented", "late"):
        evening.tell(facts.Rang, after=1.0, call=name, number=MARIE).press("1", call=name)
    evening.tell(facts.Recognised, call="returns", returns=True)
    evening.tell(facts.Recognised, call="invented", returns=True, flooding=True)
    assert [call.name for call in evening.board.waiting()] == ["returns", "first", "late", "invented"]
