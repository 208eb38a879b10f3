"""The tests in several runs, four of them side by side: rooms on SQLite, what is on PostgreSQL, pages in the browser,
and telephones, which mostly wait for what is said and are served first. Whichever lane is through goes on with the next
run: the house, commands, pages on SQLite, journeys, kills.

A test that one run leaves out and another one does was not left out. A test that failed is tried once more when all
runs are through and nothing else goes on: one that passes then is unsteady, which is said, and is a defect of its own.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from quartier.cli.suite import ROOT

KILL_TEST = "tests/test_chaos.py"
# What the tests may be told from outside.
KEPT = (
    *("QUARTIER_REFERENCE_DATA", "QUARTIER_CHROMIUM", "QUARTIER_TEST_KILLS", "QUARTIER_POSTGRES_BIN"),
    "QUARTIER_TEST_ALL",
)
# Measured only where the reference lists are, which are not ours to ship; not a matter of this machine.
ELSEWHERE = "no reference lists"
SIGN_OF_LIFE_S = 60
PATIENCE_S = 30
# The end of what pytest says is enough; a test that fails everywhere would fill a book.
MOST_LINES = 400
LONGEST_WHY = 160
# So many tests that fail at once are no weather: nothing is tried again, and they have failed.
MOST_UNSTEADY = 10


@dataclass(frozen=True)
class Run:
    """One run of the tests."""

    name: str
    words: tuple[str, ...]
    postgresql: bool = False
    # Steps back for others: `nice`, where 0 is not to.
    nice: int = 15


@dataclass
class Told:
    """What came of the runs. `skipped`: tests that no run did; `left_out` says why, in words. `wrong`:
    each test that failed, `unsteady` each that passed when it was alone, with the first line of what it had said."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    left_out: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    unsteady: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Outcome:
    """One test of one run: `passed`, `failed` or `skipped`, and why."""

    test: str
    result: str
    why: str = ""


# These make installations of their own, on SQLite, whatever database the tests are given.
ON_THEIR_OWN = tuple(
    f"quartier/cli/tests/test_{name}.py" for name in ("init", "run", "backup", "restore", "versions")
)

# Journeys and pages on a whole installation in the browser.
WHOLE = ("tests/test_journey.py", "tests/test_axe.py")

# Real telephones, a real browser and real servers: whole installations of their own, like the journeys.
LINE = "tests/line"

HERE = tuple(f"--ignore={path}" for path in (KILL_TEST, LINE, *WHOLE))
# SQLite in four: as one run it would go on alone on one core long after the others.
COMMANDS_RUN = Run("SQLite commands", ("quartier/cli", "-m", "not browser"))
HOUSE_RUN = Run("SQLite house", ("tests", *HERE, "-m", "not browser"))
SURFACE_ROOMS = ("quartier/console", "quartier/public", "quartier/volunteer")
SURFACES_RUN = Run("SQLite pages", (*SURFACE_ROOMS, "-m", "not browser"))
ELSEWHERE_TESTED = tuple(f"--ignore={path}" for path in ("quartier/cli", *SURFACE_ROOMS))
ROOMS_RUN = Run("SQLite rooms", ("quartier", *ELSEWHERE_TESTED, "-m", "not browser and not long"))
ALL_ROOMS_RUN = Run("SQLite, all rooms", ("quartier", *ELSEWHERE_TESTED, "-m", "not browser"))
# Pages look the same on both databases: one run in the browser is enough, and one of what uses no database.
BROWSER_RUN = Run("browser", (*HERE, "-m", "browser"))
ON_POSTGRESQL = ("--on-the-database", "-m", "not browser and not either")
# Tests and server wait for each other at each query: behind the others, each of them would wait for a turn.
POSTGRESQL_RUN = Run(
    "PostgreSQL",
    (
        *("quartier", "tests", *ON_POSTGRESQL),
        *(f"--ignore={path}" for path in (KILL_TEST, LINE, *ON_THEIR_OWN, *SURFACE_ROOMS, "quartier/sim")),
    ),
    postgresql=True,
    nice=5,
)
# Pages draw what the rooms below them read, which is tried on both databases. Those that put their own questions to the
# database are in every run; the others, which draw the same twice, in `make test-all` alone.
OWN_QUESTIONS = (
    *(
        "blocking",
        "board",
        "callback_spoken",
        "calendar",
        "candidates",
        "compass",
        "duty",
        "lanes",
        "line_lists",
    ),
    *("own_work", "pages", "pulse", "reach", "said", "taken_back", "what_if"),
)
PAGES_ON_POSTGRESQL_RUN = Run(
    "PostgreSQL pages",
    (*(f"quartier/console/tests/test_{name}.py" for name in OWN_QUESTIONS), *ON_POSTGRESQL),
    postgresql=True,
    nice=5,
)
ALL_PAGES_ON_POSTGRESQL_RUN = Run(
    "PostgreSQL, all pages", (*SURFACE_ROOMS, *ON_POSTGRESQL), postgresql=True, nice=5
)
KILLS_RUN = Run("kill test", (KILL_TEST,))
JOURNEYS_RUN = Run("journeys", WHOLE)
TELEPHONES_RUN = Run("telephones", (LINE,), nice=0)

