"""Facts get lost, come twice, late and in any order: every call still ends, in one list, and nobody is left ringing."""

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from quartier.callcore import Outcome, Standing, State, facts
from quartier.callcore.call import TALKING, WAITING
from quartier.callcore.tests.random_facts import OPERATOR_NAMES, languages, operators, stories, wishes
from quartier.callcore.tests.watched import Watched


@given(stories)
@settings(max_examples=100, deadline=None)
def test_noise_does_no_harm(story):
    watched = Watched()
    for fact in story:
        watched.happens(fact)
    watched.nothing_more_is_heard()


class AnEvening(RuleBasedStateMachine):
    """What happens mostly makes sense, so that every state is reached; now and then it is late, a repetition, or about
    something that is over."""

    def __init__(self):
        super().__init__()
        self.watched = Watched(at_once=2)
        self.board, self.at, self.number, self.told = self.watched.board, 1000.0, 0, []

    def tell(self, fact, **words):
        told = fact(at=self.at, **words)
        self.told.append(told)
        self.watched.happens(told)

    def live(self, data, *states):
        """One of the calls in these states."""
        return data.draw(st.sampled_from([one for one in self.board.calls.values() if one.state in states]))

    def has(self, *states):
        return any(call.state in states for call in self.board.calls.values())

    @initialize(own_phone=st.booleans())
    def the_shift_begins(self, own_phone):
        self.tell(facts.CameOn, operator="Anna", languages=("fr", "nl"), own_phone=own_phone)
        self.tell(facts.CameOn, operator="Bert", languages=("fr",), area=3)

    @rule(
        number=st.sampled_from(["", "+3221234567"]),
        choice=st.sampled_from(["1", "1", "2", "3", "*", ""]),
        ring_back=st.booleans(),
        can_text=st.booleans(),
    )
    def somebody_calls(self, number, choice, ring_back, can_text):
        self.number += 1
        call = f"c{self.number}"
        self.tell(facts.Rang, call=call, number=number)
        self.tell(facts.Recognised, call=call, ring_back=ring_back, can_text=can_text)
        self.tell(facts.Pressed, call=f"c{self.number}", digit=choice)

    @precondition(lambda self: self.has(*WAITING))
    @rule(data=st.data())
    def who_waits_asks_who_comes(self, data):
        call = self.live(data, *WAITING)
        key = "2" if self.at >= call.late_until else "*"  # Before, it is a language.
        before = [each.name for each in self.board.waiting()]
        self.tell(facts.Pressed, call=call.name, digit=key)
        assert [each.name for each in self.board.waiting()] == before, "the place is lost"

    @precondition(lambda self: self.has(*WAITING))
    @rule(data=st.data())
    def the_caller_presses_a_key(self, data):
        digit = data.draw(st.sampled_from("1137"))
        self.tell(facts.Pressed, call=self.live(data, *WAITING).name, digit=digit)

    @precondition(lambda self: self.has(State.MENU, State.CLOSED, *WAITING))
    @rule(data=st.data())
    def the_caller_is_worried(self, data):
        call = self.live(data, State.MENU, State.CLOSED, *WAITING)
        self.at += 3.0
        self.tell(facts.Pressed, call=call.name, digit="9")
        assert call.worried or call.name in self.watched.closed
        assert call.state in {*WAITING, State.VOICEMAIL, State.ENDED}

    @precondition(lambda self: self.has(State.MENU, State.CLOSED, State.VOICEMAIL, *WAITING))
    @rule(data=st.data(), language=st.sampled_from(["nl", "en", ""]), flooding=st.booleans())
    def who_calls_is_known_late(self, data, language, flooding):
        call = self.live(data, State.MENU, State.CLOSED, State.VOICEMAIL, *WAITING)
        self.tell(facts.Recognised, call=call.name, language=language, flooding=flooding)

    @rule(may_ring=st.sampled_from([True, True, False]))
    def the_money_for_own_phones_goes_or_comes(self, may_ring):
        self.tell(facts.OwnPhones, may_ring=may_ring)

    @precondition(lambda self: any(call.legs for call in self.board.calls.values()))
    @rule(
        data=st.data(),
        what=st.sampled_from([facts.Answered] * 4 + [facts.Declined, facts.HungUp, facts.Lost]),
        key=st.sampled_from(["1", "1", "1", "7", ""]),
    )
    def a_phone_rings(self, data, what, key):
        ringing = sorted(leg for call in self.board.calls.values() for leg in call.legs)
        leg = data.draw(st.sampled_from(ringing))
        call = leg.partition(".")[0]
        self.tell(what, call=call, leg=leg)
        if what is facts.Answered:
            self.tell(facts.Pressed, call=call, leg=leg, digit=key)

    @precondition(lambda self: any(call.legs for call in self.board.calls.values()))
    @rule(data=st.data(), has_answered=st.booleans(), rests=st.sampled_from([0.0, 5.0, 45.0]))
    def a_phone_is_not_reached(self, data, has_answered, rests):
        leg = data.draw(
            st.sampled_from(sorted(leg for call in self.board.calls.values() for leg in call.legs))
        )
        call = leg.partition(".")[0]
        one = self.board.operators[self.board.calls[call].legs[leg]]
        if has_answered:
            self.tell(facts.PickedUp, call=call, leg=leg)
        self.tell(facts.Declined, call=call, leg=leg, reason="network")
        assert one.reason != "missed" or one.leg, "missed what never rang"
        self.at += rests
        self.tell(facts.Tick)

    @precondition(lambda self: any(call.legs for call in self.board.calls.values()))
    @rule(data=st.data())
    def a_yes_in_the_last_moment_is_one(self, data):
        rung = [one for one in self.board.operators.values() if one.standing == Standing.RINGING]
        if not rung:
            return
        one = data.draw(st.sampled_from(sorted(rung, key=lambda each: each.name)))
        call, leg = one.call, one.leg
        self.at = max(self.at, one.until - 0.1)
        self.tell(facts.Tick)
        was_rung = one.leg == leg
        self.tell(facts.PickedUp, call=call, leg=leg)
        self.at += 1.0
        self.tell(facts.Tick)
        assert not was_rung or (one.standing, one.reason) != (Standing.PAUSED, "missed"), "a yes is a no"
        self.tell(facts.Answered, call=call, leg=leg)

    @rule(operator=operators, own_phone=st.booleans())
    def somebody_is_put_through(self, operator, own_phone):
        self.number += 1
        call = f"c{self.number}"
        self.tell(facts.App, up=True)
        self.tell(facts.Edge, up=True)
        self.tell(facts.Hours, open=True)
        self.tell(facts.CameOn, operator=operator, languages=("en",), own_phone=own_phone)
        self.tell(facts.Resumed, operator=operator)
        self.tell(facts.Rang, call=call, number="+3221234567")
        self.tell(facts.Pressed, call=call, digit="4")
        self.everybody_answers(call)

    def everybody_answers(self, call):
        for leg in list(self.board.calls[call].legs) if call in self.board.calls else ():
            self.tell(facts.Answered, call=call, leg=leg)
            self.tell(facts.Pressed, call=call, leg=leg, digit="1")

    @precondition(lambda self: self.has(*TALKING))
    @rule(data=st.data(), wish=wishes, to=operators)
    def the_operator_asks(self, data, wish, to):
        call = self.live(data, *TALKING)
        self.tell(facts.Asked, operator=call.operator, call=call.name, wish=wish, to=to)

    @precondition(lambda self: self.has(*TALKING))
    @rule(data=st.data(), to=operators, wish=st.sampled_from(["consult", "transfer"]), answers=st.booleans())
    def another_one_is_asked(self, data, to, wish, answers):
        call = self.live(data, *TALKING)
        self.tell(facts.CameOn, operator=to, languages=("fr", "de"))
        self.tell(facts.Resumed, operator=to)
        self.tell(facts.Asked, operator=call.operator, call=call.name, wish=wish, to=to)
        if answers:
            self.everybody_answers(call.name)

    @precondition(lambda self: self.has(State.BRIDGED))
    @rule(data=st.data(), key=st.sampled_from(["1", "1", "1", "2", ""]), then=wishes, to=operators)
    def the_caller_is_asked_whether_it_may_be_recorded(self, data, key, then, to):
        call = self.live(data, State.BRIDGED)
        self.tell(facts.Asked, operator=call.operator, call=call.name, wish="record")
        if key:
            self.tell(facts.Pressed, call=call.name, digit=key)
        self.tell(facts.Asked, operator=call.operator, call=call.name, wish=then, to=to)

    @precondition(lambda self: self.has(*TALKING))
    @rule(data=st.data(), what=st.sampled_from([facts.HungUp, facts.Lost]))
    def somebody_goes(self, data, what):
        call = self.live(data, *TALKING)
        leg = data.draw(st.sampled_from(["", call.leg, call.second]))
        self.tell(what, call=call.name, leg=leg)

    @precondition(lambda self: self.board.calls)
    @rule(data=st.data(), what=st.sampled_from([facts.HungUp, facts.Lost]))
    def the_caller_goes(self, data, what):
        self.tell(what, call=self.live(data, *State).name)

    @rule(
        operator=operators,
        answers=st.booleans(),
        then=st.sampled_from([facts.Answered, facts.Declined, None]),
    )
    def an_operator_calls(self, operator, answers, then):
        self.number += 1
        call = f"c{self.number}"
        self.tell(facts.CameOn, operator=operator, languages=("fr",))
        self.tell(facts.Dial, call=call, operator=operator, to="Marie")
        if answers:
            self.everybody_answers(call)
        if then:
            self.tell(then, call=call, leg="")

    @rule(
        answers=st.booleans(),
        asks=st.booleans(),
        keys=st.lists(st.tuples(st.sampled_from("1123*"), st.sampled_from([0.5, 8.0, 21.0])), max_size=6),
        then=st.sampled_from([facts.HungUp, facts.Lost, facts.Declined, None]),
    )
    def a_message_is_read(self, answers, asks, keys, then):
        self.number += 1
        call = f"c{self.number}"
        self.tell(facts.Read, call=call, to="Marie", language="nl", text_s=7.0, asks=asks)
        if answers:
            self.tell(facts.Answered, call=call, leg="")
        for key, seconds in keys:
            self.at += seconds
            self.tell(facts.Pressed, call=call, digit=key)
        if then:
            self.tell(then, call=call, **({"leg": ""} if then is facts.Declined else {}))

    @rule(
        pressed=st.sampled_from(["1", "2", "21", "22", ""]),
        comes=st.booleans(),
        then=st.sampled_from([facts.Answered, facts.Declined, facts.Lost, None]),
    )
    def a_neighbour_calls(self, pressed, comes, then):
        self.number += 1
        call = f"c{self.number}"
        self.tell(facts.Rang, call=call, number="+32470000000")
        self.tell(facts.Recognised, call=call, language="nl", masked="visit", coming_s=9.0 * comes)
        for digit in pressed:
            self.tell(facts.Pressed, call=call, digit=digit)
        live = self.board.calls.get(call)
        if then and live and live.far:
            self.tell(then, call=call, leg=live.far)

    @precondition(lambda self: self.has(State.BRIDGED))
    @rule(data=st.data(), supervisor=operators, then=st.sampled_from([facts.HungUp, facts.Lost, "end", None]))
    def somebody_listens(self, data, supervisor, then):
        call = self.live(data, State.BRIDGED)
        self.tell(facts.CameOn, operator=supervisor, languages=("de",))
        self.tell(facts.Asked, operator=supervisor, call=call.name, wish="listen")
        self.everybody_answers(call.name)
        if then == "end":
            self.tell(facts.Asked, operator=supervisor, call=call.name, wish="end")
        elif then and call.ear:
            self.tell(then, call=call.name, leg=call.ear)

    @precondition(lambda self: self.has(State.BRIDGED))
    @rule(data=st.data(), key=st.sampled_from(["", "9"]), goes=st.sampled_from([facts.Paused, facts.WentOff]))
    def a_listener_is_left_with_the_caller(self, data, key, goes):
        call = self.live(data, State.BRIDGED)
        self.tell(facts.CameOn, operator="Carla", languages=("fr",))
        self.tell(facts.Asked, operator="Carla", call=call.name, wish="listen")
        self.everybody_answers(call.name)
        self.tell(facts.Lost, call=call.name, leg=call.leg)
        self.at += 8.0
        self.tell(facts.Pressed, call=call.name, digit=key)
        for name in OPERATOR_NAMES[:2]:
            self.tell(goes, operator=name)

    @precondition(lambda self: any(call.legs for call in self.board.calls.values()))
    @rule(data=st.data(), seconds=st.sampled_from([0.0, 5.0, 19.0]))
    def a_page_is_loaded_again_while_it_rings(self, data, seconds):
        self.at += seconds
        self.tell(facts.Tick)
        ringing = sorted(leg for call in self.board.calls.values() for leg in call.legs)
        if not ringing:
            return
        leg = data.draw(st.sampled_from(ringing))
        call = self.board.calls[leg.partition(".")[0]]
        state, one = call.state, self.board.operators[call.legs[leg]]
        before = (one.standing, one.until)
        self.tell(facts.PageLoaded, call=call.name, leg=leg)
        assert (call.state, one.call, one.standing, one.until) == (state, call.name, *before)

    @precondition(lambda self: self.has(State.BRIDGED))
    @rule(data=st.data())
    def a_page_is_gone_while_the_caller_is_on_hold(self, data):
        call = self.live(data, State.BRIDGED)
        self.tell(facts.Asked, operator=call.operator, call=call.name, wish="hold")
        self.tell(facts.Lost, call=call.name, leg=call.leg)

    @precondition(lambda self: self.has(State.MENDING))
    @rule(data=st.data(), answers=st.booleans())
    def a_page_is_there_again(self, data, answers):
        call = self.live(data, State.MENDING)
        self.tell(facts.CameOn, operator=call.mends, languages=("fr",))
        if answers:
            self.everybody_answers(call.name)

    @rule(
        operator=operators,
        what=st.sampled_from([facts.WentOff, facts.Paused, facts.Resumed, facts.NotesTyped]),
    )
    def a_shift_changes(self, operator, what):
        self.tell(what, operator=operator)

    @rule(operator=operators, languages=languages, own_phone=st.booleans())
    def somebody_comes_on(self, operator, languages, own_phone):
        self.tell(facts.CameOn, operator=operator, languages=languages, own_phone=own_phone)

    @rule(seconds=st.sampled_from([1.0, 9.0, 25.0, 61.0, 1000.0]))
    def time_passes(self, seconds):
        self.at += seconds
        self.tell(facts.Tick)

    @rule(what=st.sampled_from([facts.Hours(at=0, open=True), facts.Hours(at=0, open=False)]))
    def the_hours_change(self, what):
        self.watched.happens(what)

    @rule(up=st.sampled_from([True, True, False]))
    def the_app_goes_or_comes(self, up):
        self.tell(facts.App, up=up)

    @rule(up=st.sampled_from([True, True, False]))
    def the_edge_goes_or_comes(self, up):
        self.tell(facts.Edge, up=up)

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def something_is_said_again(self, data):
        self.watched.happens(data.draw(st.sampled_from(self.told)))

    def teardown(self):
        watched = self.watched
        watched.nothing_more_is_heard()
        assert set(watched.closed) == watched.asked_for
        assert watched.begun == watched.kept, "what was recorded is kept"
        for close in watched.closed.values():
            assert close.outcome in set(Outcome)
            assert min(close.waited_s, close.talked_s) >= 0
            assert close.outcome != Outcome.CALLBACK or (close.ring_back and close.number)
            assert close.outcome not in {Outcome.LEFT, Outcome.WRITTEN} or not close.ring_back
            assert (close.outcome == Outcome.UNREACHED) <= (close.call in watched.dialled)
            assert bool(close.why) or not close.ring_back


AnEvening.TestCase.settings = settings(max_examples=120, stateful_step_count=40, deadline=None)
test_every_call_ends_in_one_list = AnEvening.TestCase


@given(stories, st.data())
@settings(max_examples=150, deadline=None)
def test_what_is_said_twice_happens_once(story, data):
    """With a key, a fact that the shell repeats changes nothing, however late."""
    told = [
        type(fact)(
            **{name: getattr(fact, name) for name in fact.__slots__} | {"at": fact.at, "key": f"k{number}"}
        )
        for number, fact in enumerate(story)
    ]
    once, twice = Watched(), Watched()
    for number, fact in enumerate(told):
        once.happens(fact)
        twice.happens(fact)
        if number and data.draw(st.booleans()):
            assert twice.board.handle(told[data.draw(st.integers(0, number))]) == []
    assert once.closed == twice.closed
    assert repr(once.board.calls) == repr(twice.board.calls)


@given(stories)
@settings(max_examples=150, deadline=None)
def test_a_line_with_other_patience_keeps_its_word_too(story):
    watched = Watched(languages=("de",), at_once=1, longest_s=5.0, pause_s=0.5, news_s=0.5, record_s=2.0)
    for fact in story:
        watched.happens(fact)
    watched.nothing_more_is_heard()
