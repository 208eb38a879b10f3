"""A real program writes down what was said, or fails, hangs, prints nonsense: nothing else suffers, and no word is
logged."""

import logging
import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from quartier.lib import clock
from quartier.telephony import actions, jobs
from quartier.telephony.models import Audio
from quartier.telephony.providers.sip import alaw
from quartier.telephony.tests.room import Line, wav
from quartier.telephony.transcription import Command, NotWritten, named_in, work

SAID = "La chaudière est en panne depuis hier."


@pytest.fixture
def program(tmp_path):
    """A small program, as a command: `program('echo hello')`. `$1` is the file, `$2` the language."""

    def write(body):
        file = tmp_path / "writes"
        file.write_text(f"#!/bin/sh\n{body}\n")
        file.chmod(0o755)
        return f"{file} {{file}} {{language}}"

    return write


def quick(text):
    return replace(Command.of(text), at_least_s=0.5, times=0.0)


def test_it_gets_a_file_of_its_own_and_the_language(program, tmp_path):
    seen = tmp_path / "seen"
    body = f'cp "$1" {seen}; stat -c "%a %n" "$1" "$(dirname "$1")" > {seen}.mode; env > {seen}.env; echo "$2: {SAID}"'
    words = Command.of(program(body)).write_down(wav(1.0), "fr", 1.0)
    assert words == f"fr: {SAID}"
    # What programs that write down want: 16 kHz.
    assert seen.read_bytes()[24:28] == (16_000).to_bytes(4, "little")
    assert len(seen.read_bytes()) == 44 + 32_000
    modes = [line.split(" ", 1) for line in Path(f"{seen}.mode").read_text().splitlines()]
    assert [each[0] for each in modes] == ["600", "700"]
    # Gone afterwards; and our keys are nothing that it is told.
    assert not any(Path(each[1]).exists() for each in modes)
    assert "QUARTIER" not in Path(f"{seen}.env").read_text()


def test_no_shell_reads_the_command(program, tmp_path):
    words = Command.of(program('echo "$#"')).words
    told = replace(Command.of("x {file}"), words=(*words, "; touch x", "$(touch x)"))
    assert told.write_down(wav(), "fr", 1.0) == "4"
    assert not (tmp_path / "x").exists()


def test_times_at_the_beginning_of_lines_are_left_out(program):
    body = "echo '[00:00:00.000 --> 00:00:02.000]   Bonjour.'; echo '[00:00:02.000 --> 00:00:04.000]   Ici Marie.'"
    assert Command.of(program(body)).write_down(wav(), "fr", 1.0) == "Bonjour.\nIci Marie."


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("exit 3", "it ended with 3"),
        ("echo beginning; sleep 60", "it took too long"),
        # It does not listen when it is told to end, and has a child that does not either.
        ("trap '' TERM; sleep 60 & while true; do sleep 1; done", "it took too long"),
        ("yes", "it printed without end"),
        ("head -c 5000 /dev/urandom", "what it printed is no text"),
        ("kill -SEGV $$", "it ended with"),
    ],
    ids=["fails", "hangs", "deaf", "endless", "garbage", "falls"],
)
def test_what_does_not_work_is_said_without_a_word_of_it(program, body, why):
    began = time.monotonic()
    with pytest.raises(NotWritten, match=why):
        quick(program(body)).write_down(wav(), "fr", 1.0)
    assert time.monotonic() - began < 8


def test_a_program_that_is_not_there():
    with pytest.raises(NotWritten, match="no such program"):
        Command.of("/nowhere/at-all {file}").write_down(wav(), "fr", 1.0)


@pytest.mark.parametrize("text", ["whisper", "{file}", "whisper '{file}"])
def test_a_command_that_can_be_none_is_said(text):
    with pytest.raises(ValueError, match=r"transcribe|quotation"):
        Command.of(text)


def test_without_a_word_in_the_table_there_is_none(monkeypatch):
    assert named_in({}) is None
    assert named_in({"transcribe": " "}) is None
    assert named_in({"transcribe": "w {file}"}).words == ("w", "{file}")
    monkeypatch.setenv("QUARTIER_LINE_TRANSCRIBE", "other {file}")
    assert named_in({"transcribe": "w {file}"}).words == ("other", "{file}")


