"""The times that a volunteer can choose from."""

from datetime import UTC, datetime, timedelta

import pytest

from quartier.cases.models import Request
from quartier.team.models import Organisation
from quartier.visits import rules

# In Brussels: a Monday, nine in the morning.
MONDAY = datetime(2027, 1, 11, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "urgency", "days", "closes"),
    [
        ("talk", "day", 1, 21),
        ("talk", "week", 7, 21),
        ("groceries", "day", 1, 20),
        ("pharmacy", "week", 7, 19),
        ("groceries", "now", 1, 22),
    ],
)
def test_no_time_to_choose_ends_after_the_evening(kind, urgency, days, closes):
    organisation = Organisation(name="x", created_at=MONDAY)
    until = MONDAY + timedelta(days=days)
    request = Request(
        kind=kind, urgency=urgency, organisation=organisation, window_from=MONDAY, window_until=until
    )
    times = rules.times_to_choose(request, MONDAY)
    ends = [end.astimezone(organisation.zone) for _start, end in times]
    assert max(end.hour for end in ends) == closes
    assert all(end.hour > rules.DAY_BEGINS.hour for end in ends)


@pytest.mark.parametrize(
    ("now", "comes_until"), [("12:32", "13:45"), ("12:45", "13:45"), ("12:45:01", "14:00"), ("9:00", "13:00")]
)
def test_nobody_is_told_thirty_two_minutes_past(now, comes_until):
    def at(words):
        hour, minute, second = (*(int(part) for part in words.split(":")), 0)[:3]
        return MONDAY.replace(hour=hour, minute=minute, second=second)

    assert rules.until_at_least(at("13:00"), at(now)) == at(comes_until)
