"""Takes a message: a socket on loopback that a leg's sound is pointed at. PCMA in, a WAV file out."""

import asyncio
import io
import struct
import time
import wave
from typing import Any

import numpy as np

from quartier.telephony.providers.sip import alaw

RATE = 8000
FRAME = 160
PCMA = 8
# A clock may be this much ahead of ours; a packet carries a fifth of a second at most.
MAX_EARLY_S, MAX_FRAME_BYTES = 2.0, 1600


class Recorder(asyncio.DatagramProtocol):
    """One message. `address` is what to point the leg at. Lost packets become silence, so that the time is right."""

    def __init__(self) -> None:
        self._transport: asyncio.DatagramTransport | None = None
        self._frames: dict[int, bytes] = {}
        self._first = self._source = self._place = self._end = 0
        self._began = time.monotonic()
        self._heard_at: float | None = None

    @classmethod
    async def open(cls) -> "Recorder":
        loop = asyncio.get_running_loop()
        _transport, recorder = await loop.create_datagram_endpoint(cls, local_addr=("127.0.0.1", 0))
        return recorder

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.DatagramTransport)
        self._transport = transport

    @property
    def address(self) -> tuple[str, int]:
        assert self._transport is not None
        host, port = self._transport.get_extra_info("sockname")[:2]
        return host, port

    def datagram_received(self, data: bytes, addr: Any) -> None:
        if len(data) <= 12 or data[1] & 0x7F != PCMA:
            return
        stamp, source = struct.unpack_from("!II", data, 4)
        if self._heard_at is None:
            self._heard_at, self._first, self._source = time.monotonic(), stamp, source
        elif source != self._source:
            # Another stream, with a clock of its own: what it says comes after what was said.
            here = round((time.monotonic() - self._heard_at) * RATE)
            self._first, self._source, self._place = stamp, source, max(here, self._end)
        place = self._place + ((stamp - self._first) & 0xFFFFFFFF)
        # Whatever a packet says of its time, nobody has spoken longer than the line has listened.
        if place < (time.monotonic() - self._began + MAX_EARLY_S) * RATE:
            self._frames[place] = data[12 : 12 + MAX_FRAME_BYTES]
            self._end = max(self._end, place + len(self._frames[place]))

    @property
    def seconds(self) -> float:
        last = max(self._frames, default=-1)
        return 0.0 if last < 0 else (last + len(self._frames[last])) / RATE

    def wav(self) -> bytes:
        """What was said so far: 8 kHz, mono, 16 bit."""
        sound = np.zeros(round(self.seconds * RATE), dtype=np.int16)
        for place, frame in self._frames.items():
            decoded = alaw.decode(frame)
            sound[place : place + len(decoded)] = decoded[: len(sound) - place]
        file = io.BytesIO()
        with wave.open(file, "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE)
            out.writeframes(sound.astype("<i2").tobytes())
        return file.getvalue()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()
