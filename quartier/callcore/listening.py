"""A supervisor listens to a call, and the operator is told.

Whoever listens stays with the call: while the caller is on hold, is handed on or waits for another operator they hear
music too, and then whoever the caller speaks with next, who is told as well.
"""

from typing import TYPE_CHECKING

from quartier.callcore import facts, legs, orders
from quartier.callcore.call import Call, Recording, State
from quartier.callcore.operator import Standing

if TYPE_CHECKING:
    from quartier.callcore.switchboard import Switchboard

CALLER = ""


def asked(board: "Switchboard", call: Call, fact: facts.Asked) -> None:
    """Somebody who is not the operator of this call wants to listen. Who may, the app knows."""
    one = board.operators.get(fact.operator)
    if fact.wish == "listen":
        if not board.edge_is_up:
            board.tell(fact.operator, call, "edge")
        elif one is None or one.standing != Standing.AVAILABLE or call.state != State.BRIDGED:
            board.tell(fact.operator, call, "busy")
        elif call.worried:
            # What is said goes around whoever it is about, and nobody knows yet who that is.
            board.tell(fact.operator, call, "private")
        elif call.tape.state in {Recording.ON, Recording.PAUSED}:
            # It can be heard afterwards; and whoever agreed to it agreed to two voices.
            board.tell(fact.operator, call, "recorded")
        elif not call.ear and not call.legs:
            legs.ring(board, call, one)
    else:
        board.tell(fact.operator, call, "not_yours")


def there(board: "Switchboard", call: Call, leg: str, operator: str) -> None:
    """The supervisor is on the line."""
    board.operators[operator].takes(call.name, leg)
    call.ear = leg
    join(board, call)
    board.tell(operator, call, "joined")


def is_by(board: "Switchboard", call: Call, operator: str) -> bool:
    """Whether this one listens to the call."""
    one = board.operators.get(operator)
    return bool(call.ear) and one is not None and one.leg == call.ear


def join(board: "Switchboard", call: Call) -> None:
    """Caller and operator hear each other, and so does whoever listens."""
    if call.ear:
        board.order(orders.Listen(call.name, (CALLER, call.leg), call.ear))
        board.tell(call.operator, call, "listened")
    else:
        board.order(orders.Join(call.name, (CALLER, call.leg)))


def wait(board: "Switchboard", call: Call) -> None:
    """Caller and operator are about to be parted: whoever listens waits too; who was about to is not rung any more."""
    if call.state != State.BRIDGED:
        return
    if call.ear:
        board.order(orders.Play(call.name, "hold", call.language, loop=True, leg=call.ear))
    else:
        legs.stop(board, call)


def gone(board: "Switchboard", call: Call) -> None:
    """Whoever listened has heard enough, or is lost."""
    stop(board, call)
    if call.state == State.BRIDGED:
        join(board, call)


def stop(board: "Switchboard", call: Call) -> None:
    """Nobody listens any more; who was about to is not rung any more."""
    if call.ear:
        leg, call.ear = call.ear, ""
        legs.let_go(board, call, legs.who(board, call, leg), leg)
    elif call.state == State.BRIDGED:
        legs.stop(board, call)


def free(board: "Switchboard", call: Call) -> None:
    """Whoever listened to this caller, who waits, has no notes to write: they may be rung at once."""
    leg, call.ear = call.ear, ""
    operator = board.operators[legs.who(board, call, leg)]
    board.order(orders.Drop(call.name, leg))
    board.tell(operator.name, call, "ended")
    operator.free()
    board.see_who_is_there()
