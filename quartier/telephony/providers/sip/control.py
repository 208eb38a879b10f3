"""Carries out the orders of the machine with SIP and rtpengine, and tells it what happens on the legs."""

import asyncio
import logging
import time
from dataclasses import replace

from quartier.callcore import facts, orders
from quartier.lib.ids import uuid7
from quartier.telephony import prompts
from quartier.telephony.desk.durations import sound_of
from quartier.telephony.desk.exchange import Exchange, LineState
from quartier.telephony.desk.undone import tell_undone
from quartier.telephony.prompts.script import WITH_MUSIC
from quartier.telephony.providers.sip import alaw, sdp, signalling
from quartier.telephony.providers.sip.comfort_noise import noise_file
from quartier.telephony.providers.sip.dialog_store import DialogStore
from quartier.telephony.providers.sip.leg import CALLER, Leg
from quartier.telephony.providers.sip.mixer import Mixer
from quartier.telephony.providers.sip.ng import Media, MediaDown, MediaRefused
from quartier.telephony.providers.sip.phone_events import PhoneEvents
from quartier.telephony.providers.sip.recorder import Recorder
from quartier.telephony.providers.sip.sound import Sound
from quartier.telephony.providers.sip.tape import Tape

log = logging.getLogger(__name__)

# A message shorter than this is a line that was put down.
SHORTEST_MESSAGE_S = 1.0


