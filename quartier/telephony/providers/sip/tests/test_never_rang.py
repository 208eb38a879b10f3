"""Whether an operator's own telephone has rung: the carrier's 180 says so, an announcement of the carrier does not."""

import pytest
from sippy.CCEvents import CCEventRing

from quartier.callcore import facts
from quartier.telephony.providers.sip import signalling
from quartier.telephony.providers.sip.signalling import Signalling
from quartier.telephony.providers.sip.tests.world import World, play


@pytest.mark.parametrize(
    ("alerts", "stands"), [(False, ("available", "unreachable")), (True, ("paused", "missed"))]
)
def test_a_telephone_that_never_rang_has_missed_nothing(spoken, alerts, stands):
    async def story():
        world = World(spoken)
        world.line.numbers["Lotte"] = "+32470000001"
        world.exchange.tell(
            world.line, facts.CameOn(at=1, operator="Lotte", languages=("fr",), own_phone=True)
        )
        await world.rings()
        ((name, _invitation),) = world.sip.rung
        world.control.heard(signalling.Ringing(name, "", alerts))
        world.control.heard(signalling.NotTaken(name, 480, "no_answer"))
        await world.settle()
        one = world.line.board.operators["Lotte"]
        assert (one.standing, one.reason) == stands

    play(story())


@pytest.mark.parametrize(("code", "alerts"), [(180, True), (183, False), (181, False)])
def test_ringing_is_said_by_one_code_alone(code, alerts):
    heard = []

    class Agent:
        contact = ""

    agent = Agent()
    made = Signalling.__new__(Signalling)
    made._heard, made._names, made._rang = heard.append, {id(agent): "leg"}, set()
    made._event(CCEventRing((code, "", None)), agent)
    assert heard == [signalling.Ringing("leg", "", alerts)]
    # For whom the line calls, a timeout after any of them is theirs.
    assert made._rang == {"leg"}
