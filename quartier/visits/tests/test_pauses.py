"""Help that comes again and rests for a while: a pause is told as a pause, to both, and never as an end."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from quartier.cases import actions as cases
from quartier.cases.models import Request, Series
from quartier.cases.rules import NotPossible
from quartier.lib import clock, rhythm
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.messaging.models import Message
from quartier.team.access import of_account, system
from quartier.visits import actions

pytestmark = [pytest.mark.django_db, pytest.mark.either]
# Each Tuesday from two to four; Christmas of that year is far away.
FIRST, NEXT, THIRD = (date(2027, 1, day) for day in (12, 19, 26))


def at(day, hour):
    return datetime.combine(day, time(hour), tzinfo=UTC) - timedelta(hours=1)


@pytest.fixture
def weekly(tuesday, youssef, asked):
    """Youssef comes each Tuesday; the first time is over."""
    window = {"window_from": at(FIRST, 14), "window_until": at(FIRST, 16)}
    request = asked("groceries", urgency="day", rhythm=rhythm.simple("week", FIRST), **window).requests[0]
    visit = goes(request, youssef)
    me = of_account(youssef.person.account)
    actions.come_every_time(actor=me, assignment=visit)
    actions.done(actor=me, assignment=visit)
    return request.series


def goes(request, volunteer):
    offer = matching.offer_by_hand(actor=system(request.organisation), request=request, volunteer=volunteer)
    return actions.accept_offer(actor=of_account(volunteer.person.account), offer=offer).assignment


def open_next(day):
    clock.set_time(at(day - timedelta(days=5), 14))
    actions.open_due(clock.now())
    return Request.objects.get(day=day)


def plain(message):
    return message.body.replace("\xa0", " ")


def told():
    rows = Message.objects.select_related("person").order_by("created_at", "id")
    return sorted((row.template, row.person.name) for row in rows)


def test_she_hears_that_the_same_neighbour_comes_each_time(weekly):
    letter = Message.objects.get(template="comes_each_time")
    assert letter.person == weekly.case.person
    assert letter.body.startswith("Youssef sera là chaque fois")
    assert "chaque mardi" in letter.body
    assert "La prochaine fois\xa0: aujourd’hui." in letter.body


def test_a_pause_is_told_to_both_and_not_as_an_end(weekly):
    request = open_next(NEXT)
    Message.objects.all().delete()
    me = system(weekly.organisation)
    actions.pause_series(actor=me, series=weekly, until=date(2027, 2, 2), since=NEXT)
    request.refresh_from_db()
    assert (request.state, request.closure) == (Request.State.CLOSED, Request.Closure.WITHDRAWN)
    assert told() == [("series_rests", "Marie Peeters"), ("series_rests", "Youssef")]
    for letter in Message.objects.all():
        assert "pause du mardi 19 janvier au lundi 1er février" in letter.body
        assert "mardi 2 février" in letter.body
        assert "annulé" not in letter.body


def test_a_pause_that_begins_later_leaves_what_is_before(weekly):
    me = system(weekly.organisation)
    actions.pause_series(actor=me, series=weekly, since=date(2027, 1, 20), until=date(2027, 2, 9))
    weekly.refresh_from_db()
    assert cases.days_ahead(weekly, 3) == [NEXT, date(2027, 2, 9), date(2027, 2, 16)]
    assert open_next(NEXT).state == Request.State.COVERED
    weekly.refresh_from_db()
    # The day before it has its request, and the pause is still to come.
    assert (weekly.state, weekly.paused_from) == (Series.State.PAUSED, date(2027, 1, 20))
    assert weekly.next_at == at(date(2027, 2, 4), 14)
    assert open_next(date(2027, 2, 9)).state == Request.State.COVERED
    weekly.refresh_from_db()
    assert (weekly.state, weekly.paused_from, weekly.paused_until) == (Series.State.RUNNING, None, None)
    assert not Request.objects.filter(day__in=[THIRD, date(2027, 2, 2)]).exists()


@pytest.mark.parametrize(("since", "until"), [(NEXT, NEXT), (THIRD, NEXT), (None, date(2029, 1, 1))])
def test_a_pause_that_nobody_can_mean(weekly, since, until):
    with pytest.raises(NotPossible):
        actions.pause_series(actor=system(weekly.organisation), series=weekly, since=since, until=until)


def test_without_an_end_the_days_before_it_stay(weekly):
    actions.pause_series(actor=system(weekly.organisation), series=weekly, since=THIRD, until=None)
    weekly.refresh_from_db()
    assert cases.days_ahead(weekly, 3) == [NEXT]
    Message.objects.all().delete()
    actions.resume_series(actor=system(weekly.organisation), series=weekly)
    actions.resume_series(actor=system(weekly.organisation), series=weekly)
    assert told() == [("series_goes_on", "Marie Peeters"), ("series_goes_on", "Youssef")]
    assert "cela reprend. La prochaine fois : mardi 19 janvier" in plain(Message.objects.first())


def test_a_day_that_is_left_out_is_no_end_either(weekly):
    open_next(NEXT)
    Message.objects.all().delete()
    actions.leave_out(actor=system(weekly.organisation), series=weekly, day=NEXT)
    assert told() == [("series_rests", "Marie Peeters"), ("series_rests", "Youssef")]
    assert "pause le mardi 19 janvier. La prochaine fois : mardi 26 janvier" in plain(Message.objects.first())


def test_somebody_else_who_would_have_come_hears_that_they_need_not(weekly, nadia, youssef):
    request = open_next(NEXT)
    actions.could_not(
        actor=system(weekly.organisation), assignment=request.assignments.get(), failure="cannot_go"
    )
    goes(request, nadia)
    Message.objects.all().delete()
    actions.leave_out(actor=system(weekly.organisation), series=weekly, day=NEXT)
    assert ("visit_cancelled", "Nadia") in told()


def test_what_was_asked_for_no_day_can_come_again_at_the_hour_of_the_visit(tuesday, youssef, asked):
    request = asked("groceries", urgency="now").requests[0]
    me = system(request.organisation)
    with pytest.raises(NotPossible):
        actions.begin_again(actor=me, request=request, wish=rhythm.simple("week", FIRST))
    visit = goes(request, youssef)
    actions.done(actor=of_account(youssef.person.account), assignment=visit)
    request.refresh_from_db()
    series = actions.begin_again(actor=me, request=request, wish=rhythm.simple("week", FIRST))
    assert cases.days_ahead(series, 2) == [NEXT, THIRD]
    assert (series.starts, series.ends) == (time(11), time(14))
    request.refresh_from_db()
    assert (request.series, request.state) == (series, Request.State.CLOSED)
    with pytest.raises(NotPossible):
        actions.begin_again(actor=me, request=request, wish=rhythm.simple("week", FIRST))
    assert open_next(NEXT).window_from == at(NEXT, 11)


@pytest.mark.parametrize("how", ["not this time", "pause"])
def test_who_has_stopped_coming_hears_that_the_visit_is_not_needed(weekly, youssef, how):
    open_next(NEXT)
    actions.stop_coming(actor=of_account(youssef.person.account), regular=weekly.regulars.get())
    Message.objects.all().delete()
    me = system(weekly.organisation)
    if how == "pause":
        actions.pause_series(actor=me, series=weekly, until=None)
    else:
        actions.leave_out(actor=me, series=weekly, day=NEXT)
    assert told() == [("series_rests", "Marie Peeters"), ("visit_cancelled", "Youssef")]


def test_a_visit_that_is_near_is_cancelled_by_itself(weekly):
    open_next(NEXT)
    clock.set_time(at(NEXT, 8))
    Message.objects.all().delete()
    actions.leave_out(actor=system(weekly.organisation), series=weekly, day=NEXT)
    # That it rests may wait for the end of the night; this does not wait until he stands at the door.
    assert ("visit_cancelled", "Youssef") in told()


def test_two_pieces_of_news_in_one_minute_are_both_told(weekly):
    open_next(NEXT)
    Message.objects.all().delete()
    me = system(weekly.organisation)
    for _time in range(2):
        actions.leave_out(actor=me, series=weekly, day=NEXT)
    actions.pause_series(actor=me, series=weekly, since=THIRD, until=date(2027, 2, 9))
    assert told() == [("series_rests", "Marie Peeters")] * 2 + [("series_rests", "Youssef")] * 2


def test_the_same_pause_said_twice_is_told_once(weekly):
    Message.objects.all().delete()
    for _time in range(2):
        actions.pause_series(actor=system(weekly.organisation), series=weekly, since=NEXT, until=THIRD)
    assert told() == [("series_rests", "Marie Peeters"), ("series_rests", "Youssef")]


def visits_on(day):
    return [
        visit.volunteer.person.name
        for visit in Request.objects.get(day=day).assignments.filter(state="accepted")
    ]


def test_a_day_that_had_its_request_is_needed_after_all(weekly):
    request = open_next(NEXT)
    me = system(weekly.organisation)
    actions.leave_out(actor=me, series=weekly, day=NEXT)
    Message.objects.all().delete()
    actions.take_in(actor=me, series=weekly, day=NEXT)
    request.refresh_from_db()
    assert (request.state, request.window_from) == (Request.State.COVERED, at(NEXT, 14))
    assert visits_on(NEXT) == ["Youssef"]
    # He was told that he need not come, and hears now that he must: a reminder would not say why.
    assert told() == [("series_goes_on", "Marie Peeters"), ("visit_after_all", "Youssef")]
    actions.take_in(actor=me, series=weekly, day=NEXT)
    assert len(told()) == 2


def test_a_day_after_which_others_were_opened_is_needed_after_all(weekly):
    me, day = system(weekly.organisation), date(2027, 1, 15)
    cases.change_series(actor=me, series=weekly, wish=rhythm.simple("day", FIRST))
    actions.leave_out(actor=me, series=weekly, day=day)
    while actions.open_due(clock.now()):
        pass
    assert Request.objects.filter(day__gt=day).exists()
    actions.take_in(actor=me, series=weekly, day=day)
    assert visits_on(day) == ["Youssef"]


def test_a_day_that_is_over_is_not_needed_after_all(weekly):
    me = system(weekly.organisation)
    request = open_next(NEXT)
    actions.leave_out(actor=me, series=weekly, day=NEXT)
    clock.set_time(at(NEXT, 16))
    with pytest.raises(NotPossible):
        actions.take_in(actor=me, series=weekly, day=NEXT)
    request.refresh_from_db()
    assert request.state == Request.State.CLOSED


@pytest.mark.parametrize("how", ["it goes on", "a shorter pause"])
def test_days_that_had_their_request_before_the_pause_have_it_again(weekly, how):
    request = open_next(NEXT)
    me = system(weekly.organisation)
    actions.pause_series(actor=me, series=weekly, until=None)
    Message.objects.all().delete()
    if how == "it goes on":
        actions.resume_series(actor=me, series=weekly)
    else:
        actions.pause_series(actor=me, series=weekly, since=THIRD, until=None)
    request.refresh_from_db()
    assert request.state == Request.State.COVERED
    assert visits_on(NEXT) == ["Youssef"]
    for letter in Message.objects.all():
        assert "La prochaine fois : mardi 19 janvier" in plain(letter)


def test_a_day_that_was_left_out_stays_so_when_it_goes_on(weekly):
    request = open_next(NEXT)
    me = system(weekly.organisation)
    actions.leave_out(actor=me, series=weekly, day=NEXT)
    actions.pause_series(actor=me, series=weekly, until=None)
    actions.resume_series(actor=me, series=weekly)
    request.refresh_from_db()
    assert request.state == Request.State.CLOSED


def test_the_next_time_that_she_hears_is_one_on_which_this_neighbour_comes(weekly, nadia, youssef):
    """Days that have their request already are somebody else's, or nobody's."""
    actions.stop_coming(actor=of_account(youssef.person.account), regular=weekly.regulars.get())
    first = open_next(NEXT)
    visit = goes(first, nadia)
    clock.set_time(at(THIRD - timedelta(days=5), 14))
    actions.open_due(clock.now())
    actions.done(actor=of_account(nadia.person.account), assignment=visit)
    Message.objects.all().delete()
    actions.come_every_time(actor=of_account(nadia.person.account), assignment=visit)
    letter = plain(Message.objects.get(template="comes_each_time"))
    assert "mardi 2 février" in letter
    assert "26 janvier" not in letter


def test_nobody_promises_to_be_with_two_people_at_one_hour(weekly, youssef, asked):
    other = asked(
        "pharmacy",
        name="Jeanne Dubois",
        urgency="day",
        rhythm=rhythm.simple("week", NEXT),
        window_from=at(NEXT, 14),
        window_until=at(NEXT, 16),
    ).requests[0]
    clock.set_time(at(NEXT - timedelta(days=5), 14))
    actions.open_due(clock.now())
    visit, me = goes(other, youssef), of_account(youssef.person.account)
    with pytest.raises(actions.Elsewhere):
        actions.come_every_time(actor=me, assignment=visit)
    actions.set_time(actor=me, assignment=visit, start=at(NEXT, 15), end=at(NEXT, 16))
    mine = weekly.requests.get(day=NEXT).assignments.get()
    actions.set_time(actor=me, assignment=mine, start=at(NEXT, 14), end=at(NEXT, 15))
    visit.refresh_from_db()
    assert actions.come_every_time(actor=me, assignment=visit).series == other.series


def test_both_hear_when_somebody_comes_each_time_no_more(weekly, youssef, thomas):
    Message.objects.all().delete()
    actions.stop_coming(actor=of_account(thomas), regular=weekly.regulars.get())
    assert told() == [("regular_released", "Youssef"), ("regular_stops", "Marie Peeters")]
    assert "Youssef ne viendra plus chaque fois" in Message.objects.get(template="regular_stops").body


@pytest.mark.parametrize("how", ["says so", "leaves", "is suspended"])
def test_she_hears_when_somebody_gives_it_up(weekly, youssef, thomas, how):
    Message.objects.all().delete()
    me = of_account(youssef.person.account)
    if how == "says so":
        actions.stop_coming(actor=me, regular=weekly.regulars.get())
    elif how == "leaves":
        actions.volunteer_leaves(actor=me, volunteer=youssef)
    else:
        actions.volunteer_suspended(actor=of_account(thomas), volunteer=youssef)
    assert ("regular_stops", "Marie Peeters") in told()
    assert "regular_released" not in [template for template, _name in told()]


def test_who_said_that_they_cannot_is_not_put_down_again_for_that_day(weekly, youssef):
    request = open_next(FIRST + timedelta(weeks=1))
    me = of_account(youssef.person.account)
    actions.could_not(actor=me, assignment=request.assignments.get(), failure="cannot_go")
    actor = system(request.organisation)
    actions.leave_out(actor=actor, series=weekly, day=request.day)
    actions.take_in(actor=actor, series=weekly, day=request.day)
    assert not request.assignments.filter(state__in=["accepted", "on_way"]).exists()
    assert Offer.objects.get(request=request, volunteer=youssef).state == Offer.State.DECLINED
    # They can after all; and another rest and its end leave it at that.
    actions.this_time_after_all(actor=me, regular=youssef.regulars.get(), day=request.day)
    assert request.assignments.filter(state="accepted").count() == 1
    actions.leave_out(actor=actor, series=weekly, day=request.day)
    actions.take_in(actor=actor, series=weekly, day=request.day)
    assert request.assignments.filter(state="accepted").count() == 1
