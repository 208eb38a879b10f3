"""An operator calls somebody with the line's number: first the operator's own phone is rung, then the other."""

from typing import TYPE_CHECKING

from quartier.callcore import facts, hearing, legs, orders, talking
from quartier.callcore.call import Call, Outcome, State
from quartier.callcore.operator import Standing

if TYPE_CHECKING:
    from quartier.callcore.switchboard import Switchboard

# So long an operator hears why nobody came, before the call is over.
FAILURE_SAID_S = 6.0
# What is said of it; of anything else, that the call does not come about.
FAILURE_PROMPTS = {
    "busy": "failed_busy",
    "no_such_number": "failed_no_such_number",
    "forwarded": "failed_forwarded",
    "no_answer": "failed_no_answer",
    "refused": "failed_refused",
}
# Who may call out: somebody who is there and not on a call.
FREE = {Standing.AVAILABLE, Standing.PAUSED, Standing.WRAP_UP}


def dial(board: "Switchboard", fact: facts.Dial) -> None:
    """Begin. Nothing happens where the operator cannot call now, but the console hears of it."""
    operator = board.operators.get(fact.operator)
    if fact.call in board.calls or board.is_over(fact.call):
        return
    language = fact.language if fact.language in board.line.languages else board.line.languages[0]
    call = Call(fact.call, "", language, board.now, to=fact.to)
    if not board.edge_is_up:
        board.tell(fact.operator, call, "edge")
        return
    if operator is None or operator.standing not in FREE or not fact.to:
        board.tell(fact.operator, call, "busy")
        return
    board.calls[call.name] = call
    call.state, call.chose, call.may_ring_back = State.DIALLING, True, False
    call.until = board.now + 2 * (board.line.ring_s + board.line.accept_s)
    legs.ring(board, call, operator)


def there(board: "Switchboard", call: Call, leg: str, operator: str) -> None:
    """The operator is on the line: now the other one is rung."""
    board.operators[operator].takes(call.name, leg)
    call.state, call.operator, call.leg = State.CALLING, operator, leg
    call.until = board.now + board.line.reach_s
    board.order(orders.RingOut(call.name, talking.CALLER, call.to))
    hearing.play(board, call, "ringing", loop=True, leg=leg)
    board.tell(operator, call, "joined")


def reached(board: "Switchboard", call: Call) -> None:
    """They hear each other."""
    if call.failure:
        return
    talking.join(board, call, call.leg, call.operator)


def not_reached(board: "Switchboard", call: Call, reason: str) -> None:
    """Nobody comes there: the operator hears why, in a language of theirs, and may end the call before."""
    if call.failure:
        return
    call.failure, call.until = reason or "network", board.now + FAILURE_SAID_S
    spoken = [each for each in board.operators[call.operator].languages if each in board.line.languages]
    prompt = FAILURE_PROMPTS.get(call.failure, "failed_network")
    said = orders.Play(call.name, prompt, spoken[0] if spoken else call.language, leg=call.leg)
    board.order(orders.Drop(call.name))
    board.order(said)


def time_is_up(board: "Switchboard", call: Call) -> None:
    """Rung long enough; or the operator has heard why nobody came."""
    if call.failure:
        board.close(call, Outcome.UNREACHED)
    else:
        not_reached(board, call, "no_answer")
