"""One installation with its line for all of these tests, a browser that speaks, and telephones."""

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.line import sound
from tests.line.caller import Caller, is_here
from tests.line.carrier_line import carrier_line_running, last
from tests.line.desk import Desk, chromium, employ
from tests.line.rtp_phone import RtpPhone
from tests.line.site import LineSite, line_running

NUMBERS = itertools.count(400)
OPERATOR_HZ, CALLER_HZ, OUTSIDE_HZ = 620, 1000, 1400


@pytest.fixture(scope="session")
def voices(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """What each of them says: a tone of their own."""
    folder = tmp_path_factory.mktemp("voices")
    return {
        "operator": sound.tone(folder / "operator.wav", OPERATOR_HZ, 2, 48_000),
        "caller": sound.tone(folder / "caller.wav", CALLER_HZ, 2),
        "outside": sound.tone(folder / "outside.wav", OUTSIDE_HZ, 2),
    }


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory, voices: dict[str, Path]) -> Iterator[Caller]:
    """The telephone at the other end of the trunk: whoever the line calls."""
    if not is_here():
        if os.environ.get("CI"):
            pytest.fail("no baresip")
        pytest.skip("no baresip")
    with Caller(tmp_path_factory.mktemp("outside"), number="outside", speaks=voices["outside"]) as phone:
        yield phone


@pytest.fixture(scope="module")
def line(outside: Caller) -> Iterator[LineSite]:
    """The line, with Lotte and Karim as operators and Thomas as coordinator."""
    with line_running(trunk=outside.port) as made:
        employ(made, "Lotte", "operator", phone="+32470000001")
        employ(made, "Karim", "operator")
        employ(made, "Thomas", "coordinator")
        yield made


@pytest.fixture(scope="module")
def browser(voices: dict[str, Path]) -> Iterator[Any]:
    """Chromium, whose microphone says a tone."""
    with chromium(voices["operator"]) as made:
        yield made


@pytest.fixture
def desk(browser: Any, line: LineSite) -> Iterator[Callable[..., Desk]]:
    """Opens an operator's page: `desk("Lotte")`."""
    made: list[Desk] = []

    def opened(name: str, **words: Any) -> Desk:
        made.append(Desk(browser, line, name, **words))
        return made[-1]

    yield opened
    for one in made:
        one.leave()


@pytest.fixture
def marie(tmp_path: Path, line: LineSite, voices: dict[str, Path]) -> Iterator[Caller]:
    """Somebody who calls the line."""
    # A number that has not called before: what one test leaves on the list is not another's.
    with Caller(
        tmp_path / "marie",
        number=f"+3220001{next(NUMBERS)}",
        proxy=f"127.0.0.1:{line.sip}",
        speaks=voices["caller"],
    ) as phone:
        yield phone


@pytest.fixture(scope="module")
def carrier_line() -> Iterator[LineSite]:
    """A line whose carrier is `phone`."""
    with carrier_line_running() as made:
        yield made


@pytest.fixture
def phone(carrier_line: LineSite, request: pytest.FixtureRequest) -> Iterator[RtpPhone]:
    """Who calls, and who is called; `param`: how it speaks."""
    with RtpPhone(carrier_line.sip, port=carrier_line.trunk, **getattr(request, "param", {})) as made:
        yield made
        if made.dialog.target:
            made.hang_up()
        carrier_line.wait_until(lambda: not last(carrier_line) or bool(last(carrier_line)["outcome"]), 60)
        assert "Traceback" not in carrier_line.log


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Iterator[None]:
    """With a failure, what the servers said, and what stood on the pages and in the database at that moment."""
    outcome: Any = yield
    report = outcome.get_result()
    given = getattr(item, "funcargs", {})
    made = given.get("line") or given.get("carrier_line")
    if report.failed and isinstance(made, LineSite):
        report.sections.append(("the line", made.log[-6000:]))
        rows = "\n".join(str(call) for call in made.calls()[-3:])
        pages = "\n".join(desk.seen() for desk in made.desks)
        report.sections.append(("calls and pages", f"{rows}\n{pages}"))
