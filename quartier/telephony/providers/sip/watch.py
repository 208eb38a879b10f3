"""Looks, again and again, at what nobody reports: browsers that come and go, sound that stops, pages that are down."""

import asyncio
import logging
import time
import urllib.error
import urllib.request
from contextlib import suppress
from http.client import HTTPException

from quartier.callcore import Standing, facts
from quartier.callcore.operator import MISSED_REASON
from quartier.lib import clock
from quartier.telephony.desk.desk import REVOKED, Wished
from quartier.telephony.desk.exchange import Exchange, LineState
from quartier.telephony.providers.sip.control import SipControl
from quartier.telephony.providers.sip.edge import EdgeAddress, answers_calls
from quartier.telephony.providers.sip.edge_report import EdgeReport
from quartier.telephony.providers.sip.leg import CALLER, Leg
from quartier.telephony.providers.sip.ng import MediaDown, MediaRefused
from quartier.telephony.providers.sip.own_call_watch import OwnCallWatch
from quartier.telephony.providers.sip.page_watch import PageWatch
from quartier.telephony.providers.sip.registrations import (
    EdgeDown,
    forget_registrations,
    last_registered_at,
    registered,
)
from quartier.telephony.providers.sip.sdp import NoSound
from quartier.telephony.providers.sip.session_end import end_left_sessions

log = logging.getLogger(__name__)

