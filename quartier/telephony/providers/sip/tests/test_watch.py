"""Sound that stops is missed, also with thousands on the line, and the media server is not asked without end."""

import asyncio
import socket
import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest

from quartier.callcore import Line, Switchboard, facts
from quartier.lib import clock
from quartier.telephony.providers.sip import sdp
from quartier.telephony.providers.sip import watch as module
from quartier.telephony.providers.sip.edge import EdgeAddress
from quartier.telephony.providers.sip.leg import CALLER, Leg
from quartier.telephony.providers.sip.ng import MediaDown, MediaRefused
from quartier.telephony.providers.sip.patch_panel import PatchPanel
from quartier.telephony.providers.sip.watch import MAX_PHONES_A_LOOK, Watch


class Sound:
    def __init__(self, *, web: bool, last: float, sources: int) -> None:
        self.web, self.last, self.sources, self.asked = web, last, sources, 0
        self.error: Exception | None = None

    async def incoming(self) -> tuple[float, int]:
        self.asked += 1
        if self.error is not None:
            raise self.error
        return self.last, self.sources


@pytest.fixture
def line():
    """`line.add(web=…, silent_s=…)` adds a leg that is up for long; `line.look()` looks once."""
    told: list[str] = []
    exchange = SimpleNamespace(on_wish=None, happened=lambda call, kind, leg: told.append((call, kind)))
    control = SimpleNamespace(unreachable=None, legs=[])
    watch = Watch(exchange, control, edge=EdgeAddress("127.0.0.1", 1, 1), pages="", secret="secret")

    def add(*, web: bool = False, silent_s: float = 0.0, sources: int = 1) -> Sound:
        sound = Sound(web=web, last=clock.now().timestamp() - silent_s, sources=sources)
        control.legs.append(Leg(f"c{len(control.legs)}", CALLER, "", sound, up=True, since=-1000.0))
        return sound

    return SimpleNamespace(watch=watch, told=told, add=add, look=lambda: asyncio.run(watch._sounds()))


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


def test_each_is_looked_at_whatever_became_of_the_one_before(line):
    browsers = [line.add(web=True, silent_s=60.0) for _ in range(4)]
    browsers[0].error = browsers[2].error = MediaDown("query")
    line.look()
    assert line.told == [("c1", facts.Lost), ("c3", facts.Lost)]


def test_a_media_server_that_is_down_is_not_asked_about_everybody(line):
    browsers = [line.add(web=True) for _ in range(40)]
    for each in browsers:
        each.error = MediaDown("query")
    line.look()
    assert sum(each.asked for each in browsers) == module.MAX_UNANSWERED


@pytest.mark.parametrize("hours", [-1, 1], ids=["back", "on"])
def test_a_clock_that_is_set_silences_nobody_and_hides_no_silence(line, monkeypatch, hours):
    quiet, gone = line.add(silent_s=20.0), line.add(web=True, silent_s=2.0)
    line.look()
    now, passed = clock.now, [0.0]
    monkeypatch.setattr(clock, "now", lambda: now() + timedelta(hours=hours))
    monotonic = module.time.monotonic
    monkeypatch.setattr(module.time, "monotonic", lambda: monotonic() + passed[0])
    line.look()
    assert line.told == []
    passed[0] = module.SILENT_WEB_S - 1.0
    line.look()
    assert line.told == [("c1", facts.Lost)]
    assert quiet.asked == gone.asked == 3


def test_a_look_that_fails_is_followed_by_the_next(line, monkeypatch, caplog):
    looked = []

    async def fails() -> None:
        looked.append(1)
        if len(looked) == 3:
            raise asyncio.CancelledError
        raise ValueError("whatever it was")

    async def at_once() -> None:
        return None

    monkeypatch.setattr(line.watch, "_look", fails)
    monkeypatch.setattr(line.watch, "_pause", at_once)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(line.watch.run())
    assert len(looked) == 3
    assert "has failed" in caplog.text


@pytest.mark.parametrize("error", [MediaDown("offer"), MediaRefused("Unknown call-id", leg="another")])
def test_a_stream_that_cannot_be_changed_now_ends_no_look_and_no_call(line, error):
    async def fails(_leg: Leg) -> None:
        raise error

    line.watch._control.stream_changed = fails
    line.add(sources=2)
    after = line.add(sources=2)
    line.look()
    assert line.told == []
    assert after.asked == 1


def test_a_browser_that_cannot_be_helped_keeps_nobody_else_deaf():
    helped = []

    class Heard:
        def __init__(self, name: str, error: Exception | None = None) -> None:
            self.name, self.error, self.points_at = name, error, sdp.NOWHERE

        async def keep_steady(self) -> None:
            if self.error is not None:
                raise self.error
            helped.append(self.name)

    sounds = [Heard("caller"), Heard("gone", MediaRefused("Unknown call-id")), Heard("Anna"), Heard("Bert")]
    legs = [Leg("c", sound.name, "", sound, up=True) for sound in sounds]
    with pytest.raises(MediaRefused):
        asyncio.run(PatchPanel(lambda: legs).stream_changed(legs[0]))
    assert helped == ["Anna", "Bert"]


def test_pages_that_answer_nonsense_do_not_answer(line):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            asked, _ = server.accept()
            asked.recv(1000)
            asked.sendall(b"garbage\r\n\r\n")
            asked.close()

        thread = threading.Thread(target=answer)
        thread.start()
        line.watch._pages = f"http://127.0.0.1:{server.getsockname()[1]}/"
        assert not line.watch._pages_answer()
        thread.join(5)


def test_the_phone_of_who_talks_is_not_changed_under_the_call(line):
    board = Switchboard(Line())
    for fact in (
        facts.CameOn(at=1.0, operator="Anna", languages=("fr",)),
        facts.Rang(at=1.0, call="a", number="+3220001427"),
        facts.Pressed(at=1.0, call="a", digit="1"),
        facts.Answered(at=2.0, call="a", leg="a.1"),
    ):
        board.handle(fact)
    state = SimpleNamespace(board=board, numbers={}, awaited=set())
    wish = SimpleNamespace(what="on", account="Anna", number="+32470000001", details={})
    assert line.watch.wished(state, wish)
    assert state.numbers == {}
