"""Sound that stops is missed, also with thousands on the line, and the media server is not asked without end."""

import asyncio
from types import SimpleNamespace

import pytest

from quartier.callcore import facts
from quartier.lib import clock
from quartier.telephony.providers.sip import watch as module
from quartier.telephony.providers.sip.leg import CALLER, Leg
from quartier.telephony.providers.sip.watch import MAX_PHONES_A_LOOK, Watch


class Sound:
    def __init__(self, *, web: bool, last: float) -> None:
        self.web, self.last, self.asked = web, last, 0

    async def incoming(self) -> tuple[float, int]:
        self.asked += 1
        return self.last, 1


@pytest.fixture
def line():
    """`line.add(web=…, silent_s=…)` adds a leg that is up for long; `line.look()` looks once."""
    told: list[str] = []
    exchange = SimpleNamespace(on_wish=None, happened=lambda call, kind, leg: told.append((call, kind)))
    control = SimpleNamespace(unreachable=None, legs=[])
    watch = Watch(exchange, control, rpc_port=1, pages="", secret="secret")

    def add(*, web: bool = False, silent_s: float = 0.0) -> Sound:
        sound = Sound(web=web, last=clock.now().timestamp() - silent_s)
        control.legs.append(Leg(f"c{len(control.legs)}", CALLER, "", sound, up=True, since=-1000.0))
        return sound

    return SimpleNamespace(told=told, add=add, look=lambda: asyncio.run(watch._sounds()))


def test_every_browser_each_time_and_telephones_in_turn(line):
    phones = [line.add() for _ in range(2 * MAX_PHONES_A_LOOK + 10)]
    browsers = [line.add(web=True) for _ in range(300)]
    line.look()
    assert all(each.asked == 1 for each in browsers)
    assert sum(each.asked for each in phones) == MAX_PHONES_A_LOOK
    line.look()
    line.look()
    assert all(each.asked >= 1 for each in phones)


def test_whoever_fell_silent_is_missed(line):
    line.add()
    line.add(silent_s=module.SILENT_PHONE_S + 1)
    line.add(web=True, silent_s=module.SILENT_WEB_S + 1)
    line.look()
    assert line.told == [("c2", facts.Lost), ("c1", facts.Lost)]
