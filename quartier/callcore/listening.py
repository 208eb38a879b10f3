"""A supervisor listens to a call, and the operator is told."""

from typing import TYPE_CHECKING

from quartier.callcore import facts, legs, orders
from quartier.callcore.call import Call, Recording, State
from quartier.callcore.operator import Standing

if TYPE_CHECKING:
    from quartier.callcore.switchboard import Switchboard

CALLER = ""


def asked(board: "Switchboard", call: Call, fact: facts.Asked) -> None:
    """Somebody who is not the operator of this call wants to listen, or has heard enough. Who may, the app knows."""
    one = board.operators.get(fact.operator)
    if fact.wish == "end" and call.ear and one is not None and one.leg == call.ear:
        stop(board, call)
        board.order(orders.Join(call.name, (CALLER, call.leg)))
    elif fact.wish == "listen":
        is_free = one is not None and one.standing == Standing.AVAILABLE and board.edge_is_up
        if one is None or not is_free or call.state != State.BRIDGED:
            board.tell(fact.operator, call, "busy")
        elif call.tape.state in {Recording.ON, Recording.PAUSED}:
            # It can be heard afterwards; and whoever agreed to it agreed to two voices.
            board.tell(fact.operator, call, "recorded")
        elif not call.ear and not call.legs:
            legs.ring(board, call, one, auto=True)
    else:
        board.tell(fact.operator, call, "not_yours")


def there(board: "Switchboard", call: Call, leg: str, operator: str) -> None:
    """The supervisor is on the line."""
    one = board.operators[operator]
    one.standing, one.call, one.leg, one.until, one.reason = Standing.IN_CALL, call.name, leg, None, ""
    call.ear = leg
    board.order(orders.Listen(call.name, (CALLER, call.leg), leg))
    board.tell(call.operator, call, "listened")
    board.tell(operator, call, "joined")


def stop(board: "Switchboard", call: Call) -> None:
    """Nobody listens any more; who was about to is not rung any more."""
    if call.ear:
        leg, call.ear = call.ear, ""
        legs.let_go(board, call, legs.who(board, call, leg), leg)
    elif call.state == State.BRIDGED:
        legs.stop(board, call)
