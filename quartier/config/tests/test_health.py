"""What `/health` says: well, and in each way unwell; to whom; how dear it is; and that it says nothing of anybody."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import OperationalError
from django.test import Client

from quartier.config import health
from quartier.jobs.models import Job, State
from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.telephony.desk import pulse
from quartier.telephony.models import LineSettings
from tests.planted import PLANTED, scene  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _afresh():
    health.forget()
    yield
    health.forget()


@pytest.fixture
def worked():
    """A worker has done something so long ago."""

    def make(seconds):
        at = clock.now() - timedelta(seconds=seconds)
        Job.objects.create(task="t", state=State.DONE, enqueued_at=at, due_at=at, finished_at=at)

    return make


def asked(client, **more):
    health.forget()
    answer = client.get("/health", **more)
    return answer.status_code, answer.json()


def test_well(client, organisation, worked):
    worked(4)
    status, found = asked(client)
    assert status == 200
    assert found == {
        "ok": True, "database": "ok", "worker": "ok", "worker_seen_s": 4, "line": "none",
        "oldest_message_s": None, "oldest_request_s": None,
    }  # fmt: skip


def test_no_worker(client, organisation, worked):
    assert asked(client)[0] == 503
    worked(900)
    status, found = asked(client)
    assert (status, found["ok"], found["worker"], found["worker_seen_s"]) == (503, False, "away", 900)


@pytest.mark.parametrize(("minutes", "status"), [(2, 200), (11, 503)])
def test_a_message_that_waits(client, organisation, worked, sara, minutes, status):
    worked(4)
    at = clock.now() - timedelta(minutes=minutes)
    Message.objects.create(
        organisation=organisation, person=sara.person, key="k", template="t", channel="email", language="fr",
        to="a@example.org", body="b", not_before=at, created_at=at,
    )  # fmt: skip
    assert asked(client)[0] == status
    assert asked(client)[1]["oldest_message_s"] // 60 == minutes


@pytest.mark.parametrize(("minutes", "status"), [(2, 200), (11, 503)])
def test_a_request_that_waits_for_neighbours_to_be_asked(
    client, organisation, worked, asked_for, minutes, status
):
    worked(4)
    request = asked_for
    type(request).objects.filter(pk=request.pk).update(next_at=clock.now() - timedelta(minutes=minutes))
    assert asked(client)[0] == status
    assert asked(client)[1]["oldest_request_s"] // 60 == minutes


@pytest.fixture
def asked_for(request):
    return request.getfixturevalue("asked")("groceries").requests[0]


def test_a_line_that_is_there_and_one_that_is_away(client, organisation, worked, tmp_path, monkeypatch):
    worked(4)
    here = SimpleNamespace(INSTALLATION=SimpleNamespace(home=tmp_path))
    monkeypatch.setattr(health, "settings", here)
    (tmp_path / "line").mkdir()
    assert asked(client)[1]["line"] == "none"
    pulse.beat(tmp_path / "line")
    assert asked(client)[1]["line"] == "ok"
    (tmp_path / "line" / pulse.FILE_NAME).write_text("0")
    status, found = asked(client)
    assert (status, found["line"]) == (503, "away")


def test_a_line_whose_edge_is_away(client, organisation, worked):
    worked(4)
    trouble = LineSettings.EdgeTrouble.AWAY
    LineSettings.objects.create(
        organisation=organisation, edge_trouble=trouble, edge_trouble_since=clock.now()
    )
    status, found = asked(client)
    assert (status, found["line"]) == (503, "away")


def test_without_a_database(client, organisation, monkeypatch):
    def away():
        raise OperationalError("the server is gone")

    monkeypatch.setattr("quartier.config.health.jobs_queries.last_done_at", away)
    status, found = asked(client)
    assert (status, found["database"], found["worker"]) == (503, "away", "away")


def test_whoever_asks_by_whatever_name(organisation, worked):
    worked(4)
    client = Client()
    assert asked(client, headers={"Host": "10.88.0.7:8000"})[0] == 200
    assert client.post("/health").status_code == 405
    assert client.get("/health").headers["Cache-Control"] == "no-store"
    assert not client.cookies


def test_it_is_cheap(client, organisation, worked, django_assert_num_queries):
    worked(4)
    with django_assert_num_queries(4):
        asked(client)
    with django_assert_num_queries(0):
        client.get("/health")


def test_nothing_of_anybody(client, scene, worked):  # noqa: F811
    worked(4)
    words = json.dumps(asked(client)[1], ensure_ascii=False)
    assert not [word for word in PLANTED if word in words]
    assert set(json.loads(words)) == set(health.Health.__dataclass_fields__)
