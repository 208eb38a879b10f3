"""A neighbour sets out and says nothing more: both sides are asked the same evening how it went."""

from datetime import timedelta

import pytest

from quartier.cases.models import Request
from quartier.followup import actions
from quartier.followup import jobs as followup
from quartier.followup.models import AfterSettings, FollowUp
from quartier.followup.rules import FINE, NOT_FINE, Said
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.promises.models import Promise
from quartier.team.access import link, of_account
from quartier.visits import actions as visits
from quartier.visits import jobs as visit_jobs
from quartier.visits.models import Assignment

pytestmark = pytest.mark.django_db


def live_until(end, minutes=10):
    while clock.now() < end:
        clock.set_time(min(clock.now() + timedelta(minutes=minutes), end))
        visit_jobs.watch()
        followup.plan()
        while followup.ask():
            pass
        followup.overdue()


@pytest.fixture
def set_out(asked, youssef, thomas, tuesday):
    """Youssef is on the way, for as long as until this hour (local), and is not heard of any more."""

    def make(hour, **wanted):
        opened = asked("meal", urgency="day", **wanted)
        (offer,) = matching.send_wave(request_id=opened.requests[0].pk)
        actor = of_account(youssef.person.account)
        visit = visits.accept_offer(actor=actor, offer=offer).assignment
        until = tuesday.astimezone(opened.case.organisation.zone).replace(hour=hour, minute=0)
        Assignment.objects.filter(pk=visit.pk).update(
            comes_from=until - timedelta(hours=1), comes_until=until
        )
        visit.refresh_from_db()
        Message.objects.filter(template="accepted").update(state="sent", sent_at=clock.now())
        clock.set_time(visit.comes_from)
        visits.on_my_way(actor=actor, assignment=visit)
        return visit

    return make


def hour_of(template):
    message = Message.objects.get(template=template)
    return message.created_at.astimezone(message.organisation.zone).strftime("%H:%M")


def answer(row, said):
    return actions.answer(
        actor=link(row.organisation, row.person_id), follow_up=row, said=said, by=FollowUp.By.WEB
    )


def test_both_sides_are_asked_the_same_evening(set_out):
    visit = set_out(18)
    live_until(visit.comes_until + timedelta(hours=4))
    assert hour_of("visit_reminder") == "18:30"
    assert hour_of("after_visit") == "19:30"
    assert "Youssef" in Message.objects.get(template="after_visit").body
    # The visit goes on: whoever is still there can say so, and is reached through the line.
    visit.refresh_from_db()
    assert visit.state == "on_way"


def test_nobody_is_asked_at_night(set_out):
    visit = set_out(21)
    live_until(visit.comes_until + timedelta(hours=10))
    assert not Message.objects.filter(template="after_visit").exists()
    live_until(visit.comes_until + timedelta(hours=11, minutes=30))
    assert hour_of("after_visit") == "08:00"


def test_whoever_says_how_it_went_in_time_leads_to_the_usual_question(set_out, youssef):
    visit = set_out(14)
    live_until(visit.comes_until + timedelta(minutes=40))
    visits.done(actor=of_account(youssef.person.account), assignment=visit)
    live_until(visit.comes_until + timedelta(hours=3))
    assert not Message.objects.filter(template="after_visit").exists()
    live_until(visit.comes_until + timedelta(hours=4))
    assert hour_of("after_visit") == "17:40"


def test_a_group_that_asks_nobody_afterwards_asks_this(set_out, organisation):
    AfterSettings.objects.create(organisation=organisation, share=0)
    visit = set_out(18)
    live_until(visit.comes_until + timedelta(hours=2))
    assert FollowUp.objects.get().state == "asked"


