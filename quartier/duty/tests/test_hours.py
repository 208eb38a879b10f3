"""The hours that can be promised anew."""

from datetime import timedelta

import pytest

from quartier.promises.rules import keepable_hour
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
