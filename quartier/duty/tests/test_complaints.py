"""What was promised about a complaint is kept by the call about it, or by settling it; by no other visit."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.duty import jobs
from quartier.duty.actions import write_letters
from quartier.duty.daily_words import write_daily_words
from quartier.followup import access, actions
from quartier.followup import jobs as followup
from quartier.followup.models import FollowUp
from quartier.followup.queries import bad
from quartier.followup.rules import NOT_FINE
from quartier.followup.tests.conftest import ask, helped
from quartier.lib import clock
from quartier.lib.ids import uuid7
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.promises.models import Promise, PromiseNotice
from quartier.team.access import link, of_account
from quartier.telephony.models import Call
from quartier.visits import actions as visits

__all__ = ["ask", "helped"]
pytestmark = pytest.mark.django_db


def live_until(end, minutes=10):
    while clock.now() < end:
        clock.set_time(min(clock.now() + timedelta(minutes=minutes), end))
        while jobs.promises():
            pass


def to(person):
    rows = Message.objects.filter(person=person).order_by("created_at", "pk")
    return list(rows.values_list("template", flat=True))


def complain(row):
    actions.answer(actor=link(row.organisation, row.person_id), follow_up=row, said=NOT_FINE, by="web")
    return Promise.objects.get(outcome="", subject_id=row.assignment.request_id)


@pytest.fixture
def complaint(helped, ask, thomas):
    helped()
    return ask()[0]


@pytest.fixture
def promise(complaint):
    return complain(complaint)


def stands(promise):
    return Request.objects.get(pk=promise.subject_id)


def visit_again(promise, thomas, volunteer, *, until="done"):
    """Somebody else goes there for the same."""
    bram = volunteer("Bram")
    request, actor = stands(promise), of_account(bram.person.account)
    offer = matching.offer_by_hand(actor=of_account(thomas), request=request, volunteer=bram)
    visit = visits.accept_offer(actor=actor, offer=offer).assignment
    if until == "done":
        visits.on_my_way(actor=actor, assignment=visit)
        visits.done(actor=actor, assignment=visit)
    return visit


def call(promise, operator, direction, *, answered=True):
    now = clock.now()
    return Call.objects.create(
        id=uuid7(),
        organisation=promise.organisation,
        direction=direction,
        number_index=promise.person.phone_index,
        person=promise.person,
        operator=operator,
        state="ended",
        outcome="answered" if answered else "no_answer",
        began_at=now,
        answered_at=now if answered else None,
        ended_at=now,
    )


@pytest.mark.parametrize("until", ["accepted", "done"])
def test_another_visit_keeps_nothing_of_it(promise, complaint, thomas, volunteer, until):
    assert (promise.kind, promise.complaint_id, promise.owner) == ("call", complaint.pk, thomas)
    visit_again(promise, thomas, volunteer, until=until)
    # They are not told that they need not wait for our call.
    assert "notre appel" not in Message.objects.filter(template="someone_comes").latest("created_at").body
    promise.refresh_from_db()
    assert (promise.outcome, promise.needs_team) == ("", True)
    live_until(promise.due_at - timedelta(minutes=20))
    assert to(thomas.person) == ["after_bad", "team_soon"]
    live_until(promise.due_at + timedelta(minutes=5))
    promise.refresh_from_db()
    assert promise.outcome == "broken"
    assert (promise.renewal.complaint_id, promise.renewal.kind) == (complaint.pk, "call")
    assert to(promise.person)[-1] == "late_call"
    # By a message, or by the letter of that minute.
    assert PromiseNotice.objects.filter(promise=promise.renewal, step="broken", person=thomas.person).exists()


def test_the_team_reads_that_it_is_about_a_complaint(promise, thomas, volunteer):
    visit_again(promise, thomas, volunteer)
    live_until(promise.due_at - timedelta(minutes=20))
    assert "quelque chose n’allait pas" in Message.objects.get(template="team_soon").body


def test_another_request_of_the_same_person_keeps_nothing_of_it(promise, asked, thomas, volunteer):
    opened = asked("dog", urgency="day")
    assert opened.case.person == promise.person
    other = Promise.objects.get(outcome="", subject_id=opened.requests[0].pk)
    visit_again(other, thomas, volunteer)
    other.refresh_from_db()
    promise.refresh_from_db()
    assert (other.outcome, promise.outcome) == ("kept", "")


@pytest.mark.parametrize("closure", ["fulfilled", "withdrawn", "referred"])
def test_nor_does_the_end_of_the_request(promise, thomas, closure):
    visits.end_request(actor=of_account(thomas), request=stands(promise), closure=closure)
    promise.refresh_from_db()
    assert promise.outcome == ""


def test_nor_a_search_that_begins_again(promise, thomas, volunteer):
    volunteer("Bram")
    cases.look_again(actor=of_account(thomas), request=stands(promise), from_start=True)
    matching.send_wave(request_id=promise.subject_id)
    promise.refresh_from_db()
    assert (promise.outcome, promise.needs_team) == ("", True)


def test_who_has_no_number_is_written_to_by_one_of_us_and_not_by_the_search(complaint, thomas, volunteer):
    person = complaint.person
    person.phone, person.email, person.channel = "", "marie@example.org", "email"
    person.save()
    promise = complain(complaint)
    assert promise.kind == "news"
    volunteer("Bram")
    cases.look_again(actor=of_account(thomas), request=stands(promise), from_start=True)
    matching.send_wave(request_id=promise.subject_id)
    promise.refresh_from_db()
    assert (promise.outcome, promise.needs_team) == ("", True)
    live_until(promise.due_at + timedelta(minutes=5))
    assert to(person)[-1] == "late_news"
    following = Promise.objects.get(outcome="")
    assert (following.needs_team, following.complaint_id) == (True, complaint.pk)


def test_who_rings_us_about_something_else_was_not_called(promise, thomas, volunteer, lotte):
    visit_again(promise, thomas, volunteer)
    clock.advance(timedelta(minutes=5))
    call(promise, lotte, "in")
    live_until(promise.due_at - timedelta(minutes=20))
    promise.refresh_from_db()
    assert promise.outcome == ""
    call(promise, thomas, "out", answered=False)
    live_until(promise.due_at - timedelta(minutes=10))
    promise.refresh_from_db()
    assert promise.outcome == ""
    call(promise, thomas, "out")
    live_until(promise.due_at + timedelta(minutes=5))
    promise.refresh_from_db()
    assert promise.outcome == "kept"
    # It stands on the team's page until somebody has looked after it.
    assert bad(promise.organisation).count() == 1


@pytest.mark.parametrize("state", ["human", "covered", "closed"])
def test_settling_it_keeps_it(promise, complaint, thomas, volunteer, state):
    if state != "human":
        visit_again(promise, thomas, volunteer, until="done" if state == "closed" else "accepted")
    assert stands(promise).state == state
    actions.look_after(actor=of_account(thomas), follow_up=complaint)
    promise.refresh_from_db()
    assert promise.outcome == "kept"
    # What is still with the team has its next promise, owed for no complaint.
    left = Promise.objects.filter(outcome="")
    assert [(each.kind, each.owner, each.complaint_id) for each in left] == (
        [("care", thomas, None)] if state == "human" else []
    )


def test_the_button_on_the_page_of_the_request_keeps_it(promise, thomas):
    cases.record_contact_made(actor=of_account(thomas), request=stands(promise))
    promise.refresh_from_db()
    assert promise.outcome == "kept"


def test_of_two_complaints_the_other_one_is_still_owed(promise, complaint, thomas, volunteer, ask):
    visit_again(promise, thomas, volunteer)
    second = next(each for each in ask(2) if each.pk != complaint.pk)
    assert complain(second) == promise
    actions.look_after(actor=of_account(thomas), follow_up=second)
    promise.refresh_from_db()
    assert (promise.outcome, promise.complaint_id) == ("", complaint.pk)
    actions.look_after(actor=of_account(thomas), follow_up=complaint)
    promise.refresh_from_db()
    assert promise.outcome == "kept"


def test_settled_and_still_not_right_the_team_hears_of_it_again(promise, complaint, thomas):
    actions.look_after(actor=of_account(thomas), follow_up=complaint)
    assert to(thomas.person).count("after_bad") == 1
    clock.advance(timedelta(hours=1))
    complaint.refresh_from_db()
    by = link(complaint.organisation, complaint.person_id)
    still = replace(NOT_FINE, words="Encore rien.")
    for _ in range(2):
        actions.answer(actor=by, follow_up=complaint, said=still, by="web")
    assert to(thomas.person).count("after_bad") == 2
    assert bad(promise.organisation).count() == 1
    # One of us owes them an answer again.
    assert Promise.objects.get(outcome="").complaint_id == complaint.pk


@pytest.mark.either
def test_it_does_not_go_on_for_ever_where_the_help_is_over(promise, complaint, thomas, volunteer):
    visit_again(promise, thomas, volunteer)
    end = clock.now() + timedelta(days=9)
    while clock.now() < end:
        live_until(clock.now() + timedelta(hours=1), minutes=30)
        followup.overdue()
    said = to(promise.person)
    assert (said[-1], said.count("given_up")) == ("given_up", 1)
    last = Message.objects.get(template="given_up")
    assert "courses" not in last.body
    assert not Promise.objects.filter(outcome="").exists()
    # Nothing of the help is opened or closed again, and the team still has it before its eyes.
    assert (stands(promise).state, stands(promise).closure) == ("closed", "fulfilled")
    assert list(bad(promise.organisation)) == [FollowUp.objects.get(pk=complaint.pk)]


@pytest.mark.parametrize("settled", [False, True])
def test_whoever_is_on_duty_reads_once_whom_nobody_answered(promise, complaint, thomas, volunteer, settled):
    visit_again(promise, thomas, volunteer)
    end = clock.now() + timedelta(days=9)
    while clock.now() < end:
        live_until(clock.now() + timedelta(hours=1), minutes=30)
        given_up = Message.objects.filter(template="given_up").exists()
        if settled and given_up:
            actions.look_after(actor=of_account(thomas), follow_up=complaint)
        write_letters(clock.now())
    assert given_up
    letters = Message.objects.filter(template="duty_begin")
    named = [each for each in letters if "nous n’avons pas répondu, et" in each.body]
    assert [each.person for each in named] == ([] if settled else [thomas.person])
    if named:
        assert named[0].created_at - Message.objects.get(template="given_up").created_at < timedelta(days=1)
        assert f"/{promise.subject_id}/" in named[0].body


def test_it_is_given_up_by_its_own_age_and_not_by_that_of_what_was_owed_before(promise, thomas, volunteer):
    visit_again(promise, thomas, volunteer)
    begin = clock.now()
    Promise.objects.filter(pk=promise.pk).update(waiting_since=begin - timedelta(days=5), times_broken=2)
    live_until(begin + timedelta(days=2), minutes=60)
    assert "given_up" not in to(promise.person)
    live_until(begin + timedelta(days=9), minutes=60)
    assert to(promise.person).count("given_up") == 1


@pytest.mark.parametrize("until", ["accepted", "done"])
def test_whoever_waits_for_our_answer_hears_each_day_whatever_became_of_the_help(
    promise, thomas, volunteer, until
):
    visit_again(promise, thomas, volunteer, until=until)
    now = clock.now()
    Promise.objects.filter(pk=promise.pk).update(due_at=now + timedelta(days=4))
    zone = promise.organisation.zone
    clock.set_time((now + timedelta(days=1)).astimezone(zone).replace(hour=17, minute=30))
    assert write_daily_words(promise.organisation, clock.now()) == 1
    word = Message.objects.get(template="waits_call")
    assert word.person == promise.person
    assert "courses" not in word.body


def test_their_page_and_ours_have_the_hour_though_the_help_is_done(
    promise, complaint, thomas, volunteer, client
):
    visit_again(promise, thomas, volunteer)
    hour = timezone.localtime(promise.due_at, promise.organisation.zone).hour
    with translation.override("fr"):
        theirs = reverse("after", args=[access.token_of(complaint)])
        ours = reverse("request_page", args=[promise.subject_id])
    client.force_login(thomas)
    for address in (theirs, ours):
        page = client.get(address).content.decode()
        assert f"avant {hour} h" in page.replace("\xa0", " ")


@pytest.mark.parametrize("settled", [False, True])
def test_whoever_they_complained_of_is_announced_with_a_way_out(promise, complaint, thomas, youssef, settled):
    if settled:
        actions.look_after(actor=of_account(thomas), follow_up=complaint)
    request, actor = stands(promise), of_account(youssef.person.account)
    offer = matching.offer_by_hand(actor=of_account(thomas), request=request, volunteer=youssef)
    visits.accept_offer(actor=actor, offer=offer)
    word = Message.objects.filter(template="someone_comes").latest("created_at").body
    assert ("Si vous préférez quelqu’un d’autre" in word.replace("'", "’")) != settled
