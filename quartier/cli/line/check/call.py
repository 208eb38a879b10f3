"""The call: dialled, listened to, a key pressed, and with an operator's browser spoken both ways. What is heard is
measured: tones that nobody else makes, at both ends."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from django.utils.translation import gettext as _

from quartier.cli.check.finding import Finding, doubt, good, wrong
from quartier.lib import clock
from quartier.sim.robots.phone import Phone
from quartier.sim.robots.sound import LOUD, has_tone, tone
from quartier.sim.robots.talk import NoAnswer, Refused, Talk
from quartier.team.models import Organisation
from quartier.telephony.models import Call
from quartier.telephony.providers.sip.setup import Setup

if TYPE_CHECKING:
    from quartier.cli.line.check.browser import Operator

CALLER_HZ, OPERATOR_HZ = 1000, 620
RINGS_S, PROMPT_S, KEY_S, BRIDGE_S, LOOK_S = 10.0, 6.0, 4.0, 20.0, 0.05
# In the first seconds of waiting a key is a language that was pressed twice.
KEYS_COUNT_AFTER_S = 3.5
FORBIDDEN, NOT_ACCEPTABLE, MENU, CLOSED = 403, 488, "menu", "closed"


@dataclass
class Measured:
    """What `--json` says. `None`: not tried. `bridged_ms`: from the operator's click to the operator's voice at the
    caller's ear. `way`: how the call came in, `edge` as the carrier does, or `callcore` past the edge."""

    answered_ms: float | None = None
    prompt_heard: bool | None = None
    key_heard: bool | None = None
    bridged_ms: float | None = None
    audio_to_operator: bool | None = None
    audio_to_caller: bool | None = None
    way: str = ""
    events: list[dict[str, Any]] = field(default_factory=list)


