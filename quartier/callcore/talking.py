"""Caller and operator: together, on hold, to another operator, and the end."""

from typing import TYPE_CHECKING

from quartier.callcore import facts, legs, orders, queueing
from quartier.callcore.call import TALKING, Call, Outcome, State
from quartier.callcore.operator import Standing

if TYPE_CHECKING:
    from quartier.callcore.switchboard import Switchboard

CALLER = ""


def join(board: "Switchboard", call: Call, leg: str, operator: str) -> None:
    """They hear each other."""
    _on_the_call(board, call, leg, operator)
    call.state, call.operator, call.leg, call.front = State.BRIDGED, operator, leg, False
    call.news_at = None
    call.until = board.now + board.line.talk_s
    if call.first_answer is None:
        call.first_answer = board.now
    if call.joined_at is None:
        call.joined_at = board.now
    board.order(orders.Join(call.name, (CALLER, leg)))
    board.tell(operator, call, "joined")


def consulted(board: "Switchboard", call: Call, leg: str, operator: str) -> None:
    """The second operator has answered; the caller waits meanwhile."""
    _on_the_call(board, call, leg, operator)
    call.second = leg
    board.order(orders.Join(call.name, (call.leg, leg)))
    board.tell(operator, call, "joined")


def asked(board: "Switchboard", fact: facts.Asked) -> None:
    """Only the operator whose call it is may ask, and only for what makes sense now."""
    call = board.calls.get(fact.call)
    if call is None or call.operator != fact.operator or call.state not in TALKING:
        return
    state, wish = call.state, fact.wish
    if wish == "end":
        board.order(orders.Drop(call.name))
        board.close(call, Outcome.ANSWERED)
    elif wish == "hold" and state == State.BRIDGED:
        call.state = State.HELD
        _music(board, call)
    elif wish == "resume" and state == State.HELD:
        call.state = State.BRIDGED
        board.order(orders.Join(call.name, (CALLER, call.leg)))
    elif wish in {"transfer", "consult"} and state != State.CONSULTING:
        _to_another(board, call, wish, fact.to)
    elif wish == "complete" and state == State.CONSULTING and call.second:
        complete(board, call)
    elif wish == "cancel" and state == State.CONSULTING:
        legs.stop(board, call)
        cancel(board, call)


def complete(board: "Switchboard", call: Call) -> None:
    """The second operator has the caller now, the first one writes the notes."""
    second, name = call.second, legs.who(board, call, call.second)
    call.second = ""
    legs.let_go(board, call, call.operator, call.leg)
    call.state, call.operator, call.leg = State.BRIDGED, name, second
    board.order(orders.Join(call.name, (CALLER, second)))


def cancel(board: "Switchboard", call: Call) -> None:
    """Back to the caller, without the second operator."""
    if call.second:
        legs.let_go(board, call, legs.who(board, call, call.second), call.second)
        call.second = ""
    call.state = State.BRIDGED
    board.order(orders.Join(call.name, (CALLER, call.leg)))


def hung_up(board: "Switchboard", call: Call, leg: str) -> None:
    """Who hangs up while consulting hands the call over, or leaves the caller to the next one; else it is the end."""
    if call.state == State.CONSULTING and leg == call.second:
        cancel(board, call)
    elif call.state == State.CONSULTING and leg == call.leg:
        _without_the_first(board, call)
    elif call.state in TALKING and leg == call.leg:
        board.order(orders.Drop(call.name))
        board.close(call, Outcome.ANSWERED)


def lost(board: "Switchboard", call: Call, leg: str) -> None:
    """Cut off: the caller goes to the front of the queue, and that operator is not there any more."""
    if call.state == State.CONSULTING and leg == call.second:
        board.operators[legs.who(board, call, leg)].leaves = True
        cancel(board, call)
    elif call.state in TALKING and leg == call.leg:
        board.operators[call.operator].leaves = True
        _without_the_first(board, call)


def leave(board: "Switchboard", call: Call) -> None:
    """Nobody of ours stays on a call that is over."""
    if call.second:
        legs.let_go(board, call, legs.who(board, call, call.second), call.second)
    if call.leg:
        legs.let_go(board, call, call.operator, call.leg)
    call.operator = call.leg = call.second = ""


def time_is_up(board: "Switchboard", call: Call) -> None:
    """Nobody talks so long: it was forgotten."""
    board.order(orders.Drop(call.name))
    board.close(call, Outcome.ANSWERED, ring_back=True)


def _to_another(board: "Switchboard", call: Call, wish: str, to: str) -> None:
    other = board.operators.get(to)
    if other is None or other.standing != Standing.AVAILABLE:
        board.tell(call.operator, call, "busy")
        return
    _music(board, call)
    if wish == "consult":
        call.state = State.CONSULTING
    else:
        leave(board, call)
        call.state = State.TRANSFERRING
        call.until = board.now + 2 * (board.line.ring_s + board.line.accept_s)
    legs.ring(board, call, other)


def _without_the_first(board: "Switchboard", call: Call) -> None:
    if call.second:
        complete(board, call)
    else:
        _back_to_the_queue(board, call)


def _back_to_the_queue(board: "Switchboard", call: Call) -> None:
    legs.stop(board, call)
    leave(board, call)
    queueing.queue(board, call, front=True)


def _music(board: "Switchboard", call: Call) -> None:
    board.order(orders.Play(call.name, "hold", call.language, loop=True))


def _on_the_call(board: "Switchboard", call: Call, leg: str, operator: str) -> None:
    one = board.operators[operator]
    one.standing, one.call, one.leg, one.until, one.reason = Standing.IN_CALL, call.name, leg, None, ""
