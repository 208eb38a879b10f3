"""A talk is recorded: what both say, without what lay in a pause, whichever way it ends."""

import asyncio
import base64
import struct
from time import monotonic, sleep

import pytest

from quartier.callcore import facts
from quartier.telephony.desk.journal import Journal
from quartier.telephony.desk.said import Said
from quartier.telephony.providers.sip import sdp, signalling
from quartier.telephony.providers.sip.tests.world import World, play
from tests.ports import free_port


class Talking(asyncio.DatagramProtocol):
    """A leg's inner side: says one A-law code, counts what it hears."""

    def __init__(self):
        self.heard, self.number = [], 0

    @classmethod
    async def at(cls, port):
        loop = asyncio.get_running_loop()
        transport, self = await loop.create_datagram_endpoint(cls, local_addr=("127.0.0.1", port))
        self.transport = transport
        return self

    def datagram_received(self, data, addr):
        self.heard.append(data[12])

    def says(self, code, port):
        head = struct.pack("!BBHII", 128, 8, self.number, self.number * 160, 7)
        self.transport.sendto(head + bytes([code]) * 160, ("127.0.0.1", port))
        self.number += 1


async def speak(world, both, seconds):
    """Each says its code; wall clock."""
    for _ in range(round(seconds / 0.02)):
        for leg, (phone, code) in both.items():
            phone.says(code, world.media.points[leg])
        await asyncio.sleep(0.02)


def recorded(said):
    """What was kept, as call control says it to the database: part, and the codes of the sound."""
    entries = [each.args[0] for each in said if getattr(each, "func", None) is Said.entry]
    return [
        (each.words["part"], base64.b64decode(each.words["sound"])[44:])
        for each in entries
        if each.what == "recorded"
    ]


def share(codes, code):
    return round(codes.count(bytes([code])) / 8000, 1)


@pytest.mark.parametrize("end", ["stop", "caller", "operator", "lost", "transfer"])
def test_a_talk_is_recorded_without_what_lay_in_a_pause(spoken, end):
    async def story():
        world, said = World(spoken), []
        world.exchange.desk.put = lambda do, then=None, **_: said.append(do)
        world.media.port = free_port
        await world.on("Lotte")
        marie = await world.rings()
        lotte = await world.answers()
        phones = {leg: await Talking.at(world.media.inner[leg]) for leg in (marie, lotte)}
        await world.asks("Lotte", "record")
        assert world.media.plays[marie].endswith("consent_record")
        assert world.media.points[marie] == world.media.points[lotte] == sdp.NOWHERE[1]
        began = monotonic()
        world.control.pressed(marie, "out", "1")
        await world.settle()
        both = {marie: (phones[marie], 0x40), lotte: (phones[lotte], 0xAA)}
        await speak(world, both, 1.0)
        assert set(phones[lotte].heard) == {0x40}
        assert set(phones[marie].heard) == {0xAA}
        await world.asks("Lotte", "pause_record")
        assert world.hear_each_other(marie, lotte)
        paused = monotonic()
        await asyncio.sleep(0.5)
        paused = monotonic() - paused
        await world.asks("Lotte", "resume_record")
        await speak(world, {marie: (phones[marie], 0x41)}, 0.5)
        match end:
            case "stop":
                await world.asks("Lotte", "stop_record")
                assert world.hear_each_other(marie, lotte)
            case "caller":
                world.control.heard(signalling.Over(marie))
            case "operator":
                world.control.heard(signalling.Over(lotte))
            case "lost":
                world.exchange.happened(marie, facts.Lost, leg=f"{marie}.1")
            case "transfer":
                await world.on("Karim")
                await world.asks("Lotte", "transfer", "Karim")
        for _ in range(4):
            await world.settle()
        ((part, codes),) = recorded(said)
        assert part == 1
        # One and a half seconds, and the moments in between, however long they were; not the pause.
        assert 1.4 <= len(codes) / 8000 <= monotonic() - began - paused + 0.1
        assert 0.4 <= share(codes, 0x41) <= 0.6
        assert [each.what for each in Journal(spoken / "journal").left].count("recorded") == 1
        for phone in phones.values():
            phone.transport.close()

    play(story())


def test_who_does_not_agree_is_not_recorded(spoken):
    async def story():
        world, said = World(spoken), []
        world.exchange.desk.put = lambda do, then=None, **_: said.append(do)
        await world.on("Lotte")
        marie = await world.rings()
        lotte = await world.answers()
        await world.asks("Lotte", "record")
        world.control.pressed(marie, "out", "5")
        await world.settle()
        assert world.hear_each_other(marie, lotte)
        await world.asks("Lotte", "end")
        assert not recorded(said)

    play(story())


@pytest.mark.parametrize("trouble", ["slow", "fails"])
def test_who_hung_up_is_gone_before_the_recording_is_kept(spoken, monkeypatch, trouble):
    async def story():
        world, said = World(spoken), []
        world.exchange.desk.put = lambda do, then=None, **_: said.append(do)
        world.media.port = free_port
        await world.on("Lotte")
        marie = await world.rings()
        await world.answers()
        await world.asks("Lotte", "record")
        world.control.pressed(marie, "out", "1")
        await world.settle()
        (tape,) = world.control._tapes.values()
        tape._taps[0]._began -= 5
        wav = tape.wav

        def kept():
            if trouble == "fails":
                raise OSError(28, "No space left on device")
            sleep(0.3)
            return wav()

        monkeypatch.setattr(tape, "wav", kept)
        world.control.heard(signalling.Over(marie))
        await world.settle()
        assert not world.line.board.calls
        assert world.line.board.operators["Lotte"].standing == "wrap_up"
        await asyncio.sleep(0.5)
        assert len(recorded(said)) == (trouble == "slow")
        assert marie not in world.media.there
        assert not world.control._panel._between

    play(story())
