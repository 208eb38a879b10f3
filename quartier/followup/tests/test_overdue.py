"""Requests whose time is over: asked about once, then closed with that reason."""

from datetime import time, timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from quartier.cases import actions as cases
from quartier.cases import rules
from quartier.cases.models import Request
from quartier.followup import actions
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.matching.actions.offering import token_of
from quartier.messaging.models import Message
from quartier.promises.models import Promise
from quartier.team.access import link, of_account
from quartier.visits import actions as visits
from quartier.visits.actions.accept import Result
from quartier.visits.queries import open_offers

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(asked, tuesday):
    return asked("meal", urgency="day")


@pytest.fixture
def over(opened):
    """A moment by day at which the time is over."""
    return opened.requests[0].window_until + timedelta(hours=1)


def stands(opened):
    return Request.objects.get(pk=opened.requests[0].pk)


def test_it_is_asked_about_once_and_then_closed_with_that_reason(opened, over):
    assert actions.ask_overdue(opened.requests[0].window_until) == 0
    with clock.stopped_at(over):
        assert actions.ask_overdue(over) == 1
        assert actions.ask_overdue(over) == 0
    assert (stands(opened).state, stands(opened).why_human) == ("human", "time_over")
    assert Message.objects.filter(template="still_needed").count() == 1
    with clock.stopped_at(over + timedelta(hours=20)):
        assert actions.close_overdue(clock.now()) == 0
    with clock.stopped_at(over + timedelta(hours=25)):
        assert actions.close_overdue(clock.now()) == 1
        assert actions.close_overdue(clock.now()) == 0
    assert (stands(opened).state, stands(opened).closure) == ("closed", "expired")
    # Whoever is closed by silence hears so, and how to ask again.
    last = Message.objects.get(template="closed_unanswered")
    assert last.person == opened.case.person
    assert "http" in last.body


def test_it_is_closed_by_the_hour_that_they_were_told(opened, organisation):
    """Asked in the evening until nine on the day after the next: a yes before that hour is in time."""
    evening = opened.requests[0].window_until.replace(hour=20) + timedelta(days=1)
    organisation.closes = time(20)
    organisation.save()
    with clock.stopped_at(evening):
        assert actions.ask_overdue(evening) == 1
    until = rules.promise(evening, "week", organisation)
    assert until > evening + timedelta(hours=30)
    with clock.stopped_at(until - timedelta(minutes=5)):
        assert actions.close_overdue(clock.now()) == 0
        actor = link(organisation, opened.case.person.pk)
        with transaction.atomic():
            assert actions.answer_overdue(actor=actor, request=stands(opened), said="needed") == "needed"
            transaction.set_rollback(True)
    with clock.stopped_at(until + timedelta(minutes=5)):
        assert actions.close_overdue(clock.now()) == 1


def test_nothing_is_closed_over_a_call_that_is_owed(opened, over, thomas):
    with clock.stopped_at(over):
        actions.ask_overdue(over)
        cases.promise_about(stands(opened), Promise.Kind.CALL, needs_team=True)
    with clock.stopped_at(over + timedelta(days=3)):
        assert actions.close_overdue(clock.now()) == 0
        cases.record_contact_made(actor=of_account(thomas), request=stands(opened))
        assert actions.close_overdue(clock.now()) == 1


def test_nobody_is_asked_while_one_of_us_has_promised_a_call_or_has_just_spoken(opened, over, thomas):
    cases.promise_about(stands(opened), Promise.Kind.CALL, needs_team=True)
    with clock.stopped_at(over):
        assert actions.ask_overdue(over) == 0
        cases.ask_human(actor=of_account(thomas), request=stands(opened), why="nobody")
        cases.record_contact_made(actor=of_account(thomas), request=stands(opened))
        assert actions.ask_overdue(clock.now()) == 0
    care = Promise.objects.get(outcome="")
    with clock.stopped_at(care.due_at + timedelta(minutes=10)):
        assert actions.ask_overdue(clock.now()) == 1


@pytest.mark.parametrize("why", ["moderation", "words", "asked"])
def test_what_nobody_of_us_has_read_is_owed_and_not_over(opened, over, thomas, client, why):
    cases.ask_human(actor=of_account(thomas), request=stands(opened), why=why)
    page = "/fr" + reverse("status", args=[opened.token])[3:]
    with clock.stopped_at(over):
        assert actions.ask_overdue(over) == 0
        assert "Le moment prévu est passé" not in client.get(page).content.decode()
    with clock.stopped_at(over + timedelta(days=3)):
        assert actions.close_overdue(clock.now()) == 0
    assert not Message.objects.filter(template="still_needed").exists()


def test_whoever_wants_a_call_after_the_question_is_not_closed_by_silence(opened, over, thomas):
    with clock.stopped_at(over):
        actions.ask_overdue(over)
        visits.wants_call(actor=link(opened.case.organisation, opened.case.person.pk), case=opened.case)
    assert (stands(opened).why_human, stands(opened).asked_over_at) == ("asked", None)
    assert Promise.objects.get(outcome="").needs_team
    with clock.stopped_at(over + timedelta(days=3)):
        assert actions.close_overdue(clock.now()) == 0


