"""A phone that is up asks for an offer of ours. Taken, refused or not answered: the media server waits for nothing."""

import pytest

from quartier.telephony.providers.sip import signalling
from quartier.telephony.providers.sip.tests.test_trouble_with_sound import look, talking
from quartier.telephony.providers.sip.tests.world import OFFER, play


@pytest.mark.parametrize("answer", ["no phone", "none"])
def test_an_offer_of_ours_that_is_not_taken_is_taken_back(spoken, answer, monkeypatch):
    """What the media server waits for it would wait for ever: also where an answer is not even said to it."""

    async def story():
        world, marie, lotte = await talking(spoken)
        world.control.heard(signalling.Wants(marie, ""))
        await world.settle()
        world.media.asked.clear()
        if answer == "none":
            # It may still be about to answer: nothing is said before its time is over.
            await look(world)
            assert ("answer", marie) not in world.media.asked
            monkeypatch.setattr(world.control.leg(marie, "").sound, "_answer_due_at", 0.0)
            await look(world)
        else:
            world.control.heard(
                signalling.Confirmed(marie, OFFER.replace("v=0", "v=0\r\nc=IN IP4 224.0.0.1"))
            )
            await world.settle()
        assert ("answer", marie) in world.media.asked
        assert world.media.phones[marie] == OFFER
        world.media.asked.clear()
        await look(world)
        assert {command for command, _leg in world.media.asked} == {"query"}
        assert world.hear_each_other(marie, lotte)

    play(story())


def test_an_offer_of_ours_that_is_taken_is_not_said_again(spoken):
    async def story():
        world, marie, lotte = await talking(spoken)
        world.control.heard(signalling.Wants(marie, ""))
        await world.settle()
        world.control.heard(signalling.Confirmed(marie, OFFER.replace("4000", "4100")))
        await world.settle()
        world.media.asked.clear()
        await look(world)
        assert {command for command, _leg in world.media.asked} == {"query"}
        assert world.hear_each_other(marie, lotte)

    play(story())
