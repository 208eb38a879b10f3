"""What `quartier test` adds up, and what it does not let pass."""

import os
import re
import signal
import subprocess
import time
import tomllib
from pathlib import Path

import pytest

from quartier import telephony
from quartier.cli.suite import ROOT, packages, runs
from quartier.cli.suite.runs import Outcome, Run

REPORT = """<?xml version="1.0"?><testsuites><testsuite>
<testcase classname="a" name="good"/>
<testcase classname="a" name="bad"><failure message="no"/></testcase>
<testcase classname="a" name="broken"><error message="no"/></testcase>
<testcase classname="a" name="not_here"><skipped message="SQLite is never away"/></testcase>
</testsuite></testsuites>"""


def test_a_report_is_read(tmp_path):
    file = tmp_path / "report.xml"
    file.write_text(REPORT)
    assert list(runs.read(file)) == [
        Outcome("a.good", "passed"),
        Outcome("a.bad", "failed", "no"),
        Outcome("a.broken", "failed", "no"),
        Outcome("a.not_here", "skipped", "SQLite is never away"),
    ]


def test_what_failed_is_named_with_its_reason():
    told = runs.add_up(
        [Outcome("a.bad", "failed", "assert 1 == 2"), Outcome("a.good", "passed")], strict=True
    )
    assert (told.failed, told.wrong) == (1, ["a.bad: assert 1 == 2"])


def test_what_another_run_does_was_not_left_out():
    outcomes = [Outcome("a", "skipped", "elsewhere"), Outcome("a", "passed"), Outcome("b", "passed")]
    told = runs.add_up(outcomes, strict=True)
    assert (told.passed, told.failed, told.skipped, told.left_out) == (2, 0, 0, [])


def test_what_no_run_does_is_said_and_fails_in_ci():
    outcomes = [Outcome("a", "skipped", "no Chromium"), Outcome("a", "skipped", "no Chromium")]
    told = runs.add_up(outcomes, strict=False)
    assert (told.passed, told.failed, told.skipped) == (0, 0, 1)
    assert "no Chromium" in told.left_out[0]
    assert runs.add_up(outcomes, strict=True).failed == 1


def test_reference_lists_that_are_not_ours_are_left_out_in_ci_too():
    told = runs.add_up([Outcome("a", "skipped", "no reference lists at /x")], strict=True)
    assert (told.failed, told.skipped) == (0, 1)


def takes(run, file):
    """Whether a run looks into a file of tests."""
    within = [word for word in run.words if word.startswith(("quartier", "tests"))]
    left = [word.removeprefix("--ignore=") for word in run.words if word.startswith("--ignore=")]
    return any(file.is_relative_to(path) for path in within) and not any(
        file.is_relative_to(path) for path in left
    )


def test_every_file_of_tests_is_in_one_run_of_those_on_sqlite():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    files = [
        file.relative_to(ROOT)
        for place in settings["testpaths"]
        for file in (ROOT / place).rglob("test_*.py")
    ]
    assert len(files) > 100
    on_sqlite = [run for run in runs.SUITE_RUNS if not run.postgresql and run is not runs.BROWSER_RUN]
    taken = {file: [run.name for run in on_sqlite if takes(run, file)] for file in files}
    assert {file: names for file, names in taken.items() if len(names) != 1} == {}


def test_all_pages_are_drawn_on_postgresql_by_one_command(monkeypatch):
    files = {word for word in runs.PAGES_ON_POSTGRESQL_RUN.words if word.endswith(".py")}
    assert {file for file in files if not (ROOT / file).exists()} == set()
    assert runs.ALL_PAGES_ON_POSTGRESQL_RUN not in runs.chosen()
    monkeypatch.setenv("QUARTIER_TEST_ALL", "1")
    wide = runs.ALL_PAGES_ON_POSTGRESQL_RUN
    assert wide in runs.chosen()
    assert len(runs.chosen()) == len(runs.SUITE_RUNS)
    assert all(takes(wide, Path(file)) for file in files)


def test_a_run_that_does_not_get_to_its_tests_is_named(monkeypatch):
    def call(words, nice):
        (file,) = [word.removeprefix("--junitxml=") for word in words if word.startswith("--junitxml")] or [
            ""
        ]
        if "good" in file:
            Path(file).write_text(REPORT)
        return (0 if "good" in file else 4), ""

    monkeypatch.setattr(runs, "_call", call)
    monkeypatch.setattr(
        runs, "SUITE_RUNS", (Run("good", ()), Run("no start", ()), Run("good on", (), postgresql=True))
    )
    told = runs.run([])
    assert (told.passed, told.wrong[-1]) == (2, "no start: did not get to its tests")
    # Without its server a run is left out, and said to be.
    told = runs.run(["PostgreSQL 15 or later"])
    assert (told.passed, told.left_out[0]) == (1, "PostgreSQL 15 or later: not on this machine")


UNSTEADY = """
import sys
from pathlib import Path
import pytest

def test_good():
    pass

@pytest.mark.parametrize("way", ["a::b"])
def test_weather(way, tmp_path_factory):
    seen = Path(__file__).with_name("seen")
    before = seen.exists()
    seen.touch()
    assert before, "first time"

def test_wrong():
    assert 1 == 2
"""


