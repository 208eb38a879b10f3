"""A disk that takes nothing: who waits is not hung up on, and what was for one person alone does not stay."""

import asyncio
from pathlib import Path

import pytest

from quartier.callcore import orders
from quartier.telephony import prompts
from quartier.telephony.desk import durations
from quartier.telephony.prompts import reading
from quartier.telephony.providers.sip import alaw
from quartier.telephony.providers.sip.tests.world import World, play


@pytest.mark.parametrize("twins", [True, False])
def test_who_waits_hears_music_where_their_place_cannot_be_said(spoken, monkeypatch, twins):
    async def story():
        world = World(spoken)

        def sound(name, language, **more):
            if name in {"wait", "place"}:
                raise OSError(28, "No space left on device")
            return prompts.Sound(spoken / name, 1.0)

        def twin(path):
            if not twins and path.name == "hold":
                raise OSError(28, "No space left on device")
            return path

        monkeypatch.setattr(prompts, "sound", sound)
        monkeypatch.setattr(alaw, "file", twin)
        await world.on("Lotte")
        marie = await world.rings()
        assert ("bye", marie) not in world.sip.said
        assert Path(world.media.plays[marie]).name == "hold"
        assert world.line.board.calls
        lotte = await world.answers()
        assert world.hear_each_other(marie, lotte)

    play(story())


def test_nothing_stays_of_what_was_for_one_person_alone(spoken, monkeypatch):
    async def story():
        world = World(spoken)
        private = spoken / "private.wav"
        private.write_bytes(b"RIFF")

        def slow(path):
            # Meanwhile their call is over, and what is known of it forgotten.
            reading.forget(world.line.texts.pop("call"))
            twin = path.with_suffix(".alaw.wav")
            twin.write_bytes(b"RIFF")
            return twin

        monkeypatch.setattr(alaw, "file", slow)
        world.line.texts["call"] = private
        await world.control._said(orders.Play("call", "reading", "fr"), world.line.now.group, world.line)
        assert not list(spoken.glob("private*"))
        await asyncio.sleep(0)

    play(story())


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), prompts.NoVoice("fr")])
def test_what_could_not_be_made_beforehand_is_made_later(spoken, monkeypatch, caplog, error):
    async def story():
        world, tries = World(spoken), []

        def warm(group):
            tries.append(group)
            if len(tries) == 1:
                raise error

        monkeypatch.setattr(prompts, "warm", warm)
        monkeypatch.setattr(
            prompts, "sound", lambda name, *_words, **_more: prompts.Sound(spoken / name, 1.0)
        )
        now = world.line.now
        for again_s, tried in ((60.0, 1), (60.0, 1), (0.0, 2), (0.0, 2)):
            monkeypatch.setattr(durations, "WARM_AGAIN_S", again_s)
            world.exchange._settings([now])
            await world.line.warm
            assert len(tries) == tried
        assert "voice" in caplog.text or "beforehand" in caplog.text

    play(story())
