"""The media server refuses, is slow, or does not answer: whoever talks goes on hearing each other, nobody is left in
silence, and nothing of a leg that is over stays."""

import asyncio
from typing import ClassVar

import pytest

from quartier.callcore import facts
from quartier.telephony.providers.sip import sdp, signalling
from quartier.telephony.providers.sip import sound as module
from quartier.telephony.providers.sip.edge import EdgeAddress
from quartier.telephony.providers.sip.leg import Leg
from quartier.telephony.providers.sip.ng import MediaDown, MediaRefused
from quartier.telephony.providers.sip.patch_panel import PatchPanel
from quartier.telephony.providers.sip.sound import Sound
from quartier.telephony.providers.sip.tests.world import MARIE, NUMBER, OFFER, World, play
from quartier.telephony.providers.sip.watch import Watch

LEG = "11111111-0000-7000-8000-000000000001"
HEAD = "v=0\r\nc=IN IP4 127.0.0.1\r\n"
AMR = HEAD + "m=audio 4444 RTP/AVP 96\r\na=rtpmap:96 AMR/8000\r\n"
FAX = HEAD + "m=audio 0 RTP/AVP 8\r\nm=image 4600 udptl t38\r\n"
# We would understand it, but the media server answers with nothing of it.
ILBC = AMR.replace("AMR", "iLBC")


async def talking(spoken, *, latches=False):
    """`latches`: whether the inner side of a leg stays the same whatever its phone wants, as it should."""
    world = World(spoken)
    world.media.latches = latches
    await world.on("Lotte")
    return world, await world.rings(), await world.answers()


async def look(world):
    watch = Watch(
        world.exchange, world.control, edge=EdgeAddress("127.0.0.1", 1, 1), pages="", secret="secret"
    )
    for leg in world.control.legs:
        leg.since = -1000.0
    await watch._sounds()
    await world.settle()


def sound_of(world, name):
    (leg,) = [leg for leg in world.control.legs if leg.sip == name]
    return leg.sound


@pytest.mark.parametrize("who", ["caller", "operator"])
@pytest.mark.parametrize("wants", [AMR, FAX, ILBC], ids=["AMR", "fax", "iLBC"])
def test_after_a_change_that_is_refused_it_is_as_it_was(spoken, monkeypatch, who, wants):
    monkeypatch.setattr(Sound, "plain_browsers", True)

    async def story():
        world, marie, lotte = await talking(spoken)
        phone = marie if who == "caller" else lotte
        world.media.asked.clear()
        before = world.media.inner[phone]
        world.control.heard(signalling.Wants(phone, wants))
        await world.settle()
        assert world.sip.said[-1] == ("disagree", phone)
        assert world.media.phones[phone] == OFFER
        assert world.hear_each_other(marie, lotte)
        # What we do not understand anyway, the media server never hears of.
        assert (world.media.inner[phone] == before) == (wants != ILBC) == (not world.media.asked)
        await world.asks("Lotte", "hold")
        await world.asks("Lotte", "resume")
        assert world.hear_each_other(marie, lotte)

    play(story())


def test_an_answer_to_our_offer_that_cannot_be_taken_changes_nothing(spoken):
    async def story():
        world, marie, lotte = await talking(spoken)
        world.control.heard(signalling.Wants(marie, ""))
        await world.settle()
        world.media.refuses.add(("answer", marie))
        world.control.heard(signalling.Confirmed(marie, ILBC))
        await world.settle()
        world.media.refuses.clear()
        await look(world)
        assert world.media.phones[marie] == OFFER
        assert world.hear_each_other(marie, lotte)

    play(story())


@pytest.mark.parametrize("latches", [True, False])
def test_who_is_joined_while_the_other_phone_changes_hears_it(spoken, latches):
    async def story():
        world = World(spoken)
        world.media.latches = latches
        await world.on("Lotte")
        marie = await world.rings()
        lotte, ask, waits, goes_on = world.sip.rung[-1][0], world.media.ask, asyncio.Event(), asyncio.Event()

        async def slow(command, **words):
            if (command, words["call_id"]) == ("stop media", lotte):
                waits.set()
                await goes_on.wait()
            return await ask(command, **words)

        world.media.ask = slow
        sound_of(world, lotte).playing = True
        world.control.heard(signalling.Taken(lotte, OFFER))
        await waits.wait()
        before = world.media.inner[marie]
        world.control.heard(signalling.Wants(marie, OFFER))
        await world.settle()
        assert (world.media.inner[marie] == before) == latches
        goes_on.set()
        await world.settle()
        assert world.hear_each_other(marie, lotte)

    play(story())


@pytest.mark.parametrize("again", ["answered", "refused"])
def test_who_could_not_be_pointed_at_a_phone_that_changed_is_tried_again(spoken, again):
    async def story():
        world, marie, lotte = await talking(spoken)
        world.media.down.append(("offer", lotte))
        world.control.heard(signalling.Wants(marie, OFFER))
        await world.settle()
        assert world.sip.said[-1] == ("agree", marie)
        assert not world.hear_each_other(marie, lotte)
        if again == "refused":
            world.media.refuses.add(("offer", lotte))
        await look(world)
        (call,) = world.line.board.calls.values()
        if again == "answered":
            assert world.hear_each_other(marie, lotte)
            world.media.asked.clear()
            await look(world)
            assert {command for command, _leg in world.media.asked} == {"query"}, "once is enough"
        else:
            # She is let go, and the caller does not sit in silence.
            assert ("bye", lotte) in world.sip.said
            assert world.media.plays[call.name]

    play(story())


