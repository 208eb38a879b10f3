"""The parent and its children: restarted when they die, ended when it ends, however it ends."""

import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from numba.core.caching import UserProvidedCacheLocator

from quartier.engine import warming

pytestmark = pytest.mark.servers
PATIENCE = 90


def wait_for(check, what):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = check()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{what} did not come about")


def get(port, path="/"):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE) as response:
        return response.status, response.headers, response.read().decode()


def children(pid):
    listed = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    )
    rows = (line.split(None, 2) for line in listed.stdout.splitlines())
    return {int(row[0]): row[2] for row in rows if len(row) == 3 and int(row[1]) == pid}


def lasting(pid):
    """The children that are there for as long as the parent: all but the one that compiles the engine."""
    return {child: words for child, words in children(pid).items() if not words.endswith(" --engine")}


def lives(pid):
    """Whether the process is there and is no mere entry of a dead one."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(state.stdout.strip()) and not state.stdout.strip().startswith("Z")


def until_ready(process):
    seen = []
    for line in process.stdout:
        seen.append(line)
        if line.startswith("Ready: "):
            # Whoever does not read on would stop the children once the pipe is full.
            threading.Thread(target=process.stdout.read, daemon=True).start()
            return line.strip()
    raise AssertionError("".join(seen))


@pytest.fixture
def served(installed, started, port):
    process = started("run", "--processes", "1", PORT=str(port))
    assert until_ready(process) == f"Ready: http://127.0.0.1:{port}/"
    return process


def test_pages_static_files_and_a_quick_end_with_an_open_stream(served, port):
    status, _headers, page = get(port, "/fr/")
    assert status == 200
    assert "Quartier Test" in page
    style = page.split('href="/static/look/tokens.')[1].split('"')[0]
    _status, headers, _text = get(port, f"/static/look/tokens.{style}")
    assert "immutable" in headers["Cache-Control"]
    stream = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    stream.sendall(b"GET /live/?topics=board HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    stream.recv(1)
    mine = children(served.pid)
    # The engine is compiled behind the others, and gone when that is done.
    assert {"web", "worker"} == {words.split()[-1] for words in mine.values()} - {"--engine"}
    served.send_signal(signal.SIGTERM)
    assert served.wait(30) == 0
    assert not [pid for pid in mine if lives(pid)]


def test_a_child_that_dies_is_started_again(served, port):
    (web,) = [pid for pid, words in children(served.pid).items() if words.endswith(" web")]
    (worker,) = [pid for pid, words in children(served.pid).items() if words.endswith(" worker")]
    os.kill(web, signal.SIGKILL)
    os.kill(worker, signal.SIGKILL)
    # The listening socket is the parent's: nobody is refused meanwhile.
    assert get(port, "/fr/")[0] == 200
    after = wait_for(
        lambda: len(now := lasting(served.pid)) == 2 and not {web, worker} & set(now) and now,
        "two new children",
    )
    assert {words.split()[-1] for words in after.values()} == {"web", "worker"}


def test_killed_again_and_again_two_at_once_they_are_back_within_three_seconds(served):
    for _time in range(4):
        before = lasting(served.pid)
        assert len(before) == 2
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        begun = time.monotonic()
        wait_for(lambda old=before: len(now := lasting(served.pid)) == 2 and not set(old) & set(now), "both")
        assert time.monotonic() - begun < 3


def test_all_of_it_is_started_anew_and_nobody_is_refused(served, installed, port):
    before, stop, refused, statuses = lasting(served.pid), threading.Event(), [], []
    page = (Path(__file__).parents[3] / "docs/howto/run.md").read_text()
    assert not [file.name for file in installed.glob("[!.]*") if f"`{file.name}" not in page]
    assert (installed / "run.address").read_text() == f"http://127.0.0.1:{port}/"

    def visit():
        while not stop.is_set():
            try:
                statuses.append(get(port, "/fr/")[0])
            except urllib.error.HTTPError as error:
                statuses.append(error.code)
            except ConnectionResetError:
                pass  # One that was being answered when its process ended: the browser asks again.
            except OSError as error:
                refused.append(error)
            time.sleep(0.05)

    visitor = threading.Thread(target=visit)
    visitor.start()
    try:
        served.send_signal(signal.SIGUSR1)
        wait_for(lambda: len(now := lasting(served.pid)) == 2 and not set(before) & set(now), "new children")
        seen = len(statuses)
        wait_for(lambda: len(statuses) > seen + 3 and statuses[-1] == 200, "pages of the new ones")
    finally:
        stop.set()
        visitor.join()
    assert not refused
    assert set(statuses) == {200}
    assert served.poll() is None
    served.terminate()
    assert served.wait(30) == 0
    assert not (installed / "run.address").exists()


def test_health_is_asked_by_check_and_says_that_a_worker_is_there(served, installed, quartier, port):
    def answer():
        try:
            return json.loads(get(port, "/health")[2])
        except urllib.error.HTTPError:
            return None

    assert wait_for(answer, "well")["worker"] == "ok"
    found = {
        each["name"]: each["level"] for each in json.loads(quartier("check", "--json").stdout)["findings"]
    }
    assert found["health"] == "good"
    (web,) = [pid for pid, words in children(served.pid).items() if words.endswith(" web")]
    os.kill(web, signal.SIGSTOP)
    try:
        found = json.loads(quartier("check", "--json").stdout)["findings"]
        assert [each["level"] for each in found if each["name"] == "health"] == ["wrong"]
    finally:
        os.kill(web, signal.SIGCONT)


def test_children_do_not_outlive_a_parent_that_is_killed(served):
    mine = children(served.pid)
    assert len(lasting(served.pid)) == 2
    served.kill()
    served.wait()
    wait_for(lambda: not [pid for pid in mine if lives(pid)], "the end of the children")


def test_a_port_that_is_taken_is_said(installed, quartier):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = quartier("run", "--port", str(port))
    assert said.returncode == 1
    assert str(port) in said.stderr


def compiling(pid):
    """The child that compiles the engine, if there is one."""
    return [child for child, words in children(pid).items() if words.endswith(" --engine")]


def test_the_engine_is_compiled_behind_the_pages_once(started, installed, port, tmp_path):
    # On a new machine it takes a minute; here it is about who does it, and that it is not done again. What this machine
    # has compiled is there already, but not the mark that says so.
    kept = tmp_path / "compiled"
    place = kept / UserProvidedCacheLocator.get_suitable_cache_subpath(str(warming.ENGINE / "tree.py"))
    place.mkdir(parents=True)
    for file in (warming.ENGINE / "__pycache__").glob("*.nb?"):
        shutil.copy2(file, place)
    beside = {"NUMBA_CACHE_DIR": str(kept)}
    served = started("run", "--processes", "1", PORT=str(port), **beside)
    (engine,) = wait_for(lambda: compiling(served.pid), "the child that compiles")
    # However long it takes, pages do not wait for it.
    os.kill(engine, signal.SIGSTOP)
    until_ready(served)
    assert not list(kept.glob("engine-*.ready"))
    os.kill(engine, signal.SIGCONT)
    (mark,) = wait_for(lambda: list(kept.glob("engine-*.ready")), "the mark that says so")
    served.terminate()
    served.wait(30)
    made = mark.stat().st_mtime_ns
    again = started("run", "--processes", "1", PORT=str(port), **beside)
    until_ready(again)
    assert not compiling(again.pid)
    assert mark.stat().st_mtime_ns == made
