"""Caller and operator: together, on hold, to another operator, and the end."""

from typing import TYPE_CHECKING

from quartier.callcore import facts, hearing, legs, listening, orders, queueing, recording
from quartier.callcore.call import TALKING, Call, Outcome, State, Why
from quartier.callcore.operator import Standing

if TYPE_CHECKING:
    from quartier.callcore.switchboard import Switchboard

CALLER = ""


def join(board: "Switchboard", call: Call, leg: str, operator: str) -> None:
    """They hear each other, unless the caller was on hold when the operator's browser was lost: then they still are."""
    board.operators[operator].takes(call.name, leg)
    is_held = call.on_hold
    call.state, call.operator, call.leg, call.front = State.BRIDGED, operator, leg, False
    call.news_at, call.mends, call.gave, call.on_hold = None, "", "", False
    call.until = board.now + board.line.talk_s
    if call.first_answer is None:
        call.first_answer = board.now
    if call.joined_at is None:
        call.joined_at = board.now
    if is_held:
        call.state = State.HELD
    else:
        listening.join(board, call)
    board.tell(operator, call, "joined")


def consulted(board: "Switchboard", call: Call, leg: str, operator: str) -> None:
    """The second operator has answered; the caller waits meanwhile."""
    board.operators[operator].takes(call.name, leg)
    call.second = leg
    both = (CALLER,) if call.together else ()
    board.order(orders.Join(call.name, (*both, call.leg, leg)))
    board.tell(operator, call, "joined")


def asked(board: "Switchboard", fact: facts.Asked) -> None:
    """Only the operator whose call it is may ask, and only for what makes sense now. Anybody else is told no."""
    call = board.calls.get(fact.call)
    if call is None:
        if fact.wish != "end":
            board.order(orders.Tell(fact.call, fact.operator, "gone"))
        return
    state, wish = call.state, fact.wish
    if wish == "end" and listening.is_by(board, call, fact.operator):
        listening.gone(board, call)
        return
    if call.state not in TALKING:
        board.tell(fact.operator, call, "not_yours")
        return
    if call.operator != fact.operator:
        listening.asked(board, call, fact)
        return
    if wish == "end":
        board.order(orders.Drop(call.name))
        board.close(call, Outcome.UNREACHED if state == State.CALLING else Outcome.ANSWERED)
    elif wish in recording.WISHES:
        recording.asked(board, call, wish)
    elif state == State.CALLING:
        board.tell(fact.operator, call, "not_there_yet")
    elif wish == "hold" and state in {State.BRIDGED, State.CONSENTING}:
        recording.withdraw_question(board, call)
        listening.wait(board, call)
        call.state = State.HELD
        recording.rest(board, call)
        _music(board, call)
    elif wish == "resume" and state == State.HELD:
        call.state = State.BRIDGED
        recording.join(board, call)
    elif wish in {"transfer", "consult", "third"} and state != State.CONSULTING:
        _to_another(board, call, wish, fact.to)
    elif wish == "complete" and state == State.CONSULTING and call.second:
        complete(board, call)
    elif wish == "cancel" and state == State.CONSULTING:
        legs.stop(board, call)
        cancel(board, call)


def complete(board: "Switchboard", call: Call) -> None:
    """The second operator has the caller now, the first one writes the notes."""
    second, name = call.second, legs.who(board, call, call.second)
    call.second, call.together = "", False
    legs.let_go(board, call, call.operator, call.leg)
    call.state, call.operator, call.leg = State.BRIDGED, name, second
    listening.join(board, call)


def cancel(board: "Switchboard", call: Call) -> None:
    """Back to the caller, without the second operator."""
    if call.second:
        legs.let_second_go(board, call)
    call.together = False
    call.state = State.BRIDGED
    listening.join(board, call)


def hung_up(board: "Switchboard", call: Call, leg: str) -> None:
    """Who hangs up while consulting hands the call over, or leaves the caller to the next one; else it is the end."""
    if leg and leg == call.ear:
        listening.gone(board, call)
    elif call.state == State.CONSULTING and leg == call.second:
        cancel(board, call)
    elif call.state == State.CONSULTING and leg == call.leg:
        _without_the_first(board, call)
    elif call.state in TALKING and leg == call.leg:
        board.order(orders.Drop(call.name))
        board.close(call, Outcome.UNREACHED if call.state == State.CALLING else Outcome.ANSWERED)


