"""Too few connections of PostgreSQL for this machine are said at the start, and before people notice."""

import pytest
from django.db import connection

from quartier.cli.run import capacity
from quartier.cli.tests.conftest import called
from quartier.cli.tests.test_restore import WHO
from quartier.cli.tests.test_run import until_ready
from tests.servers import NoPostgres, postgres


@pytest.mark.django_db
def test_on_sqlite_nobody_counts():
    if connection.vendor == "sqlite":
        assert capacity.too_few(50) == ""


@pytest.mark.servers
def test_a_database_with_too_few_connections_is_named(tmp_path, started, port):
    home = tmp_path / "home"
    try:
        with postgres() as server:
            assert called(home, "init", *WHO, "--database", server.url).returncode == 0
            # 100 of the server, less three that it keeps: 7 processes with 13 each fit, 8 do not.
            enough = started("run", "--processes", "1", PORT=str(port))
            until_ready(enough)
            enough.terminate()
            enough.wait(60)
            crowded = started("run", "--processes", "1", "--workers", "7", PORT=str(port))
            said = next(line for line in crowded.stdout if "connections" in line or line.startswith("Ready"))
            crowded.terminate()
            assert "allows 97 connections, and this machine may need 104" in said
    except NoPostgres as missing:
        pytest.skip(str(missing))