AT_ONCE = 4
# In the order in which they are begun: what takes longest first, else it goes on alone at the end.
SUITE_RUNS = (
    TELEPHONES_RUN,
    ROOMS_RUN,
    BROWSER_RUN,
    POSTGRESQL_RUN,
    HOUSE_RUN,
    COMMANDS_RUN,
    SURFACES_RUN,
    JOURNEYS_RUN,
    KILLS_RUN,
    PAGES_ON_POSTGRESQL_RUN,
)


def chosen() -> tuple[Run, ...]:
    """The runs of `make test`; with `QUARTIER_TEST_ALL`, those of `make test-all`."""
    if not os.environ.get("QUARTIER_TEST_ALL"):
        return SUITE_RUNS
    wider = {PAGES_ON_POSTGRESQL_RUN: ALL_PAGES_ON_POSTGRESQL_RUN, ROOMS_RUN: ALL_ROOMS_RUN}
    return tuple(wider.get(run, run) for run in SUITE_RUNS)


def environment(**more: str) -> dict[str, str]:
    """The shell's environment without what it says of an installation."""
    # With the name of the settings, pytest would read them before the tests can say which home they are for.
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in KEPT or not name.startswith(("QUARTIER_", "DJANGO_"))
    }
    # Django's settings read the home folder; nothing is ever written there by tests.
    return {**kept, "QUARTIER_HOME": str(ROOT / "var" / "none"), **more}


def run(missing: list[str]) -> Told:
    """Run everything that this machine can. In CI what is missing is a failure."""
    strict = bool(os.environ.get("CI"))
    alone = any("PostgreSQL" in name for name in missing)
    runs = [each for each in chosen() if not (each.postgresql and alone)]
    # Once, before anybody waits for it: else each run does it at the same time, and a page that plans comes too late.
    _call([sys.executable, "-m", "quartier", "compile", "--engine"], nice=0)
    with (
        tempfile.TemporaryDirectory(prefix="quartier-tests-") as folder,
        ThreadPoolExecutor(AT_ONCE) as lanes,
        _ended_with_us(lanes),
    ):
        began = time.monotonic()
        going = [lanes.submit(_run, each, Path(folder)) for each in runs]
        while wait(going, SIGN_OF_LIFE_S).not_done:
            print(f"... {time.monotonic() - began:.0f} s", flush=True)
        found = [one.result() for one in going]
        unsteady = try_again(runs, found, Path(folder))
    told = add_up([outcome for outcomes in found for outcome in outcomes or ()], strict=strict)
    told.unsteady = unsteady
    broken = [each.name for each, outcomes in zip(runs, found, strict=True) if outcomes is None]
    told.failed += len(broken)
    told.wrong += [f"{name}: did not get to its tests" for name in broken]
    told.left_out = [f"{name}: not on this machine" for name in missing] + told.left_out
    if strict:
        told.failed += len(missing)
    return told


_running: list[subprocess.Popen[bytes]] = []


@contextmanager
def _ended_with_us(lanes: ThreadPoolExecutor) -> Iterator[None]:
    """Told to end, the tests end too, in an orderly way: servers that they started must not stay, and no run begins."""

    def end(*_: object) -> None:
        raise SystemExit(143)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        lanes.shutdown(wait=False, cancel_futures=True)
        for process in list(_running):
            # As with Ctrl+C: pytest lets every fixture put away what it has made.
            process.send_signal(signal.SIGINT)
        for process in list(_running):
            try:
                process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()


def try_again(runs: list[Run], found: list[list[Outcome] | None], folder: Path) -> list[str]:
    """Run each test that failed once more, alone in a process. Whoever passes counts in `found` as passed from now on,
    and is returned in words."""
    failed = [(each, number, test) for number, each in enumerate(runs) for test in _last_failed(folder, each)]
    if len(failed) > MOST_UNSTEADY:
        return []
    unsteady = []
    for turn, (each, number, test) in enumerate(failed):
        name = _as_reported(test)
        outcomes = found[number] or []
        whys = [one.why for one in outcomes if (one.test, one.result) == (name, "failed")]
        alone = Run(f"{each.name}, again {turn}", (test,), each.postgresql, nice=0)
        now = _run(alone, folder)
        if whys and now and all(one.result == "passed" for one in now):
            found[number] = [one for one in outcomes if one.test != name] + now
            unsteady.append(f"{name}: {whys[0][:LONGEST_WHY]}")
    return unsteady


