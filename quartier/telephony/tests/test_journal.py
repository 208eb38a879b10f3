"""What was not told to the database when call control fell is told at its next start, once."""

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
