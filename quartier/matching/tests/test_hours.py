"""Nobody is asked in quiet hours of their own, or while they are away; everybody else is, and nobody who waits is
forgotten."""

from datetime import date, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartier.lib import clock, hours
from quartier.matching import actions
from quartier.matching.models import Offer
from quartier.matching.planning import reading
from quartier.matching.planning.why import WhyNot, near_and_not_asked, sought_by
from quartier.messaging.models import Message
from quartier.people import queries, wishes
from quartier.people.models import Away, Wishes
from quartier.people.rules import Quiet
from quartier.people.wishes import Said
from quartier.team.access import system

pytestmark = pytest.mark.django_db
# Eleven in the morning is in the first, not in the second.
NOW, LATER = Quiet(time(10), time(14)), Quiet(time(14), time(20))


def sleeps(volunteer, quiet, **said):
    wishes.wish(actor=system(volunteer.organisation), person=volunteer.person, said=Said(quiet=quiet, **said))


def is_away(volunteer, first, last):
    actor = system(volunteer.organisation)
    return wishes.go_away(actor=actor, volunteer=volunteer, starts_on=first, ends_on=last)


def names(offers):
    return {each.volunteer.person.name for each in offers}


@pytest.fixture
def request_(asked, tuesday):
    return asked("groceries").requests[0]


def test_who_sleeps_is_not_asked_and_the_next_one_is(request_, youssef, nadia):
    sleeps(youssef, NOW)
    sleeps(nadia, LATER)
    assert names(actions.send_wave(request_id=request_.pk)) == {"Nadia"}
    assert not Message.objects.filter(person=youssef.person).exists()
    youssef.refresh_from_db()
    # It costs nothing of the day's budget.
    assert youssef.asked_count == 0


def test_an_urgent_request_may_wake_who_has_said_so(asked, tuesday, youssef, nadia):
    request = asked("groceries", urgency="now").requests[0]
    sleeps(youssef, NOW, urgent=True)
    sleeps(nadia, NOW)
    assert names(actions.send_wave(request_id=request.pk)) == {"Youssef"}
    assert Message.objects.get(template="offer").not_before == tuesday


def test_others_fill_the_places_of_those_who_sleep(request_, volunteer):
    """More sleep in front of them than a wave is large."""
    for number in range(30):
        sleeps(volunteer(f"S{number}"), NOW)
    for number in range(26):
        volunteer(f"A{number}", at=(50.84, 4.385))
    found = names(actions.send_wave(request_id=request_.pk))
    assert len(found) == request_.organisation.wave_size
    assert all(name.startswith("A") for name in found)


def test_when_only_sleepers_are_left_it_waits_for_the_first_to_wake(asked, tuesday, youssef, thomas):
    request = asked("groceries", urgency="week").requests[0]
    sleeps(youssef, NOW)
    request.promised_at = tuesday + timedelta(hours=5)
    request.save()
    assert actions.send_wave(request_id=request.pk) == []
    request.refresh_from_db()
    assert (request.state, request.next_at) == ("open", tuesday + timedelta(hours=3))
    with clock.stopped_at(request.next_at):
        assert names(actions.send_wave(request_id=request.pk)) == {"Youssef"}


def test_who_wakes_after_we_promised_news_is_not_waited_for(asked, tuesday, youssef, thomas):
    request = asked("groceries").requests[0]
    sleeps(youssef, NOW)
    request.promised_at = tuesday + timedelta(hours=2)
    request.save()
    actions.send_wave(request_id=request.pk)
    request.refresh_from_db()
    assert (request.state, request.why_human) == ("human", "asleep")


@pytest.mark.parametrize(
    ("first", "last", "asked_"),
    [
        (date(2027, 1, 12), date(2027, 1, 12), False),  # today
        (date(2027, 1, 10), date(2027, 1, 14), False),
        (date(2027, 1, 13), date(2027, 1, 13), True),  # the help is useful today too
        (date(2027, 1, 13), date(2027, 2, 13), True),
        (date(2027, 1, 20), date(2027, 1, 30), True),
    ],
)
def test_away_today(request_, youssef, first, last, asked_):
    Away.objects.create(
        organisation=youssef.organisation, volunteer=youssef, starts_on=first, ends_on=last,
        created_at=request_.created_at,
    )  # fmt: skip
    assert bool(actions.send_wave(request_id=request_.pk)) == asked_


