"""Whom the team keeps apart is apart from that moment: what is offered, promised and comes again."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from quartier.cases.models import Request
from quartier.cases.rules import NotPossible
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.messaging.models import Message
from quartier.people.models import Exclusion
from quartier.team.access import of_account, system
from quartier.visits import actions
from quartier.visits.actions.accept import Result
from quartier.visits.models import Assignment, Regular
from quartier.visits.tests.test_rhythm import goes, open_next, regular, told, weekly

__all__ = ["regular", "weekly"]
pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def opened(asked, youssef, nadia, tuesday):
    return asked("groceries").requests[0]


@pytest.fixture
def offer(opened, youssef):
    return matching.offer_by_hand(actor=system(opened.organisation), request=opened, volunteer=youssef)


@pytest.fixture
def keep_apart(client, thomas):
    """The coordinator presses it on the volunteer's page."""

    def press(volunteer, person):
        client.force_login(thomas)
        client.post(
            f"/en/console/volunteers/{volunteer.pk}/do/",
            {"do": "exclude", "person": person.pk, "reason": "x"},
        )
        client.logout()
        assert Exclusion.objects.get().reason == "x"

    return press


def link(offer):
    return reverse("offer_link", args=[matching.token_of(offer)])


def test_an_open_offer_is_no_more_and_its_link_accepts_nothing(client, offer, opened, youssef, keep_apart):
    keep_apart(youssef, opened.case.person)
    offer.refresh_from_db()
    assert offer.state == Offer.State.WITHDRAWN
    assert 'value="yes"' not in client.get(link(offer)).content.decode()
    client.post(link(offer), {"do": "yes"})
    assert (
        actions.accept_offer(actor=of_account(youssef.person.account), offer=offer).result == Result.COVERED
    )
    assert not Assignment.objects.exists()
    opened.refresh_from_db()
    assert (opened.state, opened.accepted) == (Request.State.OPEN, 0)


def test_an_agreed_visit_goes_to_somebody_else_and_both_hear(client, offer, opened, youssef, keep_apart):
    actor = of_account(youssef.person.account)
    visit = actions.accept_offer(actor=actor, offer=offer).assignment
    actions.told(actor=actor, assignment=visit)
    keep_apart(youssef, opened.case.person)
    visit.refresh_from_db()
    opened.refresh_from_db()
    assert visit.state not in Assignment.ACTIVE
    assert (opened.state, opened.accepted) == (Request.State.OPEN, 0)
    written = set(told())
    assert {("visit_cancelled", "Youssef"), ("looking_again", "Marie Peeters")} <= written
    page = client.get(link(offer)).content.decode()
    assert "Your visit is cancelled" in strip_tags(page)
    assert "Rue du Page" not in page
    assert 'value="yes"' not in page
    client.post(link(offer), {"do": "yes"})
    assert not Assignment.objects.filter(state__in=Assignment.ACTIVE).exists()


def test_of_who_set_out_for_a_time_that_is_over_nobody_hears_that_it_is_cancelled(
    offer, opened, youssef, keep_apart
):
    actor = of_account(youssef.person.account)
    visit = actions.accept_offer(actor=actor, offer=offer).assignment
    actions.told(actor=actor, assignment=visit)
    visit = actions.on_my_way(actor=actor, assignment=visit)
    clock.set_time(visit.comes_until + timedelta(minutes=5))
    before = Message.objects.count()
    keep_apart(youssef, opened.case.person)
    visit.refresh_from_db()
    opened.refresh_from_db()
    assert (visit.state, visit.failure) == (Assignment.State.CANCELLED, Assignment.Failure.UNSAID)
    assert (opened.state, opened.why_human) == (Request.State.HUMAN, Request.Why.TIME_OVER)
    assert not {template for template, _ in told(before)} & {"visit_cancelled", "looking_again"}


def test_what_was_done_is_not_undone_any_more(client, offer, opened, youssef, keep_apart):
    actor = of_account(youssef.person.account)
    visit = actions.done(actor=actor, assignment=actions.accept_offer(actor=actor, offer=offer).assignment)
    keep_apart(youssef, opened.case.person)
    client.post(link(offer), {"do": "undo_done"})
    for undo in (actions.undo_done, actions.undo_done_ahead):
        with pytest.raises(NotPossible):
            undo(actor=actor, assignment=visit)
    visit.refresh_from_db()
    assert visit.state == Assignment.State.DONE
    assert "Rue du Page" not in client.get(link(offer)).content.decode()


def test_what_is_between_others_stays(offer, opened, youssef, nadia, asked, keep_apart):
    other = asked("pharmacy", name="Anna Claes").requests[0]
    theirs = goes(other, youssef)
    hers = goes(opened, nadia)
    keep_apart(youssef, opened.case.person)
    states = Assignment.objects.filter(pk__in=[theirs.pk, hers.pk], state__in=Assignment.ACTIVE)
    assert states.count() == 2


def test_ask_sends_no_other_offer(client, offer, opened, youssef, thomas, keep_apart):
    keep_apart(youssef, opened.case.person)
    client.force_login(thomas)
    before = Message.objects.count()
    client.post(f"/en/console/requests/{opened.pk}/do/", {"do": "ask", "volunteer": youssef.pk})
    with pytest.raises(NotPossible):
        matching.offer_by_hand(actor=of_account(thomas), request=opened, volunteer=youssef)
    assert Message.objects.count() == before
    assert not Offer.objects.filter(volunteer=youssef, state__in=Offer.LIVE).exists()


def test_who_comes_each_time_comes_no_more(regular, weekly, youssef, keep_apart):
    before = regular.series.requests.get().assignments.get()
    second = open_next()
    assert second.assignments.get().volunteer == youssef
    keep_apart(youssef, weekly.case.person)
    assert not Regular.objects.filter(ended_at=None).exists()
    second.refresh_from_db()
    assert second.state == Request.State.OPEN
    written = set(told())
    assert {("regular_stops", "Marie Peeters"), ("regular_released", "Youssef")} <= written
    # Nor from the page of a visit of before.
    with pytest.raises(NotPossible):
        actions.come_every_time(actor=of_account(youssef.person.account), assignment=before)


def test_the_page_of_an_offer_asks_no_more_queries_for_it(client, offer, opened, youssef):
    client.get(link(offer))
    with CaptureQueriesContext(connection) as shown:
        client.get(link(offer))
    assert not [each for each in shown if each["sql"].startswith('SELECT 1 AS "a" FROM "people_exclusion"')]
    assert sum("people_exclusion" in each["sql"] for each in shown) == 1
    with CaptureQueriesContext(connection) as answered:
        client.post(link(offer), {"do": "yes"})
    asks = [each["sql"] for each in answered if "people_exclusion" in each["sql"]]
    assert all('FROM "matching_offer"' in each for each in asks)
    assert Assignment.objects.get().state in Assignment.ACTIVE
