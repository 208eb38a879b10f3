"""The carrier without network and database: the real exchange and machine, a provider that only writes down."""

import asyncio
from collections import Counter
from urllib.parse import urlencode
from uuid import UUID
from xml.etree import ElementTree

from twilio.request_validator import RequestValidator

from quartier.callcore import Line, facts
from quartier.lib import clock
from quartier.telephony import prompts
from quartier.telephony.desk.desk import LineNow
from quartier.telephony.desk.exchange import Exchange, LineState
from quartier.telephony.desk.journal import Journal
from quartier.telephony.providers.twiml import phones as phones_module
from quartier.telephony.providers.twiml import webhooks as webhooks_module
from quartier.telephony.providers.twiml.api import NotThere
from quartier.telephony.providers.twiml.control import TwimlControl
from quartier.telephony.providers.twiml.document import Sound
from quartier.telephony.providers.twiml.phones import Phones
from quartier.telephony.providers.twiml.setup import PATH, Setup
from quartier.telephony.providers.twiml.webhooks import Webhooks

PUBLIC = "https://line.example.org"
NUMBER, MARIE, LOTTE = "+3280000020", "+3220001427", "+3240000101"
ORGANISATION = UUID(int=7)
VERBS = {"Gather": "key", "Redirect": "next", "Dial": "next", "Record": "next"}


class Provider:
    """Writes down what is wanted of it. `error`: what it raises instead."""

    def __init__(self):
        self.rung, self.moved, self.ended = [], [], []
        self.over = set()
        self.error = None
        self.up = True

    async def ring(self, *, to, caller, answered, status, patience_s):
        if self.error:
            raise self.error
        self.rung.append((f"CAout{len(self.rung)}", answered, status))
        return self.rung[-1][0]

    async def fetch_again(self, sid, url):
        if self.error:
            raise self.error
        if sid in self.over:
            raise NotThere
        self.moved.append((sid, url))

    async def end(self, sid):
        if self.error:
            raise self.error
        self.ended.append(sid)

    async def call(self, sid):
        return {"status": "completed" if sid in self.over else "in-progress"}


class Recordings:
    def __init__(self):
        self.came = []

    def arrived(self, *what):
        self.came.append(what)


class World:
    """Made within a loop. `said` are the facts that the machine was told, `urls` where a document leads to; `busy`:
    somebody is on shift, and has a pause."""

    def __init__(self, folder, *, busy=True, **line):
        self.folder = folder
        self.exchange = Exchange(Journal(folder / "journal"), folder)
        group = prompts.Group(folder=folder, id=str(ORGANISATION))
        now = LineNow(ORGANISATION, NUMBER, "BE", Line(**line), True, group)
        self.line = self.exchange.lines[ORGANISATION] = LineState(now)
        self.setup = Setup(folder, "AC1", "secret", PUBLIC)
        self.api, self.messages = Provider(), Recordings()
        self.phones = Phones(self.exchange, self.api, self.setup, None)
        self.phones.sound = self._sound
        self.control = self.exchange.control = TwimlControl(self.exchange, self.api, self.setup, self.phones)
        self.webhooks = Webhooks(self.exchange, self.phones, self.control, self.messages, self.setup)
        self.signer = RequestValidator("secret")
        self.said, self.sent, self.urls = [], [], {"key": [], "next": []}
        tell = self.exchange.tell

        def told(line, fact):
            self.said.append(fact)
            tell(line, fact)

        self.exchange.tell = told
        if busy:
            at = clock.now().timestamp()
            tell(self.line, facts.CameOn(at=at, operator="Karim", languages=("fr", "nl")))
            tell(self.line, facts.Paused(at=at, operator="Karim"))

    async def _sound(self, line, hear):
        return Sound(f"{PUBLIC}{PATH}/sound/name/{hear.prompt}.wav", 3.0)

    def comes_on(self, operator="Lotte", number=LOTTE):
        self.line.numbers[operator] = number
        self.exchange.tell(
            self.line,
            facts.CameOn(at=clock.now().timestamp(), operator=operator, languages=("fr",), own_phone=True),
        )

    def signed(self, url, sid, status="in-progress", **words):
        """A webhook, not sent yet."""
        form = {
            "CallSid": sid,
            "CallStatus": status,
            "From": MARIE,
            "To": NUMBER,
            "Direction": "inbound",
            **words,
        }
        return url.removeprefix(PUBLIC), urlencode(form).encode(), self.signer.compute_signature(url, form)

    async def take(self, webhook):
        self.sent.append(webhook)
        status, text = await self.webhooks.take(*webhook)
        for verb in ElementTree.fromstring(text).iter() if text else ():
            if verb.tag in VERBS:
                self.urls[VERBS[verb.tag]].append(verb.get("action") or verb.text)
        return status, text

    async def calls(self, sid="CAmarie"):
        return await self.take(self.signed(f"{PUBLIC}{PATH}/voice", sid, "ringing"))

    async def presses(self, digit, sid="CAmarie"):
        return await self.take(self.signed(self.urls["key"][-1], sid, Digits=digit))

    async def ends(self, sid="CAmarie", status="completed"):
        return await self.take(self.signed(f"{PUBLIC}{PATH}/status", sid, status))

    async def rest(self):
        """What was begun beside goes on."""
        for _round in range(8):
            await asyncio.sleep(0)

    def passes(self):
        """Only the clock goes on, until nobody is on the line."""
        for _step in range(500):
            wake = self.line.board.next_wake()
            if not self.line.board.calls or wake is None:
                return
            self.exchange.tell(self.line, facts.Tick(at=wake))

    def left(self):
        """What the journal holds."""
        return Journal(self.folder / "journal").left

    def counted(self):
        """How often each call began and ended, by the journal."""
        entries = self.left()
        return Counter((entry.what, entry.words["call"]) for entry in entries)


def hurry(monkeypatch):
    """Nothing is waited for that cannot come."""
    monkeypatch.setattr(phones_module, "TAKES_S", 0.0)
    monkeypatch.setattr(phones_module, "COMES_S", 0.05)
    monkeypatch.setattr(webhooks_module, "RECOGNISED_S", 0.0)
