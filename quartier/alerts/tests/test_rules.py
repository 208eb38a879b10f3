"""The order of the ladder, and its pace."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from quartier.alerts import rules
from quartier.alerts.rules import Rung

NOW = datetime(2026, 3, 3, 10, tzinfo=UTC)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=8))
def test_everybody_is_on_the_ladder_once_and_who_is_on_duty_first(given_team):
    team = [Rung(UUID(int=number), duty, head) for number, (duty, head) in enumerate(given_team)]
    found = rules.ladder(team)
    assert sorted(found) == sorted(each.person for each in team)
    duty = [team[each.int].on_duty for each in found]
    assert duty == sorted(duty, reverse=True)


def pace(degree):
    return rules.AlertPace(degree, time(22), time(8), ZoneInfo("Europe/Brussels"))


def test_danger_goes_fast_at_first_and_never_stops():
    danger = pace("danger")
    assert rules.next_at(1, 2, NOW, danger) == NOW + timedelta(minutes=2)
    assert rules.next_at(5, 2, NOW, danger) == NOW + timedelta(minutes=2)
    assert rules.next_at(6, 2, NOW, danger) == NOW + rules.SLOWLY
    assert rules.next_at(12, 2, NOW, danger) == NOW + rules.STEADILY
    assert rules.next_at(0, 0, NOW, danger) == NOW + timedelta(minutes=2)
    night = NOW + timedelta(hours=14)
    assert rules.next_at(1, 2, night, danger) == night + timedelta(minutes=2)


def test_what_need_only_be_soon_goes_three_rounds_by_day_and_then_once_a_day():
    soon = pace("soon")
    assert rules.next_at(1, 2, NOW, soon) == NOW + rules.SOON_PATIENCE
    assert rules.next_at(5, 2, NOW, soon) == NOW + rules.SOON_PATIENCE
    assert rules.next_at(6, 2, NOW, soon) == NOW + timedelta(days=1)
    evening = NOW.replace(hour=20, minute=30)
    assert rules.next_at(1, 2, evening, soon) == NOW.replace(day=4, hour=7)


def test_what_is_calm_has_a_day():
    assert rules.next_at(9, 2, NOW, pace("calm")) == NOW + timedelta(days=1)


def test_what_nobody_takes_for_days_is_said_once_a_week():
    from dataclasses import replace

    for degree, told in (("calm", 4), ("soon", 9)):
        old = replace(pace(degree), begun_at=NOW - timedelta(days=4))
        young = replace(pace(degree), begun_at=NOW - timedelta(days=1))
        assert rules.next_at(told, 2, NOW, old) == NOW + timedelta(days=7)
        assert rules.next_at(told, 2, NOW, young) == NOW + timedelta(days=1)
    danger = replace(pace("danger"), begun_at=NOW - timedelta(days=40))
    assert rules.next_at(9, 2, NOW, danger) == NOW + rules.SLOWLY
