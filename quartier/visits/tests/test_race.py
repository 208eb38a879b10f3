"""Fifty say yes at the same moment: one goes, forty-nine hear at once that somebody does. On a real database.

Each round has its own request; the threads have their own connections, and start together.
"""

import threading
import time

import pytest
from django.db import connections

from quartier.cases.models import Request
from quartier.lib.tests.databases import own_database
from quartier.matching import actions as matching
from quartier.people.models import Volunteer
from quartier.team.access import of_account, system
from quartier.team.models import Organisation
from quartier.visits import actions
from quartier.visits.actions import accept
from quartier.visits.actions.accept import Result
from quartier.visits.models import Assignment

RACERS = 50


@pytest.fixture(autouse=True)
def real_database(db, tmp_path):
    """A database on which commits are real, whatever the other tests run on; made before anything is put in."""
    with own_database(tmp_path):
        yield


@pytest.fixture
def runners(tuesday, volunteer):
    return [volunteer(f"Runner{number}") for number in range(RACERS)]


def race(offers, *, again=False):
    """Everybody accepts at once; the result of each, or what went wrong."""
    gate, results = threading.Barrier(len(offers)), [None] * len(offers)

    def run(place, offer):
        try:
            actor = of_account(offer.volunteer.person.account)
            gate.wait(timeout=60)
            results[place] = actions.accept_offer(actor=actor, offer=offer).result
            if again:
                assert actions.accept_offer(actor=actor, offer=offer).result == results[place]
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(offers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return results


@pytest.mark.parametrize("needed", [1, 3])
def test_as_many_win_as_were_asked_for(runners, asked, needed):
    request = asked("groceries", needed=needed).requests[0]
    offers = [
        matching.offer_by_hand(actor=system(request.organisation), request=request, volunteer=each)
        for each in runners
    ]
    results = race(offers, again=True)
    assert {str(result) for result in results} == {Result.YOURS, Result.COVERED}
    assert results.count(Result.YOURS) == needed
    request = Request.objects.get(pk=request.pk)
    assert (request.state, request.accepted) == (Request.State.COVERED, needed)
    active = Assignment.objects.filter(request=request, state__in=Assignment.ACTIVE)
    assert active.count() == needed
    assert set(Volunteer.objects.filter(open_count=1).values_list("pk", flat=True)) == set(
        active.values_list("volunteer", flat=True)
    )


def test_one_who_taps_on_many_phones_goes_once(runners, asked):
    request = asked("groceries", needed=2).requests[0]
    offer = matching.offer_by_hand(actor=system(request.organisation), request=request, volunteer=runners[0])
    results = race([type(offer).objects.get(pk=offer.pk) for _ in range(20)])
    assert results == [Result.YOURS] * 20
    request = Request.objects.get(pk=request.pk)
    assert (request.accepted, Assignment.objects.count()) == (1, 1)


def test_who_can_carry_one_more_gets_one_of_many(runners, asked):
    tired = runners[0]
    Volunteer.objects.filter(pk=tired.pk).update(capacity=1)
    requests = [asked("groceries", name=f"P{number}").requests[0] for number in range(8)]
    offers = [
        matching.offer_by_hand(actor=system(each.organisation), request=each, volunteer=tired)
        for each in requests
    ]
    results = race(offers)
    assert sorted(map(str, results)) == ["full"] * 7 + ["yours"]
    assert Volunteer.objects.get(pk=tired.pk).open_count == 1
    assert sum(Request.objects.values_list("accepted", flat=True)) == 1


def test_of_newcomers_who_say_yes_at_once_one_goes_and_a_place_waits(runners, asked):
    Organisation.objects.update(pairs_first=True)
    request = asked("groceries").requests[0]
    offers = [
        matching.offer_by_hand(actor=system(request.organisation), request=request, volunteer=each)
        for each in runners[:8]
    ]
    assert sorted(map(str, race(offers))) == [str(Result.COVERED)] * 7 + [str(Result.YOURS)]
    request = Request.objects.get(pk=request.pk)
    assert (request.accepted, request.needed, request.for_experienced) == (1, 2, True)


def test_a_yes_of_the_same_moment_as_keeping_apart_brings_no_one_together(runners, asked, monkeypatch):
    request, willing = asked("groceries").requests[0], runners[0]
    actor = system(request.organisation)
    offer = matching.offer_by_hand(actor=actor, request=request, volunteer=willing)
    is_said, settle = threading.Event(), accept.settle

    def settle_slowly(*given, **more):
        # Nothing barred it; keeping apart begins before it is written.
        is_said.set()
        time.sleep(0.5)
        return settle(*given, **more)

    monkeypatch.setattr(accept, "settle", settle_slowly)

    def say_yes():
        try:
            actions.accept_offer(actor=of_account(willing.person.account), offer=offer)
        finally:
            connections.close_all()

    yes = threading.Thread(target=say_yes)
    yes.start()
    assert is_said.wait(timeout=60)
    actions.keep_apart(actor=actor, volunteer=willing, person=request.case.person)
    yes.join(timeout=60)
    assert Assignment.objects.exclude(state__in=Assignment.ACTIVE).count() == Assignment.objects.count() == 1
    request = Request.objects.get(pk=request.pk)
    assert (request.state, request.accepted) == (Request.State.OPEN, 0)
