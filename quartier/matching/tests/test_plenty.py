"""How many offers there can be for each request: counted from who is there and who asked since yesterday."""

from datetime import timedelta
from math import inf

import pytest

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.lib import clock
from quartier.matching import queries
from quartier.people.models import Volunteer
from quartier.team.access import system

pytestmark = pytest.mark.django_db


@pytest.fixture
def street(tuesday, volunteer):
    """Three volunteers."""
    return [volunteer(name) for name in ("Youssef", "Nadia", "Joris")]


@pytest.fixture
def counted(organisation, monkeypatch):
    """Counts afresh; one request is enough to say something."""
    monkeypatch.setattr(queries, "HARDLY_ANY", 1)

    def count(after=timedelta()):
        queries._PLENTY.clear()
        return queries.offers_each(organisation, clock.now() + after)

    return count


def test_active_volunteers_up_to_what_each_agreed_to(organisation, street, asked, counted):
    asked("groceries")
    asked("talk")
    each = Volunteer.objects.filter(organisation=organisation)
    assert counted() == each.count() * organisation.daily_budget / 2
    each.filter(pk=street[0].pk).update(budget=organisation.daily_budget - 1)
    each.filter(pk=street[1].pk).update(state=Volunteer.State.PAUSED)
    assert counted() == ((each.count() - 1) * organisation.daily_budget - 1) / 2


def test_who_asked_since_yesterday_whether_closed_or_not(organisation, street, asked, counted):
    one, two = (asked("groceries").requests[0] for _ in range(2))
    before = counted()
    cases.close_request(actor=system(organisation.pk), request=one, closure=Request.Closure.WITHDRAWN)
    assert counted() == before
    Request.objects.filter(pk=two.pk).update(created_at=clock.now() - timedelta(hours=25))
    assert counted() == 2 * before
    assert counted(timedelta(hours=24)) == inf


def test_of_hardly_any_request_nothing_is_said(organisation, street, asked):
    asked("groceries")
    assert queries.offers_each(organisation, clock.now()) == inf


def test_it_is_counted_once_in_an_hour(organisation, street, asked, django_assert_num_queries):
    queries._PLENTY.clear()
    now = clock.now().replace(minute=20)
    with django_assert_num_queries(3):
        queries.offers_each(organisation, now)
        queries.offers_each(organisation, now + timedelta(minutes=30))
    with django_assert_num_queries(3):
        queries.offers_each(organisation, now + timedelta(minutes=50))
