"""Nothing is said before whoever calls has confirmed, one caller is one call, and what was described early counts."""

import asyncio
from types import SimpleNamespace

import pytest
from sippy.SipRequest import SipRequest
from sippy.SipResponse import SipResponse
from sippy.UA import UA

from quartier.telephony.providers.sip import phone_events, signalling
from quartier.telephony.providers.sip.agent import Agent
from quartier.telephony.providers.sip.signalling import Signalling
from quartier.telephony.providers.sip.tests.world import MARIE, NUMBER, OFFER, World, play

LEG = "11111111-0000-7000-8000-000000000001"
INVITE = (
    "INVITE sip:+3280000020@d SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK1\r\n"
    "From: <sip:+3220001427@c>;tag=1\r\nTo: <sip:+3280000020@d>\r\nCall-ID: a\r\nCSeq: 1 INVITE\r\n"
    "Contact: <sip:c@192.0.2.7>\r\n\r\n"
)
ANSWER = INVITE.replace("INVITE sip:+3280000020@d SIP/2.0", "SIP/2.0 {}").replace("@d>", "@d>;tag={}") + "{}"


def test_nothing_is_said_to_who_has_not_confirmed(spoken):
    async def story():
        world = World(spoken)
        await world.on("Lotte")
        world.sip.confirms = False
        world.control.heard(signalling.Invited(LEG, MARIE, NUMBER, OFFER))
        await world.settle()
        assert (world.sip.said, world.media.plays) == ([("accept", LEG)], {})
        # A key that overtakes the ACK counts, and is answered after it.
        world.control.pressed(LEG, "out", "2")
        await world.settle()
        assert (world.line.board.calls[LEG].language, world.media.plays) == ("nl", {})
        world.control.heard(signalling.Confirmed(LEG, ""))
        await world.settle()
        assert list(world.media.plays) == [LEG]

    play(story())


@pytest.mark.parametrize("confirms", [True, False])
def test_a_change_that_overtakes_the_confirmation_waits_for_it(spoken, monkeypatch, confirms):
    if not confirms:
        monkeypatch.setattr(phone_events, "CONNECTED_WITHIN_STEPS", 5)

    async def story():
        world = World(spoken)
        world.sip.confirms = False
        world.control.heard(signalling.Invited(LEG, MARIE, NUMBER, OFFER))
        await world.settle()
        world.control.heard(signalling.Wants(LEG, OFFER))
        await world.settle()
        if confirms:
            world.control.heard(signalling.Confirmed(LEG, ""))
        await asyncio.sleep(0.15)
        await world.settle()
        assert [what for what, _leg in world.sip.said] == ["accept", "agree" if confirms else "disagree"]

    play(story())


@pytest.mark.parametrize("hangs_up", [True, False])
def test_who_never_confirms_is_let_go(spoken, monkeypatch, hangs_up):
    monkeypatch.setattr(phone_events, "ACK_TIMEOUT_S", 0.02)

    async def story():
        world = World(spoken)
        world.sip.confirms = False
        world.control.heard(signalling.Invited(LEG, MARIE, NUMBER, OFFER))
        if hangs_up:
            world.control.heard(signalling.Over(LEG))
        await world.settle()
        assert ("bye", LEG) in world.sip.said or hangs_up
        assert (world.media.plays, world.media.there, world.line.board.calls) == ({}, set(), {})

    play(story())


@pytest.fixture
def agent(monkeypatch):
    """One that has been called."""
    monkeypatch.setattr(UA, "recvRequest", lambda self, *_given: None)
    monkeypatch.setattr(UA, "recvResponse", lambda self, *_given: None)
    made = Agent({})
    invite = SipRequest(INVITE)
    made.recvRequest(invite, None)
    made.origin, made.rUri = "caller", invite.getHFBody("from")
    return made


@pytest.mark.parametrize(
    ("old", "new", "is_merged"),
    [
        ("bK1", "bK2", True),
        ("CSeq: 1 ", "CSeq: 2 ", False),
        ("tag=1", "tag=2", False),
        ("Call-ID: a", "Call-ID: b", False),
    ],
)
def test_a_call_that_comes_by_two_ways_is_one(agent, old, new, is_merged):
    sip = Signalling.__new__(Signalling)
    sip._transactions = SimpleNamespace(req_consumers={"a": [SimpleNamespace(cobj=agent)]})
    request = SipRequest(INVITE.replace(old, new))
    assert sip._is_merged(request) == is_merged
    if is_merged:
        assert sip._request(request, None)[0].getSCode()[0] == signalling.LOOP_DETECTED


def test_what_was_described_before_the_answer_counts_for_who_has_answered(agent):
    for code, tag, body in (
        ("183 x", "a", "one"),
        ("180 x", "a", ""),
        ("183 x", "b", "two"),
        ("200 x", "a", "3"),
    ):
        agent.recvResponse(SipResponse(ANSWER.format(code, tag, body)), None)
    agent.rUri.setTag("a")
    assert agent.early_sdp == "one"
    agent.rUri.setTag("c")
    assert agent.early_sdp == ""


def test_a_change_that_overtook_the_ack_does_not_swallow_it(agent):
    heard = []
    agent.event_cb = lambda event, _agent: heard.append(event.getData())
    for state in (agent.UaStateConnected, agent.UasStateUpdating):
        agent.kaInterval = 0
        agent.changeState((state,))
        agent.recvACK(SipRequest(INVITE.replace("INVITE", "ACK")))
    assert [data[0] for data in heard] == ["ACK", "ACK"]
