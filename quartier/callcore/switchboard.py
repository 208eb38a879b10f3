"""All calls and all operators of one line: facts go in, orders come out."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

from quartier.callcore import (
    caller,
    facts,
    hearing,
    legs,
    masked,
    orders,
    outgoing,
    queueing,
    reading,
    recording,
    ringing,
    talking,
)
from quartier.callcore.call import TALKING, WAITING, Call, Outcome, State, Why
from quartier.callcore.due import DueCalls
from quartier.callcore.line import Line
from quartier.callcore.operator import Operator, Standing

# So many facts and calls are remembered after they are over, to know a repetition.
REMEMBERED = 20_000
Step = Callable[[Any, Any], None]


class Switchboard:
    """`now` is the latest moment of any fact: a late one does not turn back the clock.

    A fact concerns few calls, and thousands may wait: only those that it concerns are looked at, and those for which
    something is due by now. A step that changes another call says so with an order about it.
    """

    def __init__(self, line: Line, *, is_open: bool = True, app_is_up: bool = True) -> None:
        self._due = DueCalls()
        self._concerned: set[str] = set()
        self._changed: set[str] = set()
        # The languages of those who may be rung for somebody: for most callers, and for whom a browser alone is rung.
        self._spoken: tuple[set[str], set[str]] = set(), set()
        self.calls: dict[str, Call] = {}
        self.line, self.is_open, self.app_is_up = line, is_open, app_is_up
        self.own_phones_may_ring = self.edge_is_up = True
        self.now = 0.0
        self.operators: dict[str, Operator] = {}
        # The seconds that a prompt takes: the shell knows, once it has made it.
        self.prompt_s: Callable[[orders.Play], float] = hearing.usual_prompt_s
        # Since when no operator is on shift; `None` while one is.
        self.alone_since: float | None = 0.0
        self._over: OrderedDict[str, None] = OrderedDict()
        self._known: OrderedDict[str, None] = OrderedDict()
        self._orders: list[orders.Order] = []

    def handle(self, fact: facts.Fact) -> list[orders.Order]:
        """What is to be done now that this has happened; nothing for a fact that is known or makes no sense any more.

        Raises nothing, whatever comes in whatever order.
        """
        if fact.key and _seen(self._known, fact.key):
            return []
        self.now = max(self.now, fact.at)
        self._concerned.add(getattr(fact, "call", ""))
        _HANDLERS[type(fact)](self, fact)
        self._pass_time()
        ringing.offer(self)
        self._note_moments(self._concerned)
        self._changed |= self._concerned
        self._concerned = set()
        done, self._orders = self._orders, []
        return done

    def next_wake(self) -> float | None:
        """When a `Tick` is due at the latest, if nothing else happens; `None`: never."""
        times = [self._due.first(), *(each.until for each in self.operators.values())]
        return min((moment for moment in times if moment is not None), default=None)

    def take_changed(self) -> set[str]:
        """The calls that may have changed or ended since this was asked last, by name."""
        changed, self._changed = self._changed, set()
        return changed

    def waiting(self) -> list[Call]:
        """Those who wait for an operator, in the order of their turn."""
        return sorted((call for call in self.calls.values() if call.state in WAITING), key=attrgetter("turn"))

    @property
    def line(self) -> Line:
        """How the line behaves; another one moves what is due for the calls that are live."""
        return self._line

    @line.setter
    def line(self, line: Line) -> None:
        self._line = line
        self._note_moments(self.calls)

    # What the steps use

    def order(self, order: orders.Order) -> None:
        self._concerned.add(order.call)
        self._orders.append(order)

    def tell(self, operator: str, call: Call, what: str) -> None:
        self.order(orders.Tell(call.name, operator, what))

    def is_over(self, call: str) -> bool:
        """Whether a call with this name has been here and is over."""
        return call in self._over

    def close(self, call: Call, outcome: Outcome, *, why: Why | None = None) -> None:
        """Count the call, once, and let everybody on it go. `why`: they are to be rung back. Whom we have called are so
        too, where they were lost through us and waited for somebody else; their number is known to the app."""
        lost_by_us = call.goes_out and call.first_answer is not None and call.state not in TALKING
        legs.stop(self, call)
        talking.leave(self, call)
        masked.leave(self, call)
        call.count_talk(self.now)
        waited = (self.now if call.first_answer is None else call.first_answer) - call.began
        call.state = State.ENDED
        del self.calls[call.name]
        _seen(self._over, call.name)
        if call.goes_out and not lost_by_us:
            why = None
        wanted = why is not None and (call.may_ring_back or lost_by_us)
        # Also where no callback may be promised: whether they are listed all the same, the app decides.
        reason = "" if why is None else str(why)
        heard, answer = (call.text.heard, call.text.answer) if call.text else (None, "")
        self.order(
            orders.Close(
                *(call.name, outcome, call.number, call.language, wanted, waited, call.talked_s, reason),
                heard=heard,
                answer=answer,
                worried=call.worried,
                failure=call.failure,
            )
        )

    def rings_browsers_alone(self, call: Call) -> bool:
        """Whether no own phone, which costs money, is rung for this one."""
        return call.flooding or not self.own_phones_may_ring

    def see_who_is_there(self) -> None:
        """Notice the moment when the last operator goes, or the first one comes."""
        there = any(each.standing != Standing.OFFLINE for each in self.operators.values())
        if there:
            self.alone_since = None
        elif self.alone_since is None:
            self.alone_since = self.now

    def _pass_time(self) -> None:
        for operator in list(self.operators.values()):
            if operator.until is not None and operator.until <= self.now:
                ringing.time_is_up(self, operator)
        self._concerned.update(self._due.take(self.now))
        self._see_who_speaks()
        found = [call for name in self._concerned if (call := self.calls.get(name)) is not None]
        for call in sorted(found, key=lambda call: (call.began, call.name)):
            self._look(call)
        queueing.free_needed_listeners(self)
        # A call that has just ended may have been the last one of somebody who is off now.
        if self._see_who_speaks():
            for call in [call for call in self.calls.values() if call.state in WAITING]:
                queueing.see_who_is_there(self, call, self._spoken_for(call))

    def _see_who_speaks(self) -> bool:
        """Whether the languages of those on shift have changed; whoever waits is concerned by that."""
        there = [each for each in self.operators.values() if each.standing != Standing.OFFLINE]
        browsers = {language for each in there if not each.own_phone for language in each.languages}
        everybody = {language for each in there for language in each.languages}
        spoken = everybody if self.own_phones_may_ring else browsers, browsers
        if spoken == self._spoken:
            return False
        self._spoken = spoken
        self._concerned.update(call.name for call in self.calls.values() if call.state in WAITING)
        return True

    def _spoken_for(self, call: Call) -> set[str]:
        return self._spoken[self.rings_browsers_alone(call)]

    def _look(self, call: Call) -> None:
        """Do what is due for this call."""
        if call.state in WAITING:
            queueing.see_who_is_there(self, call, self._spoken_for(call))
        ends = queueing.deadline(self, call)
        if ends is not None and ends <= self.now:
            _whose(call.state).time_is_up(self, call)
        elif call.news_at is not None and call.news_at <= self.now:
            queueing.say_place(self, call)
        elif (full := recording.full_at(self, call)) is not None and full <= self.now:
            recording.is_full(self, call)

    def _note_moments(self, names: Iterable[str]) -> None:
        for name in names:
            call = self.calls.get(name)
            self._due.put(name, () if call is None else moments(self, call))


def _whose(state: State) -> Any:
    """The module that knows what follows when this state ends by itself."""
    if state == State.CALLING:
        return outgoing
    return talking if state in TALKING else caller


def moments(board: Switchboard, call: Call) -> tuple[float | None, ...]:
    """When something is due for this call."""
    full, nobody = recording.full_at(board, call), queueing.nobody_at(board, call)
    return queueing.deadline(board, call), call.news_at, full, nobody


def _hours(board: Switchboard, fact: facts.Hours) -> None:
    board.is_open = fact.open
    if fact.open:
        caller.opened(board)


def _own_phones(board: Switchboard, fact: facts.OwnPhones) -> None:
    board.own_phones_may_ring = fact.may_ring
    if fact.may_ring:
        ringing.keep_own_phones(board)
    else:
        ringing.withdraw_own_phones(board)


def _app(board: Switchboard, fact: facts.App) -> None:
    board.app_is_up = fact.up


def _edge(board: Switchboard, fact: facts.Edge) -> None:
    board.edge_is_up = fact.up
    if not fact.up:
        ringing.withdraw_rung(board)


def _nothing(_board: Switchboard, _fact: facts.Fact) -> None:
    """Time is looked at after every fact."""


def _by_leg(outside: Step, operator: Step, far: Step) -> Step:
    """Who is on the leg: the one outside, the one that they reach through us, or an operator."""

    def handle(board: Switchboard, fact: Any) -> None:
        call = board.calls.get(fact.call)
        if not fact.leg:
            outside(board, fact)
        elif call is not None and fact.leg == call.far:
            far(board, fact)
        else:
            operator(board, fact)

    return handle


_HANDLERS: dict[type[facts.Fact], Step] = {
    facts.Tick: _nothing,
    facts.Rang: caller.rang,
    facts.Recognised: caller.recognised,
    facts.MaskedOver: masked.over,
    facts.Pressed: _by_leg(caller.pressed, ringing.pressed, _nothing),
    facts.HungUp: _by_leg(caller.hung_up, ringing.hung_up, masked.gone),
    facts.MediaServerFailed: caller.media_server_failed,
    facts.Lost: _by_leg(caller.lost, ringing.lost, masked.gone),
    facts.PageLoaded: ringing.page_loaded,
    facts.Alerted: ringing.alerted,
    facts.PickedUp: _by_leg(caller.picked_up, ringing.picked_up, masked.picked_up),
    facts.Answered: _by_leg(caller.answered, ringing.answered, masked.answered),
    facts.Declined: _by_leg(caller.declined, ringing.declined, masked.gone),
    facts.CameOn: ringing.came_on,
    facts.WentOff: ringing.went_off,
    facts.Paused: ringing.paused,
    facts.Resumed: ringing.resumed,
    facts.NotesBegun: ringing.notes_begun,
    facts.NotesTyped: ringing.notes_typed,
    facts.Asked: talking.asked,
    facts.Dial: outgoing.dial,
    facts.Read: reading.read,
    facts.Hours: _hours,
    facts.App: _app,
    facts.Edge: _edge,
    facts.OwnPhones: _own_phones,
}


def _seen(memory: OrderedDict[str, None], name: str) -> bool:
    if name in memory:
        return True
    memory[name] = None
    if len(memory) > REMEMBERED:
        memory.popitem(last=False)
    return False
