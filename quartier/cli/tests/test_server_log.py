"""A flood of lines of a server is no flood of our log, and what is said once is still read in it."""

import subprocess
import sys

from quartier.cli.run.server_log import (
    MAX_ALIKE_PER_WINDOW,
    MAX_LINES_PER_WINDOW,
    WINDOW_S,
    LogLimiter,
)

REFUSED_LINES = (
    b"11(744) CRITICAL: <core> [core/tcp_main.c:4498]: hit the limit of connections per source IP (%s:%d)\n"
)
SERVER_PROGRAM = """
import sys
for number in range(5000):
    print("refused", number, file=sys.stderr)
print("something else", file=sys.stderr)
"""
SUPERVISOR_PROGRAM = """
import socket, sys, threading
from quartier.cli.run.parent import Child, Parent
parent = Parent(socket.create_server(("127.0.0.1", 0)))
parent.add(Child("edge", ["-c", sys.argv[1]], program=sys.executable, once=True), then=parent.stop)
parent.run()
"""


def test_lines_that_are_alike_are_few_and_others_are_read():
    limiter = LogLimiter("edge")
    written = [
        line
        for number in range(1000)
        for line in limiter.filter(REFUSED_LINES % (b"2001:db8:%x::7" % number, number), number / 100)
    ]
    assert len(written) == MAX_ALIKE_PER_WINDOW
    assert limiter.filter(b"ERROR: a certificate is gone\n", 11) == [b"ERROR: a certificate is gone\n"]
    later = limiter.filter(REFUSED_LINES % (b"192.0.2.7", 7), WINDOW_S)
    assert later == [b"edge: 980 more lines were left out\n", REFUSED_LINES % (b"192.0.2.7", 7)]
    assert limiter.finish() == []


def test_whoever_says_something_else_each_time_fills_no_disk_either():
    limiter = LogLimiter("edge")
    words = (
        bytes([97 + number % 26, 103 + number // 26 % 20, 103 + number // 520]) for number in range(2000)
    )
    assert sum(len(limiter.filter(each, 1.0)) for each in words) == MAX_LINES_PER_WINDOW


def test_a_server_that_is_run_is_limited():
    ended = subprocess.run(
        [sys.executable, "-c", SUPERVISOR_PROGRAM, SERVER_PROGRAM],
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    lines = ended.stderr.splitlines()
    assert len(lines) <= MAX_ALIKE_PER_WINDOW + 10, lines[-5:]
    assert b"something else" in lines
    assert b"edge: 4980 more lines were left out" in lines
