"""By its pulse others know that call control is there, whatever is done to the clock of the machine."""

import asyncio
import time
from contextlib import suppress
from types import SimpleNamespace

from quartier.telephony.desk import pulse


def test_it_is_away_a_minute_after_its_last_beat(tmp_path, monkeypatch):
    assert not pulse.is_away(tmp_path), "there never was one"
    pulse.beat(tmp_path)
    began = time.monotonic()
    for later, is_away in ((0.0, False), (pulse.AWAY_S - 1, False), (pulse.AWAY_S + 1, True)):
        monkeypatch.setattr(pulse, "time", SimpleNamespace(monotonic=lambda later=later: began + later))
        assert pulse.is_away(tmp_path) == is_away
    pulse.end(tmp_path)
    pulse.end(tmp_path)
    assert not pulse.is_away(tmp_path)


def test_after_the_machine_was_started_again_it_has_a_minute_to_come(tmp_path, monkeypatch):
    pulse.beat(tmp_path)
    for since_start, is_away in ((30.0, False), (pulse.AWAY_S, True)):
        monkeypatch.setattr(pulse, "time", SimpleNamespace(monotonic=lambda now=since_start: now))
        (tmp_path / pulse.FILE_NAME).write_text("500000.0")
        assert pulse.is_away(tmp_path) == is_away


def test_what_cannot_be_read_is_no_alarm(tmp_path):
    (tmp_path / pulse.FILE_NAME).write_text("")
    assert not pulse.is_away(tmp_path)


def test_it_beats_until_it_is_told_to_stop(tmp_path, monkeypatch):
    monkeypatch.setattr(pulse, "INTERVAL_S", 0.01)

    async def story():
        beating = asyncio.create_task(pulse.keep_beating(tmp_path, lambda: True))
        await asyncio.sleep(0.05)
        first = (tmp_path / pulse.FILE_NAME).read_text()
        await asyncio.sleep(0.05)
        assert (tmp_path / pulse.FILE_NAME).read_text() != first
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating

    asyncio.run(story())


def test_it_does_not_beat_for_a_part_that_has_fallen(tmp_path, monkeypatch):
    monkeypatch.setattr(pulse, "INTERVAL_S", 0.01)
    works = [True]

    async def story():
        beating = asyncio.create_task(pulse.keep_beating(tmp_path, lambda: works[0]))
        await asyncio.sleep(0.05)
        works[0] = False
        last = (tmp_path / pulse.FILE_NAME).read_text()
        await asyncio.sleep(0.05)
        assert (tmp_path / pulse.FILE_NAME).read_text() == last
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating

    asyncio.run(story())