# ---- the job ----


@pytest.fixture
def line(tuesday, organisation):
    return Line(organisation)


@pytest.fixture
def configured(settings, monkeypatch):
    """The installation has this program, and the job does its work here and now."""

    def make(command):
        settings.INSTALLATION = replace(settings.INSTALLATION, line={"transcribe": command})

    monkeypatch.setattr(threading.Thread, "start", lambda self: self.run())
    monkeypatch.setattr(work, "connection", type("Open", (), {"close": lambda: None}))
    return make


@pytest.mark.django_db
def test_messages_and_recordings_are_written_down_and_sealed(line, lotte, program, configured, organisation):
    message = line.leaves(line.rings())
    call = line.rings()
    line.moves(call, "bridged", lotte, language="nl")
    actions.call_recorded(
        organisation=organisation, call_id=call, sound=alaw.wav(b"\xd5" * 16_000), seconds=2.0, at=clock.now()
    )
    configured(program(f'echo "$2 {SAID}"'))
    jobs.write_down()
    kept = {row.kind: row for row in Audio.objects.all()}
    assert kept["message"].pk == message.pk
    assert {kind: row.transcript for kind, row in kept.items()} == {
        "message": f"fr {SAID}",
        "call": f"nl {SAID}",
    }
    assert {(row.write_at, row.tries) for row in kept.values()} == {(None, 1)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT transcript FROM telephony_audio")
        assert not [row for row in cursor.fetchall() if "chaud" in row[0]]
    # With the sound its words go.
    actions.drop_old_audio(clock.now() + timedelta(days=40))
    assert not any(row.transcript for row in Audio.objects.all())


@pytest.mark.django_db
def test_nothing_happens_where_no_program_is_named(line, configured):
    audio = line.leaves(line.rings())
    configured("")
    jobs.write_down()
    audio.refresh_from_db()
    assert (audio.tries, audio.transcript) == (0, "")


@pytest.mark.django_db
def test_it_is_given_up_after_three_tries_and_no_word_is_logged(line, program, configured, caplog):
    caplog.set_level(logging.DEBUG)
    audio = line.leaves(line.rings())
    configured(program(f'echo "{SAID}"; exit 1'))
    for tries in (1, 2, 3):
        jobs.write_down()
        jobs.write_down()
        audio.refresh_from_db()
        assert audio.tries == tries
        clock.advance(timedelta(hours=1))
    assert (audio.write_at, audio.transcript) == (None, "")
    jobs.write_down()
    audio.refresh_from_db()
    assert audio.tries == 3
    assert "it ended with 1" in caplog.text
    assert "chaud" not in caplog.text


@pytest.mark.django_db
def test_a_worker_that_dies_in_the_middle_counts_as_a_try(line):
    line.leaves(line.rings())
    for _try in range(3):
        assert actions.take_to_write(clock.now()) is not None
        assert actions.take_to_write(clock.now()) is None
        clock.advance(timedelta(hours=13))
    assert actions.take_to_write(clock.now()) is None
    assert Audio.objects.get().write_at is None


@pytest.mark.django_db
def test_what_is_deleted_meanwhile_stays_deleted(line):
    audio = line.leaves(line.rings())
    actions.take_to_write(clock.now())
    actions.drop_old_audio(clock.now() + timedelta(days=40))
    actions.written_down(audio.pk, SAID)
    actions.not_written(audio.pk, clock.now())
    audio.refresh_from_db()
    assert (audio.transcript, audio.write_at) == ("", None)


@pytest.mark.django_db
def test_a_broken_program_ends_neither_the_job_nor_says_anything(line, configured, caplog, monkeypatch):
    line.leaves(line.rings())
    configured("x {file}")

    def falls(*_given):
        raise RuntimeError(SAID)

    monkeypatch.setattr(Command, "write_down", falls)
    jobs.write_down()
    assert "nothing could be written down" in caplog.text
    assert "chaud" not in caplog.text
    assert work._busy.acquire(blocking=False)
    work._busy.release()
