"""The telephone of the robots, tried against a second one: calls, sound, keys, changes, and every way to end."""

import asyncio
from contextlib import suppress

import pytest

from quartier.sim.robots.message import Message, NoMessage, sound_of, user_of
from quartier.sim.robots.phone import Phone
from quartier.sim.robots.sound import has_tone, level, tone
from quartier.sim.robots.talk import NoAnswer, Refused

MARIE, LINE = "+3220009901", "+3280000020"


def play(scene):
    asyncio.run(asyncio.wait_for(scene(), 20))


async def wait_until(what, seconds=5.0):
    async with asyncio.timeout(seconds):
        while not what():
            await asyncio.sleep(0.01)


class Two:
    """Marie, and whoever she calls, who takes every call and keeps them in `talks`."""

    def __init__(self, *, takes=True):
        self.talks, self.takes = [], takes

    async def __aenter__(self):
        self.other = await Phone.at(LINE, ("127.0.0.1", 9))
        self.marie = await Phone.at(MARIE, ("127.0.0.1", self.other.port))

        async def on_call(talk, request):
            self.talks.append(talk)
            if self.takes:
                await talk.take(request)

        self.other.on_call = on_call
        return self

    async def __aexit__(self, *_):
        await self.marie.close()
        await self.other.close()


def test_two_phones_hear_each_other_and_one_hangs_up():
    async def scene():
        async with Two() as two:
            hers = await two.marie.dial(LINE)
            (theirs,) = two.talks
            assert theirs.number == LINE
            assert hers.answered_s < 1
            hers.sound.hum(tone(1000))
            theirs.sound.hum(tone(620))
            await wait_until(lambda: has_tone(hers.sound.heard(0.5), 620))
            await wait_until(lambda: has_tone(theirs.sound.heard(0.5), 1000))
            assert not has_tone(theirs.sound.heard(0.5), 620)
            assert theirs.sound.quiet_for() < 0.2
            await hers.hang_up()
            await asyncio.wait_for(theirs.over.wait(), 2)

    play(scene)


def test_what_is_said_is_said_once_and_then_there_is_silence():
    async def scene():
        async with Two() as two:
            hers = await two.marie.dial(LINE)
            began = asyncio.get_running_loop().time()
            await hers.sound.say(tone(1000)[:4000])
            assert 0.4 < asyncio.get_running_loop().time() - began < 1.5
            assert not hers.sound.speaks
            await asyncio.sleep(0.5)
            heard = two.talks[0].sound.heard()
            loud = [n for n in range(0, len(heard) - 160, 160) if abs(heard[n : n + 160]).max() > 3000]
            assert 24 <= len(loud) <= 26
            assert two.talks[0].sound.quiet_for() > 0.3

    play(scene)


def test_a_key_is_one_event_with_its_end_said_three_times():
    async def scene():
        async with Two() as two:
            hers = await two.marie.dial(LINE)
            events = []
            ear = two.talks[0].sound
            heard = ear.datagram_received

            def also(data, addr):
                if data[1] & 0x7F == 101:
                    events.append((data[4:8], data[12], data[13] >> 7))
                heard(data, addr)

            ear.datagram_received = also
            hers.press("5")
            hers.press("#")
            await asyncio.sleep(0.8)
            assert [key for _stamp, key, end in events if end] == [5, 5, 5, 11, 11, 11]
            assert len({stamp for stamp, key, _end in events if key == 5}) == 1

    play(scene)


def test_the_other_side_says_no():
    async def scene():
        async with Two() as two:
            two.other.on_call = None
            with pytest.raises(Refused) as refused:
                await two.marie.dial(LINE)
            assert refused.value.code == 486
            assert not two.marie._talks

    play(scene)


def test_nobody_is_there(monkeypatch):
    monkeypatch.setattr("quartier.sim.robots.phone.PATIENCE_S", 1.0)

    async def scene():
        marie = await Phone.at(MARIE, ("127.0.0.1", 9))
        with pytest.raises(NoAnswer):
            await marie.dial(LINE)
        with pytest.raises(NoAnswer):
            await marie.is_there()
        await marie.close()

    play(scene)


def test_who_does_not_want_to_wait_any_longer_lets_the_other_phone_stop_ringing():
    async def scene():
        async with Two(takes=False) as two:
            with pytest.raises(NoAnswer):
                await two.marie.dial(LINE, rings_s=0.3)
            (theirs,) = two.talks
            await asyncio.wait_for(theirs.over.wait(), 2)

    play(scene)