@pytest.mark.parametrize("error", ["refused", "down"])
def test_on_hold_the_caller_hears_the_music_whatever_becomes_of_the_operators_leg(spoken, error):
    async def story():
        world, marie, lotte = await talking(spoken)
        if error == "refused":
            world.media.refuses.add(("offer", lotte))
        else:
            world.media.down.append(("offer", lotte))
        await world.asks("Lotte", "hold")
        assert world.media.plays[marie]

    play(story())


def test_who_hears_a_telephone_that_is_looked_for_hears_it_afterwards(spoken, monkeypatch):
    monkeypatch.setattr(module, "SEARCH_LOOK_S", 0)

    async def story():
        world, marie, lotte = await talking(spoken)
        before = world.media.inner[marie]
        world.media.down.append(("query", marie))
        with pytest.raises(MediaDown):
            await world.control.find_source(world.control.leg(marie, ""))
        assert world.media.inner[marie] != before
        assert world.hear_each_other(marie, lotte)

    play(story())


@pytest.mark.parametrize("question", ["down", "late"])
@pytest.mark.parametrize("then", ["look", "hold and resume"])
def test_a_change_that_the_media_server_does_not_answer_is_undone(spoken, question, then):
    async def story():
        world, marie, lotte = await talking(spoken)
        getattr(world.media, question).append(("answer" if question == "down" else "offer", marie))
        world.control.heard(signalling.Wants(marie, OFFER.replace("4000", "4100")))
        await world.settle()
        assert world.sip.said[-1] == ("disagree", marie)
        assert world.media.phones[marie] != OFFER
        if then == "look":
            await look(world)
        else:
            await world.asks("Lotte", "hold")
            await world.asks("Lotte", "resume")
        assert world.media.phones[marie] == OFFER
        assert world.hear_each_other(marie, lotte)

    play(story())


@pytest.mark.parametrize("wish", ["complete", "hold"])
def test_a_mixer_ends_also_where_the_next_step_fails(spoken, wish):
    async def story():
        world = World(spoken)
        await world.on("Lotte", "Karim")
        marie = await world.rings()
        await world.answers(0)
        first = world.sip.rung[0][1].user
        await world.asks(first, "third", {"Lotte": "Karim", "Karim": "Lotte"}[first])
        await world.answers()
        (mixer,) = world.control._panel._between.values()
        world.media.error = MediaDown("offer")
        await world.asks(first, wish)
        world.media.error = None
        world.control.heard(signalling.Over(marie))
        await world.settle()
        await asyncio.sleep(0.05)
        assert mixer._task.cancelled()
        assert all(ear.transport.is_closing() for ear in mixer._ears)

    play(story())


class FakeLegSound:
    """The sound of one leg, which may be refused."""

    def __init__(self, *, fails=False):
        self.inner, self.points_at, self.fails = ("127.0.0.1", 5000), ("127.0.0.1", 6000), fails

    async def point(self, to):
        if self.fails:
            raise MediaRefused("Unknown call-id")
        self.points_at = to


class FakeMixer:
    """What stands between legs; `is_open` until it is closed."""

    addresses: ClassVar = [("127.0.0.1", 6000)]
    is_open = True

    def reach(self, number, to):
        pass

    def close(self):
        self.is_open = False


def test_what_stood_between_is_closed_where_the_next_one_cannot_be_reached():
    panel, before, after = PatchPanel(list), FakeMixer(), FakeMixer()

    async def story():
        await panel.put_between("c", before, [Leg("c", "1", "", FakeLegSound(), up=True)])
        with pytest.raises(MediaRefused):
            await panel.put_between("c", after, [Leg("c", "1", "", FakeLegSound(fails=True), up=True)])

    asyncio.run(story())
    assert (before.is_open, after.is_open) == (False, True)


def test_whoever_is_left_alone_is_heard_by_nobody_though_one_of_them_cannot_be_told():
    sounds = [FakeLegSound(), FakeLegSound(fails=True), FakeLegSound()]
    legs = [Leg("c", str(number), "", sound, up=True) for number, sound in enumerate(sounds)]
    panel = PatchPanel(lambda: legs)
    panel._between["c"] = FakeMixer()
    with pytest.raises(MediaRefused):
        asyncio.run(panel.leave_alone(legs[0]))
    assert sounds[2].points_at == sdp.NOWHERE


