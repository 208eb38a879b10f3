"""What a telephone was played when it was looked for goes on: music anew, a prompt where it would be, never twice."""

import asyncio
from pathlib import Path

import pytest

from quartier.telephony.providers.sip import alaw, sdp
from quartier.telephony.providers.sip import sound as module
from quartier.telephony.providers.sip.ng import MediaDown, MediaRefused
from quartier.telephony.providers.sip.sound import Sound

THEIRS = sdp.plain(("8.8.8.8", 4000))
SAID = bytes(range(250)) * 64  # Two seconds.


class Media:
    """Says yes to everything that is not in `fails`, by the number of the question among its like. `hears` is what is
    played now, `heard` all that was."""

    def __init__(self):
        self.fails, self.count, self.hears, self.heard = {}, {}, b"", []

    async def ask(self, command, **words):
        number = self.count[command] = self.count.get(command, 0) + 1
        if (error := self.fails.pop((command, number), None)) is not None:
            raise error
        if command == "stop media":
            self.hears = b""
        if command == "play media":
            self.hears = Path(words["file"]).read_bytes()
            self.heard.append(self.hears)
        return {"sdp": sdp.plain(("127.0.0.1", 5000)), "duration": 2000}


@pytest.fixture
def media(monkeypatch):
    monkeypatch.setattr(module, "SEARCH_LOOK_S", 0)
    return Media()


@pytest.fixture
def prompt(tmp_path):
    file = tmp_path / "prompt.alaw.wav"
    file.write_bytes(alaw.wav(SAID))
    return file


async def plays(media, prompt, **words):
    sound = Sound(media, "leg")
    await sound.take(THEIRS)
    await sound.play(str(prompt), **words)
    media.count.clear()
    return sound


def test_a_prompt_goes_on_where_it_would_be(media, prompt):
    async def story():
        sound = await plays(media, prompt)
        sound._played.began_at -= 0.5
        assert not await sound.find_source()
        rest = media.hears[len(alaw.wav(b"")) :]
        assert SAID.endswith(rest)
        assert len(SAID) - len(rest) == pytest.approx(0.5 * alaw.RATE, abs=0.4 * alaw.RATE)
        assert list(prompt.parent.iterdir()) == [prompt], "nothing of it stays"
        # Once more, from the same beginning.
        sound._played.began_at -= 0.5
        await sound.find_source()
        assert len(media.hears) < len(rest)

    asyncio.run(story())


@pytest.mark.parametrize("after", ["a search", "another codec"])
def test_a_prompt_that_has_ended_is_not_said_again(media, prompt, after):
    async def story():
        sound = await plays(media, prompt)
        sound._played.began_at -= 2
        if after == "a search":
            await sound.find_source()
        else:
            await sound._speak_anew({"PCMU"})
        assert len(media.heard) == 1

    asyncio.run(story())


def test_music_begins_anew(media, prompt):
    async def story():
        sound = await plays(media, prompt, loop=True)
        sound._played.began_at -= 60
        await sound.find_source()
        assert media.heard == [alaw.wav(SAID)] * 2

    asyncio.run(story())


@pytest.mark.parametrize(
    "failing", [("stop media", 1), ("offer", 1), ("query", 1), ("offer", 2), ("play media", 1)]
)
def test_whatever_fails_in_a_search_no_music_stays_silent(media, prompt, failing):
    async def story():
        sound = await plays(media, prompt, loop=True)
        media.fails[failing] = MediaDown(failing[0])
        with pytest.raises(MediaDown):
            await sound.find_source()
        if not sound.is_settled:
            await sound.settle()
        assert (media.hears, sound.playing, sound.is_settled) == (alaw.wav(SAID), True, True)
        assert not sound.place.is_searching
        # What is pointed elsewhere meanwhile hears no music of before.
        await sound.point(("127.0.0.1", 7000))
        await sound.settle()
        assert media.hears == b""

    asyncio.run(story())


def test_what_cannot_be_played_any_more_ends_no_call(media, prompt):
    async def story():
        sound = await plays(media, prompt)
        media.fails["play media", 1] = MediaRefused("Failed to start media playback")
        assert not await sound.find_source()
        assert sound.is_settled
        assert list(prompt.parent.iterdir()) == [prompt]

    asyncio.run(story())
