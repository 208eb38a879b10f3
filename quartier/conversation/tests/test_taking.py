"""Each text once, in order, whoever else is at work; what fails is put before a person."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from quartier.conversation import actions, jobs, queries
from quartier.conversation.actions import settling, taking
from quartier.conversation.tests.conftest import NADIA, YOUSSEF
from quartier.lib import clock
from quartier.matching.models import Offer
from quartier.messaging.models import Code, Message, Received
from quartier.team.access import link, system
from quartier.visits import actions as visits
from quartier.visits.models import Assignment


@pytest.mark.django_db
def test_idle_it_only_looks(tuesday, organisation, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert not jobs.received()


@pytest.mark.django_db
def test_in_order(street, text, post):
    request = street.offer()
    post()
    number = street.number(request)
    first = text(YOUSSEF, f"oui {number}", handled=False)
    second = text(YOUSSEF, f"non {number}", handled=False)
    assert jobs.received()
    assert [Received.objects.get(pk=row.pk).meaning for row in (first, second)] == ["yes", "no"]
    assert Assignment.objects.get().state == "accepted"


@pytest.mark.either
@pytest.mark.django_db
def test_a_day_full_of_texts(street, text, post):
    """Two hundred texts of a crowd: each is settled, and nothing is left."""
    street.offer()
    post()
    for number in range(200):
        text(f"+3240000{2000 + number % 40}", f"bonjour {number}", handled=False)
    while jobs.received():
        pass
    assert not Received.objects.filter(state="new").exists()
    assert Message.objects.filter(template="who_are_you").count() == 40


@pytest.mark.django_db
def test_what_fails_waits_and_holds_back_only_its_sender(street, text, post, monkeypatch):
    street.offer()
    real = settling.answering.answer
    monkeypatch.setattr(settling.answering, "answer", lambda *_: 1 / 0)
    bad = text(YOUSSEF, "oui", handled=False)
    after = text(YOUSSEF, "encore", handled=False)
    other = text(NADIA, "bonjour")
    bad.refresh_from_db()
    after.refresh_from_db()
    assert (bad.tries, bad.state, after.state, other.state) == (1, "new", "new", "settled")
    assert bad.try_after == clock.now() + taking.PAUSES[0]
    monkeypatch.setattr(settling.answering, "answer", real)
    clock.advance(timedelta(seconds=6))
    while actions.take_next():
        pass
    assert not Received.objects.filter(state="new").exists()


@pytest.mark.django_db
def test_what_fails_always_is_put_before_the_team(street, text, organisation, monkeypatch):
    street.offer()
    monkeypatch.setattr(settling.understanding, "understand", lambda _text: 1 / 0)
    row = text(YOUSSEF, "oui")
    for _ in range(taking.TRIES):
        clock.advance(timedelta(minutes=5))
        actions.take_next()
    row.refresh_from_db()
    assert (row.state, row.meaning, row.tries) == ("settled", "words", 5)
    assert queries.unread(system(organisation)).get().received_id == row.pk
    assert not actions.take_next()


@pytest.mark.django_db
def test_nothing_is_left_of_what_failed(street, text, post, monkeypatch):
    """It fails after the yes: then there is no visit, until it is tried again."""
    request = street.offer()
    post()
    real = taking.keep
    monkeypatch.setattr(taking, "keep", lambda *_: 1 / 0)
    text(YOUSSEF, f"oui {street.number(request)}")
    assert not Assignment.objects.exists()
    monkeypatch.setattr(taking, "keep", real)
    clock.advance(timedelta(minutes=1))
    assert actions.take_next()
    assert Assignment.objects.count() == 1


def at_once(*functions):
    """Run each in a thread of its own, begun in the same moment; raise what one of them raised."""
    gate, faults = threading.Barrier(len(functions)), []

    def run(function):
        try:
            gate.wait(20)
            function()
        except Exception as fault:  # told below
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[function]) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    assert not faults, faults


def drain():
    while actions.take_next():
        pass


@pytest.mark.django_db(transaction=True)
def test_two_workers_take_each_row_once(street, text, post):
    request = street.offer()
    post()
    text(YOUSSEF, f"oui {street.number(request)}", handled=False)
    for number in range(12):
        text(f"+3240000{3000 + number}", "bonjour", handled=False)
    at_once(drain, drain, drain)
    drain()
    assert not Received.objects.filter(state="new").exists()
    assert Assignment.objects.count() == 1
    assert Message.objects.filter(template="who_are_you").count() == 12
    assert Received.objects.exclude(tries=0).count() == 0


@pytest.mark.django_db(transaction=True)
def test_yes_by_text_and_by_page_at_once_is_one_visit(street, text, post):
    for kind in ("groceries", "pharmacy"):
        request = street.offer(kind, name=kind)
        post()
        offer = Offer.objects.select_related("volunteer", "organisation").get(
            request=request, volunteer=street.youssef
        )
        row = text(YOUSSEF, f"oui {street.number(request)}", handled=False)
        actor = link(offer.organisation, street.youssef.person_id)
        at_once(drain, lambda: visits.accept_offer(actor=actor, offer=offer))  # noqa: B023
        row.refresh_from_db()
        assert row.meaning == "yes"
        assert row.tries == 0
        assert Assignment.objects.filter(request=request).count() == 1
        request.refresh_from_db()
        assert (request.accepted, request.state) == (1, "covered")


@pytest.mark.django_db(transaction=True)
def test_two_say_yes_by_text_at_once(street, text, post):
    request = street.offer()
    post()
    text(YOUSSEF, f"oui {street.number(request)}", handled=False)
    text(NADIA, f"oui {street.number(request, street.nadia)}", handled=False)
    at_once(drain, drain)
    drain()
    assert Assignment.objects.count() == 1
    answers = {row.answer.template for row in Received.objects.select_related("answer")}
    assert answers == {"accepted", "reply_covered"}


@pytest.mark.django_db
def test_old_numbers_are_forgotten(street):
    street.offer()
    assert jobs.forget_codes() == 0
    clock.advance(timedelta(days=15))
    assert jobs.forget_codes() == 2
    assert not Code.objects.exists()