def test_their_yes_ends_the_visit_and_they_are_not_told_what_they_said(set_out):
    visit = set_out(18)
    live_until(visit.comes_until + timedelta(hours=2))
    answer(FollowUp.objects.get(), FINE)
    visit.refresh_from_db()
    assert (visit.state, visit.request.closure) == ("done", "fulfilled")
    assert visit.volunteer.done_total == 1
    live_until(visit.comes_until + timedelta(days=2), minutes=60)
    assert not Message.objects.filter(template="helped").exists()
    assert Message.objects.filter(template="after_visit").count() == 1
    assert not Message.objects.filter(template__startswith="still_needed").exists()


def test_that_nobody_came_goes_to_one_of_us_at_once(set_out, thomas):
    visit = set_out(18)
    live_until(visit.comes_until + timedelta(hours=2))
    row = FollowUp.objects.get()
    answer(row, Said(happened=False))
    visit.refresh_from_db()
    request = Request.objects.get(pk=visit.request_id)
    assert (visit.state, visit.failure) == ("cancelled", "unsaid")
    assert (request.state, request.why_human, request.accepted) == ("human", "asked", 0)
    assert Message.objects.get(template="after_bad").person.account == thomas
    promise = Promise.objects.get(outcome="")
    assert (promise.kind, promise.complaint_id) == ("call", row.pk)
    live_until(visit.comes_until + timedelta(days=1), minutes=60)
    assert not Message.objects.filter(template__startswith="still_needed").exists()


def test_a_wish_to_be_called_leaves_the_visit_as_it_is(set_out):
    visit = set_out(18)
    live_until(visit.comes_until + timedelta(hours=2))
    answer(FollowUp.objects.get(), NOT_FINE)
    visit.refresh_from_db()
    assert visit.state == "on_way"
    assert Promise.objects.get(outcome="").kind == "call"


def test_without_any_answer_they_are_asked_in_the_morning_whether_it_is_still_needed(set_out):
    visit = set_out(18)
    live_until(visit.comes_until + timedelta(hours=15))
    assert hour_of("after_visit") == "19:30"
    assert hour_of("still_needed_named")[:2] == "08"


def test_who_is_kept_apart_from_them_meanwhile_changes_only_whom_we_ask(set_out, thomas):
    visit = set_out(18)
    clock.set_time(visit.comes_until + timedelta(minutes=5))
    visits.keep_apart(
        actor=of_account(thomas), volunteer=visit.volunteer, person=visit.request.case.person, reason="x"
    )
    live_until(visit.comes_until + timedelta(hours=2))
    visit.refresh_from_db()
    assert (visit.state, visit.failure) == ("cancelled", "unsaid")
    assert hour_of("still_needed_named")[:2] == "18"
    assert not Message.objects.filter(template__in=["visit_cancelled", "looking_again"]).exists()
    assert visit.request.offers.count() == 1


def test_whoever_was_just_asked_whether_they_came_is_not_asked_again_at_once(set_out):
    visit = set_out(21)
    live_until(visit.comes_until + timedelta(hours=14))
    visit.refresh_from_db()
    assert (hour_of("after_visit"), visit.failure) == ("08:00", "unsaid")
    assert not Message.objects.filter(template__startswith="still_needed").exists()
    live_until(visit.comes_until + timedelta(hours=16))
    assert hour_of("still_needed_named")[:2] == "12"


@pytest.mark.either
@pytest.mark.parametrize("hours", [14, 18])
def test_a_yes_after_we_have_ceased_to_wait_for_the_neighbour_ends_it_too(set_out, hours):
    visit = set_out(21)
    live_until(visit.comes_until + timedelta(hours=hours))
    answer(FollowUp.objects.get(), FINE)
    request = Request.objects.get(pk=visit.request_id)
    assert (request.state, request.closure) == ("closed", "fulfilled")
    live_until(visit.comes_until + timedelta(days=3), minutes=60)
    assert Message.objects.filter(template__startswith="still_needed").count() == (hours == 18)
    assert not Message.objects.filter(template="closed_unanswered").exists()


def test_whoever_is_checked_on_is_asked_nothing(set_out):
    visit = set_out(18)
    Request.objects.update(unasked=True)
    live_until(visit.comes_until + timedelta(hours=3))
    assert not FollowUp.objects.exists()
