"""Three or more who hear each other: rtpengine forwards, it does not add. A few such calls at a time are little work
for us: fifty packets a second for each phone (decision 0019)."""

import asyncio
import secrets
import struct
from typing import Any

import numpy as np

from quartier.telephony.providers.sip import alaw

FRAME, FRAME_S = 160, 0.02
PCMA = 8
# Keys (RFC 4733), by the number that our own descriptions give them (`sdp.plain`): one packet says which, and how long.
KEYS, KEY_BYTES = 101, 4
# Who sends faster than we mix is heard a little later, never more than this.
MOST_FRAMES = 8


class _Ear(asyncio.DatagramProtocol):
    """One leg's socket: what was heard from it waits to be mixed."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        # Of keys: when the press began, by the phone's clock, and what is said of it.
        self.keys: list[tuple[int, bytes]] = []
        self._pressed: tuple[int, int] | None = None
        self._pressed_at = 0
        self.to: tuple[str, int] | None = None
        self.transport: asyncio.DatagramTransport | None = None
        self.ssrc, self.sequence, self.stamp = secrets.randbits(32), 0, secrets.randbits(31)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.DatagramTransport)
        self.transport = transport

    def error_received(self, exc: Exception) -> None:
        """The leg has gone: nobody hears it."""

    def datagram_received(self, data: bytes, addr: Any) -> None:
        if len(data) == 12 + FRAME and data[1] & 0x7F == PCMA:
            self.frames.append(data[12:])
            del self.frames[:-MOST_FRAMES]
        elif len(data) == 12 + KEY_BYTES and data[1] & 0x7F == KEYS:
            self.keys.append((int.from_bytes(data[4:8]), data[12:]))
            del self.keys[:-MOST_FRAMES]

    def send(self, sound: "np.ndarray[Any, np.dtype[np.int16]]") -> None:
        self._packet(PCMA, self.stamp, alaw.encode(sound))
        self.stamp += FRAME

    def press(self, keys: "list[tuple[int, int, bytes]]") -> None:
        """Keys instead of sound, in one stream with it. By whom, since when by their clock, and what is said of it."""
        for presser, since, body in keys:
            is_new = (presser, since) != self._pressed
            if is_new:
                self._pressed, self._pressed_at = (presser, since), self.stamp
            self._packet(KEYS | (0x80 if is_new else 0), self._pressed_at, body)
        self.stamp += FRAME

    def _packet(self, kind: int, stamp: int, body: bytes) -> None:
        if self.transport is None or self.to is None:
            return
        head = struct.pack("!BBHII", 128, kind, self.sequence & 0xFFFF, stamp & 0xFFFFFFFF, self.ssrc)
        self.transport.sendto(head + body, self.to)
        self.sequence += 1


class Mixer:
    """Each hears everybody but themselves, and gets the keys that the others press."""

    def __init__(self) -> None:
        self._ears: list[_Ear] = []
        self._task: asyncio.Task[None] | None = None
        self._deaf_to: int | None = None
        self._said: dict[int, np.ndarray[Any, np.dtype[np.int16]]] = {}

    @classmethod
    async def open(cls, count: int, *, deaf_to: int | None = None) -> "Mixer":
        """For so many; nobody hears number `deaf_to`."""
        mixer, loop = cls(), asyncio.get_running_loop()
        try:
            for _number in range(count):
                _transport, ear = await loop.create_datagram_endpoint(_Ear, local_addr=("127.0.0.1", 0))
                mixer._ears.append(ear)
        except BaseException:
            mixer.close()
            raise
        mixer._deaf_to = deaf_to
        mixer._task = loop.create_task(mixer._mix())
        return mixer

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """Where the sound of each goes."""
        found = []
        for ear in self._ears:
            assert ear.transport is not None
            host, port = ear.transport.get_extra_info("sockname")[:2]
            found.append((host, port))
        return found

    def reach(self, number: int, to: tuple[str, int]) -> None:
        """Where this one hears."""
        self._ears[number].to = to

    def moved(self, before: tuple[str, int], to: tuple[str, int]) -> None:
        """A leg is reached elsewhere now."""
        for ear in self._ears:
            if ear.to == before:
                ear.to = to

    async def _mix(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            due = max(due + FRAME_S, loop.time() - 5 * FRAME_S)
            await asyncio.sleep(max(0.0, due - loop.time()))
            sounds = [_sound(ear) for ear in self._ears]
            if self._deaf_to is not None:
                sounds[self._deaf_to] = np.zeros(FRAME, dtype=np.int32)
            everybody = np.sum(sounds, axis=0)
            pressed = self._keys()
            for number, ear in enumerate(self._ears):
                if keys := [each for each in pressed if each[0] != number]:
                    ear.press(keys)
                    continue
                heard = everybody - sounds[number] + self._next_said(number)
                ear.send(np.clip(heard, -32768, 32767).astype(np.int16))

    def _keys(self) -> list[tuple[int, int, bytes]]:
        """What was pressed since the last frame, but by whom nobody hears."""
        found = []
        for number, ear in enumerate(self._ears):
            if number != self._deaf_to:
                found += [(number, since, body) for since, body in ear.keys]
            ear.keys.clear()
        return found

    def say(self, number: int, sound: "np.ndarray[Any, np.dtype[np.int16]]") -> None:
        """Let this one alone hear it, over what the others say."""
        self._said[number] = sound

    def _next_said(self, number: int) -> "np.ndarray[Any, np.dtype[np.int32]]":
        left = self._said.get(number)
        frame = np.zeros(FRAME, dtype=np.int32)
        if left is not None:
            now, self._said[number] = left[:FRAME], left[FRAME:]
            frame[: len(now)] = now
            if not len(self._said[number]):
                del self._said[number]
        return frame

    def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
        for ear in self._ears:
            if ear.transport is not None:
                ear.transport.close()


def _sound(ear: _Ear) -> "np.ndarray[Any, np.dtype[np.int32]]":
    if not ear.frames:
        return np.zeros(FRAME, dtype=np.int32)
    return alaw.decode(ear.frames.pop(0)).astype(np.int32)
