"""Sound that stops is missed, also with thousands on the line, and the media server is not asked without end."""

import asyncio
import socket
import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest

from quartier.callcore import Line, Switchboard, facts
from quartier.lib import clock
from quartier.telephony.providers.sip import registrations, sdp
from quartier.telephony.providers.sip import watch as module
from quartier.telephony.providers.sip.edge import EdgeAddress, EdgeDown, EdgeRefused
from quartier.telephony.providers.sip.leg import CALLER, UNHEARD_S, Leg
from quartier.telephony.providers.sip.main import CallCore
from quartier.telephony.providers.sip.ng import MediaDown, MediaRefused
from quartier.telephony.providers.sip.patch_panel import PatchPanel
from quartier.telephony.providers.sip.phone_place import IncomingStream
from quartier.telephony.providers.sip.watch import MAX_PHONES_A_LOOK, Watch


class Sound:
    def __init__(self, *, web: bool, last: float, sources: int) -> None:
        self.web, self.last, self.sources, self.asked = web, last, sources, 0
        self.heard = self.refused = 0
        self.error: Exception | None = None
        self.is_settled, self.is_assumed, self.searches, self.finds = True, False, 0, False

    async def find_source(self) -> bool:
        self.searches += 1
        return self.finds

    async def incoming(self) -> IncomingStream:
        self.asked += 1
        if self.error is not None:
            raise self.error
        return IncomingStream(int(self.last), self.sources, self.heard, self.refused)


@pytest.fixture
def line():
    """`line.add(web=…, silent_s=…)` adds a leg that is up for long; `line.look()` looks once."""
    told: list[str] = []
    exchange = SimpleNamespace(on_wish=None, happened=lambda call, kind, leg: told.append((call, kind)))
    control = SimpleNamespace(unreachable=None, legs=[], find_source=lambda leg: leg.sound.find_source())
    watch = Watch(exchange, control, edge=EdgeAddress("127.0.0.1", 1, 1), pages="", secret="secret")

    def add(*, web: bool = False, silent_s: float = 0.0, sources: int = 1) -> Sound:
        sound = Sound(web=web, last=clock.now().timestamp() - silent_s, sources=sources)
        control.legs.append(Leg(f"c{len(control.legs)}", CALLER, "", sound, up=True, since=-1000.0))
        return sound

    async def look() -> None:
        await watch._sounds()
        await asyncio.gather(*watch._tasks)

    return SimpleNamespace(watch=watch, told=told, add=add, look=lambda: asyncio.run(look()))


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


def test_a_telephone_that_sends_from_elsewhere_is_looked_for_and_the_log_says_so(line, caplog):
    elsewhere, silent, heard, stranger = (line.add() for _ in range(4))
    elsewhere.finds = True
    browser, too_soon = line.add(web=True), line.add()
    line.watch._control.legs[-1].since = module.time.monotonic() - UNHEARD_S + 1
    for _look in range(3):
        for each in (elsewhere, heard, browser, too_soon, stranger):
            each.refused += 50
        heard.heard += 50
        line.look()
    assert [each.searches for each in (elsewhere, silent, heard, browser, too_soon, stranger)] == [
        *(1, 0, 0, 0, 0, 1)
    ]
    assert [each.message for each in caplog.records] == [
        "a telephone sends from another address or port than its carrier says: heard from there now",
        "somebody sends to a telephone's port who is not its carrier: not heard",
    ]


def test_strangers_who_go_on_sending_stop_what_is_heard_less_and_less_often(line, monkeypatch):
    disturbed, began = line.add(), module.time.monotonic()
    searched = []
    for later_s in range(121):
        monkeypatch.setattr(module.time, "monotonic", lambda at=began + later_s: at)
        disturbed.refused += 50
        line.look()
        if disturbed.searches > len(searched):
            searched.append(later_s)
    assert searched == [0, 3, 9, 21, 45, 93]


def test_a_telephone_that_names_an_inner_address_is_looked_for_at_once(line):
    behind = line.add()
    behind.is_assumed, behind.refused = True, 20
    line.watch._control.legs[-1].since = module.time.monotonic() - 0.5
    line.look()
    assert behind.searches == 1


def test_a_telephone_that_moves_in_mid_call_is_looked_for_once_it_was_silent_where_it_had_been(
    line, monkeypatch
):
    now = module.time.monotonic()
    moved = line.add()
    moved.finds = True
    monkeypatch.setattr(module.time, "monotonic", lambda: now)
    for later_s, heard, refused, searches in (
        *((0, 50, 0, 0), (1, 100, 0, 0), (2, 100, 40, 0)),
        *((3, 100, 90, 0), (4, 100, 140, 1)),
    ):
        monkeypatch.setattr(module.time, "monotonic", lambda at=now + later_s: at)
        moved.heard, moved.refused = heard, refused
        line.look()
        assert moved.searches == searches, later_s


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


@pytest.mark.parametrize("error", [MediaDown("offer"), MediaRefused("Unknown call-id"), sdp.NoSound()])
def test_a_phone_that_cannot_be_looked_for_now_ends_no_look(line, error):
    first, after = line.add(), line.add()
    (leg, _after) = line.watch._control.legs
    leg.comes_from_elsewhere = lambda stream, now: True

    async def fails() -> bool:
        raise error

    first.find_source = fails
    line.look()
    assert line.told == []
    assert after.asked == 1


@pytest.mark.parametrize(
    "error", [MediaDown("offer"), MediaRefused("Unknown call-id", leg="another"), sdp.NoSound()]
)
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


@pytest.mark.parametrize("error", [None, EdgeRefused("not found"), EdgeDown()])
def test_the_edge_forgets_the_browsers_of_whoever_left_the_team(line, monkeypatch, error):
    asked = []

    async def ask(pipe, method, *parameters):
        asked.append((method, *parameters))
        if error is not None:
            raise error

    async def story(details):
        wish = SimpleNamespace(what="off", account="anna", details=details)
        board = Switchboard(Line())
        assert not line.watch.wished(SimpleNamespace(board=board, awaited={"anna"}), wish)
        await asyncio.gather(*line.watch._tasks)

    monkeypatch.setattr(registrations, "ask_edge", ask)
    asyncio.run(story({}))
    assert asked == []
    asyncio.run(story({"revoked": True}))
    assert asked == [("ul.rm", "location", "anna")]


def test_whoever_says_stop_wakes_call_control():
    async def told() -> bool:
        core = CallCore.__new__(CallCore)
        core._stop, core._now = threading.Event(), threading.Event()
        stopping = core._notice_stop(asyncio.get_running_loop())
        threading.Timer(0.05, core.stop).start()
        return bool((await asyncio.wait([stopping], timeout=5))[0])

    assert asyncio.run(told())
