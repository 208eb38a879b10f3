"""With two and with three on a call, a key on an operator's keypad reaches the other side, by a real media server."""

import asyncio
from pathlib import Path

import pytest

from quartier.callcore.call import State
from tests.line.sound_world import (
    CALLER,
    OPERATORS,
    SoundWorld,
    media_at,
    prompts_as_tones,
    rtpengine_running,
)

pytestmark = pytest.mark.servers
KEY_WITH_TWO, KEY_WITH_THREE = 4, 7


async def press_keys(folder: Path, ng_port: int) -> tuple[list[int], list[int]]:
    """The keys that the caller got, and those that the third one got."""
    media = await media_at(ng_port)
    world = SoundWorld(folder, media)
    try:
        await world.begin()
        await asyncio.sleep(0.5)
        await world.phones[OPERATORS[0]].press(KEY_WITH_TWO)
        third = world.free_colleague()
        world.wish(OPERATORS[0], "third", third)
        await world.until(lambda: world.call is not None and world.call.state == State.CONSULTING)
        await world.until(lambda: world.call is not None and bool(world.call.second))
        await asyncio.sleep(1.5)
        await world.phones[OPERATORS[0]].press(KEY_WITH_THREE)
        caller, colleague = world.phones[CALLER], world.phones[third]
        await world.until(lambda: len(caller.keys) > 1 and bool(colleague.keys))
        await asyncio.sleep(0.3)
        return [key for key, _at in caller.keys], [key for key, _at in colleague.keys]
    finally:
        await world.end()
        media.close()


def test_a_key_arrives_with_two_and_with_three(tmp_path: Path) -> None:
    with rtpengine_running(tmp_path) as ng_port, prompts_as_tones(tmp_path):
        caller, colleague = asyncio.run(press_keys(tmp_path, ng_port))
    assert caller == [KEY_WITH_TWO, KEY_WITH_THREE]
    assert colleague == [KEY_WITH_THREE]
