"""A phone that is up wants something else: each wish has one answer, whatever becomes of the others on the call."""

from uuid import uuid4

import pytest

from quartier.callcore import facts
from quartier.lib import clock
from quartier.telephony.desk.desk import Wished
from quartier.telephony.desk.said import Said
from quartier.telephony.providers.sip import signalling
from quartier.telephony.providers.sip.ng import MediaRefused
from quartier.telephony.providers.sip.tests.world import OFFER, World, play


def answers(world, leg):
    return [what for what, of in world.sip.said if of == leg and what in {"agree", "disagree"}]


async def talking(world):
    await world.on("Lotte")
    return await world.rings(), await world.answers()


@pytest.mark.parametrize(("wants", "told"), [(OFFER, "agree"), ("", "agree"), ("v=0\r\n", "disagree")])
def test_each_wish_has_one_answer(spoken, wants, told):
    async def story():
        world = World(spoken)
        marie, _lotte = await talking(world)
        if told == "disagree":
            world.media.refuses.add(("offer", marie))
        world.control.heard(signalling.Wants(marie, wants))
        await world.settle()
        assert answers(world, marie) == [told]

    play(story())


@pytest.mark.parametrize("how", ["wants", "answers"])
def test_trouble_of_whoever_hears_them_is_not_told_to_the_phone(spoken, monkeypatch, how):
    async def story():
        world = World(spoken)
        marie, _lotte = await talking(world)

        async def moved(leg, before):
            raise MediaRefused("offer: unknown call-id", leg="another")

        monkeypatch.setattr(world.control._panel, "moved", moved)
        failed = []
        begin = world.control._begin

        async def watched(work):
            try:
                await work
            except Exception as error:
                failed.append(error)

        monkeypatch.setattr(world.control, "_begin", lambda work: begin(watched(work)))
        if how == "wants":
            world.control.heard(signalling.Wants(marie, OFFER))
        else:
            world.control.heard(signalling.Wants(marie, ""))
            await world.settle()
            world.control.heard(signalling.Confirmed(marie, OFFER))
        await world.settle()
        assert answers(world, marie) == ["agree"]
        assert not failed

    play(story())


def test_a_caller_on_hold_hears_music_until_they_are_taken_back_also_by_a_page_loaded_again(spoken):
    async def story():
        world = World(spoken)
        marie, before = await talking(world)
        await world.asks("Lotte", "hold")
        music = world.media.plays[marie]
        (call,) = world.line.board.calls.values()
        world.exchange.happened(call.name, facts.Lost, leg=call.leg)
        await world.settle()
        await world.on("Lotte")
        await world.settle()
        after = await world.answers()
        assert after != before
        assert (call.state, world.media.plays[marie]) == ("held", music)
        assert world.media.inner[marie] not in world.media.points.values()
        assert world.media.inner[after] not in world.media.points.values()
        await world.asks("Lotte", "resume")
        assert world.hear_each_other(marie, after)
        assert marie not in world.media.plays

    play(story())


@pytest.mark.parametrize(
    ("what", "who", "answer"),
    [
        ("hold", "Lotte", "done"),
        ("unhold", "Karim", "not_yours"),
        ("end", "Karim", "not_yours"),
        ("transfer", "Lotte", "busy"),
    ],
)
def test_a_wish_about_the_call_of_somebody_else_is_refused(spoken, what, who, answer):
    async def story():
        world, written = World(spoken), []
        await talking(world)
        (call,) = world.line.board.calls
        world.exchange.desk.put = lambda do, then=None, **_: written.append(getattr(do, "args", ()))
        name = uuid4()
        world.exchange.wished(Wished(name, world.line.now.organisation, who, what, call, to="nobody"))
        assert [args[1] for args in written if args[:1] == (name,)] == [answer]

    play(story())


@pytest.mark.parametrize("is_away", [True, False])
def test_whom_an_operator_calls_while_no_phone_can_be_reached_is_no_call(spoken, is_away):
    async def story():
        world, written = World(spoken), []
        await world.on("Lotte")
        if is_away:
            world.exchange.tell(world.line, facts.Edge(at=clock.steady(), up=False))
        else:
            world.exchange.is_blind = True
        world.exchange.desk.put = lambda do, then=None, **_: written.append((do.func, do.args))
        name = uuid4()
        world.exchange.wished(
            Wished(name, world.line.now.organisation, "Lotte", "dial", "", to="marie", number="+32470123456")
        )
        assert written == [(Said.answer, (name, "edge"))]

    play(story())
