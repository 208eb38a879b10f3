"""The hours that can be promised anew."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartier.promises.rules import keepable_hour
from quartier.rota.tests.test_rules import ANNA, BEN, BRUSSELS, CEM, rota, shift
from quartier.telephony.models import LineSettings
from quartier.telephony.rules import Hours


@pytest.mark.django_db
@pytest.mark.parametrize("weekends", [True, False])
@pytest.mark.parametrize("on_holidays", [True, False])
def test_the_next_hour_that_can_be_kept(organisation, tuesday, weekends, on_holidays):
    """At every hour of a month with Easter in it, and with the change of clocks."""
    line = LineSettings(organisation=organisation, open_on_holidays=on_holidays)
    hours = Hours.of(organisation, line)
    start = tuesday.replace(month=3, day=8)
    for step in range(30 * 24 * 2):
        earliest = start + timedelta(minutes=30 * step + 7)
        due = keepable_hour(earliest, hours.next_time, organisation.zone, weekends=weekends)
        local = due.astimezone(organisation.zone)
        assert due >= earliest
        assert local.minute == 0
        assert 9 <= local.hour <= 20
        assert weekends or local.weekday() < 5
        # Easter Monday.
        assert on_holidays or (local.month, local.day) != (3, 29)
        assert due - earliest < timedelta(days=5)


SHIFTS = st.builds(
    shift,
    st.integers(0, 6),
    st.integers(0, 23),
    st.integers(1, 24),
    st.sampled_from([ANNA, BEN]),
    stand_in_id=st.sampled_from([None, CEM]),
)


@given(
    shifts=st.lists(SHIFTS, min_size=1, max_size=6),
    away=st.booleans(),
    # Over the change of clocks in March.
    minutes=st.integers(0, 9 * 24 * 60),
)
def test_no_hour_is_promised_at_which_nobody_is_on_duty(shifts, away, minutes):
    start = datetime(2027, 3, 24, tzinfo=UTC)
    gone = [(ANNA, date(2027, 3, 25), date(2027, 3, 30))] if away else []
    week, earliest = rota(*shifts, away=gone), start + timedelta(minutes=minutes)
    due = keepable_hour(earliest, partial(week.next_within, lambda moment: moment), BRUSSELS, weekends=True)
    assert due >= earliest
    assert week.is_staffed(due - timedelta(minutes=1))
