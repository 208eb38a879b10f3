"""What the benchmark of a resting installation sees, and what it holds against its goals."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench import idle, memory

pytestmark = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="as Linux counts")
BUSY = "while True: pass"


def test_a_process_is_seen_by_its_role_with_what_it_works_and_weighs():
    # The words after the program are what it is there for.
    child = subprocess.Popen([sys.executable, "-c", BUSY, "quartier", "worker"])
    try:
        while idle.worked(child.pid) < 0.2:
            os.sched_yield()
        seen = idle._seen(os.getpid())
        assert seen[os.getpid()].role == "parent"
        assert seen[child.pid].role == "worker"
        assert seen[child.pid].worked_s >= 0.2
        assert 1 < memory.proportional_mb(child.pid) < 100
    finally:
        child.kill()
        child.wait()
    assert child.pid not in idle._seen(os.getpid())


def lines(**percents):
    weights = {"parent": 20.0, "worker": 70.0, "callcore": 80.0, "web": 100.0}
    return [{"role": role, "percent": percent, "pss_mb": weights[role]} for role, percent in percents.items()]


def test_the_goals():
    well = idle._sum(lines(parent=0.1, worker=0.5, callcore=0.4, web=0.5), 0)
    assert (well["worker_and_callcore_percent"], well["parent_mb"], well["all_mb"]) == (0.9, 20.0, 270.0)
    assert well["ok"]
    assert not idle._sum(lines(parent=0.1, worker=0.7, callcore=0.4), 0)["ok"]
    assert not idle._sum(lines(parent=0.1, worker=0.5), 1)["ok"]
    assert not idle._sum(2 * lines(parent=0.0, web=0.5), 0)["ok"]
