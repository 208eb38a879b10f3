"""A line with real sound and without SIP: call control, a real rtpengine, and phones that only speak and hear.

Every tone is measured at every phone, and held against what the state of the call says: who hears whom.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, Popen
from typing import Any
from unittest.mock import patch

import numpy as np

from quartier.callcore import State, facts
from quartier.callcore.call import Call
from quartier.lib import clock
from quartier.lib.ids import uuid7
from quartier.telephony import prompts
from quartier.telephony.providers.sip import alaw, sdp, signalling
from quartier.telephony.providers.sip.ng import Media, MediaDown
from quartier.telephony.providers.sip.sound import Sound
from quartier.telephony.providers.sip.tests.world import MARIE, NUMBER, World
from tests.line.tone_phone import TonePhone
from tests.ports import free_port, sound_ports

CALLER = "caller"
TONES_HZ = {CALLER: 1000, "Lotte": 620, "Karim": 820, "Thomas": 1430}
OPERATORS = ("Lotte", "Karim", "Thomas")
# The tone that every prompt and all music is in these tests.
PROMPT_HZ = 400
# What is said now is heard after this, and measured over that many frames of 20 ms.
ON_ITS_WAY_S, MEASURED_FRAMES = 0.12, 12
SOUND_PATIENCE_S = 10.0
# On a busy machine sound comes late; what is wrong stays wrong.
MAX_LOOKS, CLEAN_LOOKS = 16, 2
CONFIG = Path("quartier/telephony/providers/sip/config/rtpengine.conf")


@contextmanager
def rtpengine_running(folder: Path) -> Iterator[int]:
    """A media server with our configuration; gives the port of its control protocol."""
    first, last = sound_ports()
    ng_port = free_port()
    words = {
        "MEDIA": "127.0.0.1", "NG_PORT": ng_port, "KEYS_PORT": free_port(), "RTP_FROM": first, "RTP_UNTIL": last,
    }  # fmt: skip
    text = CONFIG.read_text()
    for word, value in words.items():
        text = text.replace(f"@@{word}@@", str(value))
    file = folder / "rtpengine.conf"
    file.write_text(text)
    process = Popen(["rtpengine", f"--config-file={file}"], stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL)
    try:
        yield ng_port
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def prompts_as_tones(folder: Path) -> Iterator[None]:
    """Every prompt, and all music, is the same tone: it can be told from voices, and nobody must say it."""
    file = folder / "prompt.alaw.wav"
    times = np.arange(2 * alaw.RATE) / alaw.RATE
    file.write_bytes(alaw.wav(alaw.encode((6000 * np.sin(2 * np.pi * PROMPT_HZ * times)).astype(np.int16))))
    with (
        patch.object(prompts, "sound", lambda name, language, **more: prompts.Sound(file, 2.0)),
        patch.object(alaw, "file", lambda path: path),
        # These phones hear as browsers do, and do not encrypt.
        patch.object(Sound, "plain_browsers", True),
    ):
        yield


async def media_at(port: int) -> Media:
    """Once it answers. Raises `MediaDown`."""
    media = await Media.at("127.0.0.1", port)
    for _attempt in range(5):
        try:
            await media.ask("ping")
        except MediaDown:
            continue
        return media
    raise MediaDown("ping")


class SoundWorld(World):
    """A line with a real media server. What SIP would ring is a phone at once; `phones` by name of who is at it."""

    def __init__(self, folder: Path, media: Media) -> None:
        super().__init__(folder)
        self.media = self.control._media = media
        self.control._sip = self
        self.phones: dict[str, TonePhone] = {}
        self._at_leg: dict[str, TonePhone] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.leg = str(uuid7())

    # What signalling would be told

    def ring(self, leg: str, invitation: signalling.Invitation) -> None:
        task = asyncio.get_running_loop().create_task(self._pick_up(leg, invitation))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _pick_up(self, leg: str, invitation: signalling.Invitation) -> None:
        before = self.phones.get(invitation.user)
        if before is not None:
            before.close()
        phone = await TonePhone.open(TONES_HZ[invitation.user], is_browser=True)
        phone.peer = ("127.0.0.1", sdp.port(invitation.sdp))
        self.phones[invitation.user] = self._at_leg[leg] = phone
        self.control.heard(signalling.Taken(leg, phone.description))

    def accept(self, leg: str, answer: str, *, offers: bool = False) -> None:
        self.agree(leg, answer)
        self.control.heard(signalling.Confirmed(leg, ""))

    def agree(self, leg: str, answer: str) -> None:
        self.phones[CALLER].peer = ("127.0.0.1", sdp.port(answer))

    def disagree(self, leg: str, code: int, reason: str) -> None:
        raise AssertionError("a change that was refused")

    def refuse(self, leg: str, code: int, reason: str) -> None:
        raise AssertionError("a call that was refused")

    def hang_up(self, leg: str) -> None:
        phone = self._at_leg.pop(leg, None)
        if phone is not None:
            phone.close()

    # The story

    async def begin(self) -> None:
        """Marie calls, and Lotte answers."""
        await self.on(*OPERATORS[:1])
        self.phones[CALLER] = await TonePhone.open(TONES_HZ[CALLER])
        self.control.heard(signalling.Invited(self.leg, MARIE, NUMBER, self.phones[CALLER].description))
        await self.until(lambda: self.phones[CALLER].peer is not None)
        self.press("1")
        await self.until(lambda: self.call is not None and self.call.state == State.BRIDGED)
        await self.on(*OPERATORS[1:])

    @property
    def call(self) -> Call | None:
        return next(iter(self.line.board.calls.values()), None)

    def press(self, digit: str) -> None:
        self.control.pressed(self.leg, "out", digit)

    def tell(self, kind: type[facts.Fact], **words: Any) -> None:
        self.exchange.tell(self.line, kind(at=clock.steady(), **words))

    def wish(self, operator: str, what: str, to: str = "") -> None:
        assert self.call is not None
        self.tell(facts.Asked, operator=operator, call=self.call.name, wish=what, to=to)

    def free_colleague(self) -> str:
        """Who could come into the call, made available: somebody else may write notes."""
        busy = {each.name for each in self.line.board.operators.values() if each.busy}
        name = next(each for each in OPERATORS if each not in busy)
        self.tell(facts.CameOn, operator=name, languages=("fr",))
        self.tell(facts.Resumed, operator=name)
        return name

    async def until(self, is_so: Callable[[], bool], patience_s: float = SOUND_PATIENCE_S) -> None:
        end = asyncio.get_running_loop().time() + patience_s
        while not is_so():
            if asyncio.get_running_loop().time() > end:
                raise TimeoutError(f"in state {self.call.state if self.call else 'ended'}")
            await asyncio.sleep(0.005)

    def on_legs(self) -> dict[str, str]:
        """Who is on which leg of the call."""
        board, call = self.line.board, self.call
        assert call is not None
        return {each.leg: each.name for each in board.operators.values() if each.call == call.name}

    def groups(self) -> tuple[list[set[str]], str]:
        """Who hears whom by the state of the call: sets that hear each other, and who listens to the first one."""
        call = self.call
        assert call is not None
        who = self.on_legs()
        if call.state == State.BRIDGED:
            return [{CALLER, who[call.leg]}], who.get(call.ear, "")
        if call.state == State.CONSULTING and call.second:
            both = {who[call.leg], who[call.second]}
            return [both | {CALLER} if call.together else both], ""
        return [], ""

    async def mistakes(self) -> list[str]:
        """Who is deaf to whom, or hears what is not for them."""
        groups, listener = self.groups()
        names = [CALLER, *(name for leg, name in self.on_legs().items() if leg not in self.call.legs)]  # type: ignore[union-attr]
        found, clean = ["nothing was looked at"], 0
        for _look in range(MAX_LOOKS):
            await asyncio.sleep(ON_ITS_WAY_S)
            for phone in self.phones.values():
                phone.forget_heard()
            await asyncio.sleep(MEASURED_FRAMES * 0.02)
            found = list(self._compare(names, groups, listener))
            clean = 0 if found else clean + 1
            if clean == CLEAN_LOOKS:
                break
        return found

    def _compare(self, names: list[str], groups: list[set[str]], listener: str) -> Iterator[str]:
        for hearer in names:
            phone = self.phones[hearer]
            expected = {each for group in groups if hearer in group for each in group} - {hearer}
            if hearer == listener and groups:
                expected = set(groups[0])
            for speaker in names:
                if speaker != hearer and phone.hears_tone(TONES_HZ[speaker]) != (speaker in expected):
                    yield f"{hearer} {'does not hear' if speaker in expected else 'hears'} {speaker}"
            # Music and prompts are for the caller, and whoever listens, while nobody else speaks with them.
            ear = self.on_legs().get(self.call.ear) if self.call else None
            is_alone = hearer in {CALLER, ear} and not expected
            if phone.hears_tone(PROMPT_HZ) != is_alone:
                yield f"{hearer} {'does not hear' if is_alone else 'hears'} a prompt"

    async def end(self) -> None:
        if self.call is not None:
            self.control.heard(signalling.Over(self.leg))
        await self.until(lambda: self.call is None)
        await self.settle()
        for phone in (*self.phones.values(), *self._at_leg.values()):
            phone.close()
        for leg in self.control.legs:
            await leg.sound.end()
