"""Orders become sound: who hears whom is read from where each leg points. rtpengine and SIP only write down."""

import asyncio
import socket
import struct
from dataclasses import replace
from uuid import UUID

import pytest

from quartier.callcore import Line, facts
from quartier.telephony import prompts
from quartier.telephony.desk.desk import LineNow
from quartier.telephony.desk.exchange import Exchange, LineState
from quartier.telephony.desk.journal import Journal
from quartier.telephony.desk.said import Said
from quartier.telephony.providers.sip import alaw, sdp, signalling
from quartier.telephony.providers.sip.control import SipControl
from quartier.telephony.providers.sip.ng import MediaDown, MediaRefused

NUMBER, MARIE = "+3280000020", "+3220001427"
OFFER = "v=0\r\n" + "m=audio 4000 RTP/AVP 8\r\n"


class Media:
    """Gives each leg an inner port of its own; `points` is where each leg's sound goes, `plays` what it hears."""

    def __init__(self):
        self.inner, self.points, self.plays, self.error = {}, {}, {}, None

    async def ask(self, command, *, call_id, **words):
        await asyncio.sleep(0)
        if self.error:
            raise self.error
        if command in {"offer", "answer"}:
            own = self.inner.setdefault(call_id, 5000 + 2 * len(self.inner))
            # What comes from our side says where this leg is to point.
            tag = words["from_tag"] if command == "offer" else words["to_tag"]
            if tag == "in":
                self.points[call_id] = sdp.port(words["sdp"])
            return {"sdp": f"v=0\r\nm=audio {own} RTP/AVP 8\r\n"}
        if command == "play media":
            self.plays[call_id] = words["file"]
            return {"duration": 1}
        if command == "stop media":
            self.plays.pop(call_id, None)
        if command == "delete":
            self.points.pop(call_id, None)
        return {}


class Sip:
    def __init__(self):
        self.rung, self.said = [], []

    def ring(self, leg, invitation):
        self.rung.append((leg, invitation))

    def accept(self, leg, answer):
        self.said.append(("accept", leg))

    def refuse(self, leg, code, reason):
        self.said.append((code, leg))

    def hang_up(self, leg):
        self.said.append(("bye", leg))


@pytest.fixture
def spoken(tmp_path, monkeypatch):
    """Prompts are files that nobody must say."""
    monkeypatch.setattr(prompts, "sound", lambda name, language, **more: prompts.Sound(tmp_path / name, 1.0))
    monkeypatch.setattr(alaw, "file", lambda path: path)
    return tmp_path


class World:
    def __init__(self, folder):
        self.media, self.sip = Media(), Sip()
        self.exchange = Exchange(Journal(folder / "journal"), folder)
        self.exchange.desk.put = lambda do, then=None: None
        self.control = SipControl(self.exchange, self.media, self.sip)
        self.exchange.control = self.control
        group = prompts.Group(folder, "group")
        self.line = LineState(LineNow(UUID(int=7), NUMBER, "BE", Line(), True, group))
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


def test_they_hear_each_other_and_on_hold_nobody_but_the_music(spoken):
    async def story():
        world = World(spoken)
        await world.on("Lotte")
        marie = await world.rings()
        lotte = await world.answers()
        assert world.hear_each_other(marie, lotte)
        assert marie not in world.media.plays
        await world.asks("Lotte", "hold")
        assert world.media.plays[marie].endswith("hold")
        assert world.media.points[marie] == world.media.points[lotte] == sdp.NOWHERE[1]
        await world.asks("Lotte", "resume")
        assert world.hear_each_other(marie, lotte)
        await world.asks("Lotte", "end")
        assert {("bye", marie), ("bye", lotte)} <= set(world.sip.said)
        assert not world.media.points

    play(story())


def test_while_they_consult_the_caller_hears_music(spoken):
    async def story():
        world = World(spoken)
        await world.on("Lotte")
        marie = await world.rings()
        lotte = await world.answers()
        await world.on("Karim")
        await world.asks("Lotte", "consult", "Karim")
        karim = await world.answers()
        assert world.hear_each_other(lotte, karim)
        assert world.media.points[marie] == sdp.NOWHERE[1]
        await world.asks("Lotte", "complete")
        assert world.hear_each_other(marie, karim)
        assert lotte not in world.media.points

    play(story())


def test_a_page_that_is_loaded_again_is_called_by_itself(spoken):
    async def story():
        world = World(spoken)
        await world.on("Lotte")
        marie = await world.rings()
        assert world.sip.rung[0][1].headers["X-Quartier-Answer"] == "ask"
        await world.answers()
        world.exchange.happened(marie, facts.Lost, leg=f"{marie}.1")
        await world.on("Lotte")
        await world.settle()
        assert world.sip.rung[1][1].headers["X-Quartier-Answer"] == "auto"
        lotte = await world.answers()
        assert world.hear_each_other(marie, lotte)

    play(story())


def test_who_cancels_before_we_have_answered_is_counted(spoken):
    async def story():
        world = World(spoken)
        leg = "11111111-0000-7000-8000-000000000002"
        world.control.heard(signalling.Invited(leg, MARIE, NUMBER, OFFER))
        world.control.heard(signalling.Over(leg))
        await world.settle()
        assert not world.line.board.calls
        assert ("accept", leg) not in world.sip.said
        assert not world.media.points

    play(story())


@pytest.mark.parametrize(
    ("error", "code"), [(MediaDown("offer"), 503), (MediaRefused("no codec"), 488)], ids=["down", "refused"]
)
def test_without_sound_the_caller_is_told_and_counted(spoken, error, code):
    async def story():
        world = World(spoken)
        world.media.error = error
        leg = await world.rings()
        assert (code, leg) in world.sip.said
        assert not world.line.board.calls

    play(story())


def test_a_browser_that_is_not_there_missed_nothing(spoken):
    async def story():
        world, gone = World(spoken), []
        world.control.unreachable = gone.append
        await world.on("Lotte")
        await world.rings()
        world.control.heard(signalling.NotTaken(world.sip.rung[0][0], 480))
        await world.settle()
        assert gone == ["Lotte"]

    play(story())


@pytest.mark.parametrize("how", ["time", "lost"])
def test_a_message_that_we_end_ourselves_is_kept(spoken, how):
    async def story():
        world, said = World(spoken), []
        world.exchange.desk.put = lambda do, then=None: said.append(do)
        world.line.now = replace(world.line.now, line=Line(alone_s=0.01))
        world.line.board.line = world.line.now.line
        marie = await world.rings()
        world.control._heard_until[marie] = 0
        world.exchange._tick()
        for _ in range(100):
            await asyncio.sleep(0.02)
            if marie in world.control._recorders:
                break
            world.control._heard_until[marie] = 0
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
            for number in range(100):
                head = struct.pack("!BBHII", 128, 8, number, number * 160, 7)
                phone.sendto(head + b"\x2a" * 160, world.control._recorders[marie].address)
        await world.settle()
        if how == "lost":
            world.exchange.happened(marie, facts.Lost)
        else:
            at = world.line.board.now + 1000
            world.exchange.tell(world.line, facts.Tick(at=at))
        await world.settle()
        assert not world.line.board.calls
        entries = [each.args[0] for each in said if getattr(each, "func", None) is Said.entry]
        kept = [each.words["seconds"] for each in entries if each.what == "message"]
        assert kept == [2.0]
        # On the disk, too, should the database be away and call control fall.
        assert [each.what for each in Journal(spoken / "journal").left].count("message") == 1

    play(story())
