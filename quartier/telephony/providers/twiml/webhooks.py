"""What the provider asks and tells, over HTTP. Only what it has signed counts, and each thing once.

`voice`      somebody calls: what are they to hear?
`answered`   a phone that we rang was answered: the same
`key`, `next`, `go`   a key, the end of what was told, and when we have told it to come and ask
`status`     what has become of a call
`recording`  a message is ready
`sound`      prompts, by signed names; no list of them
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import UTC
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl
from uuid import UUID

from aiohttp import web
from twilio.request_validator import RequestValidator

from quartier.callcore import facts
from quartier.lib import clock
from quartier.telephony.desk.caller_identity import read_number
from quartier.telephony.desk.exchange import Exchange
from quartier.telephony.providers.twiml import document
from quartier.telephony.providers.twiml.control import TwimlControl
from quartier.telephony.providers.twiml.legs import Hear, Leg, call_name
from quartier.telephony.providers.twiml.messages import Messages
from quartier.telephony.providers.twiml.phones import Phones, is_end
from quartier.telephony.providers.twiml.setup import PATH, Setup
from quartier.telephony.providers.twiml.sounds import Sounds

log = logging.getLogger(__name__)

# Older words are not believed, where the provider says when it wrote them.
FRESH_S = 300
LARGEST = 65_536
REMEMBERED = 5000
# Of each leg, so many answers are kept for repetitions.
ANSWERS = 40
# Who is known is greeted otherwise: this is waited for before the first word.
RECOGNISED_S = 0.3
SIGNED_BY = ("X-Twilio-Signature", "X-SignalWire-Signature")
FORGED, FAILED = (403, ""), (500, "")
KEYS = frozenset("0123456789*#")
# A status that says, or by which it is known, that the telephone rang.
ALERTED = {"ringing", "no-answer"}

Answer = tuple[int, str]
Words = dict[str, str]


class Webhooks:
    """`take` is one webhook; `application` serves them."""

    def __init__(
        self, exchange: Exchange, phones: Phones, control: TwimlControl, messages: Messages, setup: Setup
    ) -> None:
        self._exchange, self._phones, self._control = exchange, phones, control
        self._messages, self._setup = messages, setup
        self._signed = RequestValidator(setup.secret)
        # Calls whose end was told before their beginning.
        self._early: OrderedDict[str, None] = OrderedDict()
        self._takes: dict[str, Callable[[Words, Words], Awaitable[Answer]]] = {
            "voice": self._voice,
            "answered": self._of_leg,
            "next": self._of_leg,
            "key": self._of_leg,
            "go": self._of_leg,
            "status": self._status,
            "recording": self._recording,
        }

    def application(self, sounds: Sounds) -> web.Application:
        application = web.Application(client_max_size=LARGEST)

        async def post(request: web.Request) -> web.Response:
            signature = next((request.headers[each] for each in SIGNED_BY if each in request.headers), "")
            status, text = await self.take(request.raw_path, await request.read(), signature)
            return web.Response(status=status, text=text, content_type="text/xml")

        async def sound(request: web.Request) -> web.StreamResponse:
            found = sounds.file(request.match_info["name"])
            if found is None:
                raise web.HTTPNotFound
            path, left_s = found
            headers = {"Content-Type": "audio/wav", "Cache-Control": f"private, max-age={left_s}"}
            return web.FileResponse(path, headers=headers)

        application.router.add_get(f"{PATH}/sound/{{name}}/{{label}}.wav", sound)
        application.router.add_post(f"{PATH}/{{what}}", post)
        return application

    async def take(self, asked: str, body: bytes, signature: str) -> Answer:
        """`asked`: path and query, as they came. An HTTP status and a document."""
        try:
            words = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=200))
        except ValueError:
            return FORGED
        if not signature or not self._signed.validate(self._setup.public_url + asked, words, signature):
            log.warning("a webhook that the provider has not signed")
            return FORGED
        path, _, query = asked.partition("?")
        takes = self._takes.get(path.removeprefix(f"{PATH}/"))
        if takes is None:
            return 404, ""
        if not _is_fresh(words):
            log.warning("a webhook that is too old")
            return 200, document.nothing()
        try:
            return await takes({"what": path.removeprefix(f"{PATH}/"), **dict(parse_qsl(query))}, words)
        except Exception:
            # The provider tries again, or another of its webhooks comes: the leg still knows what it is to do.
            log.exception("a webhook could not be answered")
            return FAILED

    # Callers

    async def _voice(self, _asked: Words, words: Words) -> Answer:
        sid = words.get("CallSid", "")
        leg = self._phones.with_sid(sid)
        if leg is not None:
            return await self._once(leg, "voice", lambda: None)
        if self._phones.is_over(sid) or not sid:
            return 200, document.hang_up()
        begins = self._control.rang(sid, words.get("From", ""), words.get("To", ""))
        if begins is None:
            log.warning("a call, and no line to take it")
            return 200, document.refuse()
        leg, begin = begins
        if sid in self._early:
            # It was over before we heard of it: counted all the same.
            del self._early[sid]
            begin()
            self._phones.gone(leg)
            return 200, document.hang_up()
        return await self._once(leg, "voice", begin, RECOGNISED_S)

    # All legs

    async def _of_leg(self, asked: Words, words: Words) -> Answer:
        leg, what, sid = self._phones.named(asked.get("leg", "")), asked["what"], words.get("CallSid", "")
        if leg is None:
            return 200, await self._unknown(asked, words)
        self._phones.adopt(leg, sid)
        if leg.sid != sid:
            # The same leg was rung twice: one is enough.
            self._phones.end_unknown(sid)
            return 200, document.hang_up()
        if is_end(words.get("CallStatus", "")):
            self._phones.gone(leg)
            return 200, document.hang_up()
        sheet = asked.get("sheet", "")
        if what == "answered":
            return await self._once(leg, what, lambda: self._control.picked_up(leg))
        return await self._once(leg, f"{what} {sheet}", lambda: self._happens(leg, asked, words))

    def _happens(self, leg: Leg, asked: Words, words: Words) -> None:
        """What this webhook says, if it is not about something that is over."""
        digit = words.get("Digits", "")[:1]
        if asked["what"] == "key" and digit in KEYS and asked.get("topic") == str(leg.topic):
            self._control.pressed(leg, digit, f"{leg.token} {asked.get('sheet', '')}")
        elif asked["what"] == "next" and asked.get("version") == str(leg.version):
            self._control.said(leg)

    async def _once(
        self, leg: Leg, what: str, happens: Callable[[], object], patience_s: float = 0.0
    ) -> Answer:
        """Let it happen; when it comes again, give the same answer, or what has become of it, and nothing happens."""
        known = leg.answers.get(what)
        if known is not None:
            answer = await asyncio.shield(known)
            if leg.given == leg.version and not leg.over.is_set():
                return answer
            return 200, await self._phones.repeat(leg)
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        leg.answers[what] = answered
        for old in list(leg.answers)[:-ANSWERS]:
            del leg.answers[old]
        try:
            answer = 200, await self._phones.answer(leg, happens, patience_s)
        except BaseException:
            # Whoever comes again is answered with what is right then.
            leg.answers.pop(what, None)
            answered.set_result(FAILED)
            raise
        answered.set_result(answer)
        return answer

    async def _unknown(self, asked: Words, words: Words) -> str:
        """A leg that is over; or of the process before us, whose caller is on the callback list, and hears of it."""
        if words.get("Direction") != "inbound" or self._phones.is_over(asked.get("leg", "")):
            return document.hang_up()
        line = self._exchange.line_for(words.get("To", ""))
        if line is None:
            return document.hang_up()
        said = await self._phones.sound(line, Hear("trouble", ""))
        if number := read_number(words.get("From", ""), line.now.country):
            self._exchange.note("promised", call="", organisation=str(line.now.organisation), number=number)
        return document.goodbye(said)

    # What is only told

    async def _status(self, asked: Words, words: Words) -> Answer:
        sid, ends = words.get("CallSid", ""), is_end(words.get("CallStatus", ""))
        token = asked.get("leg", "")
        leg = self._phones.named(token) if token else self._phones.with_sid(sid)
        if leg is not None:
            self._phones.adopt(leg, sid)
            if leg.sid != sid:
                self._phones.end_unknown(sid)
                return 200, document.nothing()
            status = words.get("CallStatus", "")
            if status in ALERTED:
                self._exchange.happened(leg.call, facts.Alerted, leg=leg.name)
            if ends:
                self._phones.gone(leg, lost=status == "failed", status=status)
        elif token and not ends and not self._phones.is_over(sid):
            # It rings, and whom it rings for has been let go, or was rung by another process.
            self._phones.end_unknown(sid)
        elif not token and ends and not self._phones.is_over(sid):
            self._early[sid] = None
            if len(self._early) > REMEMBERED:
                self._early.popitem(last=False)
        return 200, document.nothing()

    async def _recording(self, asked: Words, words: Words) -> Answer:
        sid, recording = words.get("CallSid", ""), words.get("RecordingSid", "")
        if words.get("RecordingStatus", "completed") != "completed" or not recording:
            return 200, document.nothing()
        try:
            organisation = UUID(asked.get("of", ""))
        except ValueError:
            return 404, ""
        self._messages.arrived(call_name(self._setup.account, sid), organisation, recording)
        return 200, document.nothing()


def _is_fresh(words: Words) -> bool:
    written = words.get("Timestamp")
    if not written:
        return True
    try:
        at = parsedate_to_datetime(written)
    except ValueError:
        return False
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return abs((clock.now() - at).total_seconds()) <= FRESH_S
