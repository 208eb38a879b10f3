"""The mark is another one after somebody else's write, and the same without one."""

import threading

import pytest
from django.db import connection, transaction

from quartier.lib.write_mark import write_mark

pytestmark = pytest.mark.django_db(transaction=True)


def elsewhere(do) -> None:
    """`do` on a connection of its own, as another process would."""

    def work() -> None:
        try:
            do()
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_reading_leaves_it(organisation):
    before = write_mark()
    elsewhere(lambda: type(organisation).objects.count())
    assert write_mark() == before


def test_a_write_of_another_connection_changes_it(organisation):
    before = write_mark()
    elsewhere(lambda: type(organisation).objects.update(name="Quartier Sud"))
    assert write_mark() != before


def test_a_write_that_is_committed_after_a_look_changes_it_again(organisation):
    started, looked = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            type(organisation).objects.update(name="Quartier Nord")
            started.set()
            looked.wait(10)

    thread = threading.Thread(target=lambda: elsewhere(slow))
    thread.start()
    started.wait(10)
    during = write_mark()
    looked.set()
    thread.join()
    assert write_mark() != during
