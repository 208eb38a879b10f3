"""A message becomes sound on the phone of one person, in a file that is gone afterwards."""

from pathlib import Path
from uuid import UUID

import pytest

from quartier.callcore import facts
from quartier.telephony.desk.reading import Aloud
from quartier.telephony.prompts import reading
from quartier.telephony.providers.sip import signalling
from quartier.telephony.providers.sip.tests.world import OFFER, World, play

CALL = "11111111-0000-7000-8000-000000000009"


@pytest.fixture
def said(monkeypatch):
    """What was put into words, without a voice."""
    texts = []

    def made(words, language, group, *, keys=""):
        texts.append((words, language, keys))
        path = Path(group.folder, f"{len(texts)}.wav")
        path.write_bytes(bytes(44 + 1600))
        return reading.Read(path, 0.0)

    monkeypatch.setattr(reading, "made", made)
    return texts


async def begins(world):
    world.exchange.reader.read(Aloud(UUID(int=7), CALL, "+32470000002", "fr", "Sofia vient.", asks=True))
    await world.settle()
    await world.settle()


def test_it_is_rung_read_answered_and_forgotten(spoken, said):
    async def story():
        world = World(spoken)
        await begins(world)
        assert said == [("Sofia vient.", "fr", "reading_ask")]
        (leg, invitation), *others = world.sip.rung
        assert (invitation.user, others) == ("+32470000002", [])
        world.control.heard(signalling.Taken(leg, OFFER))
        await world.settle()
        assert world.media.plays[leg].endswith("reading_for_you")
        world.control.pressed(leg, "out", "1")
        await world.settle()
        path = world.line.texts[CALL]
        assert Path(world.media.plays[leg]).name.startswith(path.stem)
        world.control.pressed(leg, "out", "1")
        await world.settle()
        assert world.media.plays[leg].endswith("reading_yes")
        assert not world.line.texts
        assert not list(path.parent.glob(f"{path.stem}*"))

    play(story())


def test_about_to_stop_nobody_is_called(spoken, said):
    async def story():
        world = World(spoken)
        world.exchange.leave()
        await begins(world)
        assert not world.sip.rung
        assert not said

    play(story())


def test_a_line_that_is_not_there(spoken, said):
    async def story():
        world = World(spoken)
        world.exchange.lines.clear()
        await begins(world)
        assert not world.sip.rung

    play(story())


def test_who_is_not_reached_leaves_no_file(spoken, said):
    async def story():
        world = World(spoken)
        await begins(world)
        path = world.line.texts[CALL]
        world.exchange.happened(CALL, facts.Declined, leg="")
        await world.settle()
        assert not path.exists()
        assert not world.line.board.calls

    play(story())
