"""Whatever an operator does with a call, everybody hears whom they should, and nobody else."""

from pathlib import Path

import pytest

from tests.line.sound_ways import walk_ways

pytestmark = pytest.mark.servers
# `quartier bench ways` walks 500.
WAY_COUNT, WAY_LENGTH, AT_ONCE = 60, 5, 10


def test_nobody_is_deaf_on_any_way(tmp_path: Path) -> None:
    ways = walk_ways(tmp_path, range(WAY_COUNT), length=WAY_LENGTH, at_once=AT_ONCE)
    assert len(ways) == WAY_COUNT
    assert [(way.seed, way.steps, way.mistakes) for way in ways if way.mistakes] == []