def test_whoever_passes_alone_is_unsteady_and_whoever_does_not_has_failed(monkeypatch, tmp_path):
    (tmp_path / "test_them.py").write_text(UNSTEADY)
    (tmp_path / "pytest.ini").write_text("[pytest]")
    monkeypatch.setattr(runs, "ROOT", tmp_path)
    monkeypatch.setattr(runs, "SUITE_RUNS", (Run("one", ("test_them.py", "-p", "no:django")),))
    monkeypatch.setattr(runs, "MOST_UNSTEADY", 2)
    told = runs.run([])
    assert (told.passed, told.failed) == (2, 1)
    assert told.unsteady == ["test_them.test_weather[a::b]: AssertionError: first time"]
    assert told.wrong == ["test_them.test_wrong: assert 1 == 2"]
    # Too many at once are no weather.
    (tmp_path / "seen").unlink()
    monkeypatch.setattr(runs, "MOST_UNSTEADY", 1)
    told = runs.run([])
    assert (told.passed, told.failed, told.unsteady) == (1, 2, [])


def test_told_to_end_no_further_run_begins(monkeypatch):
    begun = []

    def call(words, nice):
        if "pytest" in words:
            begun.append(words)
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(0.2)
        return 0, ""

    monkeypatch.setattr(runs, "_call", call)
    monkeypatch.setattr(runs, "AT_ONCE", 1)
    with pytest.raises(SystemExit):
        runs.run([])
    assert len(begun) == 1


def test_what_is_missing_on_the_machine_is_named(monkeypatch):
    monkeypatch.setattr(packages, "has_chromium", lambda: False)
    monkeypatch.setattr(packages.os, "geteuid", lambda: 1000)
    needs = (
        packages.Need("Chromium", lambda: False, ("chromium",)),
        packages.Need("git", lambda: True, ("git",)),
    )
    monkeypatch.setattr(packages, "NEEDS", needs)
    assert packages.prepare() == ["Chromium"]


def test_what_is_installed_is_named_by_purpose_and_found_afterwards():
    names = [need.name for need in packages.NEEDS]
    assert len(set(names)) == len(names)
    assert all(need.packages or need.put for need in packages.NEEDS)
    assert isinstance(packages.has_kamailio(), bool)
    assert isinstance(packages.has_baresip(), bool)
    assert not packages.has_program("sh", "no-such-program")


def test_every_package_of_kamailio_is_there_for_a_module_that_is_loaded():
    folder = Path(telephony.__file__).parent / "providers/sip"
    files = [*folder.glob("*.py"), *folder.glob("config/*")]
    loaded = set(re.findall(r'loadmodule "(\w+)\.so"', "".join(file.read_text() for file in files)))
    assert set(packages.KAMAILIO.values()) <= loaded


def test_servers_are_found_by_those_who_do_not_search_their_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert packages.has_program("nologin")


def test_a_server_that_is_installed_does_not_start(monkeypatch, tmp_path):
    policy, seen = tmp_path / "policy-rc.d", []
    monkeypatch.setattr(packages, "MAY_START", policy)
    monkeypatch.setattr(packages, "PAUSES_S", (0, 0))
    monkeypatch.setattr(packages, "NEEDS", (packages.Need("sipp", lambda: False, ("sip-tester",)),))
    monkeypatch.setattr(packages.os, "geteuid", lambda: 0)
    monkeypatch.setattr(packages.shutil, "which", lambda *_, **__: "/usr/bin/apt-get")

    def installs(words, **_):
        seen.append((words[2], subprocess.call([policy])))
        # The registry hangs up once.
        return subprocess.CompletedProcess(words, returncode=int(len(seen) == 1))

    monkeypatch.setattr(packages.subprocess, "run", installs)
    packages.prepare()
    assert seen == [("update", 101), ("update", 101), ("install", 101)]
    assert not policy.exists()
    # Whoever has a policy keeps it.
    policy.write_text("#!/bin/sh\nexit 7\n")
    policy.chmod(0o755)
    packages.prepare()
    assert seen[-1] == ("install", 7)
    assert policy.exists()


def test_tests_do_not_hear_of_an_installation(monkeypatch):
    monkeypatch.setenv("QUARTIER_DATABASE", "sqlite:////somewhere")
    monkeypatch.setenv("QUARTIER_CHROMIUM", "/opt/chromium")
    heard = runs.environment()
    assert "QUARTIER_DATABASE" not in heard
    assert "DJANGO_SETTINGS_MODULE" not in heard
    assert heard["QUARTIER_CHROMIUM"] == "/opt/chromium"


def test_what_is_long_is_played_by_one_command(monkeypatch):
    assert "not browser and not long" in runs.ROOMS_RUN.words
    assert runs.ROOMS_RUN in runs.chosen()
    monkeypatch.setenv("QUARTIER_TEST_ALL", "1")
    assert runs.ALL_ROOMS_RUN in runs.chosen()
    assert not any("not long" in word for run in runs.chosen() for word in run.words)