@pytest.mark.parametrize("answer", ["refused", "late"])
def test_who_cancels_while_they_are_answered_leaves_no_session(spoken, answer):
    async def story():
        world, goes_on, orders = World(spoken), asyncio.Event(), []
        ask = world.media.ask

        async def slow(command, **words):
            orders.append(command)
            if command == "offer":
                await goes_on.wait()
                if answer == "late":
                    await ask(command, **words)
                    raise MediaDown(command)
            if command == "answer":
                raise MediaRefused("answer: no codec", leg=words["call_id"])
            return await ask(command, **words)

        world.media.ask = slow
        world.control.heard(signalling.Invited(LEG, MARIE, NUMBER, OFFER))
        await world.settle()
        world.control.heard(signalling.Over(LEG))
        await world.settle()
        goes_on.set()
        await world.settle()
        assert (world.line.board.calls, world.media.there, world.control.legs) == ({}, set(), [])
        # In this order: a session that begins after its end would stay.
        assert orders == ["offer", "delete"]

    play(story())


@pytest.mark.parametrize("who", ["caller", "operator"])
def test_a_session_whose_beginning_was_answered_too_late_is_ended(spoken, who):
    async def story():
        world = World(spoken)
        await world.on("Lotte")
        if who == "caller":
            world.media.late.append(("offer", LEG))
            await world.rings()
            assert (503, LEG) in world.sip.said
            assert world.media.there == set()
            return
        ask = world.media.ask

        async def late(command, **words):
            if command == "offer" and words["from_tag"] == "in":
                world.media.late.append((command, words["call_id"]))
            return await ask(command, **words)

        world.media.ask = late
        marie = await world.rings()
        assert not world.sip.rung
        assert world.media.there == {marie}

    play(story())


@pytest.mark.parametrize("error", [None, MediaRefused("no"), MediaDown("no")])
def test_a_phone_that_sends_no_more_keys_is_listened_to_and_has_one_answer(spoken, error):
    async def story():
        world = World(spoken)
        events = HEAD + "m=audio 4000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
        world.control.heard(signalling.Invited(LEG, MARIE, NUMBER, events))
        await world.settle()
        assert ("unblock DTMF", LEG) not in world.media.asked
        if isinstance(error, MediaRefused):
            world.media.refuses.add(("unblock DTMF", LEG))
        elif error:
            world.media.down.append(("unblock DTMF", LEG))
        world.control.heard(signalling.Wants(LEG, OFFER))
        await world.settle()
        assert ("unblock DTMF", LEG) in world.media.asked
        assert [what for what, leg in world.sip.said if what != "accept"] == ["agree"]

    play(story())


SOUND = "m=audio 4000 RTP/AVP 8\r\n"
FAX_TOO, VIDEO_TOO = (
    "m=image 4600 udptl t38\r\na=T38FaxVersion:0\r\n",
    "m=video 4700 RTP/AVP 96\r\na=inactive\r\n",
)
OURS = "v=0\r\ns=-\r\nm=audio 5000 RTP/AVP 8\r\na=sendrecv\r\n"
NO_FAX, NO_VIDEO = "m=image 0 udptl t38\r\n", "m=video 0 RTP/AVP 96\r\n"
SAYS = "m=audio 5000 RTP/AVP 8\r\na=sendrecv\r\n"


@pytest.mark.parametrize(
    ("offered", "answered"),
    [
        ([SOUND], [SAYS]),
        ([SOUND, FAX_TOO], [SAYS, NO_FAX]),
        ([FAX_TOO, SOUND], [NO_FAX, SAYS]),
        ([VIDEO_TOO, SOUND, FAX_TOO], [NO_VIDEO, SAYS, NO_FAX]),
        (["m=audio 0 RTP/AVP 0\r\n", SOUND], ["m=audio 0 RTP/AVP 0\r\n", SAYS]),
        ([FAX_TOO], [NO_FAX]),
    ],
)
def test_each_medium_that_is_offered_has_its_answer_and_the_sound_alone_is_asked_for(offered, answered):
    offer = HEAD + "".join(offered)
    assert sdp.sound_alone(offer) == (HEAD + SOUND if SOUND in offered else offer)
    ours = OURS if SOUND in offered else "v=0\r\ns=-\r\n"
    assert sdp.with_each_medium(offer, ours) == "v=0\r\ns=-\r\n" + "".join(answered)


def test_a_talk_goes_on_when_a_phone_wants_a_fax_beside_it(spoken):
    async def story():
        world, marie, lotte = await talking(spoken)
        agreed = []
        world.sip.agree = lambda leg, text: agreed.append(text)
        world.control.heard(signalling.Wants(marie, HEAD + FAX_TOO + SOUND))
        await world.settle()
        assert [line.split()[0] for line in agreed[0].splitlines() if "m=" in line] == ["m=image", "m=audio"]
        assert world.media.phones[marie] == HEAD + SOUND
        assert world.hear_each_other(marie, lotte)

    play(story())


def test_what_a_media_server_says_to_nobody_any_more_is_told_once(spoken):
    """A leg that has ended is neither ended nor asked after again."""

    async def story():
        world, _marie, lotte = await talking(spoken)
        sound = sound_of(world, lotte)
        world.exchange.happened(LEG, facts.Lost, leg=f"{LEG}.1")
        await world.settle()
        world.media.asked.clear()
        await sound.settle()
        await sound.end()
        assert world.media.asked == []

    play(story())
