"""Call control as one process: SIP in the main thread, everything else in a loop of its own beside it."""

import asyncio
import logging
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from quartier.telephony.desk import pulse
from quartier.telephony.desk.exchange import Exchange
from quartier.telephony.desk.journal import Journal
from quartier.telephony.providers.sip.control import SipControl
from quartier.telephony.providers.sip.dialog_store import DialogStore
from quartier.telephony.providers.sip.early_events import EarlyEvents
from quartier.telephony.providers.sip.edge import EdgeAddress, question_pipe
from quartier.telephony.providers.sip.last_run import LastRun
from quartier.telephony.providers.sip.media_targets import MediaTargets
from quartier.telephony.providers.sip.ng import Keys, Media
from quartier.telephony.providers.sip.outside import CarrierIdentity
from quartier.telephony.providers.sip.own_calls import make_call_id
from quartier.telephony.providers.sip.phone_place import PhonePlace, carrier_networks
from quartier.telephony.providers.sip.setup import Setup, secret
from quartier.telephony.providers.sip.signalling import Signalling
from quartier.telephony.providers.sip.sound import Sound
from quartier.telephony.providers.sip.watch import Watch

log = logging.getLogger(__name__)
# At a stop, who is on the line may finish talking for so long; asked to stop again, not any more.
DRAIN_S = 120.0
LAST_WORDS_S = 5.0
# Whoever calls before the lines are known waits for them so long.
LINES_TIMEOUT_S = 5.0
UNAVAILABLE = 503
# So often signalling hears that this loop turns.
TURN_S = 1.0
# Signalling, orders and the database's words are three threads of one interpreter. Where one of them computes, the
# others would wait five milliseconds for their turn, at each of the dozen steps of a call.
SWITCH_S = 0.0005


class CallCore:
    """`run` until `stop` is called, from a signal's handler or another thread. `drain_s`: so long talks may go on."""

    def __init__(self, setup: Setup, *, pages: str, drain_s: float = 0.0) -> None:
        self._setup, self._pages, self._drain_s = setup, pages, drain_s
        Sound.srtp, Sound.targets = setup.trunk_srtp, MediaTargets.of(setup)
        Sound.plain_browsers = setup.plain_browsers
        PhonePlace.carriers = carrier_networks(setup)
        self._secret = secret(setup.home)
        host = "127.0.0.1" if setup.address == "0.0.0.0" else setup.address  # noqa: S104
        self._edge = EdgeAddress(host, setup.sip_port, question_pipe(setup.home))
        self._stop, self._now = threading.Event(), threading.Event()
        self._wake_to_stop: Callable[[], object] = lambda: None
        self._heard: Callable[[Any], object] = lambda event: None
        self._sip = Signalling(
            at=("127.0.0.1", setup.callcore_port),
            proxy=(self._edge.host, self._edge.sip_port),
            outside=CarrierIdentity.of(setup),
            heard=lambda event: self._heard(event),
            new_call_id=lambda: make_call_id(self._secret),
        )

    def stop(self) -> None:
        """Stop once nobody talks any more; called again, at once."""
        if self._stop.is_set():
            self._now.set()
        self._stop.set()
        self._wake_to_stop()

    def run(self) -> None:
        sys.setswitchinterval(SWITCH_S)
        beside = threading.Thread(target=self._beside, name="exchange", daemon=True)
        beside.start()
        self._sip.loop()
        beside.join(2 * LAST_WORDS_S)

    def _beside(self) -> None:
        try:
            asyncio.run(self._serve())
        except Exception:
            log.exception("call control ends")
        finally:
            self._sip.stop()

    async def _serve(self) -> None:
        setup, loop = self._setup, asyncio.get_running_loop()
        stopping = self._notice_stop(loop)
        early = EarlyEvents()
        self._heard = lambda event: loop.call_soon_threadsafe(early, event)
        media = await Media.at("127.0.0.1", setup.ng_port)
        exchange = Exchange(Journal(setup.home / "journal"), setup.home)
        dialogs = DialogStore(setup.home / "dialogs")
        last_run = LastRun(media, self._sip, dialogs, exchange)
        control = SipControl(exchange, media, self._sip, dialogs)
        keys = await Keys.at("127.0.0.1", setup.keys_port, control.pressed)
        await last_run.begin()
        exchange.start(control)
        telling = asyncio.create_task(last_run.finish())
        watch = Watch(exchange, control, edge=self._edge, pages=self._pages, secret=self._secret)
        watching = asyncio.create_task(watch.run())
        await self._lines_known(exchange, early)
        early.open(control.heard)
        beating = asyncio.create_task(pulse.keep_beating(setup.home, exchange.desk.is_alive))
        log.info("the line is answered")
        while not self._stop.is_set():
            self._sip.beside_turns()
            await asyncio.wait([stopping], timeout=TURN_S)
        await self._let_finish(exchange)
        watching.cancel()
        beating.cancel()
        telling.cancel()
        keys.close()
        await exchange.stop(LAST_WORDS_S)
        media.close()
        dialogs.close()

    def _notice_stop(self, loop: asyncio.AbstractEventLoop) -> "asyncio.Future[None]":
        """Done once it is to stop, whoever says so: nothing has to be asked for that again and again."""
        stopping = loop.create_future()

        def wake() -> None:
            if not stopping.done():
                stopping.set_result(None)

        def wake_soon() -> None:
            # Told while it ends already: there is no loop any more.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(wake)

        self._wake_to_stop = wake_soon
        if self._stop.is_set():
            wake()
        return stopping

    async def _lines_known(self, exchange: Exchange, early: EarlyEvents) -> None:
        """Until they are, or it is to stop. Where the database is away for longer, callers hear so from their carrier;
        they would hear nothing."""
        refuses_at = time.monotonic() + LINES_TIMEOUT_S
        is_refusing = False
        while not (exchange.ready.is_set() or self._stop.is_set()):
            if not is_refusing and time.monotonic() >= refuses_at:
                is_refusing = True
                log.error("the lines are not known: who calls is refused until they are")
                early.refuse(lambda leg: self._sip.refuse(leg, UNAVAILABLE, "Service Unavailable"))
            await asyncio.sleep(0.1)

    async def _let_finish(self, exchange: Exchange) -> None:
        """Who talks may finish; who calls meanwhile is promised a call."""
        exchange.leave()
        end = time.monotonic() + self._drain_s
        if exchange.talks and self._drain_s:
            log.info("stopping once %s talks are over", exchange.talks)
        while exchange.talks and time.monotonic() < end and not self._now.is_set():
            self._sip.beside_turns()
            await asyncio.sleep(0.2)
