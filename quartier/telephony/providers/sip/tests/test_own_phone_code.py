"""A code is said on an operator's own phone: after a key, in a call out like every other, and nothing of it stays."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from quartier.callcore import facts
from quartier.lib import clock
from quartier.telephony.desk.desk import Wished
from quartier.telephony.prompts import reading
from quartier.telephony.providers.sip import signalling
from quartier.telephony.providers.sip.tests.world import OFFER, World, play

WISH = Wished(
    uuid4(), UUID(int=7), str(uuid4()), "prove_phone", "", "", {"code": "402719"}, "+32470000002", "nl"
)


@pytest.fixture
def said(monkeypatch):
    texts = []

    def made(code, language, group):
        texts.append((code, language))
        path = Path(group.folder, f"{len(texts)}.wav")
        path.write_bytes(bytes(44 + 1600))
        return reading.Read(path, 0.0)

    monkeypatch.setattr(reading, "made_code", made)
    return texts


async def wishes(world, wish=WISH):
    world.exchange.wished(wish)
    await world.settle()
    await world.settle()


def test_it_is_said_after_a_key_and_forgotten(spoken, said):
    async def story():
        world = World(spoken)
        answered, noted, note = [], [], world.exchange._journal.note
        world.exchange.answer = lambda wish, answer: answered.append(answer)
        world.exchange._journal.note = lambda what, **words: (
            noted.append((what, words)) or note(what, **words)
        )
        await wishes(world)
        assert (said, answered) == ([("402719", "nl")], ["done"])
        (leg, invitation), *others = world.sip.rung
        assert (invitation.user, others) == ("+32470000002", [])
        # Before anybody is rung it is on the disk, as every call out, and nothing there names the code.
        assert [(what, words["direction"]) for what, words in noted] == [("began", "out")]
        assert "402719" not in repr(noted)
        world.control.heard(signalling.Taken(leg, OFFER))
        await world.settle()
        assert world.media.plays[leg].endswith("own_phone_for_you")
        world.control.pressed(leg, "out", "1")
        await world.settle()
        (path,) = world.line.texts.values()
        assert Path(world.media.plays[leg]).name.startswith(path.stem)
        world.exchange.happened(next(iter(world.line.board.calls)), facts.HungUp, leg="")
        await world.settle()
        assert not world.line.texts
        assert not list(path.parent.glob(f"{path.stem}*"))

    play(story())


@pytest.mark.parametrize("trouble", ["edge", "blind", "refused"])
def test_where_nobody_can_be_called_nothing_is_said(spoken, said, trouble):
    async def story():
        world = World(spoken)
        answered = []
        world.exchange.answer = lambda wish, answer: answered.append(answer)
        world.exchange.is_blind = trouble == "blind"
        if trouble == "edge":
            world.exchange.tell(world.line, facts.Edge(at=clock.steady(), up=False))
        await wishes(world, replace(WISH, refused="spent") if trouble == "refused" else WISH)
        assert answered == ["spent" if trouble == "refused" else "edge"]
        assert (said, world.sip.rung) == ([], [])

    play(story())