def test_it_answers_when_asked_whether_it_is_there():
    async def scene():
        async with Two() as two:
            assert await two.marie.is_there() == 200

    play(scene)


def test_a_change_in_the_middle_is_answered_and_sound_goes_to_the_new_place():
    async def scene():
        async with Two() as two:
            hers = await two.marie.dial(LINE)
            (theirs,) = two.talks
            theirs.sound.hum(tone(620))
            # As the other side would: hold, then another port.
            for way, word in (("sendonly", "recvonly"), ("sendrecv", "sendrecv")):
                offer = two.other.offer(theirs.sound, way=way)
                answer = await two.other.ask(theirs._request("INVITE", offer), theirs.peer)
                assert answer.code == 200
                assert f"a={word}" in answer.body
                theirs._invited = Message("INVITE x SIP/2.0", [("cseq", f"{theirs._count} INVITE")])
                theirs.acknowledge()
            assert hers.changed == 2
            await wait_until(lambda: has_tone(hers.sound.heard(0.5), 620))
            await asyncio.wait_for(hers.agreed.wait(), 2)

    play(scene)


def test_a_machine_that_names_its_address_outside_is_reached_at_home():
    async def scene():
        async with Two() as two:
            two.marie.reach = {"192.0.2.7": "127.0.0.1"}
            offer = two.other.offer
            two.other.offer = lambda *words, **named: offer(*words, **named).replace(
                "c=IN IP4 127.0.0.1", "c=IN IP4 192.0.2.7"
            )
            hers = await two.marie.dial(LINE)
            hers.sound.hum(tone(1000))
            await wait_until(lambda: has_tone(two.talks[0].sound.heard(0.5), 1000))

    play(scene)


def test_what_is_lost_on_the_way_is_said_again():
    async def scene():
        async with Two() as two:
            lost = {"INVITE", "200", "ACK"}
            for phone in (two.marie, two.other):
                sent = phone.send

                def some(message, to, sent=sent):
                    what = str(message.code or message.method)
                    if what in lost:
                        lost.remove(what)
                        return
                    sent(message, to)

                phone.send = some
            hers = await two.marie.dial(LINE)
            assert not lost - {"ACK"}
            await asyncio.wait_for(two.talks[0].agreed.wait(), 5)
            await hers.hang_up()
            await asyncio.wait_for(two.talks[0].over.wait(), 2)

    play(scene)


@pytest.mark.parametrize(
    "data", [b"", b"\r\n\r\n", b"\0" * 40, b"INVITE sip:x SIP/2.0\r\nfoo\r\n\r\n", b"x" * 99]
)
def test_what_is_no_message_is_left_alone(data):
    with pytest.raises(NoMessage):
        Message.read(data)

    async def scene():
        async with Two() as two:
            two.other.datagram_received(data, ("127.0.0.1", 9))
            with suppress(NoAnswer):
                assert await two.marie.is_there() == 200

    play(scene)


def test_short_names_and_folded_lines_are_read():
    told = Message.read(
        b"SIP/2.0 200 OK\r\nv: SIP/2.0/UDP a;branch=z9hG4bKx, SIP/2.0/UDP b\r\nf: <sip:a@b>;tag=1\r\n"
        b't: "Marie, M." <sip:+322@b>;\r\n tag=2\r\ni: x\r\nCSeq: 7 INVITE\r\n'
        b"Record-Route: <sip:a;lr>, <sip:b;lr>\r\n\r\n"
    )
    assert (told.code, told.method, told.branch) == (200, "INVITE", "z9hG4bKx")
    assert told.every("record-route") == ["<sip:a;lr>", "<sip:b;lr>"]
    assert user_of(told.first("to")) == "+322"


def test_sound_is_read_from_sdp():
    found = sound_of(
        "v=0\r\nc=IN IP4 10.0.0.1\r\nm=audio 4000 RTP/AVP 0 8 96\r\na=rtpmap:96 telephone-event/8000\r\n"
    )
    assert (found.host, found.port, found.keys, found.alaw) == ("10.0.0.1", 4000, 96, True)
    assert sound_of("v=0\r\nm=video 1 RTP/AVP 8\r\n") is None


def test_loudness_is_a_share_of_the_loudest():
    assert 0.2 < level(tone(1000)) < 0.22
    assert level(bytes([0xD5]) * 160) < 0.001
