"""Help that comes again: who comes each time, who stands in, and how it rests or ends."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from quartier.cases import actions as cases
from quartier.cases.models import Request, Series
from quartier.cases.rules import NotPossible
from quartier.lib import clock, rhythm
from quartier.matching import actions as matching
from quartier.matching.models import Acquaintance, Offer
from quartier.messaging.models import Message
from quartier.people import actions as people
from quartier.people import wishes
from quartier.people.rules import Quiet
from quartier.promises.models import Promise
from quartier.team.access import of_account, system
from quartier.visits import actions, queries
from quartier.visits.actions.accept import Result
from quartier.visits.models import Assignment, Regular

pytestmark = [pytest.mark.django_db, pytest.mark.either]
# The first time, from two to four; the next ones are 19 and 26 January.
FIRST = date(2027, 1, 12)
NEXT = date(2027, 1, 19)


def at(day, hour, minute=0):
    """A local hour in Brussels, in winter."""
    return datetime.combine(day, time(hour, minute), tzinfo=UTC) - timedelta(hours=1)


def actor(volunteer):
    return of_account(volunteer.person.account)


@pytest.fixture
def weekly(tuesday, youssef, nadia, asked):
    """Groceries every Tuesday afternoon; the first time stands already."""
    opened = asked(
        "groceries",
        urgency="day",
        window_from=at(FIRST, 14),
        window_until=at(FIRST, 16),
        rhythm=rhythm.simple("week", FIRST),
    )
    return opened.requests[0].series


def goes(request, volunteer):
    """This volunteer says yes, whoever else was asked."""
    offer = Offer.objects.filter(request=request, volunteer=volunteer).first()
    if offer is None:
        offer = matching.offer_by_hand(
            actor=system(request.organisation), request=request, volunteer=volunteer
        )
    answer = actions.accept_offer(actor=actor(volunteer), offer=offer)
    assert answer.result == Result.YOURS
    return answer.assignment


@pytest.fixture
def regular(weekly, youssef):
    """Youssef went the first time, from half past two to three, and comes each time."""
    visit = goes(weekly.requests.get(), youssef)
    actions.set_time(actor=actor(youssef), assignment=visit, start=at(FIRST, 14, 30), end=at(FIRST, 15))
    mine = actions.come_every_time(actor=actor(youssef), assignment=visit)
    actions.told(actor=actor(youssef), assignment=visit)
    actions.done(actor=actor(youssef), assignment=visit)
    return mine


def told(since=0):
    """Every message from the number `since` on: its template, and to whom."""
    rows = Message.objects.select_related("person").order_by("created_at", "id")[since:]
    return sorted((row.template, row.person.name) for row in rows)


def open_next(day=NEXT):
    """The day is near enough: its request is opened."""
    clock.set_time(at(day, 14) - timedelta(days=5))
    assert actions.open_due(clock.now()) == 1
    return Request.objects.get(day=day)


def test_the_first_time_is_an_ordinary_request_and_the_next_one_opens_five_days_before(weekly):
    first = weekly.requests.get()
    assert (first.day, weekly.starts, weekly.ends) == (FIRST, time(14), time(16))
    assert weekly.next_at == at(date(2027, 1, 14), 14)
    assert actions.open_due(clock.now()) == 0
    second = open_next()
    assert (second.state, second.kind, second.urgency) == (
        Request.State.OPEN,
        "groceries",
        Request.Urgency.WEEK,
    )
    assert (second.window_from, second.window_until) == (at(NEXT, 14), at(NEXT, 16))
    assert actions.open_due(clock.now()) == 0


def test_who_comes_each_time_has_it_at_once_at_the_usual_hour_with_the_word_she_knows(
    regular, youssef, weekly
):
    before = actions.last_visit(regular)
    sent = Message.objects.count()
    request = open_next()
    visit = request.assignments.get()
    assert (request.state, visit.volunteer, visit.regular) == (Request.State.COVERED, youssef, True)
    assert (visit.comes_from, visit.comes_until) == (at(NEXT, 14, 30), at(NEXT, 15))
    assert visit.code_word == before.code_word
    # Both know: nobody is written to, and nobody need call, until the day before.
    assert Message.objects.count() == sent
    assert visit.told_at is not None
    youssef.refresh_from_db()
    assert youssef.open_count == 0
    clock.set_time(at(NEXT, 14, 30) - timedelta(hours=26))
    assert actions.announce(clock.now()) == 1
    assert actions.announce(clock.now()) == 0
    assert told(sent) == [("comes_ahead", "Marie Peeters"), ("visit_ahead", "Youssef")]
    actions.done(actor=actor(youssef), assignment=visit)
    youssef.refresh_from_db()
    assert (youssef.open_count, youssef.done_total) == (0, 2)


def test_not_this_time_asks_who_knows_her_first_and_then_the_others(
    regular, youssef, nadia, weekly, volunteer
):
    # Nadia has been there once.
    matching.they_met(person=weekly.case.person, volunteer=nadia, at=clock.now())
    # Somebody lives nearer.
    karim = volunteer("Karim")
    actions.not_this_time(actor=actor(youssef), regular=regular, day=NEXT)
    request = open_next()
    assert request.state == Request.State.OPEN
    clock.advance(timedelta(minutes=1))
    first = matching.send_wave(request_id=request.pk)
    assert [offer.volunteer.person.name for offer in first] == ["Nadia"]
    assert first[0].reasons[0] == ["known", ""]
    request.refresh_from_db()
    assert (request.wave, request.next_at) == (0, clock.now() + timedelta(hours=2))
    matching.decline_offer(actor=actor(nadia), offer=first[0])
    others = [offer.volunteer.person.name for offer in matching.send_wave(request_id=request.pk)]
    assert "Karim" in others
    visit = goes(request, karim)
    actions.done(actor=actor(karim), assignment=visit)
    # The week after, it is Youssef again.
    third = open_next(date(2027, 1, 26))
    assert third.assignments.get().volunteer == youssef


def test_given_back_in_time_another_one_is_found_and_youssef_may_change_his_mind(regular, youssef, nadia):
    request = open_next()
    actions.not_this_time(actor=actor(youssef), regular=regular, day=NEXT)
    request.refresh_from_db()
    assert (request.state, request.priority) == (Request.State.OPEN, 1)
    assert actions.this_time_after_all(actor=actor(youssef), regular=regular, day=NEXT)
    request.refresh_from_db()
    assert request.state == Request.State.COVERED
    actions.not_this_time(actor=actor(youssef), regular=regular, day=NEXT)
    goes(request, nadia)
    assert not actions.this_time_after_all(actor=actor(youssef), regular=regular, day=NEXT)


def test_two_come_where_two_are_asked_and_no_third(tuesday, youssef, nadia, volunteer, asked):
    karim = volunteer("Karim")
    request = asked(
        "groceries",
        needed=2,
        window_from=at(FIRST, 14),
        window_until=at(FIRST, 16),
        rhythm=rhythm.simple("week", FIRST),
    ).requests[0]
    for each in (youssef, nadia):
        visit = goes(request, each)
        actions.come_every_time(actor=actor(each), assignment=visit)
        actions.come_every_time(actor=actor(each), assignment=visit)
    assert Regular.objects.count() == 2
    actions.could_not(actor=actor(nadia), assignment=visit, failure="cannot_go")
    third = goes(request, karim)
    with pytest.raises(NotPossible):
        actions.come_every_time(actor=actor(karim), assignment=third)
    second = open_next()
    assert {each.volunteer for each in second.assignments.all()} == {youssef, nadia}


def test_who_is_suspended_in_the_middle_comes_no_more_and_neighbours_are_asked(
    regular, youssef, thomas, weekly
):
    request = open_next()
    actions.volunteer_suspended(actor=of_account(thomas), volunteer=youssef)
    request.refresh_from_db()
    assert request.state == Request.State.OPEN
    assert not Regular.objects.filter(ended_at=None).exists()
    third = open_next(date(2027, 1, 26))
    assert third.state == Request.State.OPEN


def test_who_is_on_a_break_is_not_counted_on(regular, youssef):
    assert queries.counted_on(regular.series) == [regular]
    people.pause(actor=actor(youssef), volunteer=youssef, until=None)
    assert queries.counted_on(regular.series) == []
    assert open_next().state == Request.State.OPEN


def test_who_has_told_ahead_that_they_are_away_need_not_say_so_for_each_day(regular, youssef):
    wishes.go_away(actor=actor(youssef), volunteer=youssef, starts_on=NEXT, ends_on=NEXT + timedelta(days=3))
    assert open_next().state == Request.State.OPEN
    # Nor is he asked for that day, and afterwards it is his again.
    assert not Offer.objects.filter(request__day=NEXT, volunteer=youssef, state="sent").exists()
    assert open_next(date(2027, 1, 26)).state == Request.State.COVERED


def test_who_knows_her_and_sleeps_is_not_asked_first(weekly, regular, youssef, nadia):
    said = wishes.Said(quiet=Quiet(time(6), time(20)))
    wishes.wish(actor=actor(youssef), person=youssef.person, said=said)
    people.pause(actor=actor(youssef), volunteer=youssef, until=None)
    request = open_next()
    people.resume(actor=actor(youssef), volunteer=youssef)
    with clock.stopped_at(at(NEXT - timedelta(days=5), 11)):
        found = matching.send_wave(request_id=request.pk)
    assert youssef.pk not in {offer.volunteer_id for offer in found}


def test_not_this_tuesday_and_a_pause(regular, youssef, weekly):
    me = system(weekly.organisation)
    request = open_next()
    actions.leave_out(actor=me, series=weekly, day=NEXT)
    request.refresh_from_db()
    assert (request.state, request.closure) == (Request.State.CLOSED, Request.Closure.WITHDRAWN)
    assert request.assignments.get().state == Assignment.State.CANCELLED
    assert cases.days_ahead(weekly, 2) == [date(2027, 1, 26), date(2027, 2, 2)]
    actions.pause_series(actor=me, series=weekly, until=date(2027, 2, 9))
    weekly.refresh_from_db()
    assert cases.days_ahead(weekly, 2) == [date(2027, 2, 9), date(2027, 2, 16)]
    assert weekly.next_at == at(date(2027, 2, 4), 14)
    request = open_next(date(2027, 2, 9))
    weekly.refresh_from_db()
    assert (weekly.state, request.state) == (Series.State.RUNNING, Request.State.COVERED)


def test_paused_without_a_day_it_rests_until_somebody_says_so(weekly):
    me = system(weekly.organisation)
    actions.pause_series(actor=me, series=weekly, until=None)
    clock.advance(timedelta(weeks=5))
    assert actions.open_due(clock.now()) == 0
    cases.resume_series(actor=me, series=weekly)
    weekly.refresh_from_db()
    # It was the 16th of February: days that went by are not made up for.
    assert cases.days_ahead(weekly, 1) == [date(2027, 2, 16)]
    assert actions.open_due(clock.now()) == 1
    assert Request.objects.filter(series=weekly).count() == 2


def test_an_installation_that_was_away_does_not_fill_the_board_with_the_past(weekly):
    clock.set_time(at(date(2027, 2, 3), 10))
    for _ in range(9):
        actions.open_due(clock.now())
    # Three Tuesdays went by; the next one is six days ahead, a day too early.
    assert list(weekly.requests.values_list("day", flat=True)) == [FIRST]
    weekly.refresh_from_db()
    assert weekly.next_at == at(date(2027, 2, 4), 14)


def test_a_person_who_died_is_left_in_peace_and_who_was_going_hears_it(regular, youssef, weekly, thomas):
    request = open_next()
    Message.objects.all().delete()
    actions.person_died(actor=of_account(thomas), case=weekly.case)
    request.refresh_from_db()
    weekly.refresh_from_db()
    assert (request.state, weekly.state, weekly.next_at) == (Request.State.CLOSED, Series.State.ENDED, None)
    assert told() == [("person_died", "Youssef")]
    clock.advance(timedelta(weeks=3))
    assert actions.open_due(clock.now()) == 0
    actions.person_died(actor=of_account(thomas), case=weekly.case)
    assert Message.objects.count() == 1


def test_its_end_is_told_to_who_came_each_time(regular, weekly):
    Message.objects.all().delete()
    actions.end_series(actor=system(weekly.organisation), series=weekly)
    actions.end_series(actor=system(weekly.organisation), series=weekly)
    assert told() == [("series_ended", "Youssef")]
    with pytest.raises(NotPossible):
        cases.begin_series(
            actor=system(weekly.organisation),
            request=weekly.requests.get(),
            wish=rhythm.simple("week", FIRST),
        )


def test_who_did_not_come_without_a_word_is_not_asked_first(weekly, youssef):
    visit = goes(weekly.requests.get(), youssef)
    matching.they_met(person=weekly.case.person, volunteer=youssef, at=clock.now())
    Message.objects.update(state=Message.State.SENT, sent_at=clock.now())
    clock.set_time(visit.comes_until + timedelta(hours=4))
    assert actions.find_no_shows(clock.now()) == 1
    assert not Acquaintance.objects.exists()


def test_a_time_in_which_clocks_change_keeps_its_hour(weekly):
    for _ in range(12):
        weekly.refresh_from_db()
        clock.set_time(weekly.next_at)
        actions.open_due(clock.now())
    days = {each.day: each.window_from for each in weekly.requests.all()}
    assert days[date(2027, 3, 23)] == datetime(2027, 3, 23, 13, tzinfo=UTC)
    assert days[date(2027, 3, 30)] == datetime(2027, 3, 30, 12, tzinfo=UTC)


def test_she_hears_first_that_the_usual_one_cannot_come_with_what_and_when(regular, youssef):
    sent = Message.objects.count()
    actions.not_this_time(actor=actor(youssef), regular=regular, day=NEXT)
    # The day has no request yet: there is nothing to look for.
    assert Message.objects.count() == sent
    request = open_next()
    letter = Message.objects.order_by("created_at", "id").last()
    assert (letter.template, letter.person) == ("regular_cannot", request.case.person)
    assert letter.body.startswith("Youssef")
    assert "entre 14 et 16 h" in letter.body or "14" in letter.body


def test_whoever_waits_for_the_next_day_without_a_usual_one_hears_until_when_they_hear(weekly):
    request = open_next()
    letter = Message.objects.order_by("created_at", "id").last()
    assert (letter.template, letter.person) == ("still_looking", request.case.person)
    promise = Promise.objects.get(subject_id=request.pk, outcome="")
    assert (promise.person, promise.due_at) == (request.case.person, request.promised_at)


def test_she_hears_it_also_when_he_says_so_later(regular, youssef):
    open_next()
    actions.not_this_time(actor=actor(youssef), regular=regular, day=NEXT)
    assert Message.objects.filter(template="regular_cannot").count() == 1
    assert not Message.objects.filter(template="looking_again").exists()


def silent(regular, day):
    """On this day the one who comes each time was not heard from."""
    visit = Assignment.objects.get(request__day=day, volunteer=regular.volunteer)
    actions.could_not(
        actor=system(regular.organisation), assignment=visit, failure=Assignment.Failure.NO_SHOW
    )


def test_after_two_times_without_a_word_they_are_asked_and_not_announced(regular, youssef, weekly):
    days = [NEXT + timedelta(weeks=number) for number in range(4)]
    for day in days[:2]:
        request = open_next(day)
        assert request.state == Request.State.COVERED
        clock.set_time(request.window_until + timedelta(hours=3))
        silent(regular, day)
        Request.objects.filter(day=day).update(
            state="closed", closure="expired", closed_at=clock.now(), next_at=None, why_human=""
        )
    sent = Message.objects.count()
    request = open_next(days[2])
    assert (request.state, request.assignments.count()) == (Request.State.OPEN, 0)
    assert told(sent) == [("offer", "Youssef"), ("regular_unheard", "Marie Peeters")]
    letter = Message.objects.get(template="offer", person=youssef.person, created_at=clock.now())
    assert "Venez-vous cette fois" in f"{letter.subject} {letter.body}"
    # The others wait half a day for the answer. A yes is a yes, and the next time they are counted on again.
    assert matching.send_wave(request_id=request.pk) == []
    request.refresh_from_db()
    assert request.next_at == clock.now() + timedelta(hours=12)
    offer = Offer.objects.get(request=request, volunteer=youssef)
    visit = actions.accept_offer(actor=actor(youssef), offer=offer).assignment
    actions.done(actor=actor(youssef), assignment=visit)
    assert open_next(days[3]).state == Request.State.COVERED


def test_a_missed_day_is_looked_for_until_the_evening_before_the_next_one(regular, weekly):
    request = open_next()
    clock.set_time(request.window_until + timedelta(hours=3))
    silent(regular, NEXT)
    request.refresh_from_db()
    assert request.state == Request.State.OPEN
    assert request.window_until <= at(NEXT + timedelta(days=6), 20)
    # So late that a week from now would reach beyond it.
    clock.set_time(request.window_until + timedelta(hours=1))
    Request.objects.filter(pk=request.pk).update(urgency="week")
    request.refresh_from_db()
    again = cases.reopen_request(actor=system(weekly.organisation), request=request)
    assert again.window_until <= at(NEXT + timedelta(days=13), 20)


def test_a_visit_ends_what_is_looked_for_of_earlier_days(regular, youssef, weekly):
    missed = open_next()
    silent(regular, NEXT)
    open_next(NEXT + timedelta(weeks=1))
    visit = Assignment.objects.get(request__day=NEXT + timedelta(weeks=1))
    sent = Message.objects.count()
    actions.done(actor=actor(youssef), assignment=visit)
    missed.refresh_from_db()
    assert (missed.state, missed.closure) == (Request.State.CLOSED, "duplicate")
    assert told(sent) == [("helped", "Marie Peeters")]
    # Taken back, it is looked for as before.
    actions.undo_done(actor=actor(youssef), assignment=visit)
    missed.refresh_from_db()
    assert (missed.state, missed.merged_into) == (Request.State.OPEN, None)
