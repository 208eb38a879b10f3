"""Messages left: fetched from the provider, kept here, and then deleted there."""

import asyncio
import io
import logging
import time
import wave
from collections.abc import Coroutine
from functools import partial
from typing import Any
from uuid import UUID

from quartier.lib import clock
from quartier.telephony.desk.exchange import Exchange
from quartier.telephony.desk.said import Said
from quartier.telephony.models import Call
from quartier.telephony.prompts import wav
from quartier.telephony.providers.twiml.api import Api, ApiDown, NotThere, Refused
from quartier.telephony.providers.twiml.legs import call_name

log = logging.getLogger(__name__)

# A recording may be announced before it can be fetched.
AGAIN_S = (0.0, 1.0, 4.0, 15.0)
# What was not kept by then is looked for again: the webhook may have been lost, or we were down.
SWEEP_S = 600.0


class Messages:
    """`arrived` for each that is ready; `sweep` finds those of which nobody told."""

    def __init__(self, exchange: Exchange, api: Api, account: str) -> None:
        self._exchange, self._api, self._account = exchange, api, account
        self._taken: dict[str, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.get_running_loop()

    def arrived(self, call: str, organisation: UUID, recording: str) -> None:
        """Keep it; twice does no harm."""
        now = time.monotonic()
        self._taken = {name: at for name, at in self._taken.items() if now - at < SWEEP_S}
        if recording not in self._taken:
            self._taken[recording] = now
            self._begin(self._keep(call, organisation, recording))

    async def _keep(self, call: str, organisation: UUID, recording: str) -> None:
        told_at = clock.now()
        for pause in AGAIN_S:
            await asyncio.sleep(pause)
            try:
                sound, seconds = as_kept(await self._api.sound(recording))
            except (NotThere, ApiDown):
                continue
            except (Refused, wav.NoSound):
                log.error("a message cannot be read")
                return
            self._exchange.desk.put(
                partial(Said.message, organisation, call, sound, seconds, told_at),
                lambda _kept: self._loop.call_soon_threadsafe(self._begin, self._forget(recording)),
            )
            return
        log.warning("a message could not be fetched yet")

    async def _forget(self, recording: str) -> None:
        try:
            await self._api.forget(recording)
        except (ApiDown, Refused):
            # The next sweep finds it: it is kept once, and deleted then.
            log.warning("a message could not be deleted at the provider yet")
            self._taken.pop(recording, None)

    async def sweep(self) -> None:
        """What the provider still has of calls of ours."""
        try:
            found = await self._api.recordings()
        except (ApiDown, Refused):
            return
        for each in found:
            recording, sid = str(each.get("sid", "")), str(each.get("call_sid", ""))
            if each.get("status") == "completed" and recording not in self._taken:
                call = call_name(self._account, sid)
                self._exchange.desk.put(partial(_whose, call), partial(self._found, call, recording))

    def _found(self, call: str, recording: str, organisation: UUID | None) -> None:
        """In the desk's thread. What is of no call of ours is not ours to touch."""
        if organisation is not None:
            self._loop.call_soon_threadsafe(self.arrived, call, organisation, recording)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _whose(call: str) -> UUID | None:
    return Call.objects.filter(pk=call).values_list("organisation_id", flat=True).first()


def as_kept(data: bytes) -> tuple[bytes, float]:
    """A WAV file as we keep it (8 kHz, one channel, 16 bits), and its seconds; nothing where nothing was said. Raises
    `NoSound` for what is no such file."""
    try:
        with wave.open(io.BytesIO(data)) as file:
            frames, rate = file.getnframes(), file.getframerate()
            as_it_is = (file.getnchannels(), file.getsampwidth(), rate) == (1, 2, wav.RATE)
    except (wave.Error, EOFError) as error:
        raise wav.NoSound(str(error)) from None
    if not frames:
        return b"", 0.0
    return data if as_it_is else wav.written(wav.narrowed(*wav.read(data))), frames / rate
