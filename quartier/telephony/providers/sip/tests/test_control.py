"""Orders become sound: who hears whom is read from where each leg points. rtpengine and SIP only write down."""

import asyncio
import socket
import struct
import threading
from dataclasses import replace

import pytest

from quartier.callcore import Line, facts
from quartier.lib import clock
from quartier.telephony import prompts
from quartier.telephony.desk.journal import Journal
from quartier.telephony.desk.said import Said
from quartier.telephony.providers.sip import alaw, sdp, signalling
from quartier.telephony.providers.sip.ng import MediaDown, MediaRefused
from quartier.telephony.providers.sip.sound import Sound
from quartier.telephony.providers.sip.tests.world import MARIE, NUMBER, OFFER, World, play
from quartier.telephony.rules import Known


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
        assert world.media.plays[marie].endswith("hold")
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
        world.exchange.desk.put = lambda do, then=None, **_: said.append(do)
        # Nobody is there, and all of it is said in a moment.
        world.line.now = replace(world.line.now, line=Line(pause_s=0.01))
        world.line.board.line, world.line.board.prompt_s = world.line.now.line, lambda _play: 0.0
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


def test_an_operator_on_an_own_phone_hears_from_where_somebody_calls(spoken, monkeypatch):
    async def story():
        world, said = World(spoken), []

        def sound(name, language, **more):
            said.append((name, more["area"]))
            return prompts.Sound(spoken / name, 1.0)

        monkeypatch.setattr(prompts, "sound", sound)
        world.line.numbers["Lotte"] = "+32470000001"
        world.exchange.tell(
            world.line, facts.CameOn(at=1, operator="Lotte", languages=("fr",), own_phone=True)
        )
        marie = await world.rings()
        world.exchange.reader.greet(marie, Known(place="Laeken"), None)
        await world.answers()
        assert ("accept", "Laeken") in said
        assert {area for name, area in said if name != "accept"} == {""}
        await world.asks("Lotte", "end")
        world.exchange.happened(marie, facts.HungUp)
        assert not world.line.places

    play(story())


def test_about_to_stop_talks_go_on_and_who_calls_is_promised_a_call(spoken):
    async def story():
        world = World(spoken)
        await world.on("Lotte")
        marie = await world.rings()
        lotte = await world.answers()
        world.exchange.leave()
        world.exchange.web(True)
        assert world.exchange.talks == 1
        assert world.hear_each_other(marie, lotte)
        late = await world.rings("11111111-0000-7000-8000-000000000002")
        assert world.line.board.is_over(late)
        assert world.media.plays[late].endswith("trouble")
        await world.asks("Lotte", "end")
        assert world.exchange.talks == 0

    play(story())


def own_phone(world):
    world.line.numbers["Lotte"] = "+32470000001"
    world.exchange.tell(world.line, facts.CameOn(at=1, operator="Lotte", languages=("fr",), own_phone=True))


def test_an_own_phone_that_hangs_up_while_its_prompt_is_made_ends_nothing_else(spoken, monkeypatch):
    async def story():
        world, is_spoken = World(spoken), threading.Event()

        def sound(name, language, **more):
            if name == "accept":
                is_spoken.wait(5)
            return prompts.Sound(spoken / name, 1.0)

        monkeypatch.setattr(prompts, "sound", sound)
        own_phone(world)
        marie = await world.rings()
        lotte = await world.answers()
        world.control.heard(signalling.Over(lotte))
        await world.settle()
        is_spoken.set()
        await world.settle()
        assert marie in world.line.board.calls
        assert ("bye", marie) not in world.sip.said
        assert world.media.there == {marie}

    play(story())


@pytest.mark.parametrize("how", ["accept", "join", "listen"])
def test_trouble_with_an_operators_leg_does_not_end_the_call(spoken, monkeypatch, how):
    async def story():
        monkeypatch.setattr(alaw, "samples", lambda path: b"")
        world = World(spoken)
        if how == "accept":
            own_phone(world)
        else:
            await world.on("Lotte")
        marie = await world.rings()
        lotte = world.sip.rung[-1][0]
        if how == "accept":
            world.media.refuses.add(("play media", lotte))
        elif how == "join":
            world.media.refuses.add(("offer", lotte))
        await world.answers()
        if how == "listen":
            await world.on("Zora")
            await world.asks("Zora", "listen")
            lotte = world.sip.rung[-1][0]
            world.media.refuses.add(("offer", lotte))
            await world.answers()
        assert marie in world.line.board.calls
        assert ("bye", marie) not in world.sip.said
        # That phone is let go, and nothing of it stays.
        assert ("bye", lotte) in world.sip.said
        assert lotte not in world.media.there

    play(story())


