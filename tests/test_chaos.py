"""The kill test. It makes installations of its own on both databases, so once is enough: it is left out when the
other tests run on a database that is named (QUARTIER_TEST_DATABASE), after they have run on SQLite."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import NoPostgres, programs

ROOT = Path(__file__).resolve().parent.parent
# 200 in all in CI; by hand enough to see that it works.
KILLS = int(os.environ.get("QUARTIER_TEST_KILLS") or (100 if os.environ.get("CI") else 6))


@pytest.mark.servers
@pytest.mark.skipif(
    "QUARTIER_TEST_DATABASE" in os.environ, reason="done in the run on SQLite, for both databases"
)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_nothing_acknowledged_is_lost(database, tmp_path):
    if database == "postgresql":
        try:
            programs()
        except NoPostgres as missing:
            pytest.skip(str(missing))
    log = tmp_path / "log"
    words = [
        "bench",
        "chaos",
        "--kills",
        str(KILLS),
        "--database",
        database,
        "--json",
        "--keep-log",
        str(log),
    ]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("QUARTIER_")}
    done = subprocess.run(
        [sys.executable, "-m", "quartier", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    said = log.read_text()[-3000:] if log.exists() else ""
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr[-3000:]}\n{said}"
    result = json.loads(done.stdout)
    print(done.stdout)
    wanted = {"kills": KILLS, "lost": 0, "doubled": 0, "undelivered": 0, "ok": True, "database": database}
    assert {name: result[name] for name in wanted} == wanted
    assert result["extra_copies"] <= result["kills"] + result["ambiguous"]
    assert result["ambiguous"] > 0 or result["texts"] < 50
    assert result["acknowledged"] > 0


@pytest.mark.django_db
def test_the_count_sees_what_is_wrong(tuesday, organisation, youssef, asked):
    """A kill test that could not fail would say nothing."""
    from bench.stage import count
    from bench.stage.crowd import Book
    from quartier.intake.models import Draft
    from quartier.lib.ids import uuid7
    from quartier.matching import actions as matching
    from quartier.messaging.delivery import deliver
    from quartier.messaging.models import Message, SandboxDelivery
    from quartier.team.access import link
    from quartier.visits import actions as visits
    from quartier.visits.models import Assignment

    opened = asked("groceries", details="request 1")
    draft = Draft.objects.create(
        organisation=organisation, form="ask", answers={}, created_at=tuesday, updated_at=tuesday,
        result=opened.case.pk,
    )  # fmt: skip
    (offer,) = matching.send_wave(request_id=opened.requests[0].pk)
    visits.accept_offer(actor=link(organisation, youssef.person_id), offer=offer)
    while deliver():
        pass
    address = f"/fr/volunteer/offer/{matching.token_of(offer)}/"
    book = Book(asked={1: draft.pk}, accepted={address})

    def found():
        return {
            name: count.everything(book)[name] for name in ("lost", "doubled", "undelivered", "extra_copies")
        }

    well = {"lost": 0, "doubled": 0, "undelivered": 0, "extra_copies": 0}
    assert found() == well
    book.asked[2] = uuid7()
    book.done.add(address)
    assert found() == well | {"lost": 2}
    del book.asked[2]
    book.done.clear()
    asked("groceries", details="request 1", name="Marie Again")
    assert found()["doubled"] == 1
    assert found()["undelivered"] == 1, "the message of the second has not left yet"
    deliver()
    copy = SandboxDelivery.objects.first()
    SandboxDelivery.objects.create(
        organisation=organisation, person=copy.person, copy_of=copy.copy_of, channel="email", to="x", body="x",
        at=tuesday,
    )  # fmt: skip
    assert found()["extra_copies"] == 1
    SandboxDelivery.objects.filter(copy_of=copy.copy_of).delete()
    assert found()["undelivered"] == 1
    Message.objects.filter(template__startswith="received").delete()
    Assignment.objects.all().delete()
    assert found()["lost"] == 2
