import os
import signal
from pathlib import Path
from types import SimpleNamespace

import pytest

from quartier.lib.tests.databases import own_database


@pytest.fixture
def own(tmp_path: Path, django_db_blocker):
    with django_db_blocker.unblock(), own_database(tmp_path, "live") as database:
        yield database


@pytest.fixture
def server(own):
    """A real uvicorn on the test's own database."""
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
