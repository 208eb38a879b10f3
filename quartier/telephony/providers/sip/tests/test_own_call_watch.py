"""A stop of outgoing calls that the database has refused is said again until it stands there; the edge is played."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest

from quartier.telephony.providers.sip import own_call_watch
from quartier.telephony.providers.sip.edge import EdgeDown
from quartier.telephony.providers.sip.own_call_watch import REPORT_TIMEOUT_S, OwnCallWatch
from quartier.telephony.providers.sip.own_calls import UNWATCHED_S, SentCall


class Stage:
    """The edge with one foreign call, a desk that keeps its words to itself, and the hands of the clock."""

    def __init__(self, monkeypatch):
        self.now, self.told, self.then = 1000.0, [], []
        self.marks, self.is_down = 0, False
        self.lines = {1: SimpleNamespace(now=SimpleNamespace(is_dialling_stopped=False))}
        self.desk = self
        monkeypatch.setattr(own_call_watch.time, "monotonic", lambda: self.now)
        for name, do in (
            ("sent_calls", self.sent),
            ("is_stopped_at_edge", self.is_stopped),
            ("stop_at_edge", self.stop),
            ("resume_at_edge", self.resume),
            ("cancel_at_edge", self.cancel),
            ("mark_as_watched", self.mark),
        ):
            monkeypatch.setattr(own_call_watch, name, do)
        self.stopped = False
        self.watch = OwnCallWatch(self, pipe=Path("unused"), secret="secret")

    def put(self, do, then):
        self.told.append(do.args[0])
        self.then.append(then)

    async def sent(self, port):
        if self.is_down:
            raise EdgeDown
        return [SentCall("foreign", "1")]

    async def is_stopped(self, port):
        return self.stopped

    async def stop(self, port):
        self.stopped = True

    async def resume(self, port):
        self.stopped = False

    async def cancel(self, port, call):
        pass

    async def mark(self, pipe):
        self.marks += 1

    def look(self, later=0.0):
        self.now += later
        asyncio.run(self.watch.look())


@pytest.fixture
def stage(monkeypatch):
    return Stage(monkeypatch)


def test_a_stop_that_the_database_refused_is_said_again_until_it_stands_there(stage):
    stage.look()
    assert (stage.told, stage.stopped) == ([1], True)
    stage.look(REPORT_TIMEOUT_S - 1)
    assert stage.told == [1]
    stage.look(1)
    assert stage.told == [1, 1]
    # A database that is away for long is not buried in words.
    stage.look(REPORT_TIMEOUT_S)
    assert stage.told == [1, 1]
    stage.look(REPORT_TIMEOUT_S)
    assert (stage.told, stage.stopped) == ([1, 1, 1], True)
    stage.then[-1](None)
    stage.lines[1].now.is_dialling_stopped = True
    stage.look(10 * REPORT_TIMEOUT_S)
    assert (stage.told, stage.stopped) == ([1, 1, 1], True)
    # Lifted by a person, calls leave again.
    stage.lines[1].now.is_dialling_stopped = False
    stage.look()
    assert not stage.stopped


def test_what_stands_in_the_database_is_not_said_again(stage):
    stage.look()
    stage.then[0](None)
    stage.look(2 * REPORT_TIMEOUT_S)
    assert stage.told == [1]
    assert not stage.stopped, "lifted at once by a person"


def test_each_look_lets_calls_out_a_while_longer_and_one_that_fails_does_not(stage):
    stage.look()
    assert (stage.marks, stage.watch.is_blind) == (1, False)
    stage.is_down = True
    for _ in range(3):
        with pytest.raises(EdgeDown):
            stage.look(UNWATCHED_S / 3)
    assert (stage.marks, stage.watch.is_blind) == (1, True)
    stage.is_down = False
    stage.look(1)
    assert (stage.marks, stage.watch.is_blind) == (2, False)
