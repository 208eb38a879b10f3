"""What nobody came for and is over is no gap of the calendar any more."""

from datetime import timedelta

import pytest

from quartier.console.queries.calendar import calendar
from quartier.lib import clock

pytestmark = pytest.mark.django_db


def test_the_calendar_shows_no_gap_that_nobody_can_fill(asked, tuesday, organisation):
    until = asked("meal", urgency="day").requests[0].window_until
    day = until.astimezone(organisation.zone).date()
    assert calendar(organisation, day, 1).gaps == 1
    with clock.stopped_at(until + timedelta(hours=1)):
        assert calendar(organisation, day, 1).gaps == 0
