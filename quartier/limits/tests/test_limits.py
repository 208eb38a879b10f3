"""Limits hold, over windows and over processes, and keep nothing that says who."""

import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quartier.lib import clock
from quartier.lib.tests.databases import own_database
from quartier.limits import rules
from quartier.limits.actions import allow
from quartier.limits.jobs import prune
from quartier.limits.models import Counter


def attempts(count, who="192.0.2.7", limit=5, per_seconds=60, purpose="ask"):
    return [allow(purpose=purpose, who=who, limit=limit, per_seconds=per_seconds) for _ in range(count)]


@pytest.mark.django_db
def test_so_many_and_no_more():
    with clock.stopped_at(clock.now()):
        assert attempts(7) == [True] * 5 + [False] * 2
        assert attempts(2, who="192.0.2.8") == [True, True]
        assert attempts(2, purpose="sign in") == [True, True]
        clock.advance(timedelta(seconds=120))
        assert attempts(6) == [True] * 5 + [False]


@pytest.mark.django_db
def test_a_window_slides():
    start = clock.now().replace(hour=10, minute=0, second=0, microsecond=0)
    with clock.stopped_at(start + timedelta(seconds=59)):
        assert attempts(5) == [True] * 5
        clock.advance(timedelta(seconds=2))
        assert attempts(1) == [False], "no second five right after the first"
        clock.advance(timedelta(seconds=30))
        assert attempts(4) == [True, True, False, False]


@pytest.mark.django_db
def test_waiting_helps_even_who_keeps_knocking():
    with clock.stopped_at(clock.now().replace(minute=0, second=20, microsecond=0)):
        allowed = 0
        for _ in range(600):
            allowed += sum(attempts(1))
            clock.advance(timedelta(seconds=1))
    assert 40 <= allowed <= 50, "about 5 a minute for ten minutes"


@pytest.mark.django_db
def test_nothing_kept_says_who_and_the_next_day_nothing_connects():
    with clock.stopped_at(clock.now()):
        attempts(1)
        clock.advance(timedelta(days=1))
        attempts(1)
    rows = Counter.objects.values_list("key", flat=True)
    assert len(set(rows)) == 2
    assert "192.0.2.7" not in str(list(Counter.objects.values()))


@pytest.mark.django_db
def test_what_no_longer_counts_is_forgotten():
    with clock.stopped_at(clock.now()):
        attempts(1)
        prune()
        assert Counter.objects.count() == 1
        clock.advance(timedelta(seconds=121))
        prune()
        assert not Counter.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"limit": 0}, {"per_seconds": 0}])
def test_a_limit_that_makes_no_sense(wrong):
    with pytest.raises(ValueError, match="at least one"):
        attempts(1, **wrong)


@given(st.datetimes(timezones=st.just(clock.now().tzinfo)), st.integers(1, 10**6))
def test_windows(moment, seconds):
    number, over = rules.window(moment, seconds)
    assert 0 <= over < 1
    assert rules.ends(number, seconds) > moment


@given(st.integers(0, 100), st.integers(0, 100), st.floats(0, 1, exclude_max=True), st.integers(1, 100))
def test_more_is_never_better(before, here, over, limit):
    if rules.too_many(before, here, over, limit):
        assert rules.too_many(before + 1, here, over, limit)
        assert rules.too_many(before, here + 1, over, limit)
    elif here:
        assert not rules.too_many(before, here - 1, over, limit)


KNOCK = """
import django
django.setup()
from quartier.limits.actions import allow
print("allowed", sum(allow(purpose="ask", who="x", limit=25, per_seconds=10**9) for _ in range(20)))
"""


def test_the_limit_holds_over_all_processes(tmp_path: Path, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), own_database(tmp_path) as own:
        crowd: list[subprocess.Popen[str]] = [own.start("-c", KNOCK) for _ in range(4)]
        said = [knocker.communicate(timeout=60)[0] for knocker in crowd]
    # Among the lines of a log: a busy database is named there, before or after.
    assert (
        sum(int(count) for words in said for count in re.findall(r"^allowed (\d+)$", words, re.MULTILINE))
        == 25
    )
