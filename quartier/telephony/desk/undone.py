"""An order that could not be carried out: the machine, told nothing of it, would leave somebody in silence."""

import logging
from typing import TYPE_CHECKING

from quartier.callcore import facts, orders

if TYPE_CHECKING:
    from quartier.telephony.desk.exchange import Exchange

log = logging.getLogger(__name__)


async def try_order(exchange: "Exchange", order: orders.Order) -> None:
    """Carried out, or told to the machine as a fact. A worker outlives whatever is raised: no voice, no disk, ..."""
    assert exchange.control is not None
    try:
        await exchange.control.carry_out(order)
    except Exception:
        log.exception("an order could not be carried out: %s", type(order).__name__)
        tell_undone(exchange, order)


async def try_release(exchange: "Exchange", call: str) -> None:
    """What is left of a call goes, as far as that is possible."""
    assert exchange.control is not None
    try:
        await exchange.control.release(call)
    except Exception:
        log.exception("a call could not be let go")


def tell_undone(exchange: "Exchange", order: orders.Order) -> None:
    """Whom it was about does not come, or is lost; where it was about two, the caller, who is rung back then."""
    match order:
        case orders.Ring() | orders.RingOut():
            exchange.happened(order.call, facts.Declined, leg=order.leg, reason=facts.NETWORK_REASON)
        case orders.Play(leg=leg) | orders.Listen(ear=leg):
            exchange.happened(order.call, facts.Lost, leg=leg)
        case orders.Answer():
            exchange.happened(order.call, facts.MediaServerFailed)
        case orders.Drop() | orders.Keep():
            # Nobody waits for it.
            return
        case _:
            exchange.happened(order.call, facts.Lost)
