"""Somebody of the team asks a volunteer by hand, and reads what came of it: never "asking" where nothing goes out."""

import itertools
from datetime import timedelta

import pytest
from django.test import Client

from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.messaging import stops
from quartier.messaging.models import Message
from quartier.team.access import of_account, system
from quartier.visits import actions as visits
from quartier.visits.models import Assignment

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_(asked, tuesday):
    return asked("groceries").requests[0]


@pytest.fixture
def press(lotte, request_, youssef):
    """What the page says after the button, and how many messages went out by it."""
    client = Client()
    client.force_login(lotte)

    def pressed(do="ask"):
        before = Message.objects.filter(person=youssef.person).count()
        where = f"/en/console/requests/{request_.pk}/do/"
        page = client.post(where, {"do": do, "volunteer": youssef.pk}, follow=True)
        said = [str(each) for each in page.context["messages"]]
        return said, Message.objects.filter(person=youssef.person).count() - before

    return pressed


@pytest.fixture
def offer(request_, youssef):
    return matching.offer_by_hand(actor=system(request_.organisation), request=request_, volunteer=youssef)


def test_asked_for_the_first_time(press):
    assert press() == (["We are asking Youssef now."], 1)


def test_who_said_no_is_asked_again_and_one_reads_that_they_had(press, offer, youssef):
    matching.decline_offer(actor=of_account(youssef.person.account), offer=offer)
    assert press() == (["We are asking Youssef again, who could not come before."], 1)
    assert Offer.objects.get(pk=offer.pk).state == "sent"


def test_who_said_yes_and_could_not_come_is_asked_again(press, offer, youssef):
    me = of_account(youssef.person.account)
    visit = visits.accept_offer(actor=me, offer=offer).assignment
    visits.could_not(actor=me, assignment=visit, failure="cannot_go")
    assert press() == (["We are asking Youssef again, who could not come before."], 1)
    assert visits.accept_offer(actor=me, offer=Offer.objects.get(pk=offer.pk)).assignment.pk != visit.pk


def test_who_has_not_answered_yet_is_not_asked_twice(press, offer):
    assert press() == (["Youssef was asked already and has not answered yet: nothing was sent again."], 0)


def test_who_goes_already_is_not_asked(press, offer, youssef, request_):
    type(request_).objects.update(needed=2)
    visits.accept_offer(actor=of_account(youssef.person.account), offer=offer)
    assert press() == (["Youssef is going already: nothing was sent."], 0)


def test_of_who_said_yes_and_no_and_yes_again_the_last_yes_counts(client, press, offer, youssef, lotte):
    me = of_account(youssef.person.account)
    client.force_login(lotte)

    def shown():
        (row,) = client.get(f"/en/console/requests/{offer.request_id}/").context["offers"]
        return row["state"], row["is_fallen"]

    visit = visits.accept_offer(actor=me, offer=offer).assignment
    assert shown() == ("yes", False)
    visits.could_not(actor=me, assignment=visit, failure="cannot_go")
    assert shown() == ("yes, did not go ahead", True)
    press()
    clock.advance(timedelta(minutes=1))
    again = visits.accept_offer(actor=me, offer=Offer.objects.get(pk=offer.pk)).assignment
    assert shown() == ("yes", False)
    visits.could_not(actor=me, assignment=again, failure="cannot_go")
    assert shown() == ("yes, did not go ahead", True)


@pytest.mark.parametrize("do", ["ask", "accept"])
@pytest.mark.parametrize("is_asked", [True, False])
def test_of_two_who_are_kept_apart_that_is_said(press, request, request_, youssef, thomas, do, is_asked):
    if is_asked:
        request.getfixturevalue("offer")
    visits.keep_apart(actor=of_account(thomas), volunteer=youssef, person=request_.case.person)
    assert press(do) == (["These two will not be matched again."], 0)
    assert not Assignment.objects.exists()
    assert not Offer.objects.filter(state__in=Offer.LIVE).exists()


def test_whoever_wants_no_messages_is_to_be_called(press, youssef):
    stops.stop(organisation=youssef.organisation, index="", people=[youssef.person])
    said, sent = press()
    assert (said, sent) == (
        ["No message reaches Youssef: nothing was sent. Call them, and enter their answer."],
        0,
    )


def test_a_clock_that_goes_on_holds_nothing_back(press, monkeypatch, tuesday):
    """What is written a moment after the button was pressed goes at once: it waits for no hour of theirs."""
    moments = itertools.count()
    monkeypatch.setattr(clock, "now", lambda: tuesday + timedelta(seconds=next(moments)))
    assert press() == (["We are asking Youssef now."], 1)
