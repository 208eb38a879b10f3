"""What a phone is played: how far it is, and what is left of it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quartier.telephony.providers.sip import alaw
from quartier.telephony.providers.sip.ng import Media, MediaRefused


@dataclass
class PromptPlayback:
    """A file, again and again with `loop`. `began_at`: a moment of the process, `lasts_s`: how long it is, once.
    `is_interrupted`: it was stopped, or perhaps was, and goes on."""

    file: str = ""
    loop: bool = False
    began_at: float = 0.0
    lasts_s: float = 0.0
    is_interrupted: bool = False

    async def begin(self, media: Media, **at: str) -> float:
        """`at`: the leg and its side. Gives how long it is. Raises `MediaRefused`, `MediaDown`."""
        self.lasts_s = await self._ask(media, self.file, at)
        self.began_at, self.is_interrupted = time.monotonic(), False
        return self.lasts_s

    async def go_on(self, media: Media, **at: str) -> bool:
        """Music from its beginning, a prompt where it would be by now, since what comes after it does not wait; not one
        that has ended. Whether there was anything to go on with. Raises `MediaDown`; it is interrupted still, then."""
        goes_on = False
        if self.loop or time.monotonic() < self.began_at + self.lasts_s:
            async with self._rest() as file:
                with suppress(MediaRefused):  # It cannot be played any more: that ends no call.
                    await self._ask(media, file, at)
                    goes_on = True
        self.is_interrupted = False
        return goes_on

    async def _ask(self, media: Media, file: str, at: dict[str, str]) -> float:
        words: dict[str, Any] = {"repeat-times": 1000} if self.loop else {}
        told = await media.ask("play media", file=file, **at, **words)
        return float(told.get("duration", 0)) / 1000

    @asynccontextmanager
    async def _rest(self) -> AsyncIterator[str]:
        """The file of what is not said yet, until the block is over; who has opened it reads on. rtpengine can begin in
        the middle of a file, but counts what it is to leave out in another unit than it says (12.5)."""
        left: Path | None = None
        with suppress(OSError):  # From its beginning, where the disk takes nothing.
            if not self.loop:
                said_s = time.monotonic() - self.began_at
                left = await asyncio.to_thread(alaw.rest, Path(self.file), said_s)
        try:
            yield str(left or self.file)
        finally:
            if left is not None:
                left.unlink(missing_ok=True)
