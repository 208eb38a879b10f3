"""From a call for help to "done", through the actions alone."""

from datetime import timedelta

import pytest

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.messaging.models import Message
from quartier.team.access import of_account
from quartier.visits import access, actions
from quartier.visits.actions.accept import Result
from quartier.visits.models import Assignment

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_(tuesday, youssef, nadia, asked):
    opened = asked("groceries", urgency="day")
    return opened.requests[0]


def offers_of(request):
    return {offer.volunteer.person.name: offer for offer in matching.send_wave(request_id=request.id)}


def actor(volunteer):
    return of_account(volunteer.person.account)


def test_the_nearest_are_asked_and_one_goes(request_, youssef, nadia, django_assert_max_num_queries):
    offers = offers_of(request_)
    assert list(offers) == ["Youssef", "Nadia"]
    answer = actions.accept_offer(actor=actor(youssef), offer=offers["Youssef"])
    assert answer.result == Result.YOURS
    second = actions.accept_offer(actor=actor(nadia), offer=offers["Nadia"])
    assert second.result == Result.COVERED
    again = actions.accept_offer(actor=actor(youssef), offer=offers["Youssef"])
    assert (again.result, again.assignment) == (Result.YOURS, answer.assignment)
    request_.refresh_from_db()
    assert (request_.state, request_.accepted) == (Request.State.COVERED, 1)
    templates = list(Message.objects.order_by("created_at", "id").values_list("template", "state"))
    assert ("someone_comes", "due") in templates
    assert ("accepted", "due") in templates

    details = access.details_for(actor(youssef), answer.assignment)
    assert details.address == "Rue du Page 42"
    actions.on_my_way(actor=actor(youssef), assignment=answer.assignment)
    actions.done(actor=actor(youssef), assignment=answer.assignment)
    actions.done(actor=actor(youssef), assignment=answer.assignment)
    request_.refresh_from_db()
    youssef.refresh_from_db()
    assert (request_.state, request_.closure) == (Request.State.CLOSED, Request.Closure.FULFILLED)
    assert (youssef.open_count, youssef.done_total) == (0, 1)
    ended = Assignment.objects.get(pk=answer.assignment.pk)
    assert access.details_for(actor(youssef), ended) is None


def test_who_cannot_go_makes_the_request_first_in_the_queue(request_, youssef, nadia):
    offers = offers_of(request_)
    answer = actions.accept_offer(actor=actor(youssef), offer=offers["Youssef"])
    actions.could_not(actor=actor(youssef), assignment=answer.assignment, failure="cannot_go")
    request_.refresh_from_db()
    assert (request_.state, request_.priority, request_.accepted) == (Request.State.OPEN, 1, 0)
    assert request_.next_at == clock.now()
    # The offer that was withdrawn when Youssef said yes can be accepted now.
    assert actions.accept_offer(actor=actor(nadia), offer=offers["Nadia"]).result == Result.YOURS


def test_nobody_comes_and_it_is_noticed(request_, youssef):
    offers = offers_of(request_)
    answer = actions.accept_offer(actor=actor(youssef), offer=offers["Youssef"])
    Message.objects.update(state=Message.State.SENT, sent_at=clock.now())
    with clock.stopped_at(answer.assignment.comes_until + timedelta(hours=1)):
        assert actions.remind_late(clock.now()) == 1
        assert actions.remind_late(clock.now()) == 0
    with clock.stopped_at(answer.assignment.comes_until + timedelta(hours=4)):
        assert actions.find_no_shows(clock.now()) == 1
        request_.refresh_from_db()
        assert (request_.state, request_.priority) == (Request.State.OPEN, 1)
        assert request_.window_until > clock.now()


