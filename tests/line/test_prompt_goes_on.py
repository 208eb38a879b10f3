"""A prompt that is stopped while a telephone is looked for comes to its end at its time, with a real media server."""

import asyncio
import time
from pathlib import Path

import numpy as np
import pytest

from quartier.telephony.providers.sip import alaw, sdp
from quartier.telephony.providers.sip.sound import Sound
from tests.line.sound_world import media_at, rtpengine_running
from tests.line.tone_phone import TONE_LEVEL, TonePhone

pytestmark = pytest.mark.servers
FIRST_HZ, LAST_HZ, FIRST_S, LAST_S = 400, 1500, 1.0, 2.0


def tone(hz: int, seconds: float) -> np.ndarray:
    times = np.arange(int(seconds * alaw.RATE)) / alaw.RATE
    return (TONE_LEVEL * np.sin(2 * np.pi * hz * times)).astype(np.int16)


def test_its_end_is_heard_when_it_should_be_and_nothing_after_it(tmp_path: Path) -> None:
    prompt = tmp_path / "prompt.alaw.wav"
    prompt.write_bytes(
        alaw.wav(alaw.encode(np.concatenate([tone(FIRST_HZ, FIRST_S), tone(LAST_HZ, LAST_S)])))
    )

    async def story(ng_port: int) -> None:
        media = await media_at(ng_port)
        phone = await TonePhone.open(1000)
        sound = Sound(media, "leg")
        phone.peer = ("127.0.0.1", sdp.port(await sound.take(phone.description)))
        began = time.monotonic()
        assert await sound.play(str(prompt)) == FIRST_S + LAST_S

        async def heard(from_s: float, until_s: float) -> tuple[bool, bool]:
            await asyncio.sleep(began + from_s - time.monotonic())
            phone.forget_heard()
            await asyncio.sleep(until_s - from_s)
            return phone.hears_tone(FIRST_HZ), phone.hears_tone(LAST_HZ)

        assert await heard(0.2, 0.6) == (True, False)
        assert await sound.find_source(), "it is where it said"
        assert await heard(1.6, 2.6) == (False, True)
        assert await heard(3.4, 3.8) == (False, False)
        await sound.find_source()
        assert await heard(4.6, 5.0) == (False, False)
        await sound.end()
        phone.close()
        media.close()

    with rtpengine_running(tmp_path) as ng_port:
        asyncio.run(story(ng_port))
    assert not list(tmp_path.glob(".*"))
