"""What waits goes on when the machine's clock is set, and a simulation's clock is obeyed by both."""

import time
from datetime import UTC, datetime, timedelta

from quartier.lib import clock


def test_seconds_only_go_on_whatever_is_done_to_the_time_of_day(monkeypatch):
    before = clock.steady()
    assert abs(before - time.time()) < 60
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert before <= clock.steady() < before + 60


def test_a_moment_of_the_steady_clock_is_a_time_of_day_by_the_clock_as_it_is_now(monkeypatch):
    since = clock.steady() - 30
    set_back = datetime(2026, 3, 1, 12, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: set_back)
    assert abs(clock.moment(since) - (set_back - timedelta(seconds=30))) < timedelta(seconds=1)


def test_a_clock_that_was_set_is_steady_too():
    with clock.stopped_at(datetime(2026, 3, 1, 12, tzinfo=UTC)):
        before = clock.steady()
        clock.advance(timedelta(minutes=2))
        assert clock.steady() - before == 120.0
