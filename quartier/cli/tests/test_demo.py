"""`quartier demo` serves at once, in a folder of its own, and never touches anything else."""

import os
import signal
import subprocess
import sys

import pytest

from quartier.cli.demo import house
from quartier.cli.demo.parts import write_share
from quartier.cli.tests.conftest import environment
from quartier.cli.tests.test_run import children, get, lives, until_ready, wait_for


@pytest.mark.servers
def test_the_first_page_comes_before_everybody_is_there(started, port, tmp_path):
    # What the shell says of a real installation must not reach the demonstration.
    process = started("demo", PORT=str(port), QUARTIER_DATABASE="sqlite:////nowhere/at/all.sqlite3")
    assert until_ready(process) == f"Ready: http://127.0.0.1:{port}/"
    # Where every other command has its installation, too.
    home = tmp_path / "home"
    assert not (tmp_path / "var").exists()
    assert (home / "quartier.toml").stat().st_mode & 0o077 == 0
    assert (home / "filling").exists()
    status, _headers, page = get(port, "/fr/demo/")
    assert status == 200
    assert "inventées" in page
    parts = {words.split()[-1] for words in children(process.pid).values()}
    assert parts - {"--engine"} == {"web", "fill"}
    mine = children(process.pid)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert not [pid for pid in mine if lives(pid)]
    # Cut off before it was filled, it begins afresh.
    before = (home / "quartier.toml").read_text()
    again = started("demo", PORT=str(port))
    until_ready(again)
    assert (home / "quartier.toml").read_text() != before


@pytest.mark.servers
def test_a_demonstration_that_is_full_goes_on_at_once(started, port, tmp_path):
    first = started("demo", PORT=str(port))
    until_ready(first)
    first.send_signal(signal.SIGTERM)
    first.wait(30)
    home = tmp_path / "home"
    (home / "filling").unlink()
    before = (home / "quartier.toml").read_text()
    second = started("demo", PORT=str(port))
    until_ready(second)
    assert (home / "quartier.toml").read_text() == before
    wait_for(
        lambda: {"web", "worker", "life"} <= {words.split()[-1] for words in children(second.pid).values()},
        "web, worker and life",
    )


@pytest.mark.parametrize("named", [True, False])
def test_a_folder_with_something_else_is_left_alone(tmp_path, named):
    home = tmp_path / "named" if named else tmp_path / "var" / "demo"
    home.mkdir(parents=True)
    (home / "letters.txt").write_text("mine")
    said = subprocess.run(
        [sys.executable, "-m", "quartier", "demo", "--new", "--port", "9"],
        capture_output=True,
        text=True,
        env=environment(home) if named else environment(tmp_path) | {"QUARTIER_HOME": ""},
        cwd=tmp_path,
        check=False,
    )
    assert said.returncode == 1
    assert os.listdir(home) == ["letters.txt"]


def test_a_real_installation_is_no_demonstration(installed, tmp_path):
    assert not house.is_ours(installed)
    house.write(tmp_path / "demo")
    assert house.is_ours(tmp_path / "demo")


def test_a_share_is_written_in_whole_percent(tmp_path):
    write_share(tmp_path / "filling", 0.429)
    assert [each.name for each in tmp_path.iterdir()] == ["filling"]
    assert (tmp_path / "filling").read_text() == "42"
