"""A wrong press of the team on a visit: it is asked about before the time, taken back as it was, and the history says
whose press it was."""

from datetime import timedelta

import pytest

from quartier.console.tests.test_call_off import by_phone, do, page_of  # noqa: F401
from quartier.followup import actions as followup
from quartier.lib import clock
from quartier.matching.models import Offer
from quartier.messaging.models import Message
from quartier.people.lately import known_lately
from quartier.promises.queries import open_about
from quartier.team.access import of_account
from quartier.visits import actions as visits
from quartier.visits.models import Assignment

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(desk, request_, youssef, tuesday):
    """Tomorrow at ten, by Youssef."""
    do(desk, request_, do="accept", volunteer=youssef.pk)
    found = Assignment.objects.get()
    found.comes_from = tuesday + timedelta(days=1)
    found.comes_until = found.comes_from + timedelta(hours=1)
    found.save()
    return found


def state_of(visit):
    visit.refresh_from_db()
    visit.request.refresh_from_db()
    visit.volunteer.refresh_from_db()
    return visit.state, visit.request.state, visit.request.accepted, visit.volunteer.open_count


# ---- "done" ----


def test_before_its_time_it_is_asked_whether_it_is_done(desk, request_, visit):
    before = state_of(visit)
    text = do(desk, request_, do="done", assignment=visit.pk)
    assert "Is it already done?" in text
    assert state_of(visit) == before
    do(desk, request_, do="done", assignment=visit.pk, sure="1")
    assert state_of(visit)[:2] == ("done", "closed")


def test_after_it_has_begun_nothing_is_asked(desk, request_, visit):
    with clock.stopped_at(visit.comes_from):
        do(desk, request_, do="done", assignment=visit.pk)
    assert state_of(visit)[0] == "done"


def test_done_is_taken_back_by_a_colleague_and_the_visit_is_as_before(
    desk, signed_in, request_, visit, lotte, organisation
):
    before, offers = state_of(visit), Offer.made.count()
    do(desk, request_, do="done", assignment=visit.pk, sure="1")
    followup.plan(clock.now())
    signed_in(lotte)
    text = desk.get(page_of(request_)).content.decode()
    assert "Not done yet: Youssef is still going" in text
    text = do(desk, request_, do="undo_done", assignment=visit.pk)
    assert "Youssef is still going, as before" in text
    assert state_of(visit) == before
    assert Offer.made.count() == offers
    assert "Not done yet after all: undone, by Lotte" in text
    assert "Youssef: done" not in text
    assert not any(fact.is_meeting for fact in known_lately(request_.case.person))


def test_opened_again_before_its_time_the_visit_is_as_before(desk, request_, visit):
    before = state_of(visit)
    do(desk, request_, do="done", assignment=visit.pk, sure="1")
    desk.post(f"{page_of(request_)}close/", {"do": "reopen"}, follow=True)
    assert state_of(visit) == before


def test_opened_again_long_after_a_wrong_press_nobody_was_seen_at_home(desk, request_, visit, tuesday):
    do(desk, request_, do="done", assignment=visit.pk, sure="1")
    with clock.stopped_at(tuesday + timedelta(hours=1)):
        desk.post(f"{page_of(request_)}close/", {"do": "reopen"}, follow=True)
        assert state_of(visit)[:2] == ("done", "open")
        assert not any(fact.is_meeting for fact in known_lately(request_.case.person))


def test_opened_again_too_late_to_undo_the_volunteer_hears_once_that_they_need_not_go(
    desk, request_, visit, youssef, tuesday
):
    told = Message.objects.filter(template="visit_cancelled", person=youssef.person)
    do(desk, request_, do="done", assignment=visit.pk, sure="1")
    with clock.stopped_at(tuesday + timedelta(minutes=31)):
        desk.post(f"{page_of(request_)}close/", {"do": "reopen"}, follow=True)
        desk.post(f"{page_of(request_)}close/", {"do": "reopen"}, follow=True)
    assert told.count() == 1


def test_whoever_expects_them_hears_or_is_called_that_they_do_not_come(desk, request_, visit, tuesday):
    Assignment.objects.update(told_at=tuesday)
    do(desk, request_, do="done", assignment=visit.pk, sure="1")
    with clock.stopped_at(tuesday + timedelta(minutes=31)):
        desk.post(f"{page_of(request_)}close/", {"do": "reopen"}, follow=True)
    is_written = Message.objects.filter(template="looking_again", person=request_.case.person).exists()
    assert is_written or open_about("call_off", request_.pk)


def test_of_a_visit_whose_time_is_over_they_hear_nothing(desk, request_, visit, youssef):
    do(desk, request_, do="done", assignment=visit.pk, sure="1")
    with clock.stopped_at(visit.comes_until + timedelta(hours=1)):
        desk.post(f"{page_of(request_)}close/", {"do": "reopen"}, follow=True)
    assert not Message.objects.filter(template="visit_cancelled").exists()


def test_who_has_been_there_already_is_not_told_that_it_is_cancelled(desk, request_, visit, youssef):
    visits.done(actor=of_account(youssef.person.account), assignment=visit)
    desk.post(f"{page_of(request_)}close/", {"do": "reopen"}, follow=True)
    assert state_of(visit)[:2] == ("done", "open")
    assert not Message.objects.filter(template="visit_cancelled").exists()


