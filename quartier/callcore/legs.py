"""The legs of a call: the phones and browsers that it rings, and those that talk."""

from typing import TYPE_CHECKING

from quartier.callcore import orders
from quartier.callcore.call import Call, State
from quartier.callcore.operator import Operator, Standing

if TYPE_CHECKING:
    from quartier.callcore.switchboard import Switchboard

# From a yes until both hear each other, at the longest: the media server is asked more than once.
CONNECT_S = 8.0
# What is rung then was asked for in that browser, and is taken by itself: a page that is back, a call that its operator
# makes, a talk to listen to.
TAKEN_BY_ITSELF = {State.MENDING, State.DIALLING, State.BRIDGED}


def ring(board: "Switchboard", call: Call, operator: Operator) -> None:
    """Ring this operator for this call."""
    leg = call.next_leg()
    call.legs[leg] = operator.name
    operator.standing, operator.call, operator.leg = Standing.RINGING, call.name, leg
    operator.until = board.now + board.line.ring_s
    operator.connects = operator.alerted = False
    board.order(orders.Ring(call.name, leg, operator.name, call.state in TAKEN_BY_ITSELF))
    board.tell(operator.name, call, "rings")


def ring_again(board: "Switchboard", call: Call, leg: str) -> None:
    """The same ring, on another leg, for as long as was left of it."""
    operator = board.operators[call.legs.pop(leg)]
    until = operator.until
    board.order(orders.Drop(call.name, leg))
    ring(board, call, operator)
    operator.until = until


def connects(board: "Switchboard", who: Call | Operator) -> None:
    """It was picked up there: what waits for the answer does so for as long as it may take to connect them."""
    if who.until is not None:
        who.until = max(who.until, board.now + CONNECT_S)


def stop(board: "Switchboard", call: Call, *, but: str = "") -> None:
    """Nobody else need answer. Those who were rung stay available: it was not their fault."""
    for leg, name in list(call.legs.items()):
        if leg != but:
            board.order(orders.Drop(call.name, leg))
            board.tell(name, call, "stopped")
            board.operators[name].free()
    call.legs.clear()


def let_go(board: "Switchboard", call: Call, operator: str, leg: str) -> None:
    """This operator is off the call, and writes the notes."""
    board.order(orders.Drop(call.name, leg))
    board.tell(operator, call, "ended")
    failure = call.failure if call.goes_out else ""
    board.operators[operator].hung_up(board.now, board.line.wrap_up_s, failure)
    board.see_who_is_there()


def let_second_go(board: "Switchboard", call: Call) -> None:
    """The colleague who was asked is off the call, and free again: the notes are of whoever has it."""
    operator = who(board, call, call.second)
    board.order(orders.Drop(call.name, call.second))
    board.tell(operator, call, "ended")
    board.operators[operator].advised(board.now)
    call.second = ""
    board.see_who_is_there()


def who(board: "Switchboard", call: Call, leg: str) -> str:
    """Which operator is on this leg."""
    return next(name for name, one in board.operators.items() if one.call == call.name and one.leg == leg)
