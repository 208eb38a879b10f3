"""A media server that has no port left: whoever called is rung back."""

import pytest

from quartier.telephony.providers.sip import signalling
from quartier.telephony.providers.sip.ng import MediaDown, MediaRefused
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
        # Nobody was cut off who has heard nothing.
        assert order.why == "missed"

    play(story())


def test_a_media_server_that_is_away_cuts_nobody_off_who_has_heard_nothing(spoken):
    async def story():
        world, closed = World(spoken), []
        world.media.error = MediaDown("offer")
        close = world.exchange._close
        world.exchange._close = lambda line, order: (closed.append(order), close(line, order))
        await world.rings()
        assert [order.why for order in closed] == ["missed"]

    play(story())


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Failed to parse SDP", ("left", "", False)),
        ("Incomplete SDP specification", ("left", "", False)),
        ("Error rewriting SDP", ("abandoned", "missed", True)),
    ],
)
def test_a_description_that_the_media_server_does_not_understand_is_no_call_that_was_taken(
    spoken, said, expected
):
    async def story():
        world, closed = World(spoken), []
        await world.on("Lotte")
        world.media.error = MediaRefused(f"offer: {said}")
        close = world.exchange._close
        world.exchange._close = lambda line, order: (closed.append(order), close(line, order))
        leg = await world.rings()
        assert (488, leg) in world.sip.said
        assert [(order.outcome, order.why, order.ring_back) for order in closed] == [expected]

    play(story())


def test_a_call_that_cannot_be_taken_is_refused_and_leaves_nothing(spoken, monkeypatch):
    async def story():
        world = World(spoken)
        monkeypatch.setattr(world.exchange, "rang", lambda *_given, **_more: 1 / 0)
        world.control.heard(signalling.Invited(MARIE_CALL, MARIE, NUMBER, OFFER))
        await world.settle()
        assert world.sip.said == [(503, MARIE_CALL)]
        held = (world.control._legs, world.control._by_sip, world.control._offers, world.control._groups)
        assert not any(held)

    play(story())


def test_nor_does_the_machine_keep_one_that_it_knows_already(spoken, monkeypatch):
    async def story():
        world, closed = World(spoken), []
        speak = world.exchange.speak
        monkeypatch.setattr(world.exchange, "speak", lambda line: 1 / 0 if not closed else speak(line))
        close = world.exchange._close
        world.exchange._close = lambda line, order: (closed.append(order), close(line, order))
        world.control.heard(signalling.Invited(MARIE_CALL, MARIE, NUMBER, OFFER))
        await world.settle()
        assert world.sip.said[0] == (503, MARIE_CALL)
        assert world.line.board.calls == {}
        assert [order.call for order in closed] == [MARIE_CALL]
        assert world.control.legs == []

    play(story())


def test_a_wish_that_nobody_had_thought_of_is_answered(spoken, monkeypatch):
    async def story():
        world = World(spoken)
        await world.on("Lotte")
        marie = await world.rings()
        monkeypatch.setattr(world.control.leg(marie, "").sound, "changed", lambda _sdp: 1 / 0)
        world.control.heard(signalling.Wants(marie, OFFER))
        await world.settle()
        assert ("disagree", marie) in world.sip.said

    play(story())
