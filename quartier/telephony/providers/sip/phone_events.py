"""What happens on the phones of a call, told to the machine: they come, answer, press keys, change and go."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

from quartier.callcore import facts, orders
from quartier.callcore.call import MASKING, Call
from quartier.telephony import prompts
from quartier.telephony.desk.exchange import Exchange, LineState
from quartier.telephony.providers.sip import sdp, signalling
from quartier.telephony.providers.sip.dialog import Dialog
from quartier.telephony.providers.sip.dialog_store import DialogStore, StoredLeg
from quartier.telephony.providers.sip.leg import CALLER, Leg
from quartier.telephony.providers.sip.ng import Media, MediaDown, MediaRefused
from quartier.telephony.providers.sip.patch_panel import PatchPanel
from quartier.telephony.providers.sip.pressed_keys import BY_INFO, IN_SOUND
from quartier.telephony.providers.sip.registrations import connection_of
from quartier.telephony.providers.sip.sound import OUTER, Sound

log = logging.getLogger(__name__)
# An offer of ours is answered with the ACK, or there is no call.
LATE_ANSWER_TIMEOUT_S = 10.0
NOT_ACCEPTABLE, UNAVAILABLE = 488, 503
UNREACHABLE = {404, 408, 430, 480, 500, 503}


class PhoneEvents:
    """All legs that there are. What they do comes by `heard` and `pressed`; what becomes of it is `SipControl`'s."""

    def __init__(
        self, exchange: Exchange, media: Media, sip: signalling.Signalling, dialogs: DialogStore
    ) -> None:
        self._exchange, self._media, self._sip, self._dialogs = exchange, media, sip, dialogs
        self._legs: dict[tuple[str, str], Leg] = {}
        self._by_sip: dict[str, Leg] = {}
        self._offers: dict[str, str] = {}
        # Callers who offered nothing: what they answer to our offer.
        self._awaited: dict[str, asyncio.Future[str]] = {}
        self._groups: dict[str, prompts.Group] = {}
        self._panel = PatchPanel(lambda: self.legs)
        self._tasks: set[asyncio.Task[Any]] = set()
        exchange.on_told = self._renew_promises
        # Called with the operator whose browser is not there.
        self.unreachable: Callable[[str], None] = lambda operator: None

    @property
    def legs(self) -> list[Leg]:
        return list(self._by_sip.values())

    def leg(self, call: str, name: str) -> Leg | None:
        return self._legs.get((call, name))

    # What `SipControl` does with them

    async def _stop_recording(self, call: str) -> None:
        raise NotImplementedError

    async def _keep(self, call: str) -> None:
        raise NotImplementedError

    async def _end(self, leg: Leg) -> None:
        raise NotImplementedError

    # How a caller is taken

    async def _answer(self, call: str) -> None:
        offer, leg = self._offers.pop(call, ""), self.leg(call, CALLER)
        if leg is None:
            return
        try:
            answer = await leg.sound.take(offer) if offer else await leg.sound.offer()
        except sdp.NoSound:
            self._sip.refuse(call, NOT_ACCEPTABLE, "Not Acceptable Here")
            log.warning("a call with no sound that we understand")
            self._exchange.happened(call, facts.HungUp)
            return
        except MediaRefused as error:
            # Perhaps it has no port left: that is ours, and whoever called is rung back.
            self._sip.refuse(call, NOT_ACCEPTABLE, "Not Acceptable Here")
            log.warning("the media server refused a caller: %s", error)
            self._exchange.happened(call, facts.Lost)
            return
        except MediaDown:
            self._sip.refuse(call, UNAVAILABLE, "Service Unavailable")
            raise
        if leg.sip not in self._by_sip:
            # Hung up while we were about to answer.
            await leg.sound.end()
            return
        if not offer:
            await self._take_late(leg, answer)
            return
        leg.up = True
        self._sip.accept(call, answer)
        await self._hear_keys(leg, offer)

    async def _take_late(self, leg: Leg, ours: str) -> None:
        """Whoever calls has offered nothing, as some exchanges do: we offer, and they answer with their ACK."""
        answer = self._awaited[leg.sip] = asyncio.get_running_loop().create_future()
        self._sip.accept(leg.sip, ours, offers=True)
        try:
            async with asyncio.timeout(LATE_ANSWER_TIMEOUT_S):
                theirs = await answer
            await leg.sound.taken(theirs)
        except (TimeoutError, sdp.NoSound, MediaRefused) as error:
            log.warning("a call with no sound that we understand")
            await self._end(leg)
            ours_fails = isinstance(error, MediaRefused)
            self._exchange.happened(leg.call, facts.Lost if ours_fails else facts.HungUp)
            return
        finally:
            self._awaited.pop(leg.sip, None)
        if leg.sip in self._by_sip:
            leg.up, leg.since = True, time.monotonic()
            await self._hear_keys(leg, theirs)

    async def _hear_keys(self, leg: Leg, theirs: str) -> None:
        """A telephone that sends keys only as tones is listened to."""
        if not leg.sound.web and not sdp.has_keys(theirs):
            try:
                await leg.sound.hear_tones()
            except MediaRefused as error:
                log.warning("keys in the sound are not heard: %s", error)

    def _is_spoken_to(self, order: orders.Play) -> None:
        """In which language, and whether they are rung back: for the next call control, should this one fall."""
        if order.leg == CALLER and (leg := self.leg(order.call, CALLER)) is not None:
            line = self._exchange.of(order.call)
            call = line.board.calls.get(order.call) if line else None
            self._dialogs.hears(leg.sip, ring_back=_is_rung_back(call), language=order.language)

    def _renew_promises(self, line: LineState, calls: set[str]) -> None:
        """Whether a caller is rung back changes with where the call stands, and not with what is heard."""
        for name in calls:
            call = line.board.calls.get(name)
            if call is not None and (leg := self.leg(name, CALLER)) is not None:
                self._dialogs.hears(leg.sip, ring_back=_is_rung_back(call))

    def _put(self, leg: Leg) -> None:
        self._legs[leg.call, leg.name] = leg
        self._by_sip[leg.sip] = leg

    # What happens on the legs

    def heard(self, event: Any) -> None:
        """From signalling."""
        match event:
            case signalling.Invited():
                self._invited(event)
            case signalling.Ringing(leg=name, contact=contact):
                if (leg := self._by_sip.get(name)) is not None:
                    leg.rings_at(connection_of(contact))
            case signalling.Taken(leg=name):
                if (leg := self._by_sip.get(name)) is not None:
                    # At once: a yes that comes in time must not be late by how long it takes to connect it.
                    self._exchange.happened(leg.call, facts.PickedUp, leg=leg.name)
                self._begin(self._taken(event))
            case signalling.Wants():
                self._begin(self._wants(event))
            case signalling.Confirmed():
                self._confirmed(event)
            case signalling.PressedKey(leg=name, digit=digit):
                self._pressed(self._by_sip.get(name), BY_INFO, digit)
            case signalling.Established(leg=name, dialog=dialog):
                self._keep_dialog(self._by_sip.get(name), dialog)
            case signalling.NotTaken(leg=name, code=code, reason=reason):
                leg = self._gone(name)
                if leg is not None and leg.sound.web and code in UNREACHABLE:
                    # Nobody missed anything: that browser is not there.
                    self.unreachable(leg.operator)
                if leg is not None:
                    self._exchange.happened(leg.call, facts.Declined, leg=leg.name, reason=reason)
                    # Also whom an operator or a message calls, on the leg that is otherwise the caller's.
                    self._begin(leg.sound.end())
            case signalling.Over(leg=name):
                leg = self._gone(name)
                if leg is not None:
                    self._begin(self._hung_up(leg))

    def pressed(self, ng_call: str, tag: str, digit: str) -> None:
        """A key, from rtpengine."""
        if tag == OUTER:
            self._pressed(self._by_sip.get(ng_call), IN_SOUND, digit)

    def _pressed(self, leg: Leg | None, way: str, digit: str) -> None:
        if leg is not None and leg.up and leg.keys.is_new(way, digit):
            self._exchange.happened(leg.call, facts.Pressed, digit=digit, leg=leg.name)

    def _keep_dialog(self, leg: Leg | None, dialog: Dialog) -> None:
        """From here on, the next call control can end this leg if this one falls."""
        line = self._exchange.of(leg.call) if leg else None
        if leg is None or line is None:
            return
        leg.answered_at(connection_of(dialog.target))
        outside = not leg.operator
        call = line.board.calls.get(leg.call)
        language = call.language if call and outside else ""
        back = outside and leg.name == CALLER and _is_rung_back(call)
        of = str(line.now.organisation)
        self._dialogs.keep(StoredLeg(leg.sip, leg.call, of, dialog, outside, language, back))

    def _begin(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _invited(self, event: signalling.Invited) -> None:
        line = self._exchange.line_for(event.called)
        if line is None:
            self._sip.refuse(event.leg, UNAVAILABLE, "Service Unavailable")
            return
        # Known before it is answered: who cancels at once is counted too.
        self._put(Leg(event.leg, CALLER, event.leg, Sound(self._media, event.leg)))
        self._offers[event.leg] = event.sdp
        self._groups[event.leg] = line.now.group
        self._exchange.rang(line, event.leg, event.number)

    async def _taken(self, event: signalling.Taken) -> None:
        leg = self._by_sip.get(event.leg)
        if leg is None:
            self._sip.hang_up(event.leg)
            return
        try:
            await leg.sound.taken(event.sdp)
            await self._hear_keys(leg, event.sdp)
        except (MediaDown, MediaRefused, sdp.NoSound):
            if leg.sip in self._by_sip:
                # It stands there, answered and paid for.
                await self._end(leg)
                self._exchange.happened(leg.call, facts.Declined, leg=leg.name, reason=facts.NETWORK_REASON)
            return
        leg.up, leg.since = True, time.monotonic()
        self._exchange.happened(leg.call, facts.Answered, leg=leg.name)

    async def _wants(self, event: signalling.Wants) -> None:
        leg = self._by_sip.get(event.leg)
        try:
            if leg is not None and leg.up:
                before = leg.sound.inner
                if not event.sdp:
                    self._sip.agree(event.leg, await leg.sound.offer_again())
                    return
                self._sip.agree(event.leg, await leg.sound.changed(event.sdp))
                await self._moved(leg, before, event.sdp)
                return
        except (MediaDown, MediaRefused, sdp.NoSound):
            log.warning("a phone wanted a change that cannot be made")
        self._sip.disagree(event.leg, NOT_ACCEPTABLE, "Not Acceptable Here")

    def _confirmed(self, event: signalling.Confirmed) -> None:
        awaited = self._awaited.get(event.leg)
        if awaited is not None and not awaited.done():
            awaited.set_result(event.sdp)
        elif (leg := self._by_sip.get(event.leg)) is not None and leg.up and event.sdp:
            self._begin(self._takes_again(leg, event.sdp))

    async def _takes_again(self, leg: Leg, answer: str) -> None:
        before = leg.sound.inner
        try:
            await leg.sound.taken(answer)
        except (MediaDown, MediaRefused, sdp.NoSound):
            log.warning("a phone answered an offer with what cannot be taken")
            return
        await self._moved(leg, before, answer)

    async def _moved(self, leg: Leg, before: tuple[str, int], theirs: str) -> None:
        """What was agreed with this phone stands, whatever becomes of whoever hears it."""
        leg.rests = sdp.rests(theirs)
        try:
            await self._panel.moved(leg, before)
        except (MediaDown, MediaRefused) as error:
            log.warning("a phone is perhaps not heard any more: %s", error)

    async def _hung_up(self, leg: Leg) -> None:
        if leg.name == CALLER:
            await self._stop_recording(leg.call)
            await self._keep(leg.call)
        self._exchange.happened(leg.call, facts.HungUp, leg=leg.name)
        await leg.sound.end()

    def _gone(self, sip: str) -> Leg | None:
        leg = self._by_sip.pop(sip, None)
        self._dialogs.forget(sip)
        if sip in self._awaited and not self._awaited[sip].done():
            self._awaited[sip].set_result("")
        if leg is not None:
            self._legs.pop((leg.call, leg.name), None)
            leg.up = False
        return leg


def _is_rung_back(call: Call | None) -> bool:
    """Whether this one is on the list of those to ring back, should call control fall now. Who wants a neighbour, or
    speaks with one, wanted nobody of us."""
    return call is not None and call.can_be_rung_back and not call.goes_out and call.state not in MASKING
