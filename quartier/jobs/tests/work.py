"""Tasks for the tests."""

import os
import time

from django.db import connection

from quartier.jobs.backend import JobContext, task
from quartier.lib.background import every


def note(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO effect (number) VALUES (%s)", [number])


@task(tries=3)
def add(number: int, pause: float = 0) -> int:
    note(number)
    time.sleep(pause)  # Wide enough for a kill to fall in.
    return number


@task(tries=3)
def stumble(number: int) -> None:
    note(number)
    raise ValueError("no good\x00\ud800")


@task(atomic=False, takes_context=True, tries=3)
def talk(context: JobContext, number: int, pause: float = 0) -> None:
    assert not connection.in_atomic_block
    time.sleep(pause)  # Stands for the network.
    with context.effects():
        note(number)


@task(takes_context=True)
def count_tries(context: JobContext) -> int:
    return context.attempt


if os.environ.get("QUARTIER_TEST_TICKS"):

    @every(1, "tests.tick")
    def on_tick() -> None:
        note(int(time.time()))
