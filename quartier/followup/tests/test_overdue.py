"""Requests whose time is over: asked about once, then closed with that reason."""

from datetime import time, timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from quartier.cases import actions as cases
from quartier.cases import rules
from quartier.cases.models import Request
from quartier.followup import actions
from quartier.followup.actions import overdue
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.matching.actions.offering import token_of
from quartier.messaging.models import Message
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.promises.models import Promise
from quartier.team.access import link, of_account, system
from quartier.telephony.models import LineSettings
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


def test_they_may_answer_until_our_number_has_answered_again(opened, organisation):
    """Asked in the evening before Easter: on Monday at nine nobody could be called."""
    LineSettings.objects.create(organisation=organisation, open_on_holidays=False)
    saturday = opened.requests[0].window_until.replace(month=3, day=27, hour=20)
    with clock.stopped_at(saturday):
        assert actions.ask_overdue(saturday) == 1
        assert "mardi 30 mars" in Message.objects.get(template="still_needed").body
    with clock.stopped_at(saturday + timedelta(days=2)):
        assert actions.close_overdue(clock.now()) == 0
    with clock.stopped_at(saturday + timedelta(days=3)):
        assert actions.close_overdue(clock.now()) == 1


def test_they_may_answer_until_the_hour_by_which_they_were_to_hear_from_us(opened, over):
    """ "You hear from us on Saturday", then "tell us before Thursday": who waits for Saturday would be too late."""
    with clock.stopped_at(over):
        request = stands(opened)
        Request.objects.update(promised_at=over + timedelta(days=3))
        promise = Promise.objects.get(outcome="")
        Promise.objects.update(due_at=over + timedelta(days=3), needs_team=True)
        assert actions.ask_overdue(over) == 1
        promise.refresh_from_db()
        assert promise.outcome == "kept"
        assert overdue.answer_by(stands(opened), over) == promise.due_at
        assert "samedi" in Message.objects.get(template="still_needed").body
    with clock.stopped_at(over + timedelta(days=2)):
        assert actions.close_overdue(clock.now()) == 0
    with clock.stopped_at(over + timedelta(days=3, minutes=5)):
        assert actions.close_overdue(clock.now()) == 1
    request.refresh_from_db()
    assert request.closure == "expired"


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


def test_a_lift_whose_hour_is_over_is_spoken_about_before_it_is_searched(client, asked, tuesday):
    opened = asked("transport", urgency="day")
    with clock.stopped_at(opened.requests[0].window_until + timedelta(hours=1)):
        address = reverse("status_past", args=[opened.token, opened.requests[0].pk])
        client.post(address, {"do": "needed"})
        assert (stands(opened).state, stands(opened).why_human) == ("human", "asked")
        assert Promise.objects.get(outcome="").needs_team


def test_a_lift_that_was_missed_is_looked_for_near_its_hour_alone(asked, tuesday):
    lift, other = (asked(kind, urgency="week").requests[0] for kind in ("transport", "groceries"))
    now = max(lift.window_until, other.window_until)
    with clock.stopped_at(now):
        for each in (lift, other):
            cases.reopen_request(actor=system(each.organisation), request=each)
    lift.refresh_from_db()
    other.refresh_from_db()
    near = rules.useful_until(now, Request.Urgency.NOW, lift.organisation)
    assert now + timedelta(hours=1) <= lift.window_until <= near
    assert other.window_until > near


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


def test_who_asked_for_somebody_else_is_asked_about_that_one(opened, youssef, organisation):
    who = Who("An Peeters", email="an@example.org", channel="email", language="fr")
    case = opened.case
    case.asked_by, case.tell_asker = people.record_person(organisation=organisation, who=who), True
    case.save()
    (offer,) = matching.send_wave(request_id=opened.requests[0].pk)
    actor = of_account(youssef.person.account)
    visit = visits.accept_offer(actor=actor, offer=offer).assignment
    assert "passe chez Marie" in Message.objects.get(template="someone_comes").body
    visits.on_my_way(actor=actor, assignment=visit)
    later = visit.comes_until + timedelta(hours=14)
    with clock.stopped_at(later):
        visits.end_unsaid(later)
    with clock.stopped_at(later + timedelta(hours=12)):
        actions.ask_overdue(clock.now())
    assert "devait aider Marie" in Message.objects.get(template="still_needed_named").body


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
        assert "Your visit is cancelled" not in words
        assert "No one has told us how it went" in words
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


def test_an_hour_that_they_were_told_is_not_called_off_soon_after(opened, over):
    """Told at seven that they hear by nine in the morning, they are asked in the hour before, and not at eight."""
    request = opened.requests[0]
    until = request.window_until.replace(hour=18, minute=0)
    Request.objects.filter(pk=request.pk).update(window_until=until, state="human", why_human="nobody")
    due_at = until + timedelta(hours=14)
    Promise.objects.filter(subject_id=request.pk).update(
        due_at=due_at, times_broken=1, needs_team=True, made_at=until - timedelta(hours=2)
    )
    with clock.stopped_at(until + timedelta(hours=1)):
        assert actions.ask_overdue(clock.now()) == 0
    with clock.stopped_at(due_at - timedelta(minutes=30)):
        assert actions.ask_overdue(clock.now()) == 1