@pytest.mark.parametrize(
    ("first", "last", "asked_"),
    [
        (date(2027, 1, 14), date(2027, 1, 16), False),
        (date(2027, 1, 15), date(2027, 1, 15), False),
        (date(2027, 1, 14), date(2027, 1, 14), True),
        (date(2027, 1, 16), date(2027, 1, 30), True),
    ],
)
def test_away_all_the_time_in_which_help_is_useful(asked, tuesday, youssef, first, last, asked_):
    start = tuesday + timedelta(days=3)  # Friday the 15th
    request = asked(
        "groceries", urgency="week", window_from=start, window_until=start + timedelta(hours=4)
    ).requests[0]
    is_away(youssef, first, last)
    assert bool(actions.send_wave(request_id=request.pk)) == asked_


def test_a_window_that_ends_at_midnight_ends_that_day(asked, tuesday, youssef):
    start = tuesday + timedelta(days=3)
    midnight = tuesday.replace(day=15, hour=23)
    request = asked("groceries", urgency="week", window_from=start, window_until=midnight).requests[0]
    is_away(youssef, date(2027, 1, 15), date(2027, 1, 15))
    assert actions.send_wave(request_id=request.pk) == []


def test_by_hand_who_sleeps_is_asked_when_they_wake_and_has_time_to_answer(
    request_, youssef, tuesday, thomas
):
    sleeps(youssef, NOW)
    offer = actions.offer_by_hand(actor=system(request_.organisation), request=request_, volunteer=youssef)
    wakes = tuesday + timedelta(hours=3)
    assert (offer.message.not_before, offer.message.state) == (wakes, "due")
    assert offer.expires_at > wakes + timedelta(hours=1)


def test_why_not_her(request_, youssef, nadia):
    sleeps(youssef, NOW)
    is_away(nadia, date(2027, 1, 12), date(2027, 1, 13))
    found = near_and_not_asked(sought_by(request_, radius_m=20_000), 8)
    assert {each.volunteer.person.name: each.why for each in found} == {
        "Youssef": WhyNot.ASLEEP,
        "Nadia": WhyNot.AWAY,
    }


def test_a_plan_counts_on_nobody_who_sleeps_or_is_away(organisation, tuesday, volunteer):
    made = [volunteer(f"V{number}") for number in range(4)]
    sleeps(made[0], NOW)
    sleeps(made[1], LATER)
    is_away(made[2], date(2027, 1, 12), date(2027, 1, 12))
    free = reading.free_volunteers(organisation, tuesday.date(), 2)
    left = free.without(queries.not_now(organisation, tuesday))
    assert {UUID(bytes=bytes(key)) for key in left.keys} == {made[1].pk, made[3].pk}
    assert len(left.volunteers) == 2
    assert list(left.rows_of(left.keys)) == [0, 1]


def test_what_was_planned_before_somebody_went_to_sleep_is_let_go(request_, youssef, nadia, tuesday):
    Offer.objects.create(
        organisation=youssef.organisation, request=request_, volunteer=youssef, wave=1,
        created_at=tuesday, expires_at=tuesday + timedelta(hours=2),
    )  # fmt: skip
    sleeps(youssef, NOW)
    assert names(actions.send_wave(request_id=request_.pk)) == {"Nadia"}
    assert not Offer.objects.filter(volunteer=youssef).exists()


def test_nobody_of_another_organisation_counts(organisation, elsewhere, volunteer, tuesday):
    griet = volunteer("Griet", org=elsewhere)
    sleeps(griet, NOW)
    is_away(griet, date(2027, 1, 12), date(2027, 1, 12))
    assert queries.not_now(organisation, tuesday) == {}
    assert set(queries.not_now(elsewhere, tuesday)) == {griet.pk}


TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def test_the_database_says_who_sleeps_as_the_hours_do(organisation, youssef, tuesday):
    Wishes.objects.create(organisation=organisation, person=youssef.person, changed_at=tuesday)

    @given(start=TIMES, end=TIMES, minutes=st.integers(0, 24 * 60))
    def held_against_each_other(start, end, minutes):
        Wishes.objects.update(quiet_from=start, quiet_until=end)
        moment = tuesday + timedelta(minutes=minutes)
        found = queries.not_now(organisation, moment, among=[youssef.pk])
        assert bool(found) == hours.is_within(moment, start, end, organisation.zone)
        if found:
            assert found[youssef.pk] == hours.after_quiet(moment, start, end, organisation.zone)

    held_against_each_other()
