"""Two appeals and the waves of a request want the same volunteers at the same moment: nobody is asked more often than
agreed, nor by two appeals. On a real database; the threads have their own connections, and start together."""

import threading

import pytest
from django.db import connections

from quartier.appeals import actions
from quartier.appeals.actions import Asked
from quartier.appeals.models import Invitation
from quartier.lib.tests.databases import own_database
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.people.models import Volunteer
from quartier.team.access import of_account


@pytest.fixture(autouse=True)
def real_database(db, tmp_path):
    """A database on which commits are real, whatever the other tests run on; made before anything is put in."""
    with own_database(tmp_path):
        yield


def at_once(*tasks):
    gate, wrong = threading.Barrier(len(tasks)), []

    def run(task):
        try:
            gate.wait(timeout=60)
            task()
        except Exception as error:
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[task]) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not wrong


@pytest.mark.parametrize("time", range(3))
def test_a_budget_holds_whoever_asks(tuesday, volunteer, asked, thomas, there, time):
    rows = [volunteer(f"Racer{number}", radius_m=2000, budget=1, kinds=["groceries"]) for number in range(12)]
    actor = of_account(thomas)
    wanted = [
        Asked("role", 2, role="helper"),
        Asked("role", 2, role="ambassador"),
        Asked("kind", 2, kind="talk"),
    ]
    appeals = [actions.make(actor=actor, asked=each) for each in [*wanted, Asked("place", 2, area=there)]]
    request = asked("groceries", urgency="day").requests[0]
    at_once(
        *[lambda pk=each.pk: actions.send_wave(appeal_id=pk) for each in appeals],
        # The same appeal pulled by two workers.
        lambda: actions.send_wave(appeal_id=appeals[0].pk),
        lambda: matching.send_wave(request_id=request.pk),
    )
    asked_each = {row.pk: 0 for row in rows}
    invited = [*Invitation.objects.values_list("volunteer", flat=True)]
    for pk in [*invited, *Offer.made.values_list("volunteer", flat=True)]:
        asked_each[pk] += 1
    assert max(asked_each.values()) == 1
    for row in Volunteer.objects.filter(pk__in=asked_each):
        assert row.asked_total == asked_each[row.pk]
        assert row.asked_count <= 1
    # The volunteers are not left lying about: what was free was used.
    assert sum(asked_each.values()) >= 10


def test_nobody_has_two_appeals_however_large_the_budget(tuesday, volunteer, thomas):
    rows = [volunteer(f"Racer{number}", budget=9, kinds=["groceries"]) for number in range(20)]
    assert rows
    actor = of_account(thomas)
    roles = ("helper", "ambassador", "listener", "operator")
    appeals = [actions.make(actor=actor, asked=Asked("role", 1, role=role)) for role in roles]
    at_once(*[lambda pk=each.pk: actions.send_wave(appeal_id=pk) for each in appeals])
    asked = list(Invitation.objects.values_list("volunteer", flat=True))
    assert asked
    assert len(set(asked)) == len(asked)
