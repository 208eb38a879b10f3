"""More papers never lower a level, and time never raises it."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from quartier.trust import rules

SEEN = st.builds(
    rules.Seen,
    st.sampled_from(["identity", "reference", "training"]),
    st.just(""),
    st.none() | st.dates(date(2026, 1, 1), date(2028, 1, 1)),
) | st.builds(
    rules.Seen,
    st.just("extract"),
    st.sampled_from(["595", "596.2"]),
    st.none() | st.dates(date(2026, 1, 1), date(2028, 1, 1)),
)


@given(st.lists(SEEN, max_size=8), st.integers(0, 2), st.dates(date(2026, 1, 1), date(2028, 1, 1)), SEEN)
def test_more_papers_never_lower_a_level_and_time_never_raises_it(seen, signed, today, one_more):
    now = rules.level(rules.there(seen, signed, today))
    assert rules.level(rules.there([*seen, one_more], signed, today)) >= now
    assert rules.level(rules.there(seen, signed, today + timedelta(days=90))) <= now
    assert rules.level(rules.there(seen, 0, today)) == 0
