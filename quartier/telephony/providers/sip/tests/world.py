"""A SIP line whose rtpengine and signalling only write down what they are told."""

import asyncio
from itertools import count
from uuid import UUID

from quartier.callcore import Line, facts
from quartier.telephony import prompts
from quartier.telephony.desk.desk import LineNow
from quartier.telephony.desk.exchange import Exchange, LineState
from quartier.telephony.desk.journal import Journal
from quartier.telephony.providers.sip import sdp, signalling
from quartier.telephony.providers.sip.control import SipControl
from quartier.telephony.providers.sip.dialog_store import DialogStore
from quartier.telephony.providers.sip.ng import MediaDown, MediaRefused

NUMBER, MARIE = "+3280000020", "+3220001427"
OFFER = "v=0\r\n" + "m=audio 4000 RTP/AVP 8\r\n"


class Media:
    """Gives each leg an inner port of its own; `points` is where each leg's sound goes, `plays` what it hears. Like
    rtpengine, it makes a session for every offer, and refuses anything else for a leg that it does not know: `there`
    are those that it knows. What is in `refuses`, a command and a leg, is refused too, though a description stays:
    `phones` is what each phone was believed to say last. What is in `down` is not done once, and what is in `late` is
    done once, and neither is answered. A phone that is up and offers gets another inner port, unless we ask that ports
    stay; `latches` says whether that helps."""

    def __init__(self):
        self.inner, self.points, self.plays, self.error = {}, {}, {}, None
        self.there, self.refuses, self.down, self.late = set(), set(), [], []
        self.phones, self.latches, self.asked = {}, True, []
        ports = count(5000, 2)
        self.port = lambda: next(ports)

    async def ask(self, command, *, call_id, **words):
        await asyncio.sleep(0)
        self.asked.append((command, call_id))
        if self.error:
            raise self.error
        if (command, call_id) in self.down:
            self.down.remove((command, call_id))
            raise MediaDown(command)
        if command == "offer":
            self.there.add(call_id)
        if call_id not in self.there:
            raise MediaRefused("Unknown call-id", leg=call_id)
        if command in {"offer", "answer"}:
            told = self._describes(command, call_id, words)
        if (command, call_id) in self.refuses:
            raise MediaRefused("Unknown call-id", leg=call_id)
        if (command, call_id) in self.late:
            self.late.remove((command, call_id))
            raise MediaDown(command)
        if command in {"offer", "answer"}:
            return told
        if command == "play media":
            self.plays[call_id] = words["file"]
            return {"duration": 1}
        if command == "stop media":
            self.plays.pop(call_id, None)
        if command == "delete":
            self.there.discard(call_id)
            self.points.pop(call_id, None)
        return {}

    def _describes(self, command, leg, words):
        # What comes from our side says where this leg is to point.
        side = words["from_tag"] if command == "offer" else words["to_tag"]
        if side == "in":
            self.points[leg] = sdp.port(words["sdp"])
        else:
            self.phones[leg] = words["sdp"]
        keeps = self.latches and "port-latching" in words["flags"]
        changes = command == "offer" and side == "out" and "to_tag" in words and not keeps
        if leg not in self.inner or changes:
            self.inner[leg] = self.port()
        return {"sdp": f"v=0\r\nm=audio {self.inner[leg]} RTP/AVP 8\r\n"}


class Sip:
    def __init__(self):
        self.rung, self.said = [], []
        # Whether whoever calls confirms our yes; one who offered nothing answers with it, which a test does itself.
        self.confirms, self.heard = True, None

    def ring(self, leg, invitation):
        self.rung.append((leg, invitation))

    def accept(self, leg, answer, offers=False):
        self.said.append(("accept", leg))
        if self.confirms and not offers:
            self.heard(signalling.Confirmed(leg, ""))

    def refuse(self, leg, code, reason):
        self.said.append((code, leg))

    def agree(self, leg, answer):
        self.said.append(("agree", leg))

    def disagree(self, leg, code, reason):
        self.said.append(("disagree", leg))

    def hang_up(self, leg):
        self.said.append(("bye", leg))


class World:
    def __init__(self, folder):
        self.media, self.sip = Media(), Sip()
        self.exchange = Exchange(Journal(folder / "journal"), folder)
        self.exchange.desk.put = lambda do, then=None, **_: None
        self.dialogs = DialogStore(folder / "dialogs")
        self.control = SipControl(self.exchange, self.media, self.sip, self.dialogs)
        self.exchange.control, self.sip.heard = self.control, self.control.heard
        group = prompts.Group(folder, "group")
        line = LineNow(UUID(int=7), NUMBER, "BE", Line(records=True), True, group)
        self.line = LineState(line)
        self.exchange.lines[UUID(int=7)] = self.line

    async def settle(self):
        for _ in range(60):
            await asyncio.sleep(0.001)

    async def on(self, *names):
        for name in names:
            self.exchange.tell(self.line, facts.CameOn(at=1, operator=name, languages=("fr",)))

    async def rings(self, leg="11111111-0000-7000-8000-000000000001"):
        self.control.heard(signalling.Invited(leg, MARIE, NUMBER, OFFER))
        await self.settle()
        self.control.pressed(leg, "out", "1")
        await self.settle()
        return leg

    async def answers(self, which=-1):
        leg = self.sip.rung[which][0]
        self.control.heard(signalling.Taken(leg, OFFER))
        await self.settle()
        return leg

    async def asks(self, who, wish, to=""):
        (call,) = self.line.board.calls
        self.exchange.tell(self.line, facts.Asked(at=1, operator=who, call=call, wish=wish, to=to))
        await self.settle()

    def hear_each_other(self, one, other):
        inner, points = self.media.inner, self.media.points
        return points[one] == inner[other] and points[other] == inner[one]


def play(story):
    return asyncio.run(story)
