"""A server whose main process is killed, or whose parent is, leaves nothing behind that keeps its ports."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from quartier.cli.run import server_group
from tests.ports import free_port

pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="no /proc"),
]
# A server as Kamailio is: its main process holds a port, and so does the child that it has made.
SERVER = """
import os, socket, sys, time
sock = socket.create_server(("127.0.0.1", int(sys.argv[1])))
child = os.fork()
while True:
    try:
        sock.accept()[0].send(b"pong")
    except OSError:
        time.sleep(0.1)
"""
SUPERVISOR = """
import socket, sys
from pathlib import Path
from quartier.cli.run import parent as supervision
from quartier.cli.run.parent import Child, Parent
file, port, code = sys.argv[1:]
supervision.HEALTH_INTERVAL_S, supervision.UNHEALTHY_TIMEOUT_S = 0.2, 8.0

def answers():
    try:
        with socket.create_connection(("127.0.0.1", int(port)), timeout=0.3) as asking:
            return asking.recv(10) == b"pong"
    except OSError:
        return False

parent = Parent(socket.create_server(("127.0.0.1", 0)))
parent.add(Child("server", ["-c", code, port], program=sys.executable, record=Path(file), answers=answers))
print("runs", flush=True)
parent.run()
"""
TIMEOUT_S = 90


def wait_for(check):
    end = time.monotonic() + TIMEOUT_S
    while time.monotonic() < end:
        found = check()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come about")


def members(record):
    """The processes of the group that the record names."""
    try:
        group = json.loads(record.read_text())["group"]
    except (OSError, ValueError):
        return set()
    return {each.pid for each in server_group._processes() if each.group == group}


def listens(port):
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
        return True
    return False


@pytest.fixture
def record(tmp_path):
    return tmp_path / "server.process"


@pytest.fixture
def supervise(record):
    """Starts a parent with the server; killed at the end, with all of it."""
    made, port = [], free_port()

    def start():
        words = [sys.executable, "-c", SUPERVISOR, str(record), str(port), SERVER]
        made.append(subprocess.Popen(words, stdout=subprocess.PIPE, text=True))
        assert made[-1].stdout.readline() == "runs\n"
        return made[-1], port

    yield start
    for one in made:
        one.kill()
        one.wait()
        one.stdout.close()
    for pid in members(record):
        os.kill(pid, signal.SIGKILL)


def test_the_children_of_a_main_process_that_is_killed_are_ended_before_it_starts_again(supervise, record):
    _parent, port = supervise()
    before = wait_for(lambda: len(found := members(record)) == 2 and listens(port) and found)
    os.kill(json.loads(record.read_text())["group"], signal.SIGKILL)
    after = wait_for(lambda: len(found := members(record)) == 2 and not before & found and found)
    assert not before & {each.pid for each in server_group._processes()}
    wait_for(lambda: listens(port))
    assert members(record) == after


def test_a_parent_and_a_main_process_that_are_killed_leave_nothing_to_the_next_start(supervise, record):
    parent, port = supervise()
    before = wait_for(lambda: len(found := members(record)) == 2 and listens(port) and found)
    parent.kill()
    parent.wait()
    main = json.loads(record.read_text())["group"]
    with suppress(ProcessLookupError):
        os.kill(main, signal.SIGKILL)
    # Its child holds the port, and nobody watches it.
    assert wait_for(lambda: members(record) == before - {main})
    assert listens(port)
    supervise()
    wait_for(lambda: len(found := members(record)) == 2 and not before & found and listens(port))
    assert not before & {each.pid for each in server_group._processes()}


def test_a_server_that_hangs_is_ended_and_starts_again(supervise, record):
    _parent, port = supervise()
    before = wait_for(lambda: len(found := members(record)) == 2 and listens(port) and found)
    for pid in before:
        os.kill(pid, signal.SIGSTOP)
    after = wait_for(lambda: len(found := members(record)) == 2 and not before & found and found)
    wait_for(lambda: listens(port))
    # One that answers stays.
    time.sleep(10)
    assert members(record) == after


def test_the_end_of_a_parent_ends_the_group_and_its_record(supervise, record):
    parent, port = supervise()
    before = wait_for(lambda: len(found := members(record)) == 2 and listens(port) and found)
    parent.send_signal(signal.SIGTERM)
    assert parent.wait(TIMEOUT_S) == 0
    assert not before & {each.pid for each in server_group._processes()}
    assert not record.exists()
    assert not listens(port)


@pytest.fixture
def bystander():
    """Somebody else's process, in a group of its own."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    yield process
    process.kill()
    process.wait()


@pytest.mark.parametrize("changed", ["started", "words", "boot", "parent", ""])
def test_only_what_is_known_to_be_an_orphan_is_ended(bystander, record, changed):
    server_group.write_record(record, bystander.pid)
    told = json.loads(record.read_text())
    # A parent that is gone, unless it is that which is changed.
    told["parent_started"] = 0
    match changed:
        case "started":
            told["started"] += 1  # The number was given again: ours was started later than this process.
        case "words":
            told["words"] = ["kamailio"]
        case "boot":
            told["boot"] = "another"
        case "parent":
            told["parent"] = os.getppid()
            told["parent_started"] = server_group._process(os.getppid()).started
    record.write_text(json.dumps(told))
    assert server_group.end_orphans(record) == (0 if changed else 1)
    assert (bystander.poll() is None) == bool(changed)


def test_a_record_that_makes_no_sense_is_none(record):
    assert server_group.end_orphans(record) == 0
    for words in ("", "{", "[]", '{"group": 1}'):
        record.write_text(words)
        assert server_group.end_orphans(record) == 0
