"""Real processes are killed while people talk: no caller is in no list, and the line answers again by itself."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.line import sound
from tests.line.caller import Caller
from tests.line.conftest import CALLER_HZ, OPERATOR_HZ
from tests.line.desk import Desk
from tests.line.edge import wait_for_edge
from tests.line.site import LineSite
from tests.line.test_calls import asks_for_french, hears

pytestmark = [pytest.mark.browser, pytest.mark.servers]


def find_processes(line: LineSite, *words: str) -> list[int]:
    """Processes of this installation whose command line has these words. There may be none."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            command = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
            environ = (folder / "environ").read_bytes().decode(errors="replace")
        except (OSError, ValueError):
            continue
        names = {part.rsplit("/", 1)[-1] for part in command}
        if str(line.site.home) in environ and names.issuperset(words):
            found.append(int(folder.name))
    return found


def processes(line: LineSite, *words: str) -> list[int]:
    """The same, where there must be some."""
    found = find_processes(line, *words)
    assert found, words
    return found


def talking(desk: Callable[..., Desk], line: LineSite, marie: Caller) -> Desk:
    lotte = desk("Lotte")
    lotte.come_on("fr")
    asks_for_french(marie, line)
    lotte.answer()
    hears(marie, OPERATOR_HZ)
    return lotte


def calls_again(lotte: Desk, line: LineSite, karel: Caller) -> None:
    """Somebody calls after it all, and is helped."""
    asks_for_french(karel, line)
    lotte.answer()
    hears(karel, OPERATOR_HZ)
    assert lotte.hears(CALLER_HZ)
    karel.hang_up()
    lotte.stands("wrap_up")


@pytest.fixture
def karel(tmp_path, line, voices):
    """Somebody who calls afterwards."""
    with Caller(
        tmp_path / "karel", number="+3220001399", proxy=f"127.0.0.1:{line.sip}", speaks=voices["caller"]
    ) as phone:
        yield phone


def test_call_control_is_killed(desk, line, marie, karel):
    lotte = talking(desk, line, marie)
    (core,) = processes(line, "callcore")
    os.kill(core, signal.SIGKILL)
    # The talk goes on without it.
    assert sound.has_tone(marie.hears(0.5), OPERATOR_HZ)
    line.wait_until(lambda: line.calls()[-1]["outcome"] == "answered", 30)
    assert [each["why"] for each in line.callbacks() if each["call_id"] == line.calls()[-1]["id"]] == [
        "cut_off"
    ]
    marie.kill()
    # Who was on a call says when they are ready for the next one.
    lotte.stands("paused", 20_000)
    lotte.wish("resume")
    lotte.stands("available")
    calls_again(lotte, line, karel)


def test_the_media_server_is_killed(desk, line, marie, karel):
    lotte = talking(desk, line, marie)
    for pid in processes(line, "rtpengine"):
        os.kill(pid, signal.SIGKILL)
    line.wait_until(lambda: line.calls()[-1]["outcome"] == "answered", 30)
    assert [each["why"] for each in line.callbacks() if each["call_id"] == line.calls()[-1]["id"]] == [
        "cut_off"
    ]
    # Whichever of the two was missed first: she has notes to write, or was to be rung anew and is free.
    free, notes = (lotte.inner.locator(f"#line[data-standing={one}]") for one in ("available", "wrap_up"))
    free.or_(notes).first.wait_for()
    if notes.count():
        lotte.wish("resume")
    lotte.stands("available")
    calls_again(lotte, line, karel)


def test_the_edge_is_killed(desk, line, marie, karel):
    lotte = talking(desk, line, marie)
    for pid in processes(line, "kamailio"):
        os.kill(pid, signal.SIGKILL)
    assert sound.has_tone(marie.hears(0.5), OPERATOR_HZ)
    lotte.phone_is("talking")
    hears(marie, OPERATOR_HZ)
    marie.hang_up()
    lotte.stands("wrap_up", 20_000)
    # The browser finds it again by itself.
    lotte.phone_is("ready", 30_000)
    lotte.wish("resume")
    lotte.stands("available")
    calls_again(lotte, line, karel)


def test_the_pages_do_not_answer(line, marie):
    web = processes(line, "web")
    for pid in web:
        os.kill(pid, signal.SIGSTOP)
    try:
        time.sleep(14)
        marie.dial(line.uri)
        marie.wait_answered(5)
        marie.wait_heard(sound.has_speech, 8)
        marie.wait_ended(60)
    finally:
        for pid in web:
            os.kill(pid, signal.SIGCONT)
    line.wait_until(lambda: line.calls()[-1]["outcome"] == "callback", 20)
    assert line.callbacks()[-1]["why"] == "trouble"


def test_the_edge_alone_is_killed_and_leaves_nobody_behind(line, marie):
    """Its main process: the ones that it had made kept the ports, and answered without anybody's watch."""
    before = set(processes(line, "kamailio"))
    main = int((line.site.home / "line" / "kamailio.pid").read_text())
    os.kill(main, signal.SIGKILL)

    # For a moment there is none.
    line.wait_until(lambda: before.isdisjoint(find_processes(line, "kamailio") or before), 20)
    wait_for_edge(line.sip)
    after = set(processes(line, "kamailio"))
    assert int((line.site.home / "line" / "kamailio.pid").read_text()) in after
    marie.dial(line.uri)
    marie.wait_answered(5)
    marie.hang_up()
    # It makes its children while it begins; none of those before is left.
    assert not before & set(processes(line, "kamailio"))
