from pathlib import Path

import pytest

from quartier.lib.tests.databases import own_database


@pytest.fixture
def own(tmp_path: Path, django_db_blocker):
    with django_db_blocker.unblock(), own_database(tmp_path, "jobs") as database:
        database.run("CREATE TABLE effect (number integer NOT NULL)")
        yield database
