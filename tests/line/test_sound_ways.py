"""Whatever an operator does with a call, everybody hears whom they should, and nobody else."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from quartier.telephony import prompts
from quartier.telephony.providers.sip import alaw
from tests.line.sound_ways import PROMPT_HZ, rtpengine_running, walk_ways

pytestmark = pytest.mark.servers
# `bench ways` walks 500.
WAY_COUNT, WAY_LENGTH, AT_ONCE = 60, 5, 10


@pytest.fixture
def prompt_is_a_tone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every prompt is the same tone, so that it can be told from voices."""
    file = tmp_path / "prompt.alaw.wav"
    times = np.arange(2 * alaw.RATE) / alaw.RATE
    file.write_bytes(alaw.wav(alaw.encode((6000 * np.sin(2 * np.pi * PROMPT_HZ * times)).astype(np.int16))))
    monkeypatch.setattr(prompts, "sound", lambda name, language, **more: prompts.Sound(file, 2.0))
    monkeypatch.setattr(alaw, "file", lambda path: path)
    return tmp_path


def test_nobody_is_deaf_on_any_way(prompt_is_a_tone: Path) -> None:
    with rtpengine_running(prompt_is_a_tone) as ng_port:
        ways = asyncio.run(
            walk_ways(prompt_is_a_tone, ng_port, range(WAY_COUNT), length=WAY_LENGTH, at_once=AT_ONCE)
        )
    assert len(ways) == WAY_COUNT
    assert [(way.seed, way.steps, way.mistakes) for way in ways if way.mistakes] == []
