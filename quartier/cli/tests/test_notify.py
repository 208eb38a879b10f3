"""What systemd is told, the socket that outlives a restart, and how soon a child is back."""

import os
import signal
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from quartier.cli import run
from quartier.cli.run import notify, parent


@pytest.fixture
def systemd(tmp_path, monkeypatch):
    """The socket at which systemd listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(20)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        yield listening


@pytest.fixture
def pages():
    """Pages that answer `/health` with this status and these words."""
    said = {"status": 200, "body": b'{"ok": true, "worker": "ok", "oldest_message_s": null}'}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(said["status"])
            self.end_headers()
            self.wfile.write(said["body"])

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", said
    server.shutdown()
    server.server_close()


def test_the_socket_is_given_to_systemd_to_keep(systemd):
    with socket.create_server(("127.0.0.1", 0)) as sock:
        notify.tell("READY=1\nFDSTORE=1", keep=sock)
        words, handles, _flags, _from = socket.recv_fds(systemd, 1000, 4)
        assert words == b"READY=1\nFDSTORE=1"
        with socket.socket(fileno=handles[0]) as kept:
            assert kept.getsockname() == sock.getsockname()


def test_nothing_is_told_where_nobody_listens(monkeypatch):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    notify.tell("READY=1")
    monkeypatch.setenv("NOTIFY_SOCKET", "/nowhere/at/all")
    notify.tell("READY=1")


def test_while_pages_answer_systemd_hears_how_it_is(systemd, pages, monkeypatch):
    address, said = pages
    monkeypatch.setattr(notify, "ASKS_EVERY_S", 0.05)
    stop = threading.Event()
    notify.watch(address, stop)
    try:
        assert systemd.recv(1000) == b"WATCHDOG=1\nSTATUS=well: worker ok, oldest_message_s -"
        said |= {"status": 503, "body": b'{"ok": false, "worker": "away"}'}
        heard = {systemd.recv(1000) for _time in range(4)}
        assert b"WATCHDOG=1\nSTATUS=NOT WELL: worker away" in heard
    finally:
        stop.set()


def test_of_pages_that_do_not_answer_systemd_hears_nothing(systemd, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as sock:
        address = f"http://127.0.0.1:{sock.getsockname()[1]}/"
    monkeypatch.setattr(notify, "ASKS_EVERY_S", 0.02)
    stop = threading.Event()
    notify.watch(address, stop)
    systemd.settimeout(0.5)
    with pytest.raises(TimeoutError):
        systemd.recv(1000)
    stop.set()


def test_what_is_no_health_is_said_so(pages):
    address, said = pages
    said |= {"status": 503, "body": b"<p>the tables are being changed</p>"}
    assert notify.summary(*notify.ask(address)) == "pages answer 503"


@pytest.mark.parametrize("given", [{}, {"LISTEN_PID": "1", "LISTEN_FDS": "1"}, {"LISTEN_FDS": "1"}])
def test_a_socket_for_another_process_is_left_alone(monkeypatch, given):
    for name in ("LISTEN_PID", "LISTEN_FDS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert notify.inherited() is None
    assert not {"LISTEN_PID", "LISTEN_FDS"} & set(os.environ)


def test_a_kept_socket_serves_where_it_is_asked_for_alone():
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port = sock.getsockname()[1]
        assert run.is_at(sock, "127.0.0.1", port)
        assert run.is_at(sock, "localhost", port)
        assert not run.is_at(sock, "127.0.0.1", port + 1)
        for other in ("0.0.0.0", "127.0.0.2", "::1", "::", ""):
            assert not run.is_at(sock, other, port), other


def test_one_that_was_killed_is_back_within_a_second_each_time():
    pause = 0.0
    for _time in range(50):
        pause = parent.pause_after(pause, 1.0, is_missed=True)
        assert pause <= 1.0
    assert parent.pause_after(30.0, parent.SOUND_AFTER + 1, is_missed=False) == parent.FIRST_PAUSE


def test_one_that_ends_by_itself_each_time_is_tried_ever_more_seldom():
    pauses = [parent.pause_after(0.0, 1.0, is_missed=False)]
    for _time in range(9):
        pauses.append(parent.pause_after(pauses[-1], 1.0, is_missed=False))
    assert pauses == sorted(pauses)
    assert pauses[-1] == parent.LONGEST_PAUSE


def test_the_last_one_that_draws_pages_is_missed():
    with socket.create_server(("127.0.0.1", 0)) as sock:
        found = parent.Parent(sock)
        one, other = parent.Child("web 1", ["web"], web=True), parent.Child("web 2", ["web"], web=True)
        for child in (one, other, parent.Child("worker 1", ["worker"])):
            found.add(child)
        assert found._is_last_of_pages(one)
        other.process = object()  # type: ignore[assignment]
        assert not found._is_last_of_pages(one)


def test_a_signal_for_all_of_it_anew_and_one_for_the_end():
    with socket.create_server(("127.0.0.1", 0)) as sock:
        for given, again in (
            ([signal.SIGUSR1], True),
            ([signal.SIGUSR1, signal.SIGUSR1], True),
            ([signal.SIGUSR1, signal.SIGTERM], False),
            ([signal.SIGTERM, signal.SIGUSR1], False),
        ):
            found = parent.Parent(sock)
            for number in given:
                found._on_signal(number, None)
            assert found.again is again, given