class SipControl(PhoneEvents):
    """The carrier of one installation's own parts."""

    records = True
    starts_s = 0.0

    def __init__(
        self, exchange: Exchange, media: Media, sip: signalling.Signalling, dialogs: DialogStore
    ) -> None:
        super().__init__(exchange, media, sip, dialogs)
        self._name = str(uuid7())
        self._recorders: dict[str, Recorder] = {}
        self._tapes: dict[str, Tape] = {}
        self._heard_until: dict[str, float] = {}

    # Orders

    async def carry_out(self, order: orders.Order) -> None:
        """One order. What cannot be done comes back as a fact about the leg."""
        try:
            match order:
                case orders.Answer():
                    await self._answer(order.call)
                case orders.Play():
                    self._is_spoken_to(order)
                    await self._play(order)
                case orders.Ring():
                    await self._ring(order)
                case orders.RingOut():
                    await self._ring_out(order)
                case orders.Drop():
                    await self._drop(order)
                case orders.Join():
                    await self._join(order)
                case orders.Listen():
                    await self._listen(order)
                case orders.Record():
                    await self._record(order.call)
                case orders.Keep():
                    await self._keep(order.call)
        except MediaDown:
            log.warning("the media server does not answer")
            await self._lost(order)
        except MediaRefused as error:
            log.warning("the media server refused: %s", error)
            await self._lost(order, error.leg)
        except (prompts.NoVoice, sdp.NoSound, OSError):
            log.exception("an order could not be carried out: %s", type(order).__name__)
            await self._lost(order)

    async def _lost(self, order: orders.Order, refused: str = "") -> None:
        """`refused`: the leg whose sound was refused, in rtpengine, where one is known: the trouble is its own, and not
        that of the others on the call."""
        if isinstance(order, orders.Ring | orders.RingOut):
            if (rung := self.leg(order.call, order.leg)) is not None:
                await self._end(rung)
            tell_undone(self._exchange, order)
        elif not refused:
            tell_undone(self._exchange, order)
        elif (lost := self._by_sip.get(refused)) is not None and not isinstance(order, orders.Drop):
            # One that is gone already has said so itself.
            self._exchange.happened(order.call, facts.Lost, leg=lost.name)

    async def release(self, call: str) -> None:
        """Everything of the call that is left goes, once what it says is over."""
        await self._until_said(call)
        try:
            for leg in [leg for leg in self.legs if leg.call == call]:
                await self._end(leg)
            await self._stop_recording(call)
            await self._keep(call)
        finally:
            self._panel.clear(call)
            for known in (self._heard_until, self._offers, self._groups):
                known.pop(call, None)

    async def _play(self, order: orders.Play) -> None:
        leg = self.leg(order.call, order.leg)
        line = self._exchange.of(order.call)
        if leg is None or not leg.up:
            return
        if order.leg == CALLER:
            await self._stop_recording(order.call)
        group = line.now.group if line else self._groups.get(order.call)
        if group is None:
            return
        path = await self._said(order, group, line)
        if self.leg(order.call, order.leg) is not leg or not leg.up:
            # Hung up while it was spoken.
            return
        try:
            await self._panel.leave_alone(leg)
        finally:
            # Trouble with the sound of somebody else on the call leaves nobody in silence.
            seconds = await leg.sound.play(path, loop=order.loop)
            if order.leg == CALLER:
                self._heard_until[order.call] = time.monotonic() + seconds

    async def _said(self, order: orders.Play, group: prompts.Group, line: LineState | None) -> str:
        """The file of a prompt. Made in a thread, since the first time it must be spoken; what the line knows is read
        before, in the loop that changes it."""
        if order.prompt in {"reading", "who_comes"} and line:
            return await self._said_to_one(line, order.call)
        minutes = self._exchange.expected_minutes(line, order.place) if line else 0
        area = line.places.get(order.call, "") if line and order.prompt == "accept" else ""
        try:
            sound = await asyncio.to_thread(sound_of, order, group, minutes=minutes, area=area)
            path = await asyncio.to_thread(alaw.file, sound.path)
        except (prompts.NoVoice, OSError):
            if order.prompt not in WITH_MUSIC:
                raise
            log.exception("a sentence cannot be made: who waits hears music")
            return await self._music(order, group)
        if line:
            line.durations.put(order, sound.seconds)
        return str(path)

    async def _said_to_one(self, line: LineState, call: str) -> str:
        """What is for one person alone. Where their call is over once it is made, nothing of it stays."""
        path = line.texts[call]
        try:
            return str(await asyncio.to_thread(alaw.file, path))
        finally:
            if line.texts.get(call) != path:
                prompts.forget(path)

    async def _music(self, order: orders.Play, group: prompts.Group) -> str:
        """What was made long ago, on a disk that takes nothing now. Without its twin rtpengine works more."""
        sound = await asyncio.to_thread(sound_of, replace(order, prompt="hold", place=0), group)
        try:
            return str(await asyncio.to_thread(alaw.file, sound.path))
        except OSError:
            return str(sound.path)

    async def _ring(self, order: orders.Ring) -> None:
        line = self._exchange.of(order.call)
        if line is None:
            return
        number = line.numbers.get(order.operator, "")
        name = str(uuid7())
        leg = Leg(order.call, order.leg, name, Sound(self._media, name, web=not number), order.operator)
        self._put(leg)
        offer = await leg.sound.offer()
        how = "auto" if order.auto else "ask"
        ours = {
            "X-Quartier-Call": order.call,
            "X-Quartier-Answer": how,
            # A browser that still has a call of the exchange before this one lets go of it.
            "X-Quartier-Exchange": self._name,
            # For a page that nobody looks at: its notification says in which language somebody calls.
            "X-Quartier-Language": getattr(line.board.calls.get(order.call), "language", ""),
        }
        headers = {} if number else ours
        invitation = signalling.Invitation(
            user=number or order.operator, caller=line.now.phone, sdp=offer, headers=headers
        )
        leg.invitation = invitation
        self._sip.ring(name, invitation)

    def ring_beside(self, leg: Leg, browser: str) -> None:
        """This browser has another page now, which does not ring yet; the others of the leg ring on. The first one of
        all that answers has it."""
        if leg.invitation is not None and leg.sip in self._by_sip:
            way = str(uuid7())
            leg.ways.add(way)
            self._by_sip[way] = leg
            self._sip.ring(way, replace(leg.invitation, browser=browser))

    async def _ring_out(self, order: orders.RingOut) -> None:
        line = self._exchange.of(order.call)
        number = line.numbers.get(order.call, "") if line else ""
        if line is None or not number:
            self._exchange.happened(order.call, facts.Declined, leg=order.leg)
            return
        # What it hears last is said when the call is over for everybody else.
        self._groups.setdefault(order.call, line.now.group)
        name = str(uuid7())
        leg = Leg(order.call, order.leg, name, Sound(self._media, name))
        self._put(leg)
        offer = await leg.sound.offer()
        self._sip.ring(name, signalling.Invitation(user=number, caller=line.now.phone, sdp=offer))

    async def _drop(self, order: orders.Drop) -> None:
        if order.leg == CALLER:
            if order.said:
                await self._until_said(order.call)
            await self._stop_recording(order.call)
            await self._keep(order.call)
        leg = self.leg(order.call, order.leg)
        if leg is not None:
            await self._end(leg)

    async def _join(self, order: orders.Join) -> None:
        found = [leg for name in order.legs if (leg := self.leg(order.call, name)) is not None and leg.up]
        if len(found) != len(order.legs):
            return
        if len(found) == 2 and order.part:
            tape = self._tapes.setdefault(order.call, Tape(order.part))
            await self._panel.put_between(order.call, await tape.go_on(), found)
            return
        await self._panel.join(order.call, found)

    async def _listen(self, order: orders.Listen) -> None:
        names = (*order.legs, order.ear)
        found = [leg for name in names if (leg := self.leg(order.call, name)) is not None and leg.up]
        line = self._exchange.of(order.call)
        if len(found) != len(names) or line is None:
            return
        language = line.board.calls[order.call].language if order.call in line.board.calls else "fr"
        said = orders.Play(order.call, "listener", language)
        path = await self._said(said, line.now.group, None)
        mixer = await Mixer.open(len(found), deaf_to=2)
        await self._panel.put_between(order.call, mixer, found)
        mixer.say(1, alaw.samples(path))

    async def stream_changed(self, leg: Leg) -> None:
        """This phone has begun another stream by itself, as a carrier's gateway does."""
        await self._panel.stream_changed(leg)

    async def settle(self, leg: Leg) -> None:
        """What the media server has not taken of this leg is said again."""
        await self._panel.settle(leg)

    async def find_source(self, leg: Leg) -> bool:
        """A telephone is looked for that is not where it says."""
        return await self._panel.find_source(leg)

    async def _keep(self, call: str) -> None:
        """The recording of a talk is over; they are handed on to each other until another order comes."""
        tape = self._tapes.pop(call, None)
        if tape is None:
            return
        tape.end()
        if tape.seconds >= SHORTEST_MESSAGE_S:
            sound = await asyncio.to_thread(tape.wav)
            await self._exchange.recorded(call, sound, tape.seconds, tape.part)

    def _end_tape(self, call: str) -> None:
        if (tape := self._tapes.get(call)) is not None:
            tape.end()

    async def _record(self, call: str) -> None:
        leg = self.leg(call, CALLER)
        if leg is None or not leg.up:
            return
        await self._until_said(call)
        recorder = await Recorder.open()
        self._recorders[call] = recorder
        await leg.sound.point(recorder.address)
        group = self._groups.get(call)
        if group is not None:
            await leg.sound.play_beside(str(await asyncio.to_thread(noise_file, group.folder)))

    async def _stop_recording(self, call: str) -> None:
        recorder = self._recorders.pop(call, None)
        if recorder is None:
            return
        recorder.close()
        if recorder.seconds >= SHORTEST_MESSAGE_S:
            self._exchange.message(call, recorder.wav(), recorder.seconds)

    async def _until_said(self, call: str) -> None:
        """Wait for the end of what the caller hears, unless they hang up before."""
        while (left := self._heard_until.get(call, 0) - time.monotonic()) > 0:
            leg = self.leg(call, CALLER)
            if leg is None or not leg.up:
                return
            await asyncio.sleep(min(left, 0.1))

    async def _end(self, leg: Leg) -> None:
        self._legs.pop((leg.call, leg.name), None)
        is_there = self._by_sip.pop(leg.sip, None) is not None
        for way in leg.ways:
            self._by_sip.pop(way, None)
            if is_there:
                self._sip.hang_up(way)
        self._dialogs.forget(leg.sip)
        await leg.sound.end()
