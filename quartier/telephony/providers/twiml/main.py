"""Call control as one process, with a provider as carrier: everything in one loop."""

import asyncio
import logging
import threading

from aiohttp import web

from quartier.telephony.desk import pulse
from quartier.telephony.desk.exchange import Exchange
from quartier.telephony.desk.journal import Journal
from quartier.telephony.providers.twiml.api import Api
from quartier.telephony.providers.twiml.control import TwimlControl
from quartier.telephony.providers.twiml.messages import Messages
from quartier.telephony.providers.twiml.phones import Phones
from quartier.telephony.providers.twiml.setup import Setup
from quartier.telephony.providers.twiml.sounds import Sounds
from quartier.telephony.providers.twiml.watch import Watch
from quartier.telephony.providers.twiml.webhooks import Webhooks

log = logging.getLogger(__name__)
LAST_WORDS_S = 5.0


class CallCore:
    """`run` until `stop` is called, from a signal's handler or another thread."""

    def __init__(self, setup: Setup, *, pages: str, patience_s: float = 5.0) -> None:
        self._setup, self._pages, self._patience_s = setup, pages, patience_s
        self._stop = threading.Event()
        self.answered = threading.Event()

    def stop(self) -> None:
        self._stop.set()

    def run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        setup = self._setup
        api, sounds = Api(setup, patience_s=self._patience_s), Sounds(setup.home)
        exchange = Exchange(Journal(setup.home / "journal"), setup.home)
        phones = Phones(exchange, api, setup, sounds)
        control = TwimlControl(exchange, api, setup, phones)
        messages = Messages(exchange, api, setup.account)
        webhooks = Webhooks(exchange, phones, control, messages, setup)
        runner = web.AppRunner(webhooks.application(sounds), access_log=None)
        await runner.setup()
        exchange.start(control)
        watching = asyncio.create_task(Watch(exchange, phones, api, messages, self._pages).run())
        await exchange.ready.wait()
        await web.TCPSite(runner, "127.0.0.1", setup.listen_port).start()
        beating = asyncio.create_task(pulse.keep_beating(setup.home, exchange.desk.is_alive))
        log.info("the line is answered")
        self.answered.set()
        while not self._stop.is_set():
            await asyncio.sleep(0.1)
        watching.cancel()
        beating.cancel()
        await runner.cleanup()
        await exchange.stop(LAST_WORDS_S)
        await api.close()