def test_a_leg_that_is_over_makes_no_new_session(spoken):
    async def story():
        world = World(spoken)
        await world.on("Lotte")
        await world.rings()
        lotte = world.control._by_sip[await world.answers()]
        await lotte.sound.end()
        await lotte.sound.point(("127.0.0.1", 5000))
        with pytest.raises(MediaRefused):
            await lotte.sound.offer_again()
        assert lotte.sip not in world.media.there

    play(story())


def test_a_leg_whose_answer_cannot_be_taken_is_let_go(spoken):
    async def story():
        world = World(spoken)
        await world.on("Lotte")
        marie = await world.rings()
        lotte = world.sip.rung[-1][0]
        world.media.refuses.add(("answer", lotte))
        await world.answers()
        assert ("bye", lotte) in world.sip.said
        assert lotte not in world.media.there
        assert [leg.sip for leg in world.control.legs] == [marie]

    play(story())


def test_a_leg_that_cannot_be_rung_leaves_nothing_behind(spoken):
    async def story():
        world = World(spoken)
        await world.on("Lotte")

        async def refused(self):
            raise MediaRefused("offer: no ports", leg=self.leg)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Sound, "offer", refused)
            marie = await world.rings()
        assert not world.sip.rung
        assert [leg.sip for leg in world.control.legs] == [marie]
        # That is no fault of hers: she is rung again a little later.
        lotte = world.line.board.operators["Lotte"]
        assert (lotte.standing, lotte.reason) == ("available", "unreachable")
        assert lotte.until is not None

    play(story())


@pytest.mark.parametrize("code", [486, 503])
def test_whom_we_call_and_who_does_not_come_leaves_no_session(spoken, code):
    async def story():
        world = World(spoken)
        await world.on("Lotte")
        call = "11111111-0000-7000-8000-000000000003"
        world.exchange.goes_out(world.line, call, MARIE)
        dial = facts.Dial(at=clock.steady(), call=call, operator="Lotte", to="Marie", language="fr")
        world.exchange.tell(world.line, dial)
        await world.settle()
        lotte = await world.answers()
        marie = world.sip.rung[-1][0]
        assert world.media.there == {lotte, marie}
        world.control.heard(signalling.NotTaken(marie, code))
        await world.settle()
        assert world.media.there == {lotte}

    play(story())


def is_rung_back(said):
    """What call control says to the database of the end of the only call: whether it goes on the list, and why."""
    entries = [each.args[0] for each in said if getattr(each, "func", None) is Said.entry]
    (closed,) = [each.words for each in entries if each.what == "closed"]
    return closed["ring_back"], closed["why"]


@pytest.mark.parametrize(
    "error", [prompts.NoVoice("nl"), OSError("no space"), RuntimeError("what nobody knew")]
)
def test_what_cannot_be_said_leaves_nobody_in_silence(spoken, monkeypatch, error):
    async def story():
        world, said = World(spoken), []
        world.exchange.desk.put = lambda do, then=None, **_: said.append(do)

        def sound(name, language, **more):
            if name in {"wait", "hold"}:
                raise error
            return prompts.Sound(spoken / name, 1.0)

        monkeypatch.setattr(prompts, "sound", sound)
        await world.on("Lotte")
        marie = await world.rings()
        assert ("bye", marie) in world.sip.said
        assert is_rung_back(said) == (True, "cut_off")
        assert not world.control.legs
        assert not world.media.there

    play(story())


def test_who_cannot_be_told_that_somebody_calls_is_let_go_and_the_next_one_rung(spoken, monkeypatch):
    async def story():
        world = World(spoken)

        def sound(name, language, **more):
            if name == "accept":
                raise prompts.NoVoice(language)
            return prompts.Sound(spoken / name, 1.0)

        monkeypatch.setattr(prompts, "sound", sound)
        own_phone(world)
        marie = await world.rings()
        lotte = await world.answers()
        assert ("bye", lotte) in world.sip.said
        assert marie in world.line.board.calls
        await world.on("Karim")
        await world.settle()
        karim = await world.answers()
        assert world.hear_each_other(marie, karim)

    play(story())


def test_a_call_that_cannot_be_let_go_is_over_all_the_same(spoken, monkeypatch):
    async def story():
        world = World(spoken)

        async def release(call):
            raise OSError("no space")

        monkeypatch.setattr(world.control, "release", release)
        marie = await world.rings()
        world.control.heard(signalling.Over(marie))
        await world.settle()
        assert not world.exchange._leaving
        assert not world.exchange._workers

    play(story())
