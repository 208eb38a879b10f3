"""Numbers by which texts are answered: never the same one twice for a phone, whoever else is writing."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest

from quartier.lib import clock
from quartier.messaging import codes
from quartier.messaging.codes import Asked
from quartier.messaging.models import Code


@pytest.fixture
def phones(organisation):
    """People with phones: `phones("+32400001001", ...)`."""
    from quartier.people import actions
    from quartier.people.actions import Who

    def make(*numbers):
        return [
            actions.record_person(organisation=organisation, who=Who(f"P{at}", phone=number, channel="text"))
            for at, number in enumerate(numbers)
        ]

    return make


@pytest.mark.django_db
def test_never_the_same_twice_while_it_counts(organisation, tuesday, phones):
    (one,) = phones("+32400001001")
    given = [codes.give(organisation=organisation, person=one, about=uuid4()) for _ in range(150)]
    assert None not in given
    assert len(set(given)) == 150
    # A number is never an hour, a day, or like 112; the first ones are short.
    assert all(32 <= number < 100 or 200 <= number < 1000 for number in given)
    assert all(number < 100 for number in given[: codes.MOST_SHORT])


@pytest.mark.django_db
def test_the_same_for_the_same(organisation, tuesday, phones):
    (one,) = phones("+32400001001")
    about = uuid4()
    first = codes.give(organisation=organisation, person=one, about=about)
    clock.advance(timedelta(days=10))
    assert codes.give(organisation=organisation, person=one, about=about) == first
    clock.advance(timedelta(days=10))
    assert codes.find(organisation, [one], first).about == about


@pytest.mark.django_db
def test_old_ones_are_free_again(organisation, tuesday, phones):
    (one,) = phones("+32400001001")
    for _ in range(60):
        codes.give(organisation=organisation, person=one, about=uuid4())
    clock.advance(codes.KEPT + timedelta(minutes=1))
    assert codes.give(organisation=organisation, person=one, about=uuid4()) < 100
    assert Code.objects.count() == 1


@pytest.mark.django_db
def test_two_at_one_phone_never_have_the_same(organisation, tuesday, phones):
    one, two = phones("+32400001001", "+32400001001")
    asked = [Asked(person, uuid4()) for person in (one, two) for _ in range(20)]
    given = codes.give_all(organisation=organisation, asked=asked)
    assert len(set(given.values())) == 40


@pytest.mark.django_db
def test_when_there_is_none_left_there_is_the_link(organisation, tuesday, phones, monkeypatch):
    monkeypatch.setattr(codes, "SHORT", range(32, 34))
    monkeypatch.setattr(codes, "LONG", range(200, 202))
    monkeypatch.setattr(codes, "MOST_SHORT", 2)
    (one,) = phones("+32400001001")
    given = [codes.give(organisation=organisation, person=one, about=uuid4()) for _ in range(5)]
    assert sorted(given[:4]) == [32, 33, 200, 201]
    assert given[4] is None


@pytest.mark.django_db
def test_few_statements_for_many(organisation, tuesday, phones, django_assert_max_num_queries):
    many = phones(*(f"+3240000{number}" for number in range(1100, 1200)))
    asked = [Asked(person, uuid4()) for person in many]
    with django_assert_max_num_queries(5):
        assert len(codes.give_all(organisation=organisation, asked=asked)) == 100


@pytest.mark.django_db
def test_who_has_no_phone_answers_in_a_chat(organisation, youssef, nadia, tuesday):
    """Each stands for a phone of their own."""
    abouts = [uuid4() for _ in range(60)]
    mine = [codes.give(organisation=organisation, person=youssef.person, about=about) for about in abouts]
    assert len(set(mine)) == 60
    assert codes.give(organisation=organisation, person=nadia.person, about=uuid4()) < 100
    assert codes.find(organisation, [youssef.person], mine[0]).about == abouts[0]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_choose_different_numbers(organisation, tuesday, phones, monkeypatch):
    """Two workers write to the same phone in the same moment, and both would like the same number."""
    from django.db import connection

    monkeypatch.setattr(codes.secrets, "choice", lambda free: free[0])
    (one,) = phones("+32400001001")
    gate, given = threading.Barrier(2), []

    def run():
        try:
            gate.wait(10)
            for _ in range(10):
                given.append(codes.give(organisation=organisation, person=one, about=uuid4()))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(given) == len(set(given)) == 20
