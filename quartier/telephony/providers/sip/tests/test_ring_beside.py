"""A page that is loaded again is rung beside the other browser of its operator, which rings on; who answers first has
the call, on one way alone."""

import pytest
from sippy.SipURL import SipURL

from quartier.callcore import Standing
from quartier.telephony.providers.sip import signalling
from quartier.telephony.providers.sip.outside import CarrierIdentity
from quartier.telephony.providers.sip.signalling import _Try
from quartier.telephony.providers.sip.tests.world import OFFER, World, play

BROWSER = "<urn:uuid:842e>"


async def rung_beside(folder):
    """Lotte's browsers ring, one of them on a way of its own."""
    world = World(folder)
    await world.on("Lotte")
    marie = await world.rings()
    ((first, invitation),) = world.sip.rung
    (leg,) = [leg for leg in world.control.legs if leg.sip == first]
    world.control.ring_beside(leg, BROWSER)
    second, other = world.sip.rung[1]
    assert other == signalling.Invitation(**{**vars(invitation), "browser": BROWSER})
    assert world.line.board.operators["Lotte"].standing == Standing.RINGING
    assert len(world.control.legs) == 2
    return world, marie, leg, [first, second]


@pytest.mark.parametrize("winner", [0, 1])
def test_whichever_answers_has_the_call_and_the_other_stops(spoken, winner):
    async def story():
        world, marie, leg, ways = await rung_beside(spoken)
        won, lost = ways[winner], ways[1 - winner]
        world.control.heard(signalling.Taken(won, OFFER))
        assert world.sip.said[-1] == ("bye", lost)
        # The other one answered in the same moment.
        world.control.heard(signalling.Taken(lost, OFFER))
        await world.settle()
        assert world.sip.said.count(("bye", lost)) == 2
        assert world.line.board.operators["Lotte"].standing == Standing.IN_CALL
        assert world.hear_each_other(marie, leg.sip)
        # Its late words are of nobody.
        world.control.heard(signalling.Over(lost))
        await world.settle()
        assert world.line.board.operators["Lotte"].standing == Standing.IN_CALL
        world.control.heard(signalling.Over(won))
        await world.settle()
        assert world.line.board.operators["Lotte"].standing == Standing.WRAP_UP

    play(story())


@pytest.mark.parametrize("first", [0, 1])
def test_one_that_does_not_come_leaves_the_other_ringing(spoken, first):
    async def story():
        world, _marie, leg, ways = await rung_beside(spoken)
        gone = []
        world.control.unreachable = gone.append
        world.control.heard(signalling.NotTaken(ways[first], 480))
        await world.settle()
        assert (gone, world.line.board.operators["Lotte"].standing) == ([], Standing.RINGING)
        assert leg in world.control.legs
        world.control.heard(signalling.NotTaken(ways[1 - first], 486, "busy"))
        await world.settle()
        assert world.line.board.operators["Lotte"].standing == Standing.PAUSED
        assert leg not in world.control.legs

    play(story())


def test_all_of_it_stops_at_once(spoken):
    async def story():
        world, _marie, leg, ways = await rung_beside(spoken)
        await world.control._end(leg)
        assert {name for what, name in world.sip.said if what == "bye"} == set(ways)
        assert leg not in world.control.legs

    play(story())


def test_one_browser_of_an_account_is_called_by_its_name():
    class Address:
        def __init__(self):
            self.url = SipURL("sip:01f0-account@127.0.0.1:5060")

        def getUrl(self):  # noqa: N802
            return self.url

    class Agent:
        rTarget, rUri, lUri = SipURL("sip:01f0-account@127.0.0.1:5060"), Address(), Address()  # noqa: N815

    event = _Try.__new__(_Try)
    event.outside, event.browser = (
        CarrierIdentity("quartier.invalid", "192.0.2.1:5060", "sip.example.org:5060"),
        BROWSER,
    )
    event.onUacSetupComplete(Agent)
    assert str(Agent.rTarget) == "sip:01f0-account@quartier.invalid;gr=urn:uuid:842e"
    assert Agent.rUri.url.host == "quartier.invalid"
