"""A talk that is recorded: what each of two legs says goes through a tap of ours, which hands it on as it comes and
keeps it. Nothing is mixed before the end, so that recording costs a copy of each packet, and the talk hears nothing
of it. A-law throughout: half of what 16 bits need, and nothing is lost, since that is what the telephone carries.
"""

import asyncio
import struct
import time
from typing import Any

import numpy as np

from quartier.telephony.providers.sip import alaw

RATE = 8000
PCMA = 8
SILENCE = b"\xd5"
# A clock that is so far from ours has begun anew: another browser, a network that stood still.
FAR = RATE * 2 // 5
# Mixed in pieces of so many samples, so that an hour needs little memory.
PIECE = RATE * 60
Address = tuple[str, int]


class _Track:
    """What one of the two says in a stretch: silence where nothing came."""

    def __init__(self) -> None:
        self.sound = bytearray()
        self._source = self._stamp = self._place = 0

    def put(self, packet: bytes, here: int) -> None:
        """`here`: the sample of our own clock; the packet's says where it belongs, unless that is far away."""
        if len(packet) <= 12 or packet[1] & 0x7F != PCMA:
            return
        stamp, source = struct.unpack_from("!II", packet, 4)
        # How far it is behind the first one, or before it: the counter begins again after thirteen hours.
        after = (stamp - self._stamp + 0x80000000) % 0x100000000 - 0x80000000
        place = self._place + after
        if source != self._source or abs(place - here) > FAR:
            self._source, self._stamp, self._place = source, stamp, here
            place = here
        if place < 0:
            return
        frame = packet[12:]
        if len(self.sound) < place:
            self.sound.extend(SILENCE * (place - len(self.sound)))
        self.sound[place : place + len(frame)] = frame


class _Side(asyncio.DatagramProtocol):
    """One leg's socket."""

    def __init__(self, tap: "Tap", number: int) -> None:
        self._tap, self._number = tap, number
        self.transport: asyncio.DatagramTransport | None = None
        self.to: Address | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.DatagramTransport)
        self.transport = transport

    def error_received(self, exc: Exception) -> None:
        """The leg has gone: nobody hears it."""

    def datagram_received(self, data: bytes, addr: Any) -> None:
        # From this leg alone: a port may have been somebody else's a moment ago.
        if addr == self.to:
            self._tap.heard(self._number, data)


class Tap:
    """One stretch of a talk, between two legs."""

    def __init__(self) -> None:
        self._sides = [_Side(self, 0), _Side(self, 1)]
        self._tracks = [_Track(), _Track()]
        self._began = time.monotonic()
        self.samples: int | None = None

    @classmethod
    async def open(cls) -> "Tap":
        tap, loop = cls(), asyncio.get_running_loop()
        try:
            for side in tap._sides:
                await loop.create_datagram_endpoint(lambda side=side: side, local_addr=("127.0.0.1", 0))  # type: ignore[misc]
        except BaseException:
            tap.close()
            raise
        return tap

    @property
    def addresses(self) -> list[Address]:
        """Where the sound of each goes."""
        found = []
        for side in self._sides:
            assert side.transport is not None
            host, port = side.transport.get_extra_info("sockname")[:2]
            found.append((host, port))
        return found

    def reach(self, number: int, to: Address) -> None:
        """Where this one hears, and speaks from."""
        self._sides[number].to = to

    def moved(self, before: Address, to: Address) -> None:
        """A leg is reached elsewhere now."""
        for side in self._sides:
            if side.to == before:
                side.to = to

    def heard(self, number: int, packet: bytes) -> None:
        """Hand it on, then keep it."""
        other = self._sides[1 - number]
        if other.transport is not None and other.to is not None:
            other.transport.sendto(packet, other.to)
        if self.samples is None:
            self._tracks[number].put(packet, self._now())

    def end(self) -> None:
        """Keep no more; what is said is handed on until `close`."""
        if self.samples is None:
            self.samples = self._now()

    def close(self) -> None:
        self.end()
        for side in self._sides:
            if side.transport is not None:
                side.transport.close()

    def mixed(self) -> bytes:
        """Both, as they were heard together, exactly as long as the stretch was."""
        length = self.samples or 0
        return b"".join(
            _together([bytes(each.sound[at : min(at + PIECE, length)]) for each in self._tracks], length - at)
            for at in range(0, length, PIECE)
        )

    def _now(self) -> int:
        return round((time.monotonic() - self._began) * RATE)


class Tape:
    """One part of a recording: its stretches, without what lay between them."""

    def __init__(self, part: int) -> None:
        self.part = part
        self._taps: list[Tap] = []

    async def go_on(self) -> Tap:
        """Another stretch."""
        self._taps.append(await Tap.open())
        return self._taps[-1]

    def end(self) -> None:
        for tap in self._taps:
            tap.end()

    @property
    def seconds(self) -> float:
        return sum(tap.samples or 0 for tap in self._taps) / RATE

    def wav(self) -> bytes:
        """All of it: 8 kHz, mono, A-law. For a thread: an hour takes a second."""
        return alaw.wav(b"".join(tap.mixed() for tap in self._taps))


def _together(said: list[bytes], left: int) -> bytes:
    size = min(PIECE, left)
    sound = np.zeros(size, dtype=np.int32)
    for each in said:
        sound[: len(each)] += alaw.decode(each)
    return alaw.encode(np.clip(sound, -32768, 32767).astype(np.int16))
