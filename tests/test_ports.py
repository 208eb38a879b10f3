"""Ports for servers of tests: each once, also beside other test processes."""

import socket
import subprocess
import sys
from pathlib import Path

from quartier.cli.suite import ROOT
from tests import ports

MANY = 120
# What Linux gives to clients.
CLIENTS = Path("/proc/sys/net/ipv4/ip_local_port_range")
ELSEWHERE = f"""
from tests import ports
print(*[ports.free_port(beside=7) for _ in range({MANY})], flush=True)
input()
"""


def elsewhere() -> "subprocess.Popen[str]":
    words = [sys.executable, "-c", ELSEWHERE]
    return subprocess.Popen(words, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def test_no_port_is_given_twice_and_none_that_clients_are_given():
    others = [elsewhere() for _ in range(3)]
    given = [[int(port) for port in other.stdout.readline().split()] for other in others]
    given.append([ports.free_port() for _ in range(MANY)])
    for other in others:
        other.communicate("over\n")
    pieces = [port for each in given for port in each]
    assert len(pieces) == len(set(pieces)) == 4 * MANY
    assert {port % ports.PIECE for port in pieces} == {0}
    if CLIENTS.exists():
        assert max(pieces) + ports.PIECE <= int(CLIENTS.read_text().split()[0])


def test_where_somebody_listens_is_not_given():
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        taken = ports.free_port(beside=1)
        with socket.socket(socket.AF_INET, kind) as server:
            server.bind(("127.0.0.1", taken + 1))
            once_round = {ports.free_port(beside=1) for _ in range(len(ports._PIECES))}
        assert taken not in once_round


def test_two_lines_have_their_own_ports_for_sound():
    (first, last), (second, _) = ports.sound_ports(), ports.sound_ports()
    assert last - first > 500
    assert abs(second - first) >= ports.SOUND_PIECE
