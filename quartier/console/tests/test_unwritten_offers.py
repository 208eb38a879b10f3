"""An offer that no message carries to anybody asked nobody: not the count, the search, a budget or the history."""

import pytest
from django.utils.html import strip_tags

from quartier.audit.models import Entry
from quartier.cases.models import Request
from quartier.console.queries.board import tallies
from quartier.matching import actions
from quartier.matching.actions import search_end
from quartier.matching.models import Offer
from quartier.messaging.models import Message
from quartier.people.models import Person
from quartier.team.access import of_account
from quartier.visits import actions as visits
from quartier.visits.queries import asked_count

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def alone(tuesday, youssef):
    """Youssef wants calls alone: nothing is written to him."""
    Person.objects.filter(pk=youssef.person_id).update(channel="call")
    return youssef


def budget_of(volunteer):
    volunteer.refresh_from_db()
    return volunteer.asked_count, volunteer.asked_total


def page_of(client, account, request):
    client.force_login(account)
    page = client.get(f"/fr/console/requests/{request.pk}/").content.decode()
    return " ".join(strip_tags(page).split())


def test_whom_no_message_reaches_was_not_asked(alone, asked, client, lotte):
    request = asked("groceries").requests[0]
    assert [each.message for each in actions.send_wave(request_id=request.pk)] == [None]
    assert actions.send_wave(request_id=request.pk) == []
    request.refresh_from_db()
    assert (request.state, request.why_human) == (Request.State.HUMAN, Request.Why.NOBODY)
    assert search_end.count_asked(request) == asked_count(request) == 0
    assert not actions.was_anybody_asked(request)
    assert tallies([request.pk]) == {}
    assert budget_of(alone) == (0, 0)
    assert not Entry.objects.filter(verb="request.wave").exists()
    page = page_of(client, lotte, request)
    assert "Personne n’a été contacté" in page
    assert "aucun message ne lui parvient" in page
    assert "1 bénévole contacté" not in page


def test_the_next_ones_do_not_wait_for_them(alone, nadia, asked, organisation):
    organisation.policy = "nearest"
    organisation.save()
    request = asked("groceries").requests[0]
    (first,) = actions.send_wave(request_id=request.pk)
    (second,) = actions.send_wave(request_id=request.pk)
    assert (first.volunteer, second.volunteer) == (alone, nadia)
    assert (first.message, second.message.template) == (None, "offer")
    assert (search_end.count_asked(request), budget_of(nadia)) == (1, (1, 1))


def test_by_hand_too_it_counts_once_they_have_answered(alone, asked, thomas):
    request = asked("groceries").requests[0]
    offer = actions.offer_by_hand(actor=of_account(thomas), request=request, volunteer=alone)
    assert (offer.message, search_end.count_asked(request), budget_of(alone)) == (None, 0, (0, 0))
    visits.accept_offer(actor=of_account(thomas), offer=offer, answers_by_text=True)
    assert search_end.count_asked(request) == asked_count(request) == 1


def test_a_message_that_never_arrived_asked_nobody(tuesday, youssef, asked):
    request = asked("groceries").requests[0]
    actions.send_wave(request_id=request.pk)
    assert search_end.count_asked(request) == 1
    Message.objects.filter(template="offer").update(state=Message.State.FAILED)
    assert search_end.count_asked(request) == 0
    # Taken back since somebody else goes, it stays one of those who were to be asked.
    Message.objects.update(state=Message.State.CANCELLED)
    Offer.objects.update(state=Offer.State.WITHDRAWN)
    assert search_end.count_asked(request) == 1
