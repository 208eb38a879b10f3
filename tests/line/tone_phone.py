"""A phone that is only sound: it says a tone, and keeps what it hears. It hears as a browser or as a telephone does."""

import asyncio
import secrets
import struct
from collections import deque

import numpy as np

from quartier.telephony.providers.sip import alaw, sdp

FRAME_SAMPLES, FRAME_S = 160, 0.02
PCMA, PCMU, KEYS = 8, 0, 101
KEY_FRAMES, KEY_VOLUME = 8, 10
TONE_LEVEL = 8000
# A tone is there when it is at most so much weaker than full strength, in dB; what leaks is far below.
MAX_ATTENUATION_DB = 20.0
KEPT_FRAMES = 100


class TonePhone(asyncio.DatagramProtocol):
    """`hz`: the tone it says. `is_browser`: it plays the newest RTP stream (SSRC) alone and never returns to an older
    one, as Chromium does with streams that its session description does not name."""

    def __init__(self, hz: int, *, is_browser: bool) -> None:
        self.hz, self.is_browser = hz, is_browser
        self.peer: tuple[str, int] | None = None
        self._frames: deque[bytes] = deque(maxlen=KEPT_FRAMES)
        # Keys (RFC 4733) that have reached it: which, and when they began.
        self.keys: list[tuple[int, int]] = []
        self._streams: list[int] = []
        self._speaker: asyncio.Task[None] | None = None
        self._transport: asyncio.DatagramTransport | None = None
        self._listening: list[asyncio.DatagramTransport] = []
        self.begin_stream()

    @classmethod
    async def open(cls, hz: int, *, is_browser: bool = False) -> "TonePhone":
        loop = asyncio.get_running_loop()
        _transport, phone = await loop.create_datagram_endpoint(
            lambda: cls(hz, is_browser=is_browser), local_addr=("127.0.0.1", 0)
        )
        phone._speaker = loop.create_task(phone._speak())
        return phone

    @property
    def description(self) -> str:
        """Its SDP: plain RTP in A-law."""
        host, port = self._listening[0].get_extra_info("sockname")[:2]
        return sdp.plain((host, port))

    @property
    def stream_count(self) -> int:
        """How many streams (SSRC) have reached it."""
        return len(self._streams)

    def begin_stream(self) -> None:
        """Speak on with another SSRC, as a gateway does whose sound comes from elsewhere now."""
        self._ssrc, self._sequence, self._stamp = (secrets.randbits(32), secrets.randbits(16), 0)

    async def speak_from_another_port(self) -> None:
        """As some carriers do in mid-call without a word in SIP; it goes on listening at the one that it named."""
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.DatagramTransport)
        self._transport = transport
        self._listening.append(transport)

    def error_received(self, exc: Exception) -> None:
        """The other side has gone."""

    def datagram_received(self, data: bytes, addr: object) -> None:
        if len(data) == 16 and data[1] & 0x7F == KEYS:
            key = (data[12], int.from_bytes(data[4:8]))
            if key not in self.keys:
                self.keys.append(key)
        if len(data) < 12 + FRAME_SAMPLES or data[1] & 0x7F != PCMA:
            return
        (ssrc,) = struct.unpack_from("!I", data, 8)
        if ssrc not in self._streams:
            self._streams.append(ssrc)
        if not self.is_browser or ssrc == self._streams[-1]:
            self._frames.append(data[12:])

    def forget_heard(self) -> None:
        self._frames.clear()

    @property
    def heard_frames(self) -> int:
        return len(self._frames)

    def hears_tone(self, hz: int) -> bool:
        """Whether this tone is in what it has heard since `forget_heard`, and that in at least half of the time."""
        if not self._frames:
            return False
        samples = alaw.decode(b"".join(self._frames)).astype(float)
        power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) / len(samples) * 4
        hertz = np.fft.rfftfreq(len(samples), 1 / alaw.RATE)
        strength = power[np.abs(hertz - hz) < 25].max(initial=0.0)
        return bool(strength > TONE_LEVEL * 10 ** (-MAX_ATTENUATION_DB / 20))

    async def _speak(self) -> None:
        loop = asyncio.get_running_loop()
        due, step = loop.time(), 0
        while True:
            due += FRAME_S
            await asyncio.sleep(max(0.0, due - loop.time()))
            step += 1
            if self.peer is None or self._transport is None:
                continue
            times = (step * FRAME_SAMPLES + np.arange(FRAME_SAMPLES)) / alaw.RATE
            samples = (TONE_LEVEL * np.sin(2 * np.pi * self.hz * times)).astype(np.int16)
            head = struct.pack("!BBHII", 128, PCMA, self._sequence & 0xFFFF, self._stamp, self._ssrc)
            self._transport.sendto(head + alaw.encode(samples), self.peer)
            self._sequence, self._stamp = self._sequence + 1, (self._stamp + FRAME_SAMPLES) & 0xFFFFFFFF

    async def press(self, key: int) -> None:
        """A key as RFC 4733 has it; its own sound goes on beside it."""
        assert self._transport is not None
        begins = self._stamp
        for number in range(KEY_FRAMES):
            ends = 0x80 if number >= KEY_FRAMES - 3 else 0
            length = min(number + 1, KEY_FRAMES - 3) * FRAME_SAMPLES
            kind = KEYS | (0x80 if number == 0 else 0)
            head = struct.pack("!BBHII", 128, kind, self._sequence & 0xFFFF, begins, self._ssrc)
            self._transport.sendto(head + struct.pack("!BBH", key, ends | KEY_VOLUME, length), self.peer)
            self._sequence += 1
            await asyncio.sleep(FRAME_S)

    def close(self) -> None:
        if self._speaker is not None:
            self._speaker.cancel()
        for transport in self._listening:
            transport.close()
