"""Whoever sends slowly, too much, or in the name of others: as a stranger with a socket, against what `quartier run`
starts."""

import shutil
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress

import pytest

from quartier.cli.run import connections
from quartier.cli.tests.conftest import environment
from quartier.cli.tests.test_run import until_ready
from tests.ports import free_port

pytestmark = pytest.mark.servers
PATIENCE = 60
MB = 1024 * 1024
HEAD = b"Host: 127.0.0.1\r\n"


@pytest.fixture(scope="module")
def address(_new, tmp_path_factory):
    """One installation for all: nothing is kept of what is sent to it here."""
    home = shutil.copytree(_new, tmp_path_factory.mktemp("served") / "home")
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "quartier", "run", "--processes", "1"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=environment(home, PORT=str(port)), cwd=home.parent,
    )  # fmt: skip
    until_ready(process)
    yield "127.0.0.1", port
    process.terminate()
    process.wait(30)


def sent(address, data):
    line = socket.create_connection(address, timeout=PATIENCE)
    line.sendall(data)
    return line


def answer(line):
    """The status, and what came with it until the other side has said all."""
    line.settimeout(PATIENCE)
    came = b""
    while b"\r\n\r\n" not in came and (piece := line.recv(65_536)):
        came += piece
    head, _, body = came.partition(b"\r\n\r\n")
    lengths = [row.split(b":")[1] for row in head.lower().split(b"\r\n") if row.startswith(b"content-length")]
    while lengths and len(body) < int(lengths[0]) and (piece := line.recv(65_536)):
        body += piece
    return int(head.split(b" ", 2)[1] or 0), body.decode(errors="replace")


def is_closed(line):
    line.setblocking(False)
    try:
        while line.recv(65_536):
            pass
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def test_whoever_sends_too_slowly_is_let_go_and_others_are_not(address):
    page = b"GET /en/ HTTP/1.1\r\n" + HEAD
    with ExitStack() as held:
        slow = [held.enter_context(sent(address, first)) for first in (b"", b"G", page)]
        after_a_page = held.enter_context(sent(address, page + b"\r\n"))
        assert answer(after_a_page)[0] == 200
        after_a_page.sendall(page)
        form = b"POST /en/sign-in/ HTTP/1.1\r\n" + HEAD
        bodies = [
            held.enter_context(sent(address, form + b"Content-Length: 900000\r\n\r\na=")),
            held.enter_context(sent(address, form + b"Transfer-Encoding: chunked\r\n\r\n2\r\na=\r\n")),
        ]
        steady = held.enter_context(sent(address, form + b"Content-Length: 900000\r\n\r\n"))
        stream = held.enter_context(
            sent(address, b"GET /live/?topics=link:" + b"a" * 64 + b" HTTP/1.1\r\n" + HEAD + b"\r\n")
        )
        # Its body ends behind the answer, and then it asks for nothing more.
        behind = held.enter_context(sent(address, form + b"Content-Length: 2000000\r\n\r\n"))
        assert answer(behind)[0] == 413
        behind.sendall(b"x" * 2_000_000)
        slow += [after_a_page, *bodies]
        longest = max(connections.HEADERS_TIMEOUT_S, connections.BODY_INTERVAL_S)
        end = time.monotonic() + longest + 10
        began = time.monotonic()
        while time.monotonic() < end and not all(is_closed(line) for line in [*slow, behind]):
            for line, word in zip(
                slow[1:], (b"X", b"X-A: b\r\n", b"X-A: b\r\n", b"b", b"1\r\nb\r\n"), strict=True
            ):
                with suppress(OSError):
                    line.setblocking(True)
                    line.sendall(word)
            steady.setblocking(True)
            steady.sendall(b"x" * 2000)
            time.sleep(0.5)
        assert [is_closed(line) for line in slow] == [True] * len(slow)
        assert is_closed(behind)
        assert time.monotonic() - began > longest - 2
        assert not is_closed(steady)
        assert not is_closed(stream)
        with sent(address, page + b"\r\n") as other:
            assert answer(other)[0] == 200


