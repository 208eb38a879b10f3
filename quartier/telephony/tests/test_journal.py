"""What was not told to the database when call control fell is told at its next start, once."""

import asyncio
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quartier.telephony.desk import journal as module
from quartier.telephony.desk.journal import Journal


def test_what_has_not_arrived_is_left(tmp_path):
    first = Journal(tmp_path / "line" / "journal")
    entries = [first.note("began", call=f"c{number}", number="+3220001427") for number in range(3)]
    first.arrived(entries[1])
    first.close()
    again = Journal(tmp_path / "line" / "journal")
    assert [entry.words["call"] for entry in again.left] == ["c0", "c2"]
    assert again.note("closed", call="c0").number > entries[2].number


def test_no_number_stands_in_it(tmp_path):
    Journal(tmp_path / "journal").note("began", call="c", number="+3220001427")
    assert "20001427" not in (tmp_path / "journal").read_text()
    assert (tmp_path / "journal").stat().st_mode & 0o077 == 0


def test_a_line_that_was_cut_off_is_nothing(tmp_path):
    first = Journal(tmp_path / "journal")
    first.note("began", call="a")
    first.note("began", call="b")
    first.close()
    text = (tmp_path / "journal").read_text()
    (tmp_path / "journal").write_text(text[:-20])
    assert [entry.words["call"] for entry in Journal(tmp_path / "journal").left] == ["a"]


def test_it_does_not_grow_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "LONGEST", 20)
    kept = Journal(tmp_path / "journal")
    for number in range(100):
        kept.arrived(kept.note("began", call=f"c{number}"))
    assert len((tmp_path / "journal").read_text().splitlines()) <= 22


def test_it_does_not_grow_for_ever_while_something_waits(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "LONGEST", 20)
    file = tmp_path / "journal"
    kept = Journal(file)
    refused = kept.note("began", call="refused")
    first = kept.note("message", call="c", sound="what somebody said")
    said = file.read_text().splitlines()[-1]
    kept.arrived(first)
    for number in range(100):
        kept.arrived(kept.note("began", call=f"c{number}"))
        assert len(file.read_text().splitlines()) <= 22
    assert said not in file.read_text()
    # What is noted afterwards is in the new file, behind what waits.
    last = kept.note("closed", call="last")
    kept.close()
    assert Journal(file).left == [refused, last]


def test_what_waits_in_numbers_is_not_written_anew_each_time(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "LONGEST", 20)
    kept, times = Journal(tmp_path / "journal"), []
    rewrite = kept._rewrite
    monkeypatch.setattr(kept, "_rewrite", lambda: (times.append(1), rewrite()))
    waiting = [kept.note("began", call=f"c{number}") for number in range(200)]
    for entry in waiting:
        kept.arrived(entry)
    assert 1 <= len(times) <= 10


@given(
    st.sampled_from([1, 5, 5000]),
    st.lists(st.tuples(st.sampled_from(["note", "arrived", "again"]), st.integers(0, 9)), max_size=30),
)
@settings(max_examples=50, deadline=None)
def test_whatever_happens_nothing_is_lost_or_told_twice(tmp_path_factory, longest, steps):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "LONGEST", longest)
        play(tmp_path_factory, steps)


def play(tmp_path_factory, steps):
    file = tmp_path_factory.mktemp("line") / "journal"
    kept, waiting = Journal(file), []
    for what, which in steps:
        if what == "note":
            waiting.append(kept.note("began", call=str(which)))
        elif what == "arrived" and waiting:
            kept.arrived(waiting.pop(which % len(waiting)))
        elif what == "again":
            kept.close()
            kept = Journal(file)
            assert kept.left == waiting
    kept.close()


@pytest.mark.parametrize("rubbish", ["", "\n", "{}", "null\n", "[1]\n", '{"number": 1}\n', "\0" * 50])
def test_rubbish_is_no_reason_not_to_start(tmp_path, rubbish):
    (tmp_path / "journal").write_text(rubbish)
    assert Journal(tmp_path / "journal").left == []


