"""What whoever waits hears as the next time of a series opens."""

# ruff: noqa: F401, F811 (fixtures of another file)

from datetime import date, timedelta

import pytest

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.lib import clock, rhythm
from quartier.matching import rules
from quartier.matching.jobs import waves
from quartier.messaging.models import Message
from quartier.people import actions as people
from quartier.promises.models import Promise
from quartier.team.access import system
from quartier.visits import actions
from quartier.visits.tests.test_rhythm import FIRST, NEXT, actor, at, open_next, told, weekly

pytestmark = [pytest.mark.django_db, pytest.mark.either]


def test_where_nobody_can_be_asked_it_is_not_said_that_we_look(weekly, youssef, nadia):
    """The search of the next time ends with its first look: that alone is said, ten minutes later no contradiction."""
    for each in (youssef, nadia):
        people.pause(actor=actor(each), volunteer=each, until=None)
    sent = Message.objects.count()
    with clock.stopped_at(at(date(2027, 1, 14), 15)):
        assert actions.open_due(clock.now()) == 1
    request = weekly.requests.get(day=NEXT)
    assert request.state == Request.State.HUMAN
    assert [name for name, _to in told(sent) if name == "still_looking"] == []
    assert Promise.objects.filter(subject_id=request.pk, outcome="", needs_team=True).exists()


def test_of_very_many_at_once_none_asks_before_the_plan(weekly, asked, youssef, nadia, monkeypatch):
    """The day of a series takes nobody away from those who wait with it: the waves ask, once neighbours are shared
    out."""
    monkeypatch.setattr(rules, "MANY_DUE", 3)
    for name in ("Anna", "Berthe", "Claire"):
        asked("groceries", name=name)
    with clock.stopped_at(at(date(2027, 1, 14), 15)):
        Request.objects.filter(state="open").update(next_at=clock.now())
        assert actions.open_due(clock.now()) == 1
        request = weekly.requests.get(day=NEXT)
        assert (request.state, request.next_at) == (Request.State.OPEN, clock.now())
        assert not request.offers.exists()
        assert Message.objects.filter(template="still_looking", person=request.case.person).exists()
        Request.objects.exclude(pk=request.pk).update(next_at=None)
        waves()
        assert request.offers.exists()


def test_of_few_neighbours_are_asked_at_once(weekly, youssef, nadia):
    with clock.stopped_at(at(date(2027, 1, 14), 15)):
        assert actions.open_due(clock.now()) == 1
    assert weekly.requests.get(day=NEXT).offers.exists()


def test_what_none_of_us_has_read_is_not_asked_for_the_next_time_either(asked, tuesday, youssef, nadia):
    hours = {"window_from": at(FIRST, 14), "window_until": at(FIRST, 16)}
    rule = rhythm.simple("week", FIRST)
    first = asked("groceries", moderated=True, urgency="day", rhythm=rule, **hours).requests[0]
    sent = Message.objects.count()
    following = open_next()
    assert (following.state, following.why_human) == (Request.State.HUMAN, Request.Why.MODERATION)
    assert not following.offers.exists()
    assert "still_looking" not in [name for name, _to in told(sent)]
    assert Promise.objects.filter(subject_id=following.pk, outcome="", needs_team=True).exists()

    cases.look_again(actor=system(first.organisation), request=first)
    assert open_next(NEXT + timedelta(weeks=1)).why_human not in Request.UNREAD_WORDS


@pytest.mark.parametrize("is_other_open", [True, False])
def test_of_two_days_that_are_open_it_is_said_for_which_nobody_is_found(
    weekly, youssef, nadia, is_other_open
):
    if not is_other_open:
        first = weekly.requests.get()
        actions.end_request(actor=system(first.organisation), request=first, closure="withdrawn")
    for each in (youssef, nadia):
        people.pause(actor=actor(each), volunteer=each, until=None)
    with clock.stopped_at(at(date(2027, 1, 14), 15)):
        actions.open_due(clock.now())
    word = Message.objects.filter(template__startswith="nobody_yet").latest("created_at").body
    assert ("courses (mardi 19 janvier)" in word.lower()) == is_other_open


def test_what_none_of_us_has_read_is_not_asked_for_by_leaving_its_day_out_for_a_moment(
    asked, tuesday, youssef, nadia
):
    hours = {"window_from": at(FIRST, 14), "window_until": at(FIRST, 16)}
    rule = rhythm.simple("week", FIRST)
    first = asked("groceries", moderated=True, urgency="day", rhythm=rule, **hours).requests[0]
    her = system(first.organisation)
    actions.leave_out(actor=her, series=first.series, day=FIRST)
    actions.take_in(actor=her, series=first.series, day=FIRST)
    first.refresh_from_db()
    assert (first.state, first.why_human) == (Request.State.HUMAN, Request.Why.MODERATION)
    assert not first.offers.exists()
    actions.leave_out(actor=her, series=first.series, day=FIRST)
    assert open_next().why_human == Request.Why.MODERATION
