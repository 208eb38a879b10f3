"""Legs of a call control that fell. Nobody controls them any more: operators are let go at once, and whoever is on the
line hears what has happened before it ends. Until then they go on hearing what they heard, which rtpengine plays."""

import asyncio
import logging
from uuid import UUID

from quartier.telephony import prompts
from quartier.telephony.desk.exchange import Exchange
from quartier.telephony.providers.sip import alaw
from quartier.telephony.providers.sip.dialog_store import DialogStore, StoredLeg
from quartier.telephony.providers.sip.ng import Media, MediaDown, MediaRefused
from quartier.telephony.providers.sip.session_end import end_session, end_sessions
from quartier.telephony.providers.sip.signalling import Signalling
from quartier.telephony.providers.sip.sound import OUTER

log = logging.getLogger(__name__)
# Whose line it is must be known by then, or they are let go without a word.
LINES_TIMEOUT_S = 10.0
# So many legs are asked for at once: the answer is one packet. And so many times, where there are more.
LIST_SIZE, MAX_LISTS = 500, 20
# Between the end of the sentence and the end of the leg.
AFTERWARDS_S = 0.5


class LastRun:
    """`begin` before anything else, `finish` beside the new calls."""

    def __init__(self, media: Media, sip: Signalling, store: DialogStore, exchange: Exchange) -> None:
        self._media, self._sip, self._store, self._exchange = media, sip, store, exchange
        self._callers = [each for each in store.left if each.hears]

    async def begin(self) -> None:
        """End whatever nobody outside listens to."""
        for stored in self._store.left:
            if not stored.hears:
                self._hang_up(stored)
        kept = {each.leg for each in self._callers}
        try:
            for _ in range(MAX_LISTS):
                # Without a limit rtpengine names 32 of them.
                told = await self._media.ask("list", limit=LIST_SIZE)
                calls = told.get("calls", [])
                left = [call for call in calls if call not in kept]
                if not await end_sessions(self._media, left) or not left or len(calls) < LIST_SIZE:
                    return
        except (MediaDown, MediaRefused) as error:
            log.warning("old legs could not be looked for: %s", type(error).__name__)

    async def finish(self) -> None:
        """Tell each caller, and end their legs."""
        if not self._callers:
            return
        log.warning("%s callers of the last run are told that it fell", len(self._callers))
        try:
            async with asyncio.timeout(LINES_TIMEOUT_S):
                await self._exchange.ready.wait()
        except TimeoutError:
            log.warning("the lines are not known: callers of the last run are let go without a word")
        await asyncio.gather(*(self._end(each) for each in self._callers))

    async def _end(self, stored: StoredLeg) -> None:
        try:
            await asyncio.sleep(await self._say(stored))
        except (MediaDown, MediaRefused, prompts.NoVoice, OSError) as error:
            # rtpengine has fallen too, or they have hung up.
            log.warning("a caller of the last run could not be told: %s", type(error).__name__)
        self._hang_up(stored)
        await end_session(self._media, stored.leg)

    async def _say(self, stored: StoredLeg) -> float:
        """Gives how long it takes, in seconds."""
        line = self._exchange.lines.get(UUID(stored.organisation))
        if line is None:
            return 0.0
        prompt = "cut_ring_back" if stored.ring_back else "cut_call_again"
        group = line.now.group
        language = stored.language or line.now.line.languages[0]
        sound = await asyncio.to_thread(prompts.sound, prompt, language, organisation=group)
        file = await asyncio.to_thread(alaw.file, sound.path)
        await self._media.ask("play media", call_id=stored.leg, from_tag=OUTER, file=str(file))
        if stored.ring_back:
            self._exchange.note("promised", call=stored.call, organisation=stored.organisation, number="")
        return sound.seconds + AFTERWARDS_S

    def _hang_up(self, stored: StoredLeg) -> None:
        self._sip.end_old(stored.dialog)
        self._store.forget(stored.leg)
