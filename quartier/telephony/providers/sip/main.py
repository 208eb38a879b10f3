"""Call control as one process: SIP in the main thread, everything else in a loop of its own beside it."""

import asyncio
import logging
import threading
from collections.abc import Callable
from typing import Any

from quartier.telephony.desk.exchange import Exchange
from quartier.telephony.desk.journal import Journal
from quartier.telephony.providers.sip.control import SipControl
from quartier.telephony.providers.sip.ng import Keys, Media
from quartier.telephony.providers.sip.setup import Setup
from quartier.telephony.providers.sip.signalling import Signalling
from quartier.telephony.providers.sip.watch import Watch

log = logging.getLogger(__name__)
# At a stop, who is on the line may finish talking for so long.
DRAIN_S = 2.0
LAST_WORDS_S = 5.0


class CallCore:
    """`run` until `stop` is called, from a signal's handler or another thread."""

    def __init__(self, setup: Setup, *, pages: str) -> None:
        self._setup, self._pages = setup, pages
        self._stop = threading.Event()
        self._heard: Callable[[Any], object] = lambda event: None
        self._sip = Signalling(
            at=("127.0.0.1", setup.callcore_port),
            proxy=("127.0.0.1" if setup.address == "0.0.0.0" else setup.address, setup.sip_port),  # noqa: S104
            domain=setup.domain,
            heard=lambda event: self._heard(event),
        )

    def stop(self) -> None:
        self._stop.set()

    def run(self) -> None:
        beside = threading.Thread(target=self._beside, name="exchange", daemon=True)
        beside.start()
        self._sip.loop()
        beside.join(LAST_WORDS_S + DRAIN_S)

    def _beside(self) -> None:
        try:
            asyncio.run(self._serve())
        except Exception:
            log.exception("call control ends")
        finally:
            self._sip.stop()

    async def _serve(self) -> None:
        setup, loop = self._setup, asyncio.get_running_loop()
        media = await Media.at("127.0.0.1", setup.ng_port)
        exchange = Exchange(Journal(setup.home / "journal"), setup.home)
        control = SipControl(exchange, media, self._sip)
        keys = await Keys.at("127.0.0.1", setup.keys_port, control.pressed)
        await self._forget_old(media)
        exchange.start(control)
        watch = Watch(exchange, control, rpc_port=setup.rpc_port, pages=self._pages)
        watching = asyncio.create_task(watch.run())
        await exchange.ready.wait()
        self._heard = lambda event: loop.call_soon_threadsafe(control.heard, event)
        log.info("the line is answered")
        while not self._stop.is_set():
            await asyncio.sleep(0.1)
        watching.cancel()
        keys.close()
        await exchange.stop(LAST_WORDS_S)
        media.close()

    async def _forget_old(self, media: Media) -> None:
        """Legs that the last one had: nobody controls them any more. Their callers are on the callback list."""
        try:
            told = await media.ask("list")
            for call in told.get("calls", []):
                await media.ask("delete", call_id=call, delete_delay=0)
        except Exception as error:
            log.warning("old legs could not be looked for: %s", type(error).__name__)
