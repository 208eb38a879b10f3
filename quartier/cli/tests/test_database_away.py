"""PostgreSQL goes away under pages that are served: each says so at once, with the number, and comes back by itself."""

import time
import urllib.error
import urllib.request
from types import SimpleNamespace

import pytest
from psycopg_pool import PoolTimeout

from quartier.cli.tests.test_run import until_ready, wait_for
from quartier.lib import postgresql
from quartier.lib.postgresql import base
from tests.servers import NoPostgres, postgres, programs


def answered(port, path):
    """The status, the words, and how many seconds it took."""
    begun = time.monotonic()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
            status, body = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        status, body = error.code, error.read()
    return status, body.decode(), time.monotonic() - begun


def answered_at_all(port):
    try:
        return answered(port, "/fr/")[0]
    except OSError:
        return None


@pytest.mark.servers
def test_every_page_says_so_at_once_and_comes_back(quartier, started, port):
    try:
        programs()
    except NoPostgres as missing:
        pytest.skip(str(missing))
    with postgres() as server:
        made = quartier(
            "init", "--organisation", "Quartier Test", "--languages", "fr,nl", "--country", "BE",
            "--phone", "02 000 14 27", "--sender", "sara@example.org", "--database", server.url,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        served = started("run", "--processes", "1", PORT=str(port))
        until_ready(served)
        assert answered(port, "/fr/")[0] == 200
        server.stop()
        # What was found a moment ago is shown for a few seconds more, without a database.
        wait_for(lambda: answered(port, "/fr/")[0] == 503, "the page that says so")
        for path, language in (
            ("/fr/", "fr"),
            ("/nl/join/", "nl"),
            ("/de/sign-in/", "de"),
            ("/en/console/", "en"),
        ):
            # The quickest of three: the machine may be busy with something else.
            tries = [answered(port, path) for _time in range(3)]
            assert tries[-1][0] == 503, path
            assert "02 000 14 27" in tries[-1][1]
            assert f'lang="{language}"' in tries[-1][1]
            assert min(took for _status, _words, took in tries) < 2, path
        status, words, _took = answered(port, "/health")
        assert status == 503
        assert '"database": "away"' in words
        server.start()
        wait_for(lambda: answered(port, "/fr/sign-in/")[0] == 200, "a page")
        served.terminate()
        served.wait(30)
        # Started while it is away: the number is there all the same, and nobody has to start it once more.
        server.stop()
        served = started("run", "--processes", "1", PORT=str(port))
        wait_for(lambda: answered_at_all(port), "the page in between")
        for path, words in (
            ("/fr/", "Un problème de notre côté"),
            ("/en/join/", "Something went wrong on our side"),
        ):
            status, page, _took = answered(port, path)
            assert status == 503
            assert words in page
            assert "02 000 14 27" in page
        server.start()
        until_ready(served)
        assert answered(port, "/fr/sign-in/")[0] == 200


@pytest.fixture
def asked(monkeypatch):
    """Asks for a connection of a pool that gives none within 1 s; says after how many seconds it gave up."""
    now = {"s": 0.0}

    def make(*, patience, others_get_one):
        def none(self, params):
            now["s"] += 1.0
            if others_get_one():
                base._given_at = now["s"]
            raise PoolTimeout

        monkeypatch.setattr(base, "time", SimpleNamespace(monotonic=lambda: now["s"]))
        monkeypatch.setattr(base, "_given_at", float("-inf"))
        monkeypatch.setattr(base.base.DatabaseWrapper, "get_new_connection", none)
        monkeypatch.setattr(postgresql, "patience_s", patience)
        begun = now["s"]
        with pytest.raises(PoolTimeout):
            base.DatabaseWrapper.get_new_connection(object.__new__(base.DatabaseWrapper), {})
        return now["s"] - begun

    return make


def test_a_page_waits_as_long_as_others_get_a_connection(asked):
    assert asked(patience=1.0, others_get_one=lambda: True) == postgresql.LONGEST_WAIT_S
    assert asked(patience=1.0, others_get_one=lambda: False) == 1.0


def test_a_worker_waits_longer(asked):
    assert (
        asked(patience=postgresql.LONGEST_WAIT_S, others_get_one=lambda: False) == postgresql.LONGEST_WAIT_S
    )
