"""The pace of a search follows the time that is left, and a small group is not used up by one request."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartier.cases.models import Request
from quartier.lib import clock
from quartier.matching import actions, rules
from quartier.matching.actions import pace
from quartier.matching.models import Offer
from quartier.matching.policies import POLICIES, Settings, Standing, share_of_group
from quartier.messaging.models import Message
from quartier.people.models import Volunteer
from quartier.promises.models import Promise
from quartier.team.access import of_account

db = pytest.mark.django_db


@given(found=st.integers(0, 500), urgent=st.booleans(), places=st.integers(1, 20))
def test_a_share_of_a_group_is_never_all_of_it_unless_it_is_tiny(found, urgent, places):
    share = share_of_group(found, urgent=urgent, places=places)
    assert min(found, 3 * places) <= share <= found
    assert share <= share_of_group(found, urgent=True, places=places)
    assert share < found or found <= max(3 * places, 3)


@given(
    urgent=st.booleans(),
    evening=st.booleans(),
    budget=st.integers(1, 10),
    offers_each=st.floats(0, 1000),
    policy=st.sampled_from(["adaptive", "waves"]),
)
def test_a_place_of_the_day_is_kept_for_what_is_urgent(urgent, evening, budget, offers_each, policy):
    standing = Standing(urgent, 0, 1, 5000, 0.0, (), offers_each, evening=evening)
    step = POLICIES[policy].next_step(standing, Settings(daily_budget=budget))
    assert max(1, budget - 1) <= step.budget <= budget
    if urgent or evening or offers_each < 40:
        assert step.budget == budget


@pytest.mark.parametrize("policy", ["adaptive", "waves"])
def test_what_is_days_away_asks_fewer_and_waits_longer(policy):
    def step(**more):
        return POLICIES[policy].next_step(Standing(False, 0, 1, 5000, 0.0, **more), Settings())

    calm, brisk = step(days_away=True), step()
    assert calm.wait_min > brisk.wait_min
    assert (calm.enough or calm.size) < (brisk.enough or brisk.size)


@pytest.fixture(params=["adaptive", "waves"])
def group(request, organisation, tuesday, volunteer):
    """Thirteen volunteers of one quarter."""
    organisation.policy = request.param
    organisation.save()
    return [volunteer(f"V{number}") for number in range(13)]


def next_look(request):
    with clock.stopped_at(request.next_at):
        actions.expire_offers(clock.now())
        offers = actions.send_wave(request_id=request.pk)
    request.refresh_from_db()
    return offers


@db
def test_two_requests_of_one_minute_do_not_use_up_a_small_group(group, asked, tuesday):
    first, second, third = (asked("groceries", name=name).requests[0] for name in ("Marie", "Omer", "Jeanne"))
    assert len(actions.send_wave(request_id=first.pk)) <= 7
    assert 3 <= len(actions.send_wave(request_id=second.pk)) <= 7
    # What is urgent finds everybody's last place of the day, whatever was asked before.
    Volunteer.objects.update(asked_on=tuesday.date(), asked_count=1)
    assert actions.send_wave(request_id=third.pk) == []
    urgent = asked("pharmacy", name="Piet", urgency="now").requests[0]
    assert len(actions.send_wave(request_id=urgent.pk)) >= 7


@db
def test_in_the_evening_nothing_is_kept(group, asked, tuesday):
    Volunteer.objects.update(asked_on=tuesday.date(), asked_count=1)
    with clock.stopped_at(tuesday + timedelta(hours=7)):  # six in the evening
        request = asked("groceries").requests[0]
        assert actions.send_wave(request_id=request.pk)


@db
def test_what_is_days_away_is_looked_for_until_its_time_is_near(group, asked, tuesday):
    request = asked("groceries", urgency="week").requests[0]
    assert 1 <= len(actions.send_wave(request_id=request.pk)) <= 4
    request.refresh_from_db()
    given_up = request.window_until - rules.DAYS_AWAY
    moment, handed_over_on = tuesday, None
    while not (request.reopened and request.state == Request.State.HUMAN):
        moment += timedelta(minutes=30)
        assert moment < request.window_until
        with clock.stopped_at(moment):
            actions.expire_offers(moment)
            # Nobody of the team takes it on: each morning, and when its time is near, it is looked for again.
            actions.resume_searches()
            request.refresh_from_db()
            if request.state == Request.State.OPEN and request.next_at <= moment:
                actions.send_wave(request_id=request.pk)
                request.refresh_from_db()
        handed_over_on = handed_over_on or request.search_ended_on
    first_hour = Offer.made.filter(request=request, round=0, created_at__lt=tuesday + timedelta(hours=1))
    assert first_hour.count() <= 6
    last = Offer.made.filter(request=request).latest("created_at").created_at
    # When its time was near, those who had not answered were asked once more.
    assert last >= given_up
    assert request.reopened == 1
    assert request.search_ended_on >= given_up.date()
    assert request.why_human == "nobody"
    # Before that, on the day on which nobody was left to ask, one of the team was.
    assert 1 <= (handed_over_on - tuesday.date()).days <= 3


@db
def test_what_has_come_near_on_the_day_of_its_end_is_looked_for_at_once(asked, tuesday):
    request = asked("groceries", urgency="week").requests[0]
    until = tuesday + rules.DAYS_AWAY
    Request.objects.update(
        state="human", why_human="nobody", search_ended_on=tuesday.date(), unhurried=True, window_until=until
    )
    assert actions.resume_searches() == 0
    with clock.stopped_at(tuesday + timedelta(minutes=1)):
        assert actions.resume_searches() == 1
    request.refresh_from_db()
    assert request.state == Request.State.OPEN


@db
def test_a_search_that_asks_nobody_any_more_is_given_to_one_of_the_team(asked, youssef, nadia, tuesday):
    opened = asked("groceries", urgency="week")
    request = opened.requests[0]
    while request.state == Request.State.OPEN and clock.now() < tuesday + timedelta(days=3):
        offers = next_look(request) if request.next_at > tuesday else actions.send_wave(request_id=request.pk)
        request.refresh_from_db()
        for offer in offers:
            actions.decline_offer(actor=of_account(offer.volunteer.person.account), offer=offer)
            request.refresh_from_db()
    # Both have said no on the first day: on the second there is nobody to ask.
    assert (request.state, request.why_human) == ("human", "nobody")
    assert (request.search_ended_on - tuesday.date()).days == 1
    assert rules.is_days_away(request, tuesday + timedelta(days=2))
    promise = Promise.objects.get(outcome="")
    assert (promise.kind, promise.needs_team) == ("call", True)
    assert Message.objects.filter(person=opened.case.person, template="nobody_yet").count() == 1
    # A day later somebody can be looked for again, and whoever waits hears nothing twice.
    with clock.stopped_at(tuesday + timedelta(days=2)):
        assert actions.resume_searches() == 1
        assert actions.send_wave(request_id=request.pk) == []
    request.refresh_from_db()
    assert request.state == Request.State.HUMAN
    assert Message.objects.filter(person=opened.case.person, template="nobody_yet").count() == 1


@db
def test_another_day_begins_another_search(organisation, asked, youssef, nadia, tuesday):
    request = asked("groceries").requests[0]
    Volunteer.objects.update(asked_on=tuesday.date(), asked_count=2)
    assert actions.send_wave(request_id=request.pk) == []
    request.refresh_from_db()
    assert (request.state, request.why_human) == ("human", "budget")
    with clock.stopped_at(tuesday + timedelta(hours=10)):
        assert actions.resume_searches() == 0
    with clock.stopped_at(tuesday + timedelta(hours=18)):  # five in the morning
        assert actions.resume_searches() == 0
    with clock.stopped_at(tuesday + timedelta(hours=22)):
        assert actions.resume_searches() == 1
        assert len(actions.send_wave(request_id=request.pk)) == 2
    # What was promised stays promised: one of the team calls all the same.
    assert Message.objects.filter(template="nobody_yet").count() == 1
    promise = Promise.objects.get(outcome="")
    assert (promise.kind, promise.needs_team) == ("call", True)


@db
def test_nobody_looks_again_behind_the_back_of_who_has_it(asked, youssef, thomas, tuesday):
    request = asked("groceries").requests[0]
    Volunteer.objects.update(asked_on=tuesday.date(), asked_count=2)
    actions.send_wave(request_id=request.pk)
    Request.objects.update(taken_by=thomas)
    with clock.stopped_at(tuesday + timedelta(hours=22)):
        assert actions.resume_searches() == 0


@db
def test_searches_that_cannot_begin_yet_keep_back_no_others(asked, youssef, tuesday, monkeypatch):
    monkeypatch.setattr(pace, "BATCH_SIZE", 2)
    for number in range(3):
        opened = asked("groceries", name=f"P{number} X", window_until=tuesday + timedelta(hours=50 + number))
        ended_on = (tuesday + timedelta(days=number < 2)).date()
        Request.objects.filter(pk=opened.requests[0].pk).update(
            state="human", why_human="nobody", next_at=None, search_ended_on=ended_on
        )
    clock.set_time(tuesday + timedelta(days=1))
    assert actions.resume_searches() == 1


@db
def test_the_end_of_a_search_is_not_said_in_one_breath_with_its_beginning(asked, tuesday):
    opened = asked("groceries")
    actions.send_wave(request_id=opened.requests[0].pk)
    received, ended = Message.objects.filter(person=opened.case.person).order_by("not_before")
    assert (received.template, ended.template) == ("received", "nobody_yet")
    assert ended.not_before - received.not_before == timedelta(minutes=10)


@db
def test_it_is_said_by_the_hour_that_was_promised_all_the_same(asked, tuesday):
    request = asked("groceries").requests[0]
    with clock.stopped_at(request.promised_at - timedelta(minutes=3)):
        actions.send_wave(request_id=request.pk)
    assert Message.objects.get(template="nobody_yet").not_before == request.promised_at


@db
def test_it_says_for_what_nobody_is_found_where_somebody_comes_for_something_else(asked, tuesday):
    Request.objects.filter(pk=asked("meal").requests[0].pk).update(accepted=1)
    actions.send_wave(request_id=asked("groceries").requests[0].pk)
    assert "courses" in Message.objects.get(template="nobody_yet").body.lower()
