"""A switchboard whose every step is looked at: what must be true of it whatever happens."""

from collections import Counter

from quartier.callcore import Line, Outcome, Recording, Standing, State, Switchboard, facts, orders
from quartier.callcore.call import ALOUD, TALKING, WAITING
from quartier.callcore.operator import FAILED_RING_RESTS_S, best
from quartier.callcore.queueing import could_another_take, is_told
from quartier.callcore.switchboard import moments

# No ringing, queue, message and talk together lasts longer.
FOREVER_S = 40 * 3600.0
# Where somebody may listen, or wait to listen again.
LISTENED = {State.BRIDGED, State.HELD, State.CONSULTING, State.TRANSFERRING, State.MENDING, *WAITING}
RINGS = {Standing.RINGING, Standing.ACCEPTING}


class Watched:
    """A switchboard whose every step is looked at."""

    def __init__(self, **line):
        self.board = Switchboard(Line(**{"records": True, **line}))
        # What was recorded, and what was kept of it: call and part.
        self.begun, self.kept = set(), set()
        self.closed, self.answered, self.gone = {}, Counter(), set()
        self.asked_for, self.rung, self.dialled = set(), set(), set()
        self.expecting = set()
        # Messages that are read: how often they were said, and who pressed a key for them.
        self.reads, self.said, self.wanted = {}, Counter(), set()
        # The language of what each caller hears, or heard last; and who is on hold, whatever becomes of the operator.
        self.hears, self.held = {}, set()

    def happens(self, fact):
        if isinstance(fact, facts.Rang):
            self.asked_for.add(fact.call)
        known, before = set(self.board.calls), self.state_of_calls()
        if isinstance(fact, facts.Recognised) and fact.coming_s:
            self.expecting.add(fact.call)
        if isinstance(fact, facts.Pressed) and fact.digit == "1" and not fact.leg:
            self.wanted.add(fact.call)
        for order in self.board.handle(fact):
            self.follow(order)
            joins = isinstance(order, orders.Join | orders.Listen) and "" in order.legs
            assert not joins or order.call not in self.held or isinstance(fact, facts.Asked), "taken off hold"
        self.see_who_is_held()
        after, changed = self.state_of_calls(), self.board.take_changed()
        assert {name for name in before | after if before.get(name) != after.get(name)} <= changed, (
            "changed unseen"
        )
        if isinstance(fact, facts.Dial | facts.Read) and fact.call in self.board.calls.keys() - known:
            self.asked_for.add(fact.call)
            self.dialled.add(fact.call)
            if isinstance(fact, facts.Read):
                self.reads[fact.call] = fact
        self.look()

    def see_who_is_held(self):
        states = {name: call.state for name, call in self.board.calls.items()}
        self.held = {name for name in self.held if states.get(name) == State.MENDING}
        self.held |= {name for name, state in states.items() if state == State.HELD}

    def state_of_calls(self):
        return {name: repr(call) for name, call in self.board.calls.items()}

    def follow(self, order):
        if isinstance(order, orders.Play) and not order.leg:
            self.hears[order.call] = order.language
        match order:
            case orders.Close(call=call):
                assert call not in self.closed, "counted twice"
                self.closed[call] = order
                assert (order.heard is not None) == (call in self.reads)
                assert not order.heard or self.said[call], "heard, and never said"
                assert not order.answer or (order.heard and self.reads[call].asks)
                assert (order.outcome == Outcome.ANSWERED) >= bool(order.heard)
            case orders.Play(call=call, prompt="reading"):
                assert call in self.wanted, "said to somebody who pressed nothing"
                self.said[call] += 1
                assert self.said[call] <= 6
            case orders.Play(call=call, prompt="who_comes" | "masked_menu_coming"):
                assert call in self.expecting, "said to somebody to whom nobody comes"
            case (
                orders.Play(prompt="we_call_back" | "trouble", leg="")
                | orders.Play(ring_back=True, loop=False, leg="")
            ):
                call = self.board.calls.get(order.call)
                assert call is None or call.can_be_rung_back or call.goes_out, "a promise that cannot be kept"
            case orders.Answer(call=call):
                self.answered[call] += 1
            case orders.Drop(call=call, leg=leg) if leg in self.rung:
                self.gone.add(leg)
            case orders.Keep(call=call, part=part):
                assert call not in self.closed, "kept when it is over"
                assert (call, part) in self.begun - self.kept
                self.kept.add((call, part))
            case orders.Join(call=call, legs=pair, part=part):
                assert call not in self.closed
                if part:
                    assert (call, part) not in self.kept, "more of what is over"
                    assert len(pair) == 2
                    self.begun.add((call, part))
                assert not self.gone & set(pair), "joined with somebody who was sent away"
            case orders.Listen(call=call, legs=pair, ear=ear):
                assert call not in self.closed
                assert not self.gone & {*pair, ear}
            case orders.Ring(leg=leg) | orders.RingOut(leg=leg) if leg:
                assert leg not in self.rung, "a name twice"
                self.rung.add(leg)

    def look(self):
        board = self.board
        on_legs = Counter()
        for call in board.calls.values():
            assert call.name not in self.closed
            assert bool(call.leg) == bool(call.operator) == (call.state in TALKING), call
            assert not call.second or call.state == State.CONSULTING
            assert not call.together or call.state == State.CONSULTING
            assert not call.ear or (call.state in LISTENED and not call.worried)
            assert bool(call.far) == (call.state in {State.REACHING, State.THROUGH})
            assert bool(call.mends) == (call.state == State.MENDING)
            assert not call.on_hold or call.state == State.MENDING
            assert (call.text is not None) == (call.state in ALOUD)
            assert call.state != State.CLOSED or not board.is_open, "closed, while the line is open"
            is_spoken_to = call.state in {State.MENU, State.CLOSED, *WAITING} or (
                call.state == State.VOICEMAIL and board.now < call.until - board.line.message_s
            )
            assert not is_spoken_to or self.hears[call.name] == call.language, "in another language"
            tape = call.tape
            is_on = tape.state == Recording.ON
            assert (tape.since is not None) == (is_on and call.state == State.BRIDGED)
            assert not is_on or call.state in {State.BRIDGED, State.HELD}
            assert tape.state != Recording.PAUSED or call.state in {State.BRIDGED, State.HELD}
            assert not call.ear or tape.state not in {Recording.ON, Recording.PAUSED}
            going = {(call.name, tape.part)} if tape.state in {Recording.ON, Recording.PAUSED} else set()
            assert {one for one in self.begun - self.kept if one[0] == call.name} == going
            assert 0 <= tape.seconds <= board.line.record_s + 1e-6
            for leg, name in call.legs.items():
                assert (board.operators[name].call, board.operators[name].leg) == (call.name, leg)
                assert board.operators[name].standing in RINGS
            talking = [leg for leg in (call.leg, call.second, call.ear) if leg]
            on_legs.update([*call.legs, *talking])
            for leg in talking:
                (one,) = [each for each in board.operators.values() if each.leg == leg]
                assert (one.standing, one.call) == (Standing.IN_CALL, call.name)
            if call.state in WAITING and not is_told(call) and call.nobody_since is None:
                assert any(
                    each.standing != Standing.OFFLINE
                    and not (call.ear and each.leg == call.ear)
                    and call.language in each.languages
                    and not (each.own_phone and (call.flooding or not board.own_phones_may_ring))
                    for each in board.operators.values()
                ), "waits, and nobody could ever be rung"
            if call.state in WAITING:
                assert not call.ear or could_another_take(board, call), "waits for whoever listens"
                assert bool(call.legs) == (call.state == State.OFFERING)
                free = best(
                    list(board.operators.values()),
                    call.language,
                    call.area,
                    1,
                    but_own_phones=call.flooding or not board.own_phones_may_ring,
                )
                assert call.legs or not free or not board.edge_is_up, (
                    "somebody waits while an operator is free"
                )
        assert set(on_legs.values()) <= {1}
        for operator in board.operators.values():
            assert operator.busy == bool(operator.leg) == (operator.leg in on_legs)
            assert operator.failed_rings <= len(FAILED_RING_RESTS_S), "rung without end"
            if operator.standing == Standing.AVAILABLE and operator.until is not None:
                assert operator.until - board.now <= max(FAILED_RING_RESTS_S)
            assert operator.busy <= (operator.call in board.calls)
            assert board.edge_is_up or operator.standing != Standing.RINGING, "rung, and cannot be reached"
        assert board.next_wake() is not None or not board.calls, "a call without an end"
        ends = [each.until for each in board.operators.values()]
        ends += [moment for call in board.calls.values() for moment in moments(board, call)]
        assert board.next_wake() == min((end for end in ends if end is not None), default=None)
        assert set(self.closed) | set(board.calls) == self.asked_for
        assert all(count == 1 for count in self.answered.values())
        assert set(self.answered) == self.asked_for - self.dialled

    def nothing_more_is_heard(self):
        """Only the clock goes on."""
        for _step in range(10_000):
            wake = self.board.next_wake()
            if wake is None or not self.board.calls:
                break
            assert wake <= self.board.now + FOREVER_S
            self.happens(facts.Tick(at=wake))
        assert not self.board.calls
        assert not any(each.busy for each in self.board.operators.values())
