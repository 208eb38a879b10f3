"""The machine's clock is set back in the middle of a call: what waits ends when it should."""

from datetime import timedelta

from quartier.callcore import Line, State
from quartier.lib import clock
from quartier.telephony.desk.said import Said
from quartier.telephony.providers.sip import signalling
from quartier.telephony.providers.sip.tests.world import MARIE, NUMBER, OFFER, World, play

MARIE_CALL = "11111111-0000-7000-8000-000000000001"


def set_back(monkeypatch):
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() - timedelta(hours=1))


def test_the_greeting_ends_by_itself(spoken, monkeypatch):
    async def story():
        world = World(spoken)
        await world.on("Lotte")
        world.line.board.line, world.line.board.prompt_s = Line(menu_pause_s=0.02), lambda _play: 0.0
        world.control.heard(signalling.Invited(MARIE_CALL, MARIE, NUMBER, OFFER))
        set_back(monkeypatch)
        await world.settle()
        assert world.line.board.calls[MARIE_CALL].state == State.OFFERING

    play(story())


def test_a_talk_lasts_as_long_as_it_lasted(spoken, monkeypatch):
    async def story():
        world, said = World(spoken), []
        world.exchange.desk.put = lambda do, then=None, **_: said.append(do)
        await world.on("Lotte")
        await world.rings()
        set_back(monkeypatch)
        lotte = await world.answers()
        world.control.heard(signalling.Over(lotte))
        await world.settle()
        entries = [each.args[0] for each in said if getattr(each, "func", None) is Said.entry]
        (closed,) = [each.words for each in entries if each.what == "closed"]
        assert 0 < closed["talked_s"] < 30
        assert 0 <= closed["waited_s"] < 30

    play(story())
