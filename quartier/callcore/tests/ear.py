"""What a caller hears, second by second: nobody is left in silence, and nothing is promised that cannot be kept."""

from math import inf

from quartier.callcore import Line, Outcome, State, Switchboard, facts, orders

MAX_SILENCE_S = 3.0
# Who hears it is rung back, whatever else it says.
PROMISES = {"we_call_back", "trouble"}


class Ear:
    """A switchboard whose clock never sleeps. `prompt_s`: the seconds that a prompt takes; `heard`: call, moment and
    order of all that was said to callers; `silence_s`: the longest."""

    def __init__(self, prompt_s=None, *, is_open=True, **line):
        self.board = Switchboard(Line(**{"records": True, **line}), is_open=is_open)
        if prompt_s is not None:
            self.board.prompt_s = prompt_s
        self.until, self.heard, self.closed, self.silence_s = {}, [], {}, 0.0
        self.tones = {}

    def happens(self, fact):
        """This, after all that is due before."""
        while (wake := self.board.next_wake()) is not None and wake < fact.at:
            self._handle(facts.Tick(at=max(wake, self.board.now)))
        self._handle(fact)

    def ends(self):
        """Only the clock goes on."""
        for _step in range(5000):
            wake = self.board.next_wake()
            if wake is None or not self.board.calls:
                return
            self._handle(facts.Tick(at=max(wake, self.board.now)))
        raise AssertionError("endless")

    def prompts_of(self, call):
        return [play.prompt for name, _at, play in self.heard if name == call]

    def _handle(self, fact):
        at = max(self.board.now, fact.at)
        for name, until in self.until.items():
            silence = at - until
            self.silence_s = max(self.silence_s, silence)
            state, said = self.board.calls[name].state, self.prompts_of(name)[-2:]
            assert silence <= MAX_SILENCE_S + 1e-6, f"{silence:.1f} s of silence in {state} after {said}"
        before = dict(self.board.calls)
        for order in self.board.handle(fact):
            self._follow(order, before | self.board.calls)

    def _follow(self, order, calls):
        name, at, call = order.call, self.board.now, calls.get(order.call)
        match order:
            case orders.Answer():
                self.until[name] = at
            case orders.Play(leg="") if call is not None:
                self.heard.append((name, at, order))
                assert call.can_be_rung_back or not order.ring_back
                assert call.can_be_rung_back or order.prompt not in PROMISES, "a promise that cannot be kept"
                assert call.can_be_texted or (not order.can_text and order.prompt != "we_write")
                if name in self.until or call.state in {State.ANNOUNCING, State.READING}:
                    self.until[name] = inf if order.loop else at + self._seconds(order, call)
            case orders.Record():
                # From here on they speak.
                self.tones[name], self.until[name] = self.until[name], inf
            case orders.Join(legs=legs) if "" in legs:
                self.until[name] = inf
            case orders.Close():
                assert name not in self.closed, "on two lists"
                self.closed[name] = order
                assert order.outcome in set(Outcome)
                self.until.pop(name, None)

    def _seconds(self, play, call):
        if play.prompt == "who_comes":
            return call.coming_s
        if play.prompt == "reading":
            keys = orders.Play(call.name, "reading_ask" if call.text.asks else "reading_again", call.language)
            return call.text.seconds + self.board.prompt_s(keys)
        return self.board.prompt_s(play)
