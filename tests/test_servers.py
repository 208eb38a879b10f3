"""The private PostgreSQL server comes back after a crash, and leaves nothing behind."""

import psycopg
import pytest

from tests.servers import NoPostgres, postgres, programs

pytestmark = pytest.mark.servers


def test_a_killed_server_comes_back_with_what_was_written():
    try:
        programs()
    except NoPostgres as missing:
        pytest.skip(str(missing))
    with postgres(durable=True) as server:
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE word (text text)")
            connection.execute("INSERT INTO word VALUES ('kept')")
        for children in (True, False):
            with psycopg.connect(server.url):
                server.kill(children=children)
                server.start()
        with psycopg.connect(server.url) as connection:
            assert connection.execute("SELECT text FROM word").fetchall() == [("kept",)]
        folder = server.folder
    assert not folder.exists()