def test_their_own_done_is_not_the_teams_to_take_back(desk, request_, visit, youssef):
    visits.done(actor=of_account(youssef.person.account), assignment=visit)
    assert "Not done yet" not in desk.get(page_of(request_)).content.decode()
    assert "Nothing was changed" in do(desk, request_, do="undo_done", assignment=visit.pk)
    assert state_of(visit)[0] == "done"


def test_the_volunteer_is_not_offered_what_only_the_team_can_take_back(desk, request_, visit, thomas):
    visits.done(actor=of_account(thomas), assignment=visit)
    assert not visits.was_done_by_volunteer(visit)


def test_the_history_says_who_pressed(desk, request_, visit, youssef):
    do(desk, request_, do="done", assignment=visit.pk, sure="1")
    assert "Youssef: done, recorded by Thomas" in desk.get(page_of(request_)).content.decode()


def test_their_own_done_is_theirs_in_the_history(desk, request_, visit, youssef):
    visits.done(actor=of_account(youssef.person.account), assignment=visit)
    text = desk.get(page_of(request_)).content.decode()
    assert "Youssef: done" in text
    assert "done, recorded by" not in text


def test_the_history_says_who_recorded_that_it_did_not_go_ahead(desk, request_, visit):
    text = do(desk, request_, do="could_not", failure="cannot_go", assignment=visit.pk)
    assert "Youssef: it did not go ahead. Cannot go after all (recorded by Thomas)" in text


# ---- "I have told them" ----


def test_told_has_a_name_and_can_be_taken_back_for_ten_minutes(desk, by_phone, youssef, tuesday):  # noqa: F811
    do(desk, by_phone, do="accept", volunteer=youssef.pk)
    visit = Assignment.objects.get()
    with clock.stopped_at(tuesday + timedelta(minutes=1)):
        text = do(desk, by_phone, do="told", assignment=visit.pk)
        assert "Thomas called and said that Youssef is coming" in text
        assert "Not told yet: undo" in text
        assert open_about("request", by_phone.pk) is None
        text = do(desk, by_phone, do="undo_told", assignment=visit.pk)
        assert "Not told yet after all: undone, by Thomas" in text
        assert "I have told them" in text
        visit.refresh_from_db()
        assert visit.told_at is None
        assert open_about("request", by_phone.pk).needs_team
        do(desk, by_phone, do="told", assignment=visit.pk)
    with clock.stopped_at(tuesday + timedelta(minutes=12)):
        assert "Not told yet: undo" not in desk.get(page_of(by_phone)).content.decode()
        assert "Nothing was changed" in do(desk, by_phone, do="undo_told", assignment=visit.pk)


# ---- "I have called or written" ----


def test_a_contact_stands_in_the_history_with_its_author_and_moves_the_promise(desk, request_, tuesday):
    before = open_about("request", request_.pk)
    with clock.stopped_at(tuesday + timedelta(minutes=5)):
        text = do(desk, request_, do="contact")
    assert "They were called, or written to, by Thomas" in text
    after = open_about("request", request_.pk)
    assert after.pk != before.pk
    assert after.due_at > before.due_at


# ---- the hour of a yes on the phone ----


def test_the_hour_that_was_agreed_on_the_phone_is_kept(desk, request_, youssef, tuesday):
    request_.window_until = tuesday + timedelta(days=13)
    request_.urgency = "any"
    request_.save()
    text = desk.get(f"{page_of(request_)}?candidates=1").content.decode()
    assert "If you leave this empty, we choose and tell both of them" in text
    day = (tuesday + timedelta(days=2)).astimezone(request_.organisation.zone).date()
    do(desk, request_, do="accept", volunteer=youssef.pk, day=day.isoformat(), start="14", end="15.30")
    visit = Assignment.objects.get()
    start, end = (
        each.astimezone(request_.organisation.zone) for each in (visit.comes_from, visit.comes_until)
    )
    assert (start.date(), start.hour, end.hour, end.minute) == (day, 14, 15, 30)


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "2020-01-01", "start": "10"},
        {"start": "noon"},
        {"day": "2027-01-12"},
        {"start": "9", "end": "19"},
    ],
)
def test_hours_that_cannot_be_record_no_yes(desk, request_, youssef, wrong):
    text = do(desk, request_, do="accept", volunteer=youssef.pk, **wrong)
    assert not Assignment.objects.exists()
    # The panel is open, with what is wrong and what was typed.
    panel = text.split('<details class="yes-by-phone" open>')[1].split("</details>")[0]
    assert "Nothing was recorded: enter a day and a time" in panel
    assert str(youssef.pk) in panel
    assert all(f'value="{typed}"' in panel for typed in wrong.values())


# ---- since when somebody waits ----


def test_who_loses_a_yes_has_waited_since_they_asked(desk, request_, visit, tuesday):
    asked_at = request_.waiting_since
    with clock.stopped_at(tuesday + timedelta(minutes=36)):
        do(desk, request_, do="could_not", failure="cannot_go", assignment=visit.pk)
        request_.refresh_from_db()
    assert request_.waiting_since == asked_at
    # The search is a new one all the same.
    assert request_.searched_since == tuesday + timedelta(minutes=36)


def test_what_was_done_and_is_opened_again_waits_since_then(desk, request_, visit, tuesday):
    with clock.stopped_at(visit.comes_from):
        do(desk, request_, do="done", assignment=visit.pk)
    later = visit.comes_from + timedelta(days=7)
    with clock.stopped_at(later):
        desk.post(f"{page_of(request_)}close/", {"do": "reopen"}, follow=True)
        request_.refresh_from_db()
    assert request_.waiting_since == later
