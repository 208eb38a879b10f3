"""A whole installation whose parent is killed together with the edge's main process: the next start ends what is left,
and answers by processes of its own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.line.edge import needs_kamailio, wait_for_edge
from tests.line.site import line_running
from tests.line.test_falls import find_processes, processes

pytestmark = [pytest.mark.servers, pytest.mark.skipif(bool(needs_kamailio()), reason=needs_kamailio())]
TIMEOUT_S = 120
SERVER_NAMES = ("kamailio", "rtpengine", "callcore")


def test_the_next_start_ends_what_a_killed_one_has_left() -> None:
    with line_running() as line:
        wait_for_edge(line.sip)
        main = int((line.site.home / "line" / "kamailio.pid").read_text())
        before = {pid for name in SERVER_NAMES for pid in processes(line, name)}
        (parent,) = processes(line, "run", "--with-calls")
        # The edge first: what it has made hears of nobody's end.
        os.kill(parent, signal.SIGSTOP)
        os.kill(main, signal.SIGKILL)
        os.kill(parent, signal.SIGKILL)
        assert set(processes(line, "kamailio")) & before, "orphans that hold the port"
        words = [
            sys.executable,
            "-m",
            "quartier",
            "run",
            "--port",
            line.site.address.rpartition(":")[2],
            "--with-calls",
        ]
        log = Path(line.site.home / "again.log")
        with log.open("wb") as written:
            again = subprocess.Popen(words, env=line.site.environ, stdout=written, stderr=written)
        try:
            end = time.monotonic() + TIMEOUT_S
            while b"kamailio: " not in log.read_bytes() and time.monotonic() < end:
                assert again.poll() is None, log.read_text()
                time.sleep(0.2)
            # Between the old and the new there is none for a moment.
            line.wait_until(lambda: before.isdisjoint(find_processes(line, "kamailio") or before), 30)
            wait_for_edge(line.sip)
            line.wait_until(lambda: "the line is answered" in log.read_text(), TIMEOUT_S)
            now = {pid for name in SERVER_NAMES for pid in processes(line, name)}
            assert now.isdisjoint(before)
            assert "Address already in use" not in log.read_text()
        finally:
            again.send_signal(signal.SIGTERM)
            again.wait(60)
        assert not find_processes(line, "kamailio")
