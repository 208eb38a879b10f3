"""How long somebody has waited, as they count who read since which day."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from quartier.look import rules


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        ({"hours": 2}, "2 h"),
        ({"hours": 14}, "1 day"),
        ({"days": 2, "hours": 14}, "3 days"),
        ({"days": 3}, "3 days"),
    ],
)
def test_days_are_those_of_the_calendar(tuesday, ago, said):
    with translation.override("en"), timezone.override("Europe/Brussels"):
        assert rules.waited(tuesday - timedelta(**ago), tuesday).replace("\xa0", " ") == said
