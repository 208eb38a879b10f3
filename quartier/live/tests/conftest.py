import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from quartier.lib.tests.databases import OwnDatabase, own_database


@pytest.fixture(scope="module")
def own(tmp_path_factory, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), own_database(tmp_path_factory.mktemp("live")) as database:
        yield database


@contextmanager
def uvicorn_on(own: OwnDatabase) -> Iterator[SimpleNamespace]:
    process = own.start("-m", "quartier.live.tests.served")
    try:
        line = process.stdout.readline()
        assert line.startswith("port "), line + process.stdout.read()
        yield SimpleNamespace(port=int(line.split()[1]), process=process)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()


@pytest.fixture(scope="module")
def server(own):
    """A real uvicorn on a database of its own."""
    with uvicorn_on(own) as started:
        yield started


@pytest.fixture
def server_to_stop(own):
    """Another one, for a test that stops it."""
    with uvicorn_on(own) as started:
        yield started
