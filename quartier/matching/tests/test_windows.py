"""Times of the week for many requests are those for one."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quartier.lib import choices
from quartier.matching.planning import windows

ZONES = [
    ZoneInfo(name) for name in ("Europe/Brussels", "Atlantic/Azores", "America/Sao_Paulo", "Asia/Kathmandu")
]
# Both ends of summer time are in it, and whole hours are likely: that is where parts begin and end.
MOMENTS = st.integers(0, 370 * 48).map(
    lambda halves: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=30 * halves)
)
LASTING = st.one_of(st.integers(0, 48), st.integers(0, 20 * 48)).map(
    lambda halves: timedelta(minutes=30 * halves)
)


@settings(max_examples=300, deadline=None)
@given(pairs=st.lists(st.tuples(MOMENTS, LASTING), min_size=1, max_size=20), zone=st.sampled_from(ZONES))
@example(pairs=[(datetime(2026, 3, 28, 23, tzinfo=UTC), timedelta(hours=9))], zone=ZONES[0])
@example(pairs=[(datetime(2026, 10, 25, 0, tzinfo=UTC), timedelta(hours=7))], zone=ZONES[0])
def test_many_windows_at_once(pairs, zone):
    def microseconds(moment):
        return (moment - windows.EPOCH) // timedelta(microseconds=1)

    start = np.array([microseconds(moment) for moment, _lasts in pairs])
    end = np.array([microseconds(moment + lasts) for moment, lasts in pairs])
    expected = [choices.slots_between(moment, moment + lasts, zone) for moment, lasts in pairs]
    assert windows.slots(start, end, zone).tolist() == expected


def test_none_at_all():
    nothing = np.empty(0, dtype=np.int64)
    assert len(windows.slots(nothing, nothing, ZONES[0])) == 0
