"""An operator's page that is loaded again is another telephone for SIP: the old one says no goodbye, and the new one
knows of no call. What the old one had is brought to the new one at once, before anybody could miss its sound."""

import time
from collections.abc import Callable
from pathlib import Path

from quartier.callcore import facts
from quartier.telephony.desk.exchange import Exchange
from quartier.telephony.providers.sip.control import SipControl
from quartier.telephony.providers.sip.leg import Leg
from quartier.telephony.providers.sip.registrations import BrowserPage, live_pages

# So many accounts are asked about in one look, in turn.
MAX_ACCOUNTS_A_LOOK = 50


class PageWatch:
    """Each leg knows the pages on which it rings, or the one that answered. `lost` is called with a
    leg that is up and whose page is another one now."""

    def __init__(
        self, exchange: Exchange, control: SipControl, *, pipe: Path, lost: Callable[[Leg], None]
    ) -> None:
        self._exchange, self._control = exchange, control
        self._pipe, self._lost = pipe, lost
        self._accounts_seen = 0

    async def look(self) -> None:
        """Once. Raises `EdgeDown`."""
        for account in self._in_turn():
            began = time.monotonic()
            there = await live_pages(self._pipe, account)
            for leg in self._in_pages():
                # What a leg has learned since the question was asked, the answer cannot know.
                if leg.operator == account and leg.pages_at < began:
                    self._see(leg, there)

    def _see(self, leg: Leg, there: dict[str, BrowserPage]) -> None:
        leg.knows_pages(there)
        if not leg.is_left(there.values()):
            if not leg.up:
                for browser in leg.take_left_browsers(there.values()):
                    self._control.ring_beside(leg, browser)
            return
        if leg.up:
            self._lost(leg)
        else:
            self._exchange.happened(leg.call, facts.PageLoaded, leg=leg.name)

    def _in_pages(self) -> list[Leg]:
        return [leg for leg in self._control.legs if leg.operator and leg.sound.web and leg.pages]

    def _in_turn(self) -> list[str]:
        accounts = sorted({leg.operator for leg in self._in_pages()})
        if len(accounts) > MAX_ACCOUNTS_A_LOOK:
            start = self._accounts_seen % len(accounts)
            self._accounts_seen = start + MAX_ACCOUNTS_A_LOOK
            accounts = [*accounts[start:], *accounts[:start]][:MAX_ACCOUNTS_A_LOOK]
        return accounts
