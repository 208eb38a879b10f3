"""A worker at rest leaves alone who has nothing to do in this minute, and is late for nothing."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection

from quartier.jobs import worker as worker_loop
from quartier.jobs.backend import task
from quartier.jobs.models import Job
from quartier.jobs.pull import Pullers
from quartier.jobs.schedule import Timetable
from quartier.jobs.tests.work import note
from quartier.jobs.worker import run_worker, work_off
from quartier.lib import background, clock

NOON = clock.now().replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.fixture(autouse=True)
def _at_noon(own):
    with clock.stopped_at(NOON):
        yield


def due_at(moment, done):
    """A puller with one thing to do, at this moment."""

    def pull():
        if clock.now() < moment or done:
            return False
        note(1)
        done.append(clock.now())
        return True

    return pull


def test_what_falls_due_in_this_minute_is_done_on_time_and_others_are_left_alone(own):
    soon, later, calls = [], [], Counter()

    def idle():
        calls["idle"] += 1
        return False

    rounds = Pullers(
        [due_at(NOON + timedelta(seconds=30), soon), due_at(NOON + timedelta(minutes=2), later), idle]
    )
    assert not rounds.pull()
    rounds.rest()
    assert rounds.rests
    calls.clear()
    assert not own.rows("SELECT number FROM effect")
    clock.advance(timedelta(seconds=29))
    assert not rounds.pull()
    clock.advance(timedelta(seconds=1))
    assert rounds.pull()
    assert soon == [NOON + timedelta(seconds=30)]
    assert not calls
    clock.advance(timedelta(seconds=30))
    assert not rounds.rests
    rounds.rest()
    clock.advance(timedelta(minutes=1))
    assert rounds.pull()
    assert later == [NOON + timedelta(minutes=2)]


def test_a_rest_ends_with_the_minute_and_when_the_clock_is_set_back(own):
    rounds = Pullers([lambda: False])
    rounds.rest()
    clock.advance(timedelta(seconds=59))
    assert rounds.rests
    clock.advance(timedelta(seconds=1))
    assert not rounds.rests
    rounds.rest()
    clock.advance(timedelta(hours=-1))
    assert not rounds.rests


def test_who_fails_or_looks_elsewhere_is_called_each_time(own, monkeypatch):
    calls = Counter()

    def elsewhere():
        calls["elsewhere"] += 1
        return False

    def broken():
        calls["broken"] += 1
        raise RuntimeError("out of order")

    monkeypatch.setattr(background, "PULLERS", {"e": background.Puller("e", elsewhere, looks_elsewhere=True)})
    rounds = Pullers([elsewhere, broken])
    rounds.rest()
    # It was not asked as if it were later: another server's answer would be taken and lost.
    assert calls == {"broken": 1}
    assert not rounds.pull()
    assert calls == {"elsewhere": 1, "broken": 2}


def test_written_while_the_worker_rests_all_have_their_turn(own, monkeypatch):
    """Also what was written between the last look and the question what will be due."""
    monkeypatch.setattr(worker_loop, "ROUND_INTERVAL_S", 0.1)
    stop, rounds, begun = threading.Event(), [], threading.Event()

    def write():
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO effect (number) VALUES (7)")
        connection.close()

    def look():
        rounds.append(None)
        begun.set()
        if own.rows("SELECT number FROM effect WHERE number = 7"):
            stop.set()
        return False

    def after_a_while():
        begun.wait(20)
        # The clock stands still: the minute never ends.
        stop.wait(1.5)
        write()

    writing = threading.Thread(target=after_a_while)
    writing.start()
    watchdog = threading.Timer(30, stop.set)
    watchdog.start()
    run_worker(stop, [look])
    watchdog.cancel()
    writing.join()
    assert own.rows("SELECT number FROM effect WHERE number = 7")
    # One round, one question, one round after the write: not one each tenth of a second.
    assert len(rounds) <= 4


@task()
def only_look() -> None:
    Job.objects.exists()


@task()
def change() -> None:
    note(3)


def test_a_job_that_wrote_nothing_says_so(own):
    from quartier.jobs import actions

    only_look.enqueue()
    assert not actions.work_next(worker="w").has_written
    change.enqueue()
    assert actions.work_next(worker="w").has_written


THERE = []


def act():
    for number in THERE:
        note(number)


def test_a_frequent_schedule_with_nothing_to_do_leaves_no_job(own, monkeypatch):

    def schedules(seconds):
        schedule = background.Schedule("tests.often", seconds, act, atomic=True)
        monkeypatch.setattr(background, "SCHEDULES", {"tests.often": schedule})

    schedules(10)
    assert not Timetable().enqueue_due()
    assert not Job.objects.exists()
    THERE.append(5)
    clock.advance(timedelta(seconds=10))
    work_off([])
    assert own.rows("SELECT number FROM effect") == [(5,)]
    THERE.clear()
    Job.objects.all().delete()
    # By the jobs of the others it is seen that a worker is there.
    schedules(60)
    assert Timetable().enqueue_due()
