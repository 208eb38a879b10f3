"""Looks, again and again, at what nobody reports: pages and a provider that are down, legs of which nothing is heard.

And who is on: with this carrier always with a phone of their own."""

import asyncio
import logging
import time
from functools import partial
from uuid import UUID

import aiohttp

from quartier.callcore import facts
from quartier.lib import clock
from quartier.team.models import Organisation
from quartier.telephony import queries, rules
from quartier.telephony.desk.desk import Wished
from quartier.telephony.desk.exchange import Exchange, LineState
from quartier.telephony.desk.said import Said
from quartier.telephony.providers.twiml.api import Api, ApiDown, NotThere, Refused
from quartier.telephony.providers.twiml.legs import Leg
from quartier.telephony.providers.twiml.messages import SWEEP_S, Messages
from quartier.telephony.providers.twiml.phones import Phones, is_end

log = logging.getLogger(__name__)

LOOK_S = 1.0
# The pages have so long to answer.
PAGES_S = 3.0
# Music asks again before this, so only of legs in a room it is looked, and of those whose webhooks got lost.
SILENT_S = 75.0


class Watch:
    """`run` it beside the line."""

    def __init__(self, exchange: Exchange, phones: Phones, api: Api, messages: Messages, pages: str) -> None:
        self._exchange, self._phones, self._api, self._messages = exchange, phones, api, messages
        self._pages = pages
        self._down_since: float | None = None
        self._swept_at = float("-inf")
        self._loop = asyncio.get_running_loop()
        exchange.on_wish = self.wished

    # Who is on

    def wished(self, line: LineState, wish: Wished) -> bool:
        """`on`: true, since that is answered here."""
        if wish.what != "on":
            return False
        if wish.number:
            self._came_on(line, wish, wish.number)
            return True
        # Answered when the database has said which phone.
        line.wishes.pop(wish.account, None)
        soon = self._loop.call_soon_threadsafe
        self._exchange.desk.put(
            partial(_own_phone, wish.organisation, UUID(wish.account)),
            lambda found: soon(self._has_phone, line, wish, found),
        )
        return True

    def _has_phone(self, line: LineState, wish: Wished, found: tuple[str, str]) -> None:
        number, refused = found
        if number:
            self._came_on(line, wish, number)
        self._exchange.desk.put(partial(Said.answer, wish.id, refused or "done"))

    def _came_on(self, line: LineState, wish: Wished, number: str) -> None:
        line.awaited.discard(wish.account)
        line.numbers[wish.account] = number
        self._exchange.tell(
            line,
            facts.CameOn(
                at=clock.steady(),
                operator=wish.account,
                languages=tuple(wish.details.get("languages") or line.now.line.languages),
                area=int(wish.details.get("area") or 0),
                own_phone=True,
            ),
        )

    # What is down, and what is over

    async def run(self) -> None:
        """Until cancelled."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PAGES_S)) as session:
            while True:
                try:
                    await self._look_around(session)
                except Exception:
                    log.exception("the watch has stumbled")
                await asyncio.sleep(LOOK_S)

    async def _look_around(self, session: aiohttp.ClientSession) -> None:
        up, now = await self._pages_answer(session), time.monotonic()
        self._down_since = None if up else (self._down_since or now)
        if not self._api.up:
            await self._api.probe()
        # With either of them down, nobody could be spoken with: callers hear that we ring back.
        patient = up or now - (self._down_since or now) < PAGES_S
        self._exchange.web(patient and self._api.up)
        if now - self._swept_at > SWEEP_S:
            self._swept_at = now
            await self._messages.sweep()
        for leg in self._phones.all():
            if leg.sid and now - leg.heard_at > SILENT_S:
                await self.look(leg)

    async def look(self, leg: Leg) -> None:
        """Ask whether it is still there. Nobody said goodbye, as far as we know: then it was lost."""
        leg.heard_at = time.monotonic()
        try:
            ended = is_end(str((await self._api.call(leg.sid)).get("status", "")))
        except NotThere:
            ended = True
        except (ApiDown, Refused):
            return
        if ended:
            log.warning("a leg is over, and nobody told")
            self._phones.gone(leg, lost=True)

    async def _pages_answer(self, session: aiohttp.ClientSession) -> bool:
        if not self._pages:
            return True
        try:
            async with session.get(self._pages, allow_redirects=False):
                return True
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return False


def _own_phone(organisation: UUID, account: UUID) -> tuple[str, str]:
    """The operator's own number, and ""; or "", and why there is none that may be rung."""
    try:
        dial = queries.own_phone(Organisation.objects.get(pk=organisation), account)
    except rules.MayNotDial as error:
        return "", error.reason
    return (dial.number, "") if dial else ("", "no_phone")