def lost(board: "Switchboard", call: Call, leg: str) -> None:
    """Cut off. A browser may be back at once: a page that was loaded again. Else the caller goes to the front of the
    queue, and that operator is not there any more."""
    if leg and leg == call.ear:
        board.operators[legs.who(board, call, leg)].leaves = True
        hung_up(board, call, leg)
    elif call.state == State.CONSULTING and leg == call.second:
        board.operators[legs.who(board, call, leg)].leaves = True
        cancel(board, call)
    elif call.state == State.CALLING and leg == call.leg:
        board.operators[call.operator].leaves = True
        board.order(orders.Drop(call.name))
        board.close(call, Outcome.UNREACHED)
    elif call.state in {State.BRIDGED, State.HELD, State.CONSENTING} and leg == call.leg:
        _mend(board, call)
    elif call.state in TALKING and leg == call.leg:
        board.operators[call.operator].leaves = True
        _without_the_first(board, call)


def leave(board: "Switchboard", call: Call) -> None:
    """Nobody of ours stays on a call that is over."""
    listening.stop(board, call)
    if call.mends:
        _is_over_without(board, call)
    _part(board, call)


def _is_over_without(board: "Switchboard", call: Call) -> None:
    """The call is over before its operator's browser was back: there are notes to write when it is."""
    operator = board.operators[call.mends]
    if operator.standing in {Standing.OFFLINE, Standing.AVAILABLE}:
        operator.idle_since = board.now
        operator.writes_notes(board.now + board.line.wrap_up_s)


def _part(board: "Switchboard", call: Call) -> None:
    """The caller is with no operator any more."""
    recording.end(board, call)
    call.count_talk(board.now)
    if call.second:
        legs.let_second_go(board, call)
    if call.leg:
        legs.let_go(board, call, call.operator, call.leg)
    call.operator = call.leg = call.second = ""
    call.together = False


def time_is_up(board: "Switchboard", call: Call) -> None:
    """No answer to the question is one. Nobody talks so long as this: it was forgotten."""
    if call.state == State.CONSENTING:
        recording.refused(board, call)
        return
    board.order(orders.Drop(call.name))
    board.close(call, Outcome.ANSWERED, why=Why.CUT_OFF)


def _to_another(board: "Switchboard", call: Call, wish: str, to: str) -> None:
    other = board.operators.get(to)
    if not board.edge_is_up:
        board.tell(call.operator, call, "edge")
        return
    if other is None or other.standing != Standing.AVAILABLE:
        board.tell(call.operator, call, "busy")
        return
    recording.withdraw_question(board, call)
    # Whoever agreed to be recorded agreed to two voices.
    recording.end(board, call)
    listening.wait(board, call)
    _music(board, call)
    if wish in {"consult", "third"}:
        call.state, call.together = State.CONSULTING, wish == "third"
    else:
        call.gave = call.operator
        _part(board, call)
        call.state = State.TRANSFERRING
        call.until = board.now + 2 * (board.line.ring_s + board.line.accept_s)
    legs.ring(board, call, other)


def not_taken(board: "Switchboard", call: Call) -> None:
    """The colleague does not take the call: the caller is the next one again, and whoever gave it away is rung for them
    at once, also while they write their notes."""
    giver, call.gave = board.operators.get(call.gave), ""
    queueing.queue(board, call, front=True)
    if giver is None or giver.standing not in {Standing.AVAILABLE, Standing.WRAP_UP} or not board.edge_is_up:
        return
    if giver.own_phone and board.rings_browsers_alone(call):
        return
    if giver.standing == Standing.WRAP_UP:
        # What is left of it is theirs again if the caller hangs up meanwhile.
        giver.notes_until = giver.until
    legs.ring(board, call, giver)
    call.state = State.OFFERING


def _without_the_first(board: "Switchboard", call: Call) -> None:
    if call.second:
        complete(board, call)
    else:
        _back_to_the_queue(board, call)


def _mend(board: "Switchboard", call: Call) -> None:
    """Their operator's browser is awaited for a moment. A telephone that is gone is gone."""
    operator = board.operators[call.operator]
    operator.leaves = True
    if operator.own_phone:
        _without_the_first(board, call)
        return
    name, call.on_hold = call.operator, call.state == State.HELD
    _part_before_the_end(board, call)
    call.state, call.mends, call.until = State.MENDING, name, board.now + board.line.mend_s
    if not call.on_hold:
        # On hold, the music plays on.
        hearing.play(board, call, "moment", loop=True)


def _back_to_the_queue(board: "Switchboard", call: Call) -> None:
    _part_before_the_end(board, call)
    queueing.queue(board, call, front=True)


def _part_before_the_end(board: "Switchboard", call: Call) -> None:
    """The caller waits to speak on. An operator who was lost, and is back, is there for them before any notes."""
    operator = board.operators[call.operator]
    listening.wait(board, call)
    legs.stop(board, call)
    _part(board, call)
    operator.notes_until = None


def _music(board: "Switchboard", call: Call) -> None:
    board.order(orders.Play(call.name, "hold", call.language, loop=True))
