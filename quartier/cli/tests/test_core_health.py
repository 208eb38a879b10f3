"""Call control that stands still is ended by its parent within seconds, and started anew."""

import socket
import threading
from contextlib import contextmanager

import pytest

from quartier.cli.run import answers, calls, parent
from quartier.cli.run.parent import Child


@contextmanager
def call_control(answer):
    """`answer`: to each question; `None` says nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as there:
        there.bind(("127.0.0.1", 0))

        def listen():
            data, sender = there.recvfrom(2000)
            assert data.startswith(b"OPTIONS ")
            if answer is not None:
                there.sendto(answer, sender)

        thread = threading.Thread(target=listen)
        thread.start()
        yield there.getsockname()[1]
        thread.join()


@pytest.mark.parametrize(
    ("answer", "is_there"),
    [(b"SIP/2.0 200 OK\r\n", True), (b"SIP/2.0 503 Service Unavailable\r\n", False), (None, False)],
)
def test_call_control_is_asked_whether_it_is_there(monkeypatch, answer, is_there):
    monkeypatch.setattr(answers, "CORE_TIMEOUT_S", 5.0 if answer else 0.1)
    with call_control(answer) as port:
        assert answers.core_answers(port) == is_there


def test_three_late_answers_end_no_calls(monkeypatch):
    now, answers = [1000.0], iter([True, False, False, False, True, False])
    monkeypatch.setattr(parent.time, "monotonic", lambda: now[0])
    child = Child("core", [], answers=lambda: next(answers), hangs_after_s=calls.CORE_HANGS_AFTER_S)
    child.started = child.answered = now[0]
    for _ in range(6):
        # (It asks a moment later than it should, as processes do.)
        now[0] += parent.HEALTH_INTERVAL_S + 0.2
        assert parent._is_healthy(child)


def test_who_has_answered_and_stops_to_is_ended_sooner_than_who_begins(monkeypatch):
    now, answers = [1000.0], [False]
    monkeypatch.setattr(parent.time, "monotonic", lambda: now[0])

    def is_healthy_after(seconds):
        now[0] += seconds
        return parent._is_healthy(child)

    child = Child("core", [], answers=lambda: answers[0], hangs_after_s=calls.CORE_HANGS_AFTER_S)
    child.started = child.answered = now[0]
    assert is_healthy_after(calls.CORE_HANGS_AFTER_S + 5), "it begins"
    answers[0] = True
    assert is_healthy_after(5)
    answers[0] = False
    assert is_healthy_after(calls.CORE_HANGS_AFTER_S - 1)
    assert not is_healthy_after(parent.HEALTH_INTERVAL_S)
