"""A day of a series that was moved to another one goes by that: a pause takes it out, or lets it stand."""

# ruff: noqa: F401, F811 (fixtures of another file)

from datetime import date

import pytest

from quartier.cases.models import Request
from quartier.cases.rules import NotPossible
from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.team.access import system
from quartier.visits import actions
from quartier.visits.actions.series_news import tell_each_time
from quartier.visits.models import Assignment, Regular
from quartier.visits.queries import coming
from quartier.visits.tests.test_rhythm import NEXT, at, open_next, regular, told, weekly

pytestmark = [pytest.mark.django_db, pytest.mark.either]
# Tuesday 19 January was moved to the Thursday.
THURSDAY = date(2027, 1, 21)


@pytest.fixture
def moved(regular, organisation):
    """The day of the series that was moved; whoever comes each time comes then."""
    request = open_next()
    window = (at(THURSDAY, 14), at(THURSDAY, 16))
    actions.move_request(actor=system(organisation), request=request, window=window, urgency="")
    visit = Assignment.objects.get(request=request)
    assert visit.comes_from.astimezone(organisation.zone).date() == THURSDAY
    return request


def test_a_pause_on_its_old_day_lets_it_stand(moved, organisation):
    actions.pause_series(
        actor=system(organisation), series=moved.series, since=date(2027, 1, 18), until=date(2027, 1, 20)
    )
    moved.refresh_from_db()
    assert moved.state == Request.State.COVERED


def test_a_pause_on_its_new_day_takes_it_out_and_whoever_goes_hears_of_it(moved, organisation):
    sent = Message.objects.count()
    actions.pause_series(
        actor=system(organisation), series=moved.series, since=date(2027, 1, 20), until=date(2027, 1, 23)
    )
    moved.refresh_from_db()
    assert (moved.state, moved.closure) == (Request.State.CLOSED, Request.Closure.WITHDRAWN)
    assert ("visit_cancelled", "Youssef") in told(sent)


def test_not_this_time_names_the_day_on_which_they_would_have_come(moved, organisation):
    sent = Message.objects.count()
    actions.leave_out(actor=system(organisation), series=moved.series, day=NEXT)
    rest = Message.objects.filter(template="series_rests", person=moved.case.person).latest("created_at")
    assert "21" in rest.body
    assert ("visit_cancelled", "Youssef") in told(sent)


def test_a_moved_day_that_was_left_out_is_taken_back_by_its_new_date(moved, organisation):
    actor, wednesday = system(organisation), date(2027, 1, 20)
    clock.set_time(at(wednesday, 10))
    actions.leave_out(actor=actor, series=moved.series, day=NEXT)
    (skipped,) = [each for each in coming(moved.series) if each.left_out]
    assert (skipped.day, skipped.shown_day) == (NEXT, THURSDAY)
    actions.take_in(actor=actor, series=moved.series, day=NEXT)
    moved.refresh_from_db()
    assert (moved.state, moved.window_from) == (Request.State.COVERED, at(THURSDAY, 14))
    assert not any(each.left_out for each in coming(moved.series))
    clock.set_time(at(THURSDAY, 17))
    actions.leave_out(actor=actor, series=moved.series, day=NEXT)
    with pytest.raises(NotPossible):
        actions.take_in(actor=actor, series=moved.series, day=NEXT)


def test_the_next_time_of_whoever_comes_each_time_is_the_day_on_which_they_come(moved, regular):
    Message.objects.all().delete()
    with clock.stopped_at(at(date(2027, 1, 14), 10)):
        tell_each_time(Regular.objects.get(pk=regular.pk))
    word = Message.objects.get(template="comes_each_time").body
    assert "jeudi 21 janvier" in word
    assert "19 janvier" not in word