LOOK_S = 1.0
# With nobody on the line there is little to see, and an idle installation is to cost nothing.
REST_LOOK_S = 4.0
# A browser whose sound stops is gone (it sends packets even when muted); a telephone may be silent for longer.
SILENT_WEB_S, SILENT_PHONE_S = 4, 90
# A telephone that has put us on hold need not send anything.
SILENT_RESTING_S = 900
# A page that is loaded again, or a network that changes, is back before this.
AWAY_S = 6.0
# A browser that has registered so shortly before it was rung in vain may have been on its way back.
REGISTERED_MARGIN_S = 8.0
# An edge that does not answer for so long is away; one question may be lost on a busy machine. Browsers try every eight
# seconds, so after it is back they are awaited for so long.
EDGE_DOWN_S, BACK_S = 5.0, 12.0
# With many on the line, so many telephones are looked at each time, in turn: a look is a question to the media server.
MAX_PHONES_A_LOOK = 150
MAX_UNANSWERED = 2
# The pages have so long to answer; on a busy machine one look or two may fail, and callers are not sent away for that.
PAGES_S, PAGES_DOWN_S = 3.0, 6.0


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Where the pages lead is drawn for nobody: a redirect says that they answer."""

    def redirect_request(self, *_: object) -> None:
        return None


_WITHOUT_REDIRECTS = urllib.request.build_opener(_NoRedirect)


class Watch:
    """Presence of operators: `on` in the console and, with the browser as phone, registered."""

    def __init__(
        self, exchange: Exchange, control: SipControl, *, edge: EdgeAddress, pages: str, secret: str
    ) -> None:
        self._exchange, self._control = exchange, control
        self.own_calls = OwnCallWatch(exchange, pipe=edge.pipe, secret=secret)
        self.pages = PageWatch(exchange, control, pipe=edge.pipe, lost=self._lost)
        self._edge, self._pages = edge, pages
        self._on: dict[str, tuple[LineState, Wished]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._paused: dict[str, str] = {}
        self._seen: dict[str, float] = {}
        self._there: set[str] = set()
        self._unreachable_at: dict[str, float] = {}
        self._phones_seen = 0
        self._edge_seen_at, self._was_edge_seen = time.monotonic(), False
        self._report = EdgeReport(exchange)
        # Somebody has come: no more rest.
        self._wake = asyncio.Event()
        exchange.on_wish = self.wished
        control.unreachable = self.unreachable

    def wished(self, line: LineState, wish: Wished) -> bool:
        """`on` and `off`; true when that was it. A pause outlasts a browser that comes and goes."""
        operator = line.board.operators.get(wish.account)
        if wish.what == "on" and operator and operator.busy and operator.own_phone != bool(wish.number):
            # Said by a page that knows nothing of the call: the phone is not changed under it.
            return True
        if wish.what == "pause" and not (operator and operator.standing == Standing.IN_CALL):
            self._paused[wish.account] = str(wish.details.get("reason", ""))[:40]
        elif wish.what in {"on", "off", "resume"}:
            self._paused.pop(wish.account, None)
        if wish.what == "on":
            self._on[wish.account] = (line, wish)
            self._wake.set()
            if wish.number:
                line.awaited.discard(wish.account)
                line.numbers[wish.account] = wish.number
                self._came_on(wish.account)
            else:
                line.numbers.pop(wish.account, None)
                line.awaited.add(wish.account)
                if wish.account in self._there:
                    self._came_on(wish.account)
                else:
                    # What was on was another phone: this one is not there yet.
                    self._gone(wish.account)
                    self._exchange.speak(line)
            return True
        if wish.what == "off":
            self._on.pop(wish.account, None)
            line.awaited.discard(wish.account)
            if wish.details.get(REVOKED):
                task = asyncio.get_running_loop().create_task(self._forget_browsers(wish.account))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        return False

    async def _forget_browsers(self, account: str) -> None:
        """The edge rings nobody under this account any more."""
        with suppress(EdgeDown):
            await forget_registrations(self._edge.pipe, account)

    def unreachable(self, account: str) -> None:
        """Rung, and not there: off until it registers again."""
        self._there.discard(account)
        self._unreachable_at[account] = clock.now().timestamp()
        self._went(account)

    async def run(self) -> None:
        """Until cancelled."""
        pages = asyncio.create_task(self._watch_pages())
        try:
            while True:
                await self._pause()
                try:
                    await self._look()
                except Exception:
                    # Whatever this look met: without the next one nobody comes on or goes any more.
                    log.exception("a look at the line has failed")
        finally:
            pages.cancel()

    async def _look(self) -> None:
        try:
            await self._browsers()
            self._edge_seen_at, self._was_edge_seen = time.monotonic(), True
            await self.pages.look()
            await self.own_calls.look()
        except EdgeDown:
            if await answers_calls(self._edge):
                self._edge_seen_at = time.monotonic()
                log.warning("Kamailio answers calls, but not what it is asked on its own pipe")
            else:
                log.warning("Kamailio does not answer")
        away_s = time.monotonic() - self._edge_seen_at
        self._tell_edge(away_s < EDGE_DOWN_S)
        self._exchange.is_blind = self.own_calls.is_blind
        self._report.say(away_s=away_s, is_blind=self.own_calls.is_blind, was_seen=self._was_edge_seen)
        await self._sounds()
        await end_left_sessions()

    def _tell_edge(self, up: bool) -> None:
        for line in self._exchange.lines.values():
            if line.board.edge_is_up != up:
                self._exchange.tell(line, facts.Edge(at=clock.steady(), up=up))

    @property
    def _rests(self) -> bool:
        return not self._on and not self._control.legs

    async def _pause(self) -> None:
        """Until the next look; at rest it is longer, and ends as soon as somebody comes on."""
        if not self._rests:
            await asyncio.sleep(LOOK_S)
            return
        self._wake.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(REST_LOOK_S):
                await self._wake.wait()

    async def _browsers(self) -> None:
        there = await registered(self._edge.pipe)
        there = there - await self._still_unreachable(there)
        now = time.monotonic()
        if now - self._edge_seen_at >= EDGE_DOWN_S:
            # The edge was away, and knows nobody if it was started again: nobody has gone by that.
            self._seen = dict.fromkeys(self._there, now + BACK_S - AWAY_S)
        for account in there:
            self._seen[account] = now
            if account not in self._there:
                self._there.add(account)
                if account in self._on:
                    self._came_on(account)
        for account in self._there - there:
            if now - self._seen.get(account, 0) > AWAY_S:
                self._there.discard(account)
                self._went(account)

    async def _still_unreachable(self, there: set[str]) -> set[str]:
        """Who was rung in vain and has not registered since: the edge holds a browser that is gone for there until its
        time is over, and whoever waits would be offered to it again and again."""
        for account, since in list(self._unreachable_at.items()):
            registered_at = await last_registered_at(self._edge.pipe, account) if account in there else None
            if registered_at is None or registered_at > since - REGISTERED_MARGIN_S:
                del self._unreachable_at[account]
        return set(self._unreachable_at)

    def _went(self, account: str) -> None:
        """Their browser is gone. Whoever has missed a call stays in that pause when it is back, as in their own: a page
        that is loaded again says nothing of who sits before it."""
        operator = self._on[account][0].board.operators.get(account) if account in self._on else None
        if operator and operator.standing == Standing.PAUSED and operator.reason == MISSED_REASON:
            self._paused[account] = MISSED_REASON
        self._gone(account)

    def _came_on(self, account: str) -> None:
        line, wish = self._on[account]
        self._exchange.tell(
            line,
            facts.CameOn(
                at=clock.steady(),
                operator=account,
                languages=tuple(wish.details.get("languages") or line.now.line.languages),
                area=int(wish.details.get("area") or 0),
                own_phone=bool(wish.number),
            ),
        )
        if account in self._paused:
            at = clock.steady()
            self._exchange.tell(line, facts.Paused(at=at, operator=account, reason=self._paused[account]))

    def _gone(self, account: str) -> None:
        if account not in self._on or self._on[account][1].number:
            return
        line, _wish = self._on[account]
        self._exchange.tell(line, facts.WentOff(at=clock.steady(), operator=account))

    def _lost(self, leg: Leg) -> None:
        """Its phone or its page is gone; in a page that is there now, it is rung anew."""
        self._exchange.happened(leg.call, facts.Lost, leg=leg.name)
        if leg.operator in self._on and leg.operator in self._there:
            self._came_on(leg.operator)

    async def _sounds(self) -> None:
        """Legs that are up and from which nothing comes. Each is looked at, whatever becomes of the one before; a media
        server that leaves two questions in a row unanswered is down for all of them."""
        unanswered = 0
        for leg in self._to_look_at():
            try:
                stream = await leg.sound.incoming()
            except MediaRefused:
                unanswered = 0
                log.warning("the media server has forgotten a leg")
                self._lost(leg)
                continue
            except MediaDown:
                unanswered += 1
                log.warning("the media server does not answer")
                if unanswered == MAX_UNANSWERED:
                    return
                continue
            unanswered, last = 0, stream.last_packet_at
            if not leg.sound.is_settled and not await self._settle(leg):
                continue
            if stream.source_count > 1:
                await self._keep_steady(leg)
            if not leg.sound.web and leg.comes_from_elsewhere(stream, time.monotonic()):
                leg.begins_search()
                # Beside this look: strangers who send to every port hold up nobody's.
                task = asyncio.get_running_loop().create_task(self._find_source(leg))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            silent = leg.silent_s(last, time.monotonic())
            patience = SILENT_RESTING_S if leg.rests else SILENT_PHONE_S
            if last and silent > (SILENT_WEB_S if leg.sound.web else patience):
                log.warning("a leg has fallen silent: %s", "caller" if leg.name == CALLER else "operator")
                self._lost(leg)

    async def _settle(self, leg: Leg) -> bool:
        """What failed for a moment is tried again, at each look; whom the media server does not take is lost, and no
        talk goes on in which one hears nothing. Whether the leg is still there."""
        try:
            await self._control.settle(leg)
        except MediaDown:
            log.warning("a phone is perhaps not heard, or hears nothing: tried again in a moment")
        except (MediaRefused, NoSound) as error:
            log.warning("the media server does not take a phone any more: %s", error)
            self._lost(leg)
            return False
        return True

    async def _keep_steady(self, leg: Leg) -> None:
        """Whoever hears this leg goes on hearing it. That one of them cannot be helped now is no trouble of this leg:
        it has a look of its own, and with the next one it is tried again."""
        try:
            await self._control.stream_changed(leg)
        except (MediaDown, MediaRefused, NoSound) as error:
            log.warning("a phone is perhaps not heard by somebody: %s", type(error).__name__)

    async def _find_source(self, leg: Leg) -> None:
        """A carrier that sends from another port than it says: its callers are heard all the same. Strangers are not,
        however much they send."""
        found = False
        try:
            found = await self._control.find_source(leg)
            if found:
                log.warning(
                    "a telephone sends from another address or port than its carrier says: heard from there now"
                )
            else:
                log.warning("somebody sends to a telephone's port who is not its carrier: not heard")
        except (MediaDown, MediaRefused, NoSound) as error:
            log.warning("a phone is perhaps not heard: %s", type(error).__name__)
        finally:
            leg.ends_search(found, time.monotonic())

    def _to_look_at(self) -> list[Leg]:
        """Every browser, whose sound is missed soonest, and as many telephones as one look may have."""
        now = time.monotonic()
        old = [
            leg
            for leg in self._control.legs
            if leg.up and now - leg.since >= (SILENT_WEB_S if leg.sound.web else leg.unheard_s)
        ]
        phones = [leg for leg in old if not leg.sound.web]
        if len(phones) > MAX_PHONES_A_LOOK:
            start = self._phones_seen % len(phones)
            self._phones_seen = start + MAX_PHONES_A_LOOK
            phones = [*phones[start:], *phones[:start]][:MAX_PHONES_A_LOOK]
        return [leg for leg in old if leg.sound.web] + phones

    async def _watch_pages(self) -> None:
        down_since = None
        while True:
            up = await asyncio.to_thread(self._pages_answer)
            now = time.monotonic()
            down_since = None if up else (down_since or now)
            self._exchange.web(up or now - (down_since or now) < PAGES_DOWN_S)
            await asyncio.sleep(LOOK_S)

    def _pages_answer(self) -> bool:
        if not self._pages:
            return True
        try:
            _WITHOUT_REDIRECTS.open(self._pages, timeout=PAGES_S).close()
        except urllib.error.HTTPError:
            return True
        except (OSError, ValueError, HTTPException):
            return False
        return True
