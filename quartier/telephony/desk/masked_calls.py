"""Calls between two of a visit: each time that the other one is to be rung the database is asked anew, since a call may
outlast its visit and the day's money; and whoever still reaches the other one when the visit is over, does not."""

from functools import partial
from typing import TYPE_CHECKING, Any

from quartier.callcore import facts, orders
from quartier.callcore.call import State
from quartier.telephony import queries
from quartier.telephony.desk.said import Said
from quartier.telephony.rules import OVER_REASON, Known, MayNotDial

if TYPE_CHECKING:
    from quartier.telephony.desk.exchange import Exchange, LineState


class MaskedCalls:
    """Of one exchange."""

    def __init__(self, exchange: "Exchange") -> None:
        self._exchange = exchange

    def greet(self, line: "LineState", call: str, known: Known) -> None:
        """Ask whom this caller may reach, and greet them."""
        number = line.board.calls[call].number
        ask = partial(Said.masked, line.now.organisation, str(known.masked), number)
        self._exchange.desk.put(ask, self._soon(self._exchange.reader.greet, call, known), first=True)

    def ring_out(self, line: "LineState", order: orders.RingOut) -> None:
        """Ring the other one, if that may still be. While the database is away nobody is rung."""
        call = line.board.calls.get(order.call)
        if call is not None:
            ask = partial(Said.masked, line.now.organisation, order.to, call.number, order.call)
            self._exchange.desk.put(ask, self._soon(self._asked, line, order), first=True)

    def end_closed(self, line: "LineState") -> None:
        """Those whose visit is over hear each other no more."""
        reaching = {
            call.name: call.masked
            for call in line.board.calls.values()
            if call.masked and call.state in {State.REACHING, State.THROUGH}
        }
        if reaching:
            ask = partial(queries.open_masked_among, set(reaching.values()))
            self._exchange.desk.put(ask, self._soon(self._found, line, reaching))

    def _soon(self, then: Any, *given: Any) -> Any:
        return partial(self._exchange.call_soon, then, *given)

    def _asked(self, line: "LineState", order: orders.RingOut, dial: Any) -> None:
        call = line.board.calls.get(order.call)
        if call is None or call.far != order.leg:
            # Hung up, or given up, meanwhile.
            return
        if dial is None or isinstance(dial, MayNotDial):
            reason = OVER_REASON if dial is None else dial.reason
            self._exchange.happened(order.call, facts.MaskedOver, reason=reason)
            return
        line.numbers[order.call] = dial.number
        self._exchange.desk.put(partial(Said.goes_through, line.now.organisation, order.call, dial.number))
        self._exchange.enqueue(order)

    def _found(self, line: "LineState", reaching: dict[str, str], is_open: set[str]) -> None:
        for name, masked in reaching.items():
            if masked not in is_open and name in line.board.calls:
                self._exchange.happened(name, facts.MaskedOver, reason=OVER_REASON)