def _last_failed(folder: Path, each: Run) -> list[str]:
    """What pytest kept of the tests of a run that failed, by the names that it takes."""
    file = _kept_by_pytest(folder, each) / "v/cache/lastfailed"
    return sorted(json.loads(file.read_text())) if file.exists() else []


def _kept_by_pytest(folder: Path, each: Run) -> Path:
    return folder / f"{each.name}.cache"


def _as_reported(test: str) -> str:
    """A test's name in the report: `a/test_b.py::test_c[1]` is `a.test_b.test_c[1]`."""
    where, bracket, drawn = test.partition("[")
    file, *names = where.split("::")
    return ".".join([file.removesuffix(".py").replace("/", "."), *names]) + bracket + drawn


def add_up(outcomes: list[Outcome], *, strict: bool) -> Told:
    """Count each test once for each run that did it; one that none did is skipped, in CI a failure."""
    done = {outcome.test for outcome in outcomes if outcome.result != "skipped"}
    left_out = {
        outcome.test: outcome.why
        for outcome in outcomes
        if outcome.result == "skipped" and outcome.test not in done
    }
    told = Told(
        passed=sum(outcome.result == "passed" for outcome in outcomes),
        failed=sum(outcome.result == "failed" for outcome in outcomes),
        skipped=len(left_out),
        wrong=[
            f"{outcome.test}: {outcome.why[:LONGEST_WHY]}"
            for outcome in outcomes
            if outcome.result == "failed"
        ],
    )
    reasons: dict[str, list[str]] = {}
    for test, why in left_out.items():
        reasons.setdefault(why, []).append(test)
    for why, tests in sorted(reasons.items()):
        told.left_out.append(f"{len(tests)} tests, such as {tests[0]}: {why}")
        if strict and not why.startswith(ELSEWHERE):
            told.failed += len(tests)
            told.skipped -= len(tests)
    return told


def _run(each: Run, folder: Path) -> list[Outcome] | None:
    """What came of one run, and None when it did not get to its tests."""
    file = folder / f"{each.name}.xml"
    words = [sys.executable, "-m", "pytest", "-q", "--tb=short", "--no-header", f"--junitxml={file}"]
    words += ["-o", f"cache_dir={_kept_by_pytest(folder, each)}"]
    words += each.words
    if each.postgresql:
        words = [sys.executable, "-m", "tests.servers", *words]
    began = time.monotonic()
    code, said = _call(words, each.nice)
    try:
        found = list(read(file))
    except (OSError, ET.ParseError):
        found = []
    verdict = "good" if code == 0 else "FAILED"
    took = f"{time.monotonic() - began:.0f} s"
    print(
        "\n".join([f"tests, {each.name}: {verdict} ({took})", *said.strip().splitlines()[-MOST_LINES:]]),
        flush=True,
    )
    failed = any(outcome.result == "failed" for outcome in found)
    # pytest says 1 for failed tests; anything else means that it did not get so far.
    return found if failed or (found and code in {0, 1}) else None


def _call(words: list[str], nice: int) -> tuple[int, str]:
    def prepared() -> None:
        # A shell's background job ignores Ctrl+C, and so would everything that it starts.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.nice(nice)

    with tempfile.TemporaryFile("w+", errors="replace") as log:
        process = subprocess.Popen(
            words,
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=prepared,
        )
        _running.append(process)
        code = process.wait()
        _running.remove(process)
        log.seek(0)
        return code, log.read()


def read(file: Path) -> Iterator[Outcome]:
    """The outcomes in a report that pytest wrote (JUnit's XML)."""
    for case in ET.parse(file).iter("testcase"):  # noqa: S314
        name = f"{case.get('classname', '')}.{case.get('name', '')}"
        skipped = case.find("skipped")
        wrong = next((found for kind in ("failure", "error") if (found := case.find(kind)) is not None), None)
        if wrong is not None:
            first = (wrong.get("message") or "").strip().splitlines()[:1]
            yield Outcome(name, "failed", *first)
        elif skipped is not None:
            yield Outcome(name, "skipped", skipped.get("message", ""))
        else:
            yield Outcome(name, "passed")
