"""Two offers that would read the same are told apart, and an offer that comes again says so."""

from datetime import timedelta

import pytest

from quartier.lib import clock
from quartier.matching import actions
from quartier.messaging.models import Message
from quartier.team.access import of_account, system
from quartier.visits import actions as visits

pytestmark = pytest.mark.django_db


def body(person):
    return Message.objects.filter(person=person, template="offer").latest("created_at", "pk")


@pytest.fixture
def youssef(volunteer, organisation):
    organisation.daily_budget = 5
    organisation.save()
    return volunteer("Youssef", budget=5)


@pytest.fixture
def nadia(volunteer):
    return volunteer("Nadia", budget=5)


@pytest.fixture
def two(asked, youssef, tuesday):
    """Two people of one place ask for the same."""
    return asked("groceries").requests[0], asked("groceries", name="Jeanne Dubois").requests[0]


def test_the_second_one_is_for_another_person(two, youssef):
    actions.send_wave(request_id=two[0].pk)
    first = body(youssef.person)
    actions.send_wave(request_id=two[1].pk)
    second = body(youssef.person)
    assert "autre personne" not in first.subject + first.body
    assert "pour une autre personne" in second.subject
    assert first.subject != second.subject


def test_another_kind_of_help_needs_no_such_words(asked, youssef, tuesday):
    actions.send_wave(request_id=asked("groceries").requests[0].pk)
    actions.send_wave(request_id=asked("meal", name="Jeanne Dubois").requests[0].pk)
    assert not any("autre personne" in row.subject for row in Message.objects.filter(template="offer"))


def test_an_offer_that_was_answered_is_no_twin(two, youssef, tuesday):
    (offer,) = actions.send_wave(request_id=two[0].pk)
    actions.decline_offer(actor=of_account(youssef.person.account), offer=offer, reason="")
    actions.send_wave(request_id=two[1].pk)
    assert "autre personne" not in body(youssef.person).subject


def test_whoever_is_asked_again_reads_that_it_is_still_needed(two, youssef, nadia, organisation, tuesday):
    request = two[0]
    offers = {each.volunteer_id: each for each in actions.send_wave(request_id=request.pk)}
    actor = of_account(nadia.person.account)
    visit = visits.accept_offer(actor=actor, offer=offers[nadia.pk]).assignment
    assert not body(youssef.person).subject.startswith("Encore à faire")
    visits.could_not(actor=actor, assignment=visit, failure="cannot_go")
    clock.advance(timedelta(minutes=5))
    actions.send_wave(request_id=request.pk)
    assert body(youssef.person).subject.startswith("Encore à faire\u00a0: courses")


def test_so_does_whoever_is_asked_again_by_hand(two, youssef, organisation, tuesday):
    actor = system(organisation)
    offer = actions.offer_by_hand(actor=actor, request=two[0], volunteer=youssef)
    actions.decline_offer(actor=of_account(youssef.person.account), offer=offer, reason="")
    clock.advance(timedelta(minutes=5))
    actions.offer_by_hand(actor=actor, request=two[0], volunteer=youssef)
    assert body(youssef.person).subject.startswith("Encore à faire")


def test_a_third_one_is_told_from_the_second(two, asked, youssef):
    third = asked("groceries", name="Rosa Claes").requests[0]
    for request in (*two, third):
        actions.send_wave(request_id=request.pk)
    subjects = {row.subject for row in Message.objects.filter(person=youssef.person, template="offer")}
    assert len(subjects) == 3
    assert any(subject.endswith("pour une autre personne, la 3e") for subject in subjects)


def test_what_one_person_asks_twice_is_told_apart_too(asked, youssef, tuesday):
    for _time in range(2):
        actions.send_wave(request_id=asked("groceries").requests[0].pk)
    offers = Message.objects.filter(person=youssef.person, template="offer")
    assert len({row.subject for row in offers}) == offers.count()
    assert all("autre personne" not in row.subject for row in offers)


def test_a_third_time_for_one_person_is_not_the_second(asked, youssef, tuesday):
    for _time in range(3):
        actions.send_wave(request_id=asked("groceries").requests[0].pk)
    subjects = [row.subject for row in Message.objects.filter(person=youssef.person, template="offer")]
    assert len(set(subjects)) == 3
    assert sum("une deuxième fois par la même personne" in subject for subject in subjects) == 1
    assert sum("par la même personne pour la 3e fois" in subject for subject in subjects) == 1
