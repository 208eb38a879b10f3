"""Carries out the orders of the machine at the provider, and tells it what happens on the legs."""

import asyncio
import logging
from collections.abc import Callable

from quartier.callcore import facts, orders
from quartier.callcore.call import WAITING
from quartier.lib.ids import uuid7
from quartier.telephony.desk.exchange import Exchange, LineState
from quartier.telephony.providers.twiml import document
from quartier.telephony.providers.twiml.api import Api, ApiDown, Refused, Uncertain
from quartier.telephony.providers.twiml.legs import CALLER, Gone, Hear, Leave, Leg, Meet, Quiet, call_name
from quartier.telephony.providers.twiml.phones import Phones, is_last_word
from quartier.telephony.providers.twiml.setup import Setup

log = logging.getLogger(__name__)

# Whether a call was made that the provider did not answer for, its webhooks say by then.
SHOWS_S = 3.0
# A last word is shorter; who still hears it then is let go.
LAST_WORD_S = 90.0
# The provider gives up ringing a little after we do.
LONGER_S = 5


class TwimlControl:
    """The carrier of one account. All in one loop."""

    # A provider would record for itself, and keep it: that is another agreement than the caller's with us.
    records = False
    # It must come and ask, and fetch what it plays.
    starts_s = 1.0

    def __init__(self, exchange: Exchange, api: Api, setup: Setup, phones: Phones) -> None:
        self._exchange, self._api, self._setup, self._phones = exchange, api, setup, phones
        self._rooms: dict[str, tuple[str, set[str]]] = {}
        # Calls that end because nobody can be rung: their last word is an excuse.
        self._excused: set[str] = set()

    # Orders

    async def carry_out(self, order: orders.Order) -> None:
        """One order; nothing here waits, so that an answer has all that was ordered."""
        match order:
            case orders.Play():
                self._play(order)
            case orders.Ring():
                self._ring(order)
            case orders.RingOut():
                self._ring_out(order)
            case orders.Drop():
                self._drop(order)
            case orders.Join():
                self._join(order.call, order.legs)
            case orders.Listen():
                self._listen(order)
            case orders.Record():
                self._record(order)

    async def release(self, call: str) -> None:
        """Everything of the call that is left goes, once what it says is over."""
        for leg in self._phones.of(call):
            if not is_last_word(leg):
                self._phones.want(leg, Gone())
        caller = self._phones.leg(call, CALLER)
        if caller is not None and is_last_word(caller):
            try:
                async with asyncio.timeout(LAST_WORD_S):
                    await caller.over.wait()
            except TimeoutError:
                self._phones.want(caller, Gone())
        self._rooms.pop(call, None)
        self._excused.discard(call)
        self._phones.forget_call(call)

    def _play(self, order: orders.Play) -> None:
        leg = self._phones.leg(order.call, order.leg)
        if leg is None or not leg.up:
            return
        self._phones.want(leg, self._heard(order))

    def _heard(self, order: orders.Play) -> Hear:
        line = self._exchange.of(order.call)
        return Hear(
            order.prompt,
            order.language,
            loop=order.loop,
            place=order.place,
            minutes=self._exchange.expected_minutes(line, order.place) if line else 0,
            ring_back=order.ring_back,
            can_text=order.can_text,
            first=order.first,
            offered=order.offered,
            area=line.places.get(order.call, "") if line and order.prompt == "accept" else "",
            file=line.texts.get(order.call) if line and order.prompt == "reading" else None,
        )

    def _ring(self, order: orders.Ring) -> None:
        line = self._exchange.of(order.call)
        number = line.numbers.get(order.operator, "") if line else ""
        if line is None or not number:
            self._exchange.happened(order.call, facts.Declined, leg=order.leg, reason=facts.NETWORK_REASON)
            return
        leg = self._phones.put(Leg(order.call, order.leg, operator=order.operator), line)
        self._phones.begin(self._make(leg, line, number, int(line.now.line.ring_s) + LONGER_S))

    def _ring_out(self, order: orders.RingOut) -> None:
        line = self._exchange.of(order.call)
        number = line.numbers.get(order.call, "") if line else ""
        if line is None or not number:
            self._exchange.happened(order.call, facts.Declined, leg=order.leg)
            return
        leg = self._phones.put(Leg(order.call, order.leg), line)
        self._phones.begin(self._make(leg, line, number, int(line.now.line.reach_s) + LONGER_S))

    async def _make(self, leg: Leg, line: LineState, number: str, patience_s: int) -> None:
        """Have the provider ring. Without an answer of its API, its webhooks say whether it does."""
        try:
            sid = await self._api.ring(
                to=number,
                caller=line.now.phone,
                answered=document.of_leg(self._setup, leg, "answered"),
                status=document.of_leg(self._setup, leg, "status"),
                patience_s=patience_s,
            )
        except Uncertain:
            try:
                async with asyncio.timeout(SHOWS_S):
                    await leg.known.wait()
            except TimeoutError:
                self._not_made(leg, line)
        except ApiDown:
            self._not_made(leg, line)
        except Refused as error:
            log.warning("the provider does not ring a number: %s", error)
            self._phones.gone(leg, reason=facts.NO_SUCH_NUMBER_REASON if leg.operator else "")
        else:
            self._phones.adopt(leg, sid)

    def _not_made(self, leg: Leg, line: LineState) -> None:
        """Nobody can be rung. Who waits would wait in vain: they are rung back, and told so."""
        self._phones.forget(leg)
        call = line.board.calls.get(leg.call)
        if call is None or leg.name not in {*call.legs, call.far, CALLER}:
            return
        if call.state in WAITING and call.can_be_rung_back:
            self._excused.add(leg.call)
            self._exchange.happened(leg.call, facts.Lost, promised=True)
        else:
            self._exchange.happened(leg.call, facts.Declined, leg=leg.name, reason=facts.NETWORK_REASON)

    def _drop(self, order: orders.Drop) -> None:
        leg = self._phones.leg(order.call, order.leg)
        if leg is None:
            return
        if order.leg == CALLER and order.call in self._excused:
            language = leg.wants.language if isinstance(leg.wants, Hear) else ""
            self._phones.want(leg, Hear("trouble", language, ends=True))
        elif order.said:
            leg.then_end()
            self._phones.changed(leg)
        else:
            self._phones.want(leg, Gone())

    def _join(self, call: str, names: tuple[str, ...]) -> None:
        found = [leg for name in names if (leg := self._phones.leg(call, name)) is not None and leg.up]
        if len(found) != len(names):
            return
        room = self._room(call, set(names))
        for leg in [leg for leg in self._phones.of(call) if leg not in found]:
            if isinstance(leg.wants, Meet):
                self._phones.want(leg, Quiet())
        for leg in found:
            self._into(leg, Meet(room))

    def _listen(self, order: orders.Listen) -> None:
        names = (*order.legs, order.ear)
        found = [leg for name in names if (leg := self._phones.leg(order.call, name)) is not None and leg.up]
        if len(found) != len(names):
            return
        # A new one: before the operator has heard of it, nobody listens.
        self._rooms.pop(order.call, None)
        room = self._room(order.call, set(names))
        caller, operator, ear = found
        line = self._exchange.of(order.call)
        call = line.board.calls.get(order.call) if line else None
        self._into(caller, Meet(room))
        self._phones.want(operator, Meet(room, before=Hear("listener", call.language if call else "")))
        self._into(ear, Meet(room, unheard=True))

    def _room(self, call: str, names: set[str]) -> str:
        """Where these meet. Who was in the room and is not to be there any more may still be: then it is another one,
        so that nobody hears what is not for them, whatever the provider does or does not."""
        room, before = self._rooms.get(call, ("", set()))
        if not room or not before <= names:
            room = str(uuid7())
        self._rooms[call] = (room, names)
        return room

    def _record(self, order: orders.Record) -> None:
        leg = self._phones.leg(order.call, CALLER)
        if leg is not None and leg.up:
            before = leg.wants if isinstance(leg.wants, Hear) else None
            self._phones.want(leg, Leave(int(order.longest_s), before))

    def _into(self, leg: Leg, wants: Meet) -> None:
        if leg.wants != wants:
            self._phones.want(leg, wants)

    # What happens on the legs

    def rang(self, sid: str, number: str, called: str) -> tuple[Leg, Callable[[], None]] | None:
        """Somebody calls: their leg, and what happens with it; `None` where there is no line."""
        line = self._exchange.line_for(called)
        if line is None:
            return None
        call = call_name(self._setup.account, sid)
        leg = self._phones.put(Leg(call, CALLER, sid=sid, up=True), line)
        return leg, lambda: self._exchange.rang(line, call, number)

    def picked_up(self, leg: Leg) -> None:
        """A phone that we rang has been answered."""
        if not leg.up:
            leg.up = True
            self._exchange.happened(leg.call, facts.Answered, leg=leg.name)

    def pressed(self, leg: Leg, digit: str, key: str) -> None:
        self._exchange.happened(leg.call, facts.Pressed, digit=digit, leg=leg.name, key=key)

    def said(self, leg: Leg) -> None:
        """What it was told is over."""
        leg.heard = leg.version
        if isinstance(leg.wants, Leave) or is_last_word(leg):
            self._phones.want(leg, Gone())
