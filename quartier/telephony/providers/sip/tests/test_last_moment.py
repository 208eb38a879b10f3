"""Somebody answers just before they would have been rung long enough."""

import asyncio

from quartier.callcore import Standing
from quartier.lib import clock
from quartier.telephony.providers.sip.tests.world import World, play


def test_a_yes_in_the_last_moment_counts_though_the_media_server_is_slow(spoken):
    async def story():
        world = World(spoken)
        ask = world.media.ask

        async def slow(*given, **words):
            await asyncio.sleep(0.1)
            return await ask(*given, **words)

        await world.on("Lotte")
        marie = await world.rings()
        lotte = world.sip.rung[-1][0]
        world.line.board.operators["Lotte"].until = clock.steady() + 0.05
        world.exchange._set_clock()
        world.media.ask = slow
        await world.answers()
        for _ in range(100):
            await asyncio.sleep(0.01)
        assert world.line.board.operators["Lotte"].standing == Standing.IN_CALL
        assert world.hear_each_other(marie, lotte)

    play(story())
