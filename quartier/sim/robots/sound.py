"""The sound of one call: A-law in packets of 20 ms, keys as events (RFC 4733), and an ear that knows how loud it is."""

import asyncio
import secrets
import struct
from collections import deque
from typing import Any

import numpy as np

from quartier.telephony.providers.sip import alaw

FRAME, FRAME_S = 160, 0.02
PCMA = 8
SILENCE = bytes([0xD5]) * FRAME
KEYS = "0123456789*#"
# How long a key is held, and how often its end is said, since packets get lost.
KEY_FRAMES, ENDS = 8, 3
# Louder than this (root mean square of full scale) somebody speaks; a room on the phone is below 0.005.
LOUD = 0.012
# What is kept of what was heard.
KEPT_FRAMES = 50 * 180


class Sound(asyncio.DatagramProtocol):
    """Made with `await Sound.at(host)`, then told where to `send`. Until it is closed it sends 50 packets a second:
    what it is given to say, else silence."""

    def __init__(self) -> None:
        self.port = 0
        self.packets = 0
        # When (time of the loop) the first packet came, and when it was loud last.
        self.first: float | None = None
        self.loud_at = 0.0
        self._heard: deque[bytes] = deque(maxlen=KEPT_FRAMES)
        self._to: tuple[str, int] | None = None
        self._key_type = 101
        self._frames: deque[bytes] = deque()
        self._keys: deque[str] = deque()
        self._over_and_over = b""
        self._place = 0
        self._said = asyncio.Event()
        self._said.set()
        self._ssrc, self._sequence = secrets.randbits(32), secrets.randbits(15)
        self._stamp = secrets.randbits(31)
        self._transport: asyncio.DatagramTransport | None = None
        self._task: asyncio.Task[None] | None = None

    @classmethod
    async def at(cls, host: str) -> "Sound":
        loop = asyncio.get_running_loop()
        transport, sound = await loop.create_datagram_endpoint(cls, local_addr=(host, 0))
        sound._transport, sound.port = transport, transport.get_extra_info("sockname")[1]
        return sound

    def send(self, to: tuple[str, int] | None, keys: int = 101) -> None:
        """Where the other side hears; `None`: it does not want to. `keys`: the number by which it knows them."""
        self._to, self._key_type = to, keys
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._pace())

    def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
        if self._transport is not None:
            self._transport.close()
        self._said.set()

    # Speaking

    async def say(self, sound: bytes) -> None:
        """A-law; returns when it is said."""
        for start in range(0, len(sound), FRAME):
            self._frames.append(sound[start : start + FRAME].ljust(FRAME, SILENCE[:1]))
        self._said.clear()
        await self._said.wait()

    def hum(self, sound: bytes) -> None:
        """Say this over and over whenever there is nothing else to say."""
        self._over_and_over = sound

    def press(self, key: str) -> None:
        """A key; it takes a fifth of a second."""
        self._keys.append(key)

    @property
    def speaks(self) -> bool:
        """Whether there is something left to say."""
        return bool(self._frames)

    async def _pace(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            # Late by more than a moment: what was missed is not sent in one heap.
            due = max(due + FRAME_S, loop.time() - 3 * FRAME_S)
            await asyncio.sleep(max(0.0, due - loop.time()))
            if self._keys:
                await self._send_key(self._keys.popleft())
                due = loop.time()
                continue
            self._packet(PCMA, self._next())
            self._stamp += FRAME

    def _next(self) -> bytes:
        if self._frames:
            frame = self._frames.popleft()
            if not self._frames:
                self._said.set()
            return frame
        if not self._over_and_over:
            return SILENCE
        round_ = self._over_and_over * (2 + FRAME // len(self._over_and_over))
        frame = round_[self._place : self._place + FRAME]
        self._place = (self._place + FRAME) % len(self._over_and_over)
        return frame

    async def _send_key(self, key: str) -> None:
        """All packets of a key bear the time of its beginning."""
        event = KEYS.index(key)
        for number in range(1, KEY_FRAMES + ENDS + 1):
            end = number > KEY_FRAMES
            length = min(number, KEY_FRAMES) * FRAME
            body = struct.pack("!BBH", event, (0x80 if end else 0) | 10, length)
            self._packet(self._key_type, body, marked=number == 1)
            if not end:
                await asyncio.sleep(FRAME_S)
        self._stamp += (KEY_FRAMES + ENDS) * FRAME

    def _packet(self, kind: int, body: bytes, *, marked: bool = False) -> None:
        if self._transport is None or self._to is None:
            return
        head = struct.pack(
            "!BBHII",
            0x80,
            kind | (0x80 if marked else 0),
            self._sequence & 0xFFFF,
            self._stamp & 0xFFFFFFFF,
            self._ssrc,
        )
        self._sequence += 1
        self._transport.sendto(head + body, self._to)

    # Hearing

    def error_received(self, exc: Exception) -> None:
        """Nobody listens there any more: the call is about to end."""

    def datagram_received(self, data: bytes, addr: Any) -> None:
        if len(data) <= 12 or data[1] & 0x7F != PCMA:
            return
        now = asyncio.get_running_loop().time()
        if self.first is None:
            self.first = now
        self.packets += 1
        self._heard.append(data[12:])
        if level(data[12:]) > LOUD:
            self.loud_at = now

    def heard(self, seconds: float = KEPT_FRAMES * FRAME_S) -> "np.ndarray[Any, np.dtype[np.int16]]":
        """The last so many seconds of what came, 8000 samples a second."""
        frames = list(self._heard)[-max(1, round(seconds / FRAME_S)) :]
        return alaw.decode(b"".join(frames))

    def quiet_for(self) -> float:
        """Seconds since somebody was loud; since the beginning if nobody was."""
        return asyncio.get_running_loop().time() - max(self.loud_at, self.first or 0.0)


def level(sound: bytes) -> float:
    """Root mean square of A-law, 0 to 1."""
    return float(np.sqrt(np.mean(np.square(alaw.decode(sound).astype(np.float64))))) / 32768


def tone(hertz: float, *, loud: float = 0.3) -> bytes:
    """A second of a tone, which joins its own beginning when `hertz` is whole."""
    times = np.arange(8000) / 8000
    return alaw.encode((loud * 32767 * np.sin(2 * np.pi * hertz * times)).astype(np.int16))


def has_tone(samples: "np.ndarray[Any, np.dtype[np.int16]]", hertz: float) -> bool:
    """Whether this tone, and little else, is in the last fifth of a second."""
    last = samples[-1600:].astype(np.float64) / 32768
    if len(last) < 1600 or np.sqrt(np.mean(last**2)) < LOUD / 2:
        return False
    power = np.abs(np.fft.rfft(last * np.hanning(len(last)))) ** 2
    near = np.abs(np.fft.rfftfreq(len(last), 1 / 8000) - hertz) <= max(15, hertz * 0.03)
    return bool(power[near].sum() > 0.6 * power.sum())