class Trial:
    """One call from this machine to its own line, with the number withheld: nobody is rung back for it."""

    def __init__(self, line: Setup, organisation: Organisation, phone: Phone) -> None:
        self._line, self._organisation, self._phone = line, organisation, phone
        self.measured = Measured()
        self._began = asyncio.get_running_loop().time()
        self._dialled_at: datetime = clock.now()

    def note(self, what: str) -> None:
        """Something happened, so many ms after the beginning."""
        ms = round((asyncio.get_running_loop().time() - self._began) * 1000)
        self.measured.events.append({"at_ms": ms, "what": what})

    async def call(self, operator: "Operator | None", *, press: bool) -> AsyncIterator[Finding]:
        """The whole call. `press`: choose a language, after which operators are rung."""
        talk: Talk | None = None
        try:
            async for finding in self._dial():
                if isinstance(finding, Talk):
                    talk = finding
                else:
                    yield finding
            if talk is None:
                return
            yield await self._listen(talk)
            state = await self._state()
            if state == CLOSED or not press:
                if operator is not None:
                    yield closed()
                return
            yield await self._press(talk, state)
            if operator is not None and self.measured.key_heard:
                async for finding in self._speak(talk, operator):
                    yield finding
        finally:
            if talk is not None:
                await talk.hang_up()
                self.note("hung up")

    async def _dial(self) -> AsyncIterator[Finding | Talk]:
        number = self._organisation.phone or "line"
        self._dialled_at = clock.now()
        self.note("dialled")
        self.measured.way = "edge"
        try:
            try:
                talk = await self._phone.dial(number, rings_s=RINGS_S)
            except Refused as error:
                if error.code != FORBIDDEN:
                    raise
                # As it must be: only the carrier may call. The rest is tried past the edge.
                self.note("not the carrier")
                yield good("edge_closed", _("No one but the carrier can call in: this machine was refused."))
                self.measured.way = "callcore"
                self._phone.proxy = ("127.0.0.1", self._line.callcore_port)
                talk = await self._phone.dial(number, rings_s=RINGS_S)
        except Refused as error:
            yield self._refused(error)
            return
        except NoAnswer:
            yield wrong(
                "answer",
                _("The line rang and no one answered, not even the machine."),
                _("Check what call control says: quartier callcore, or its service."),
            )
            return
        self.measured.answered_ms = round(talk.answered_s * 1000, 1)
        self.note("answered")
        yield good("answer", _("The line answered after {ms} ms.").format(ms=round(talk.answered_s * 1000)))
        talk.sound.hum(tone(CALLER_HZ))
        yield talk

    def _refused(self, error: Refused) -> Finding:
        if error.code == NOT_ACCEPTABLE:
            return wrong(
                "answer",
                _("The line and the caller have no audio codec in common."),
                _("The line speaks A-law (G.711, PCMA). Ask the carrier to offer it."),
            )
        return wrong(
            "answer",
            _("The line refused the call: {code} {reason}").format(code=error.code, reason=error.reason),
            _("Check what call control says: quartier callcore, or its service."),
        )

    async def _listen(self, talk: Talk) -> Finding:
        heard = await _until(lambda: _is_voice(talk), PROMPT_S)
        self.measured.prompt_heard = heard
        if heard:
            self.note("greeting heard")
            return good("prompt", _("The greeting is heard."))
        if talk.sound.packets:
            return wrong(
                "prompt",
                _("The line answers, but says nothing."),
                _("Is espeak-ng installed? Check what call control says."),
            )
        return wrong(
            "prompt",
            _("The line answers, but there is no sound: the audio ports are closed, or lead elsewhere."),
            _("Open UDP {first} to {last}, and check address and public in [line].").format(
                first=self._line.rtp_from, last=self._line.rtp_until
            ),
        )

    async def _press(self, talk: Talk, before: str) -> Finding:
        """A language; with nobody on shift none is asked for, and 3 is a message: long before it comes by itself."""
        if before not in {"", MENU}:
            await asyncio.sleep(KEYS_COUNT_AFTER_S)
        talk.press("1" if before in {"", MENU} else "3")
        self.note("key pressed")

        async def moved() -> bool:
            return await self._state() not in {"", MENU, before}

        end = asyncio.get_running_loop().time() + KEY_S
        heard = False
        while not heard and asyncio.get_running_loop().time() < end:
            heard = await moved()
            await asyncio.sleep(LOOK_S)
        self.measured.key_heard = heard
        if heard:
            self.note("key heard")
            return good("key", _("A key that a caller presses is heard."))
        return wrong(
            "key",
            _("A key that a caller presses is not heard."),
            _("rtpengine tells keys at UDP port {port}: is another program there?").format(
                port=self._line.keys_port
            ),
        )

    async def _speak(self, talk: Talk, operator: "Operator") -> AsyncIterator[Finding]:
        rang = await operator.rings(BRIDGE_S)
        if not rang:
            yield wrong(
                "operator",
                _("The operator's browser was not rung."),
                _("Sign in as operator and choose “Take calls”: the page says what the browser lacks."),
            )
            return
        self.note("browser rings")
        if await operator.call() != await self._call():
            yield skipped()
            return
        answered = asyncio.get_running_loop().time()
        if not await operator.answers():
            yield wrong(
                "operator",
                _("The operator's browser rang but could not answer."),
                _("Sign in as operator and choose “Take calls”: the page says what the browser lacks."),
            )
            return
        self.note("browser answered")
        to_caller = await _until(lambda: has_tone(talk.sound.heard(0.3), OPERATOR_HZ), BRIDGE_S)
        self.measured.audio_to_caller = to_caller
        if to_caller:
            self.measured.bridged_ms = round((asyncio.get_running_loop().time() - answered) * 1000, 1)
            self.note("caller hears operator")
        self.measured.audio_to_operator = await operator.hears(CALLER_HZ)
        if self.measured.audio_to_operator:
            self.note("operator hears caller")
        if to_caller and self.measured.audio_to_operator:
            yield good("operator", _("Caller and operator hear each other."))
            return
        words = (
            _("The caller does not hear the operator.")
            if self.measured.audio_to_operator
            else _("The operator does not hear the caller.")
        )
        yield wrong(
            "operator",
            words if to_caller or self.measured.audio_to_operator else _("Caller and operator hear nothing."),
            _("Open UDP {first} to {last}, and check address and public in [line].").format(
                first=self._line.rtp_from, last=self._line.rtp_until
            ),
        )

    async def _state(self) -> str:
        """Where our call stands; "" while the database does not know it."""
        return (await self._row())[1]

    async def _call(self) -> str:
        """The name of our call."""
        return (await self._row())[0]

    async def _row(self) -> tuple[str, str]:
        def asked() -> tuple[str, str]:
            rows = Call.objects.filter(
                organisation=self._organisation,
                direction=Call.Direction.IN,
                number_index="",
                began_at__gte=self._dialled_at,
                ended_at=None,
            )
            found = rows.order_by("began_at").first()
            return (str(found.pk), found.state) if found else ("", "")

        return await asyncio.to_thread(asked)


def skipped() -> Finding:
    """Nobody is rung for a test, and no caller is given to it."""
    return doubt(
        "in_use",
        _("The line is in use: no key was pressed, so that no one is called for a test."),
        _("Try again while no one is calling and no operator is on the line, or with --anyway."),
    )


def closed() -> Finding:
    """A closed line rings no operator, whatever key is pressed."""
    return doubt(
        "closed",
        _(
            "The line is closed, so no operator was tried: a closed line calls no one, not even with "
            "--anyway."
        ),
        _("Open it for the test in the console, on the page “The line”, and call this again."),
    )


async def _until(what: Any, seconds: float) -> bool:
    end = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < end:
        if what():
            return True
        await asyncio.sleep(LOOK_S)
    return False


def _is_voice(talk: Talk) -> bool:
    """Whether the last half second is loud and no mere tone: the energy is spread as that of a voice is."""
    heard = talk.sound.heard(0.5).astype(np.float64) / 32768
    if len(heard) < 3200 or np.sqrt(np.mean(heard**2)) < LOUD:
        return False
    power = np.sort(np.abs(np.fft.rfft(heard * np.hanning(len(heard)))) ** 2)[::-1]
    return bool(power[:5].sum() < 0.8 * power.sum())
