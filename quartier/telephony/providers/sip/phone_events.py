"""What happens on the phones of a call, told to the machine: they come, answer, press keys, change and go.

The orders of a call are carried out one after the other, in its worker (`Exchange`): what one waits for, as `_answer`
does for the ACK (up to ten seconds), the next ones of this call wait for too. What phones do is heard beside them, each
as a task of its own (`_begin`), so it may come between any two steps of an order; two changes of one leg follow each
other by its `Sound`.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
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
# Whoever calls confirms our yes with an ACK, and answers an offer of ours with it, or there is no call. Until then
# nothing is said: an INVITE may bear the address of somebody who has called nobody.
ACK_TIMEOUT_S = 10.0
# How long a change that is wanted at once waits for the call that it changes.
CONNECTED_WITHIN_STEPS, STEP_S = 100, 0.02
NOT_ACCEPTABLE, UNAVAILABLE = 488, 503
# What the media server says of a description that it does not take; where it cannot write one, that is our trouble.
DESCRIPTION_REFUSALS = ("Failed to parse SDP", "Incomplete SDP specification")
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
        # Callers who have not confirmed yet: what they answer with it, where they offered nothing.
        self._awaited: dict[str, asyncio.Future[str]] = {}
        self._groups: dict[str, prompts.Group] = {}
        self._panel = PatchPanel(lambda: self.legs)
        self._tasks: set[asyncio.Task[Any]] = set()
        exchange.on_told = self._renew_promises
        # Called with the operator whose browser is not there.
        self.unreachable: Callable[[str], None] = lambda operator: None

    @property
    def legs(self) -> list[Leg]:
        return list(self._legs.values())

    def leg(self, call: str, name: str) -> Leg | None:
        return self._legs.get((call, name))

    # What `SipControl` does with them

    async def _stop_recording(self, call: str) -> None:
        raise NotImplementedError

    async def _keep(self, call: str) -> None:
        raise NotImplementedError

    def _end_tape(self, call: str) -> None:
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
        except (sdp.NoSound, MediaRefused) as error:
            # (Whoever has hung up meanwhile has said so.)
            if leg.sip in self._by_sip:
                self._sip.refuse(call, NOT_ACCEPTABLE, "Not Acceptable Here")
                self._exchange.happened(call, _why_no_call(error))
            return
        except MediaDown:
            self._sip.refuse(call, UNAVAILABLE, "Service Unavailable")
            raise
        if leg.sip not in self._by_sip:
            # Hung up while we were about to answer.
            await leg.sound.end()
            return
        theirs = await self._confirmed_answer(leg, answer, offers=not offer)
        if theirs is not None and leg.sip in self._by_sip:
            leg.up, leg.since = True, time.monotonic()
            await self._hear_keys(leg, offer or theirs)

    async def _confirmed_answer(self, leg: Leg, ours: str, *, offers: bool) -> str | None:
        """Say yes, and wait until it is heard. `offers`: whoever calls has offered nothing, as some exchanges do: we
        offer, and they answer with their ACK. `None` when there is no call."""
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._awaited[leg.sip] = answer
        self._sip.accept(leg.sip, ours, offers=offers)
        try:
            async with asyncio.timeout(ACK_TIMEOUT_S):
                theirs = await answer
            if offers:
                await leg.sound.taken(theirs)
        except (TimeoutError, sdp.NoSound, MediaRefused) as error:
            what = _why_no_call(error)
            await self._end(leg)
            self._exchange.happened(leg.call, what)
            return None
        finally:
            self._awaited.pop(leg.sip, None)
        return theirs

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

    def _on(self, way: str) -> Leg | None:
        """The leg that this name in signalling belongs to; none any more once it was answered on another way."""
        leg = self._by_sip.get(way)
        return leg if leg is not None and way in leg.ways else None

    # What happens on the legs

    def heard(self, event: Any) -> None:
        """From signalling."""
        match event:
            case signalling.Invited():
                self._invited(event)
            case signalling.Ringing(leg=name, contact=contact, alerts=alerts):
                if (leg := self._on(name)) is not None:
                    leg.rings_at(connection_of(contact))
                    if alerts and leg.operator and not leg.sound.web:
                        self._exchange.happened(leg.call, facts.Alerted, leg=leg.name)
            case signalling.Taken(leg=name):
                if (leg := self._on(name)) is not None:
                    for other in leg.answers_by(name):
                        self._sip.hang_up(other)
                        if other != leg.sip:
                            self._by_sip.pop(other, None)
                    # At once: a yes that comes in time must not be late by how long it takes to connect it.
                    self._exchange.happened(leg.call, facts.PickedUp, leg=leg.name)
                self._begin(self._taken(event))
            case signalling.Wants():
                self._begin(self._wants(event))
            case signalling.Confirmed():
                self._confirmed(event)
            case signalling.PressedKey(leg=name, digit=digit):
                self._pressed(self._on(name), BY_INFO, digit)
            case signalling.Established(leg=name, dialog=dialog):
                self._keep_dialog(self._on(name), dialog)
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
        leg = self._by_sip.get(ng_call)
        if tag == OUTER and leg is not None and leg.sound.hears_keys:
            self._pressed(leg, IN_SOUND, digit)

    def _pressed(self, leg: Leg | None, way: str, digit: str) -> None:
        # One may come before the ACK that was sent before it; what follows waits for that.
        if leg is None or not (leg.up or leg.sip in self._awaited):
            return
        if leg.keys.is_new(way, digit):
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
        sound = Sound(self._media, event.leg)
        sound.place.signalled_from = event.source
        self._put(Leg(event.leg, CALLER, event.leg, sound))
        self._offers[event.leg] = event.sdp
        self._groups[event.leg] = line.now.group
        try:
            self._exchange.rang(line, event.leg, event.number, withheld=event.withheld)
        except Exception:
            # Whatever it is: who calls hears at once that it does not work, and nothing of them is left here.
            log.exception("a call could not be taken")
            self._sip.refuse(event.leg, UNAVAILABLE, "Service Unavailable")
            with suppress(Exception):
                # The machine may know of it already, and would keep it for ever.
                self._exchange.happened(event.leg, facts.Lost)
            self._gone(event.leg)
            self._offers.pop(event.leg, None)
            self._groups.pop(event.leg, None)

    async def _taken(self, event: signalling.Taken) -> None:
        leg = self._on(event.leg)
        if leg is None:
            self._sip.hang_up(event.leg)
            return
        leg.sound.place.signalled_from = event.source
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
        leg = self._on(event.leg)
        before = leg.sound.inner if leg is not None else sdp.NOWHERE
        try:
            if leg is not None and await self._is_connected(leg):
                before = leg.sound.inner
                if not event.sdp:
                    self._sip.agree(event.leg, await leg.sound.offer_again())
                    return
                self._sip.agree(event.leg, await leg.sound.changed(event.sdp))
                await self._moved(leg, before, event.sdp)
                return
        except (MediaDown, MediaRefused, sdp.NoSound):
            log.warning("a phone wanted a change that cannot be made")
        except Exception:
            # Without an answer it could never want anything again.
            log.exception("a phone wanted what nobody had thought of")
        self._sip.disagree(event.leg, NOT_ACCEPTABLE, "Not Acceptable Here")
        if leg is not None:
            await self._is_refused(leg, before)

    async def _is_connected(self, leg: Leg) -> bool:
        """Whether it is, or is in a moment: an exchange that wants another way for the sound at once may overtake its
        own ACK, or our connecting of what it has just answered."""
        for _ in range(CONNECTED_WITHIN_STEPS):
            if leg.up or leg.sip not in self._by_sip:
                break
            await asyncio.sleep(STEP_S)
        return leg.up

    def _confirmed(self, event: signalling.Confirmed) -> None:
        awaited = self._awaited.get(event.leg)
        if awaited is not None and not awaited.done():
            awaited.set_result(event.sdp)
        elif (leg := self._on(event.leg)) is not None and leg.up and event.sdp:
            self._begin(self._takes_again(leg, event.sdp))

    async def _takes_again(self, leg: Leg, answer: str) -> None:
        before = leg.sound.inner
        try:
            await leg.sound.taken(answer)
        except (MediaDown, MediaRefused, sdp.NoSound):
            log.warning("a phone answered an offer with what cannot be taken")
            await self._is_refused(leg, before)
            return
        await self._moved(leg, before, answer)

    async def _moved(self, leg: Leg, before: tuple[str, int], theirs: str) -> None:
        """What was agreed with this phone stands, whatever becomes of whoever hears it."""
        leg.rests = sdp.rests(sdp.sound_alone(theirs))
        await self._follow(leg, before)
        try:
            await self._hear_keys(leg, theirs)
        except MediaDown:
            log.warning("keys in the sound are perhaps not heard")

    async def _is_refused(self, leg: Leg, before: tuple[str, int]) -> None:
        """Nothing was agreed with this phone; all the same the way to it may be another one now."""
        if leg.up and leg.sound.inner != before:
            await self._follow(leg, before)

    async def _follow(self, leg: Leg, before: tuple[str, int]) -> None:
        """Whoever could not be pointed at it now is tried again at the next look."""
        try:
            await self._panel.moved(leg, before)
        except (MediaDown, MediaRefused, sdp.NoSound) as error:
            log.warning("a phone is perhaps not heard for a moment: %s", error)

    async def _hung_up(self, leg: Leg) -> None:
        try:
            if leg.name == CALLER:
                self._end_tape(leg.call)
                # It decides what becomes of the call; a talk that was recorded, an hour perhaps, does not.
                await self._stop_recording(leg.call)
        finally:
            self._exchange.happened(leg.call, facts.HungUp, leg=leg.name)
            await leg.sound.end()
        if leg.name == CALLER and self._exchange.of(leg.call) is not None:
            # (A call that is over keeps it when it lets go.)
            await self._keep(leg.call)

    def _gone(self, way: str) -> Leg | None:
        """The leg that is over with this; none where it rings on at another page."""
        if (leg := self._on(way)) is None:
            return None
        leg.ways.discard(way)
        if leg.ways:
            if way != leg.sip:
                self._by_sip.pop(way)
            return None
        for name in {way, leg.sip}:
            self._by_sip.pop(name, None)
        self._dialogs.forget(leg.sip)
        if leg.sip in self._awaited and not self._awaited[leg.sip].done():
            self._awaited[leg.sip].set_result("")
        self._legs.pop((leg.call, leg.name), None)
        leg.up = False
        return leg


def _why_no_call(error: Exception) -> type[facts.Fact]:
    """What it is for the machine that there is no call with a caller. Perhaps the media server has no port left: that
    is ours, and they are rung back; a description that it does not understand is no call."""
    if isinstance(error, MediaRefused):
        log.warning("the media server refused a caller: %s", error)
        is_theirs = any(each in str(error) for each in DESCRIPTION_REFUSALS)
        return facts.HungUp if is_theirs else facts.MediaServerFailed
    no_ack = isinstance(error, TimeoutError)
    log.warning("a call that nobody confirms" if no_ack else "a call with no sound that we understand")
    return facts.HungUp


def _is_rung_back(call: Call | None) -> bool:
    """Whether this one is on the list of those to ring back, should call control fall now. Who wants a neighbour, or
    speaks with one, wanted nobody of us."""
    return call is not None and call.can_be_rung_back and not call.goes_out and call.state not in MASKING