@pytest.mark.parametrize(
    ("path", "length", "status"),
    [
        ("/fr/sign-in/", 300 * MB, 413),
        ("/fr/sign-in/", MB + 1, 413),
        ("/fr/volunteer/offer/abcdefghijklmnopqrstuv/", 14 * MB, 413),
        ("/fr/console/listening/services/", 7 * MB, 413),
        ("/hooks/nothing/", 2 * MB, 413),
        ("/fr/nothing/at/all/", 2 * MB, 413),
    ],
)
def test_a_body_that_is_announced_too_large_is_never_asked_for(address, path, length, status):
    head = f"POST {path} HTTP/1.1\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n".encode()
    with sent(address, head + HEAD + b"Accept-Language: fr\r\n\r\n") as line:
        found, page = answer(line)
    assert found == status
    if path.startswith("/fr/"):
        assert "trop long" in page


def test_a_photograph_is_taken_where_receipts_are(address):
    head = b"POST /en/volunteer/offer/abcdefghijklmnopqrstuv/ HTTP/1.1\r\n"
    with sent(address, head + HEAD + b"Content-Length: %d\r\n\r\n" % (12 * MB)) as line:
        line.sendall(b"x" * (12 * MB))
        # There is no such offer, or the form was of another page: it was read to its end.
        assert answer(line)[0] in {403, 404}


def test_what_is_sent_unannounced_is_counted(address):
    # More than the machine keeps under way for a connection, and no more than a moment of it is thrown away.
    for path, allowed in ((b"/en/sign-in/", MB), (b"/en/volunteer/offer/abcdefghijklmnopqrstuv/", 13 * MB)):
        head = b"POST " + path + b" HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
        chunk, went = b"10000\r\n" + b"x" * 65_536 + b"\r\n", 0
        with sent(address, head) as line:
            line.settimeout(PATIENCE)
            with suppress(OSError):
                while went < 200 * MB:
                    line.sendall(chunk)
                    went += 65_536
            assert allowed < went < allowed + connections.LINGER_BYTES + 16 * MB
    with sent(address, head.replace(b"offer", b"calendar")) as line:
        for _ in range(20):
            line.sendall(chunk)
        assert answer(line)[0] == 413


def test_a_protocol_that_nobody_speaks_here_breaks_nothing(address):
    asked = b"GET /en/ HTTP/1.1\r\n" + HEAD + b"Connection: Upgrade\r\nUpgrade: websocket\r\n"
    with sent(
        address, asked + b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: YWJjZGVmZ2hpamtsbW5vcA==\r\n\r\n"
    ) as line:
        assert answer(line)[0] == 200


def status_of_stream(address, held, forwarded):
    asked = b"GET /live/?topics=link:" + b"b" * 64 + b" HTTP/1.1\r\n" + HEAD
    line = held.enter_context(sent(address, asked + forwarded.encode() + b"\r\n"))
    return int(line.recv(4096).split(b" ", 2)[1])


def test_nobody_counts_as_many_by_what_they_write_of_themselves(address):
    """As behind a web server that writes the visitor behind what they have sent themselves."""
    from quartier.live.hub import MOST_A_CLIENT

    with ExitStack() as held:
        one = [
            status_of_stream(address, held, f"X-Forwarded-For: 6.6.6.{turn}, 203.0.113.7\r\n")
            for turn in range(MOST_A_CLIENT + 1)
        ]
        assert one == [200] * MOST_A_CLIENT + [503]
        others = [
            "X-Forwarded-For: 203.0.113.7, 203.0.113.8\r\n",
            "X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-For: [2001:db8::1]:4711\r\n",
        ]
        assert [status_of_stream(address, held, each) for each in others] == [200, 200]


def test_a_web_server_in_front_that_is_no_address_is_named(installed, quartier, port):
    said = quartier("run", PORT=str(port), FORWARDED_ALLOW_IPS="127.0.0.1,the office")
    assert said.returncode == 1
    assert "FORWARDED_ALLOW_IPS" in said.stderr
    assert "'the office'" in said.stderr
    assert "Traceback" not in said.stderr
    # What is wrong with the line of the installation every command says.
    said = quartier("run", PORT=str(port), QUARTIER_PROXIES="127.0.0.1,the office")
    assert said.returncode == 2
    assert "QUARTIER_PROXIES" in said.stderr