@pytest.fixture
def full_disk(monkeypatch):
    """A disk that takes nothing while the list is not empty; what was written to a file of it is cut off."""
    full = []
    write, sync = module.Path.open, module.os.fsync

    def opened(path, mode="r", **more):
        if full and "w" in mode:
            raise OSError(28, "No space left on device")
        file = write(path, mode, **more)
        if "a" in mode:
            put = file.write

            def some(text):
                if full:
                    put(text[: len(text) // 2])
                    file.flush()
                    raise OSError(28, "No space left on device")
                return put(text)

            file = _Written(file, some)
        return file

    monkeypatch.setattr(module.Path, "open", opened)
    monkeypatch.setattr(module.os, "fsync", lambda number: None if full else sync(number))
    monkeypatch.setattr(module, "AGAIN_S", 0.0)
    monkeypatch.setattr(module, "REST_TIMES", 0)
    return full


class _Written:
    def __init__(self, file, write):
        self._file, self.write = file, write

    def __getattr__(self, name):
        return getattr(self._file, name)


def test_a_full_disk_ends_nothing_and_what_happened_is_written_when_there_is_room(tmp_path, full_disk):
    kept = Journal(tmp_path / "journal")
    kept.note("began", call="a")
    full_disk.append(1)
    over = kept.note("began", call="b")
    kept.note("began", call="c")
    kept.arrived(over)
    full_disk.clear()
    kept.note("began", call="d")
    assert [entry.words["call"] for entry in Journal(tmp_path / "journal").left] == ["a", "c", "d"]


def test_a_start_on_a_full_disk_keeps_what_was_left(tmp_path, full_disk):
    Journal(tmp_path / "journal").note("began", call="a")
    full_disk.append(1)
    again = Journal(tmp_path / "journal")
    again.note("began", call="b")
    full_disk.clear()
    again.note("began", call="c")
    assert [entry.words["call"] for entry in Journal(tmp_path / "journal").left] == ["a", "b", "c"]


def test_a_full_disk_is_left_alone_for_long_after_a_long_try(tmp_path, monkeypatch):
    kept, tries = Journal(tmp_path / "journal"), []

    def rewrite():
        tries.append(1)
        time.sleep(0.05)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept, "_rewrite", rewrite)
    monkeypatch.setattr(module, "AGAIN_S", 0.0)
    kept._is_behind(OSError(28, "No space left on device"))
    since = time.monotonic()
    while time.monotonic() - since < 0.3:
        kept.note("began", call="a")
    assert len(tries) == 1


def test_what_is_in_memory_alone_is_written_at_a_stop(tmp_path, full_disk):
    kept = Journal(tmp_path / "journal")
    full_disk.append(1)
    kept.note("began", call="a")
    full_disk.clear()
    kept.close()
    assert [entry.words["call"] for entry in Journal(tmp_path / "journal").left] == ["a"]


def test_a_long_one_that_is_stopped_while_it_is_sealed_is_not_lost(tmp_path, monkeypatch):
    kept, seal = Journal(tmp_path / "journal"), module._sealed

    async def story():
        monkeypatch.setattr(module, "_sealed", lambda entry: (time.sleep(0.1), seal(entry))[1])
        long = asyncio.create_task(kept.note_long("recorded", call="a"))
        await asyncio.sleep(0.01)
        long.cancel()
        with pytest.raises(asyncio.CancelledError):
            await long

    asyncio.run(story())
    kept.close()
    assert [entry.what for entry in Journal(tmp_path / "journal").left] == ["recorded"]


def test_a_machine_without_descriptors_loses_no_talk(tmp_path, monkeypatch):
    kept = Journal(tmp_path / "journal")

    def none_left(_descriptor):
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(module.os, "dup", none_left)
    assert asyncio.run(kept.note_long("recorded", call="a")).words == {"call": "a"}
    kept.close()
    assert [entry.what for entry in Journal(tmp_path / "journal").left] == ["recorded"]


def test_a_long_one_is_written_beside_the_loop(tmp_path, monkeypatch):
    kept, order = Journal(tmp_path / "journal"), []
    seal = module._sealed

    def slow(entry):
        if entry.what == "recorded":
            time.sleep(0.2)
            order.append("recorded")
        return seal(entry)

    monkeypatch.setattr(module, "_sealed", slow)

    async def story():
        long = asyncio.create_task(kept.note_long("recorded", call="a"))
        await asyncio.sleep(0)
        kept.note("began", call="b")
        order.append("began")
        return await long

    entry = asyncio.run(story())
    assert order == ["began", "recorded"]
    kept.note("closed", call="a")
    kept.arrived(entry)
    assert [entry.what for entry in Journal(tmp_path / "journal").left] == ["began", "closed"]


def test_what_another_key_has_sealed_is_put_aside_and_can_be_read_again(tmp_path, monkeypatch, caplog):
    file = tmp_path / "journal"
    first = Journal(file)
    first.note("began", call="a")
    first.close()
    before, unseal = file.read_text(), module.crypto.unseal

    def wrong_key(*_):
        raise module.crypto.CannotOpen

    for number, name in enumerate(("journal.unread", "journal.unread2"), 1):
        monkeypatch.setattr(module.crypto, "unseal", wrong_key)
        again = Journal(file)
        assert again.left == []
        again.note("began", call=f"b{number}")
        again.close()
        assert "cannot be opened" in caplog.text
        kept = tmp_path / name
        assert kept.stat().st_mode & 0o077 == 0
    assert (tmp_path / "journal.unread").read_text() == before
    monkeypatch.setattr(module.crypto, "unseal", unseal)
    (tmp_path / "journal.unread").replace(tmp_path / "right")
    assert [each.words["call"] for each in Journal(tmp_path / "right").left] == ["a"]
    assert [each.words["call"] for each in Journal(file).left] == ["b2"]
    assert not (tmp_path / "journal.unread3").exists()
