"""Identifiers are in the order in which they were made."""

import uuid
from concurrent.futures import ThreadPoolExecutor

from quartier.lib import ids


def test_they_are_version_7_and_in_order():
    made = [ids.uuid7() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {each.version for each in made} == {7}
    assert {each.variant for each in made} == {uuid.RFC_4122}


def test_a_clock_that_is_set_back_does_not_disturb_the_order(monkeypatch):
    before = ids.uuid7()
    monkeypatch.setattr(ids.time, "time_ns", lambda: 1_000_000)
    assert before < ids.uuid7() < ids.uuid7()


def test_threads_get_different_ones():
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: ids.uuid7(), range(4000)))
    assert len(set(made)) == 4000
