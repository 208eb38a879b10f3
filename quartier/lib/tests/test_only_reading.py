import threading

import pytest
from django.apps import apps
from django.db import transaction

from quartier.lib import clock
from quartier.lib.only_reading import noticing_writes, would_write

pytestmark = pytest.mark.django_db(transaction=True)


def organisations():
    return apps.get_model("team", "Organisation").objects


def rename():
    organisations().update(name="Quartier Sud")


def rename_whatever_fails():
    try:
        rename()
    except Exception:
        return False
    return True


@transaction.atomic
def lock():
    organisations().select_for_update().filter(name="nobody").first()


def look():
    return organisations().filter(name="nobody").exists()


@pytest.mark.parametrize("writes", [rename, rename_whatever_fails, lock])
def test_what_writes_or_locks_is_stopped(organisation, writes):
    assert would_write(writes)
    assert not organisations().filter(name="Quartier Sud").exists()
    # The connection is as it was.
    with transaction.atomic():
        rename()
    assert organisations().filter(name="Quartier Sud").exists()


def test_what_only_reads_gets_through(organisation):
    assert not would_write(look)
    assert would_write(lambda: True)


def test_writes_are_noticed(organisation):
    for function, writes in ((look, False), (lock, False), (rename, True)):
        with noticing_writes() as noticed:
            function()
        assert noticed.writes == writes


def test_as_if_is_for_one_thread_and_one_block(tuesday):

    later, seen = tuesday.replace(hour=23), []
    with clock.as_if(later):
        other = threading.Thread(target=lambda: seen.append(clock.now()))
        other.start()
        other.join()
        assert clock.now() == later
    assert clock.now() != later
    assert seen != [later]
