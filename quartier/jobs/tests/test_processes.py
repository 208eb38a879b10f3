"""Real workers, killed and stopped, on either database."""

import os
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection

from quartier.jobs import worker as worker_loop
from quartier.jobs.models import Job, State, Tick
from quartier.jobs.tests.work import add, talk
from quartier.jobs.worker import run_worker
from quartier.lib import clock
from quartier.lib.tests.databases import OwnDatabase

KILLS = int(os.environ.get("QUARTIER_TEST_KILLS", "8"))
PATIENCE = 60


def wait_for(condition: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.02)


@contextmanager
def crew(own: OwnDatabase, size: int, **environment: str) -> Iterator[list["subprocess.Popen[str]"]]:
    """Some workers; what is left of them at the end is killed."""
    workers: list[subprocess.Popen[str]] = []
    try:
        for _ in range(size):
            workers.append(own.start("-m", "quartier.jobs.tests.crew", **environment))
        yield workers
    finally:
        for worker in workers:
            kill(worker)


def kill(worker: "subprocess.Popen[str]") -> None:
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    worker.stdout.close()


def open_jobs() -> int:
    return Job.objects.filter(state__in=[State.READY, State.RUNNING]).count()


def effects(own: OwnDatabase) -> "Counter[object]":
    return Counter(number for (number,) in own.rows("SELECT number FROM effect"))


def test_killed_workers_lose_nothing_and_double_nothing(own):
    luck = random.Random(5)
    count = KILLS * 12
    for number in range(count):
        (add if number % 3 else talk).enqueue(number, pause=0.03)
    with crew(own, 2) as workers:
        for worker in workers:
            worker.stdout.readline()
        for _ in range(KILLS):
            before = sum(effects(own).values())
            wait_for(
                lambda before=before: sum(effects(own).values()) > before or not open_jobs(), "some work"
            )
            time.sleep(luck.uniform(0, 0.06))  # Where in a job the kill falls is the point of the test.
            victim = luck.randrange(2)
            kill(workers[victim])
            workers[victim] = own.start("-m", "quartier.jobs.tests.crew")
        wait_for(lambda: open_jobs() == 0, "the end of all jobs")
    found = effects(own)
    lost = [number for number in range(count) if number not in found]
    doubled = [number for number, times in found.items() if times > 1]
    print(f"kills={KILLS} jobs={count} lost={len(lost)} doubled={len(doubled)}")
    assert (lost, doubled) == ([], [])
    assert Job.objects.filter(state=State.FAILED).count() == 0


def test_two_workers_share_the_jobs_and_stop_when_told(own):
    with crew(own, 2) as workers:
        for worker in workers:
            worker.stdout.readline()
        for number in range(60):
            talk.enqueue(number, pause=0.02)
        wait_for(lambda: open_jobs() == 0, "the end of all jobs")
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        ends = [worker.communicate(timeout=PATIENCE)[0] for worker in workers]
    assert all(end.endswith("stopped\n") for end in ends), ends
    assert set(effects(own).values()) == {1}
    assert len({job.workers[-1] for job in Job.objects.filter(task__endswith="talk")}) == 2


def test_a_stopping_worker_finishes_what_it_is_at(own):
    add.enqueue(1, pause=1.0)
    add.enqueue(2)
    with crew(own, 1) as (worker,):
        wait_for(lambda: Job.objects.filter(state=State.RUNNING, args=[1]).exists(), "the first job to run")
        worker.send_signal(signal.SIGTERM)
        assert worker.communicate(timeout=PATIENCE)[0].endswith("stopped\n")
    assert effects(own) == {1: 1}
    assert Job.objects.get(state=State.READY).args == [2]


def test_each_tick_is_worked_on_once_by_two_workers(own):
    with crew(own, 2, QUARTIER_TEST_TICKS="1"):
        wait_for(lambda: Tick.objects.filter(name="tests.tick").count() >= 4, "four ticks")
    ticks = Tick.objects.filter(name="tests.tick").count()
    jobs = Job.objects.filter(unique_key="every tests.tick").count()
    assert jobs == ticks, "one job for each tick"
    done = Job.objects.filter(unique_key="every tests.tick", state=State.DONE).count()
    assert sum(effects(own).values()) == done


def test_a_puller_that_fails_does_not_stop_the_others(own):
    stop, calls = threading.Event(), Counter()

    def broken() -> bool:
        calls["broken"] += 1
        raise RuntimeError("out of order")

    def fine() -> bool:
        calls["fine"] += 1
        if calls["fine"] == 5:
            stop.set()
        return True

    run_worker(stop, [broken, fine])
    assert calls == {"broken": 1, "fine": 5}


@pytest.fixture
def idle_worker(transactional_db, monkeypatch):
    """The module of the worker, with nothing that is due by its timetable."""
    monkeypatch.setattr(worker_loop.Timetable, "enqueue_due", lambda _: False)
    return worker_loop


def test_an_idle_worker_looks_again_once_something_is_written(idle_worker, organisation, monkeypatch):
    monkeypatch.setattr(idle_worker, "ROUND_INTERVAL_S", 3600)
    stop, rounds = threading.Event(), []

    def write() -> None:
        type(organisation).objects.update(name="Quartier Sud")
        connection.close()

    def look() -> bool:
        rounds.append(None)
        if len(rounds) == 1:
            threading.Timer(1.0, write).start()
        else:
            stop.set()
        return False

    run_worker(stop, [look])
    assert len(rounds) == 2


def test_an_idle_worker_looks_again_as_time_passes(idle_worker, organisation, monkeypatch):
    monkeypatch.setattr(idle_worker, "ROUND_INTERVAL_S", 0.1)
    stop, due, done = threading.Event(), clock.now() + timedelta(seconds=1), []

    def look() -> bool:
        if clock.now() < due:
            return False
        type(organisation).objects.update(name="Quartier Sud")
        done.append(clock.now())
        stop.set()
        return True

    watchdog = threading.Timer(PATIENCE, stop.set)
    watchdog.start()
    run_worker(stop, [look])
    watchdog.cancel()
    assert done
    assert done[0] - due < timedelta(seconds=10)
