"""The hours that whoever waits is told, however long the time is for which it was asked."""

from datetime import datetime, timedelta

import pytest

from quartier.cases.rules import NotPossible
from quartier.lib import choices, clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.team.access import of_account, system
from quartier.visits import actions
from quartier.visits.models import Assignment

pytestmark = pytest.mark.django_db


def says_yes(request, volunteer, window=None):
    offer = matching.offer_by_hand(actor=system(request.organisation), request=request, volunteer=volunteer)
    actor = of_account(volunteer.person.account)
    return actions.accept_offer(actor=actor, offer=offer, window=window).assignment


def hours(visit):
    zone = visit.organisation.zone
    start, end = (each.astimezone(zone) for each in (visit.comes_from, visit.comes_until))
    return f"{start:%a %H:%M}-{end:%H:%M}"


def on(day, hour, organisation):
    return datetime(2027, 1, day, hour, tzinfo=organisation.zone)


@pytest.mark.either
@pytest.mark.parametrize("urgency", ["now", "day", "week", "any"])
@pytest.mark.parametrize("kind", ["groceries", "transport", "talk"])
@pytest.mark.parametrize("hour", range(0, 24, 5))
def test_nobody_waits_longer_than_three_hours(tuesday, youssef, asked, urgency, kind, hour):
    with clock.stopped_at(tuesday + timedelta(hours=hour, minutes=7)):
        request = asked(kind, urgency=urgency).requests[0]
        visit = says_yes(request, youssef)
    assert visit.comes_until - visit.comes_from <= timedelta(hours=3)
    assert request.window_from <= visit.comes_from < visit.comes_until <= request.window_until
    if urgency != "now":
        assert 8 <= visit.comes_from.astimezone(visit.organisation.zone).hour < 20


def test_a_whole_day_is_told_as_three_hours_of_it(tuesday, youssef, asked, organisation):
    window = {"window_from": on(14, 8, organisation), "window_until": on(14, 22, organisation)}
    visit = says_yes(asked("groceries", urgency="week", **window).requests[0], youssef)
    assert hours(visit) == "Thu 08:00-11:00"
    told = Message.objects.get(template="someone_comes")
    assert "entre 8 h et 11 h" in told.body.replace("\xa0", " ")
    mine = Message.objects.get(template="accepted")
    assert "heure choisie par nous" in mine.body


def test_the_part_in_which_they_are_free(tuesday, volunteer, asked, organisation):
    window = {"window_from": on(14, 8, organisation), "window_until": on(15, 22, organisation)}
    friday_afternoon = 1 << (4 * len(choices.PARTS) + 1)
    karim = volunteer("Karim", slots=friday_afternoon)
    visit = says_yes(asked("dog", urgency="week", **window).requests[0], karim)
    assert hours(visit) == "Fri 12:00-15:00"


def test_an_hour_that_was_chosen_is_the_one_that_is_told(tuesday, youssef, asked, organisation):
    window = (on(14, 15, organisation), on(14, 16, organisation))
    asked_for = {"window_from": on(14, 8, organisation), "window_until": on(14, 22, organisation)}
    visit = says_yes(asked("dog", urgency="week", **asked_for).requests[0], youssef, window)
    assert hours(visit) == "Thu 15:00-16:00"
    assert "choisie par nous" not in Message.objects.get(template="accepted").body


def test_nobody_can_choose_to_be_waited_for_all_day(tuesday, youssef, asked, organisation):
    window = (on(14, 8, organisation), on(14, 22, organisation))
    request = asked("dog", urgency="week", window_from=window[0], window_until=window[1]).requests[0]
    visit = says_yes(request, youssef, window)
    assert hours(visit) == "Thu 08:00-11:00"
    with pytest.raises(NotPossible):
        actions.set_time(
            actor=of_account(youssef.person.account), assignment=visit, start=window[0], end=window[1]
        )
    assert hours(Assignment.objects.get()) == "Thu 08:00-11:00"


def test_an_hour_that_changes_is_told(tuesday, youssef, asked, organisation):
    visit = says_yes(asked("dog", urgency="day").requests[0], youssef)
    assert hours(visit) == "Tue 12:00-15:00"
    actor = of_account(youssef.person.account)
    at = on(12, 17, organisation)
    actions.set_time(actor=actor, assignment=visit, start=at, end=at + timedelta(hours=1))
    _first, second = Message.objects.filter(template="someone_comes").order_by("pk")
    assert "entre 17 h et 18 h" in second.body.replace("\xa0", " ")


def test_what_is_urgent_is_not_put_off(tuesday, youssef, asked):
    visit = says_yes(asked("groceries", urgency="now").requests[0], youssef)
    assert hours(visit) == "Tue 11:00-14:00"
