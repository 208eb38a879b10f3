"""The order of the ladder, and its pace."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

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


def test_it_goes_fast_at_first_and_never_stops():
    assert rules.next_at(1, 2, NOW) == NOW + timedelta(minutes=2)
    assert rules.next_at(5, 2, NOW) == NOW + timedelta(minutes=2)
    assert rules.next_at(6, 2, NOW) == NOW + rules.SLOWLY
    assert rules.next_at(0, 0, NOW) == NOW + timedelta(minutes=2)
