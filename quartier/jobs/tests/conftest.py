from pathlib import Path

import pytest

from quartier.lib import background
from quartier.lib.tests.databases import own_database


@pytest.fixture
def own(tmp_path: Path, django_db_setup, django_db_blocker, monkeypatch):
    # The tables of the other rooms are not in the database of these tests.
    schedules = {n: s for n, s in background.SCHEDULES.items() if n.startswith(("jobs.", "tests."))}
    monkeypatch.setattr(background, "SCHEDULES", schedules)
    monkeypatch.setattr(background, "PULLERS", {})
    with django_db_blocker.unblock(), own_database(tmp_path) as database:
        database.run("CREATE TABLE effect (number integer NOT NULL)")
        yield database