def test_whoever_can_only_be_called_has_three_days(asked, thomas, tuesday):
    opened = asked("meal", urgency="day", channel="call")
    over = opened.requests[0].window_until + timedelta(hours=1)
    with clock.stopped_at(over):
        actions.ask_overdue(over)
    with clock.stopped_at(over + timedelta(days=4)):
        # They were promised news, which only a call can bring.
        assert actions.close_overdue(clock.now()) == 0
    with clock.stopped_at(over + timedelta(hours=2)):
        cases.record_contact_made(actor=of_account(thomas), request=stands(opened))
    with clock.stopped_at(over + timedelta(days=2)):
        assert actions.close_overdue(clock.now()) == 0
    with clock.stopped_at(over + timedelta(days=4)):
        assert actions.close_overdue(clock.now()) == 1


def test_nobody_is_asked_about_what_was_done_or_in_the_night(opened, over, youssef):
    with clock.stopped_at(over + timedelta(hours=13)):
        assert actions.ask_overdue(clock.now()) == 0
    offer = matching.send_wave(request_id=opened.requests[0].pk)[0]
    visits.accept_offer(actor=of_account(youssef.person.account), offer=offer)
    with clock.stopped_at(over):
        assert actions.ask_overdue(over) == 0


@pytest.mark.parametrize(
    ("said", "state", "closure"),
    [("needed", "open", ""), ("done", "closed", "fulfilled"), ("not_needed", "closed", "withdrawn")],
)
def test_the_answer_on_the_page(client, opened, over, said, state, closure):
    page = "/fr" + reverse("status", args=[opened.token])[3:]
    with clock.stopped_at(over):
        shown = client.get(page).content.decode()
        assert "Le moment prévu est passé" in shown
        assert "en retard" not in shown
        address = reverse("status_past", args=[opened.token, opened.requests[0].pk])
        client.post(address, {"do": said})
        assert (stands(opened).state, stands(opened).closure) == (state, closure)
        # Said twice, it holds once.
        client.post(address, {"do": "done"})
        assert (stands(opened).state, stands(opened).closure) == (state, closure)
        if said == "needed":
            assert stands(opened).window_until > over + timedelta(hours=2)


def test_a_volunteer_is_offered_nothing_that_is_over(opened, over, youssef, client):
    offer = matching.send_wave(request_id=opened.requests[0].pk)[0]
    with clock.stopped_at(over):
        actions.ask_overdue(over)
        assert open_offers(youssef) == []
        page = client.get("/fr" + reverse("offer_link", args=[matching.token_of(offer)])[3:])
        assert 'value="yes"' not in page.content.decode()
        answer = visits.accept_offer(actor=of_account(youssef.person.account), offer=offer)
        assert answer.result == Result.OVER


def test_whom_one_of_the_team_asks_by_hand_can_still_go(opened, over, youssef, thomas):
    with clock.stopped_at(over):
        actions.ask_overdue(over)
        request = stands(opened)
        offer = matching.offer_by_hand(actor=of_account(thomas), request=request, volunteer=youssef)
        answer = visits.accept_offer(actor=of_account(youssef.person.account), offer=offer)
        assert answer.result == Result.YOURS
        assert answer.assignment.comes_until > over


def test_whoever_set_out_and_never_said_how_it_went(opened, youssef, client):
    """Nobody knows whether it was done: whoever waits is asked, and nothing stays open for ever."""
    (offer,) = matching.send_wave(request_id=opened.requests[0].pk)
    actor = of_account(youssef.person.account)
    visit = visits.accept_offer(actor=actor, offer=offer).assignment
    visits.on_my_way(actor=actor, assignment=visit)
    later = visit.comes_until + timedelta(hours=11)
    with clock.stopped_at(later):
        assert visits.end_unsaid(later) == 0
    later = visit.comes_until + timedelta(hours=14)
    with clock.stopped_at(later):
        assert visits.end_unsaid(later) == 1
        assert visits.end_unsaid(later) == 0
        assert (stands(opened).state, stands(opened).why_human, stands(opened).accepted) == (
            "human", "time_over", 0
        )  # fmt: skip
        page = client.get(reverse("offer_link", args=[token_of(offer)]))
        words = page.content.decode()
        assert "No need to go" not in words
        assert "Nobody has told us how it went" in words
    by_day = later + timedelta(hours=12)
    with clock.stopped_at(by_day):
        assert actions.ask_overdue(by_day) == 1
        # By name: whoever waits knows that somebody was on the way.
        asked = Message.objects.get(template="still_needed_named")
        assert "Youssef" in asked.body
        assert "Si cela ne s’est pas fait" in asked.body
        assert not Message.objects.filter(template="still_needed").exists()
        assert actions.answer_overdue(actor=actor, request=stands(opened), said="done") == "done"
    assert (stands(opened).state, stands(opened).closure) == ("closed", "fulfilled")


def test_of_two_who_went_one_said_that_it_is_done(asked, youssef, nadia, tuesday):
    opened = asked("meal", urgency="day", needed=2)
    gone = []
    for offer in matching.send_wave(request_id=opened.requests[0].pk):
        actor = of_account(offer.volunteer.person.account)
        visit = visits.accept_offer(actor=actor, offer=offer).assignment
        visits.on_my_way(actor=actor, assignment=visit)
        gone.append((actor, visit))
    visits.done(actor=gone[0][0], assignment=gone[0][1])
    assert stands(opened).state == "covered"
    with clock.stopped_at(gone[1][1].comes_until + timedelta(hours=13)):
        assert visits.end_unsaid(clock.now()) == 1
    assert (stands(opened).state, stands(opened).closure) == ("closed", "fulfilled")