def test_budgets_quiet_hours_and_the_human_at_the_end(tuesday, volunteer, asked, organisation):
    people = [volunteer(f"V{n}", at=(50.8275 + n * 0.001, 4.3722), budget=1) for n in range(3)]
    first = asked("groceries").requests[0]
    assert len(matching.send_wave(request_id=first.id)) == 3
    second = asked("pharmacy", name="Jeanne").requests[0]
    # Everybody has been asked once today: nobody is left, and nobody was asked: a human takes over.
    assert matching.send_wave(request_id=second.id) == []
    second.refresh_from_db()
    assert (second.state, second.why_human) == (Request.State.HUMAN, Request.Why.BUDGET)
    assert Message.objects.filter(template="nobody_yet").count() == 1
    with clock.stopped_at(tuesday + timedelta(hours=13)):  # midnight in Brussels
        third = asked("groceries", name="Paul", urgency="now").requests[0]
        assert matching.send_wave(request_id=third.id) == []
        third.refresh_from_db()
        assert third.next_at.astimezone(organisation.zone).hour == 8
    assert len(people) == 3


def test_ending_a_request_ends_what_hangs_on_it(request_, youssef, thomas):
    offers = offers_of(request_)
    answer = actions.accept_offer(actor=actor(youssef), offer=offers["Youssef"])
    actions.end_request(actor=of_account(thomas), request=request_, closure="withdrawn")
    request_.refresh_from_db()
    answer.assignment.refresh_from_db()
    youssef.refresh_from_db()
    assert (request_.state, request_.accepted, youssef.open_count) == ("closed", 0, 0)
    assert answer.assignment.state == Assignment.State.CANCELLED
    assert not Offer.objects.filter(state__in=Offer.LIVE).exists()
    assert Message.objects.filter(template="visit_cancelled").count() == 1


def test_what_was_fulfilled_and_is_opened_again_can_be_accepted_and_done_again(request_, youssef, nadia):
    first = actions.accept_offer(actor=actor(youssef), offer=offers_of(request_)["Youssef"])
    actions.done(actor=actor(youssef), assignment=first.assignment)
    cases.reopen_request(actor=actor(youssef), request=request_)
    offer = Offer.objects.get(volunteer=nadia)
    second = actions.accept_offer(actor=actor(nadia), offer=offer)
    assert second.result == Result.YOURS
    actions.done(actor=actor(nadia), assignment=second.assignment)
    request_.refresh_from_db()
    assert (request_.state, request_.accepted) == (Request.State.CLOSED, 1)


def test_two_were_asked_for_again_and_one_of_them_is_ready_first(tuesday, youssef, nadia, asked):
    request = asked("groceries", needed=2).requests[0]
    people = {"Youssef": youssef, "Nadia": nadia}
    offers = offers_of(request)
    for name, offer in offers.items():
        visit = actions.accept_offer(actor=actor(people[name]), offer=offer).assignment
        actions.done(actor=actor(people[name]), assignment=visit)
    cases.reopen_request(actor=actor(youssef), request=request)
    visits = [
        actions.accept_offer(actor=actor(people[name]), offer=offer).assignment
        for name, offer in offers.items()
    ]
    actions.done(actor=actor(youssef), assignment=visits[0])
    request.refresh_from_db()
    # The other one is still on her way: nothing is over.
    assert request.state == Request.State.COVERED
    actions.done(actor=actor(nadia), assignment=visits[1])
    request.refresh_from_db()
    assert request.state == Request.State.CLOSED


def test_who_is_asked_again_by_hand_hears_of_it_again(request_, youssef, thomas):
    offer = offers_of(request_)["Youssef"]
    matching.decline_offer(actor=actor(youssef), offer=offer, reason="no_time")
    with clock.stopped_at(clock.now() + timedelta(minutes=20)):
        for _ in range(2):
            matching.offer_by_hand(actor=of_account(thomas), request=request_, volunteer=youssef)
    offer.refresh_from_db()
    assert (offer.state, offer.decline_reason) == (Offer.State.SENT, "")
    assert Message.objects.filter(template="offer", person=youssef.person).count() == 2
