"""A media server that has no port left: whoever called is rung back."""

from quartier.telephony.providers.sip import signalling
from quartier.telephony.providers.sip.tests.world import MARIE, NUMBER, OFFER, World, play

MARIE_CALL = "11111111-0000-7000-8000-000000000001"


def test_a_caller_whose_sound_is_refused_is_rung_back(spoken):
    async def story():
        world, closed = World(spoken), []
        await world.on("Lotte")
        world.media.refuses.add(("offer", MARIE_CALL))
        close = world.exchange._close
        world.exchange._close = lambda line, order: (closed.append(order), close(line, order))
        world.control.heard(signalling.Invited(MARIE_CALL, MARIE, NUMBER, OFFER))
        await world.settle()
        (order,) = closed
        assert order.ring_back

    play(story())
