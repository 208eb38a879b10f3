"""smsd's files without an smsd: what may lie in its folders, whole or not. With a real one: tests/test_texts.py."""

import os
import random
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from quartier.lib import clock, sms
from quartier.messaging import incoming, jobs
from quartier.messaging.models import Received
from quartier.messaging.providers import Post
from quartier.messaging.providers.base import NotSent, Refused
from quartier.messaging.providers.gammu import backup

NADIA = "+32470123456"


@pytest.mark.parametrize(
    "body",
    [
        "Oui", "à" * 160, "à" * 161, "€" * 80, "€" * 81, "x" * 152 + "€" + "y" * 152, "ê" * 70, "ê" * 71, "😀" * 35,
        "ê" * 66 + "😀" + "ê" * 66, "Ligne\nautre", "x" * 1500,
    ],
)  # fmt: skip
def test_a_file_holds_the_text_in_as_many_parts_as_it_costs(body):
    words = backup.written(NADIA, body, 0x1FF)
    parts = backup.read(words.encode())
    assert "".join(part.text for part in parts) == body
    assert {(part.number, part.pdu) for part in parts} == {(NADIA, "Submit")}
    assert [part.place for part in parts] == list(range(1, len(parts) + 1))
    assert len(parts) == sms.size(body).segments == len(backup.pieces(body))
    limit = 160 if sms.size(body).encoding == "GSM-7" else 70
    assert all(
        sms.size(part.text).units <= limit - (len(parts) > 1) * (7 if limit == 160 else 3) for part in parts
    )
    assert ("UDH = 050003FF" in words) is (len(parts) > 1)
    assert words.splitlines()[1] == "MessageReference = 0"
    assert words.isascii()


@pytest.mark.parametrize(
    ("to", "body"),
    [
        ("0470123456", "Oui"), ("", "Oui"), ('+32470"\nNumber = "+1', "Oui"), (NADIA, ""), (NADIA, " \n "),
        (NADIA, "ê" * 4000),
    ],
)  # fmt: skip
def test_what_cannot_be_sent(to, body):
    with pytest.raises(ValueError):  # noqa: PT011 (each has its own word)
        backup.written(to, body, 1)


def test_letters_that_do_not_exist_are_left_out():
    parts = backup.read(backup.written(NADIA, "a\x00b\x1bc\ud800d\r\ne", 1).encode())
    assert parts[0].text == "abc?d\ne"


def test_nothing_that_may_lie_there_takes_it_down():
    """Cut off anywhere, or with any byte changed: an error of its own, or something that can be read."""
    whole, chance = backup.written(NADIA, "Été ✓ " * 30, 7).encode(), random.Random(4)
    for at in range(0, len(whole), 3):
        broken = bytearray(whole)
        broken[at] = chance.randrange(256)
        for data in (whole[:at], bytes(broken), bytes(chance.randbytes(50))):
            with suppress(ValueError):
                backup.read(data)


def test_cut_off_is_noticed():
    whole = backup.written(NADIA, "Été ✓ bien", 7)
    with pytest.raises(ValueError, match="cut off"):
        backup.read(whole[: whole.index("Coding")].encode())
    with pytest.raises(ValueError, match="cut off"):
        backup.read(whole.replace("Text00 = 00C9", "Text00 = ").encode())


@pytest.fixture
def stick(tmp_path, settings, monkeypatch):
    """smsd's folders; `stick(name, data)` puts a file into the inbox, as old as need be."""
    monkeypatch.setattr(jobs, "LOOK_S", 0)
    monkeypatch.setattr(jobs, "_look_again", 0)
    for name in ("inbox", "outbox", "sent", "error"):
        (tmp_path / name).mkdir()
    lines = ["[smsd]", "service = files", "inboxformat = detail"]
    names = {"inbox": "inboxpath", "outbox": "outboxpath", "sent": "sentsmspath", "error": "errorsmspath"}
    lines += [f"{key} = {tmp_path}/{name}/" for name, key in names.items()]
    (tmp_path / "smsdrc").write_text("\n".join(lines))
    settings.TEXTS = [f"gammu:{tmp_path}/smsdrc#stick"]

    def put(name, data, age=10):
        path = tmp_path / "inbox" / name
        path.write_bytes(data)
        os.utime(path, (time.time() - age,) * 2)
        return path

    put.home = tmp_path
    return put


def names(folder):
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def wide(text):
    return b"\xfe\xff" + text.encode("utf-16-be")


@pytest.mark.django_db
def test_text_files_are_read_and_joined(stick, organisation):
    stick("IN20270112_101500_00_+32470999888_00.txt", wide("Première, ") + b"\x00\x00\xab\xcd\x12")
    stick("IN20270112_101459_00_+32470999888_01.txt", wide("seconde 😀"))
    stick("IN20270112_101500_00_+32470999887_00.txt", "Été".encode())
    stick("IN20270112_101501_00_+32470999887_00.txt", "Et\xe9".encode("latin-1"))
    stick("IN20270112_101502_00_Proximus_00.txt", b"Votre solde")
    stick("IN20270112_101503_00_+32470999886_01.txt", wide("sans la première"), age=90)
    stick("IN20270112_101504_00_+32470999885_01.txt", wide("la première vient encore"))
    stick("IN20270112_101505_00_+32470999885_00.bin", b"\x01\x02")
    stick("IN20270112_101506_00_+32470999884_00.txt", wide("à moitié"), age=0)
    jobs.look()
    jobs.look()
    assert sorted(row.body for row in Received.objects.all()) == sorted(
        ["Première, seconde 😀", "Été", "Eté", "Votre solde", "sans la première"]
    )
    assert [row.sender for row in Received.objects.all() if row.body == "Votre solde"] == [""]
    left = names(stick.home / "inbox")
    assert left == ["IN20270112_101504_00_+32470999885_01.txt", "IN20270112_101506_00_+32470999884_00.txt"]


@pytest.mark.django_db
def test_a_broken_file_is_put_aside_without_its_words(stick, organisation, caplog):
    good = backup.written("+32470999888", "Oui", 1).replace("Submit", "Deliver")
    stick("IN20270112_101500_00_+32470999888_00.txt", good[: good.index("Text00") + 12].encode())
    stick("IN20270112_101500_01_+32470999888_00.txt", b"")
    stick("IN_secret_words.txt", b"secret words")
    stick("IN20270112_101500_02_+32470999888_00.txt", b"x" * 300_000)
    stick("IN20270112_101500_03_+32470999888_00.txt", good.encode())
    jobs.look()
    assert [row.body for row in Received.objects.all()] == ["Oui"]
    assert len(names(stick.home / "inbox/broken")) == 4
    assert caplog.text.count("was put aside") == 4
    assert "32470" not in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.django_db
def test_a_file_is_moved_only_when_its_words_are_kept(stick, organisation, monkeypatch):
    path = stick("IN20270112_101500_00_+32470999888_00.txt", wide("Oui"))
    with monkeypatch.context() as patch:
        patch.setattr(incoming, "received", lambda *_what: 1 / 0)
        jobs.look()
    assert path.exists()
    # Killed between keeping and moving: told again, kept once.
    for told in Post().by_name("stick").look():
        incoming.received(organisation, "stick", told)
        break
    assert path.exists()
    jobs.look()
    assert not path.exists()
    assert [row.body for row in Received.objects.all()] == ["Oui"]
    # The name is free again, and somebody else's words come by it.
    stick(path.name, wide("Non"))
    jobs.look()
    assert sorted(row.body for row in Received.objects.all()) == ["Non", "Oui"]


@pytest.mark.django_db
def test_when_it_was_written(stick, organisation):
    good = backup.written("+32470999888", "Oui", 1).replace("PDU = Submit", "PDU = Deliver\nDateTime = {}")
    now = clock.now()
    # However long it takes on a busy machine.
    with clock.stopped_at(now):
        for number, at in enumerate(("20260112T101530Z", "20260112T101530", "20990112T101530Z", "yesterday")):
            stick(f"IN20260112_101530_0{number}_+32470999888_00.txt", good.format(at).encode())
        jobs.look()
    times = sorted(row.written_at for row in Received.objects.all())
    assert times[:2] == [
        datetime(2026, 1, 12, 9, 15, 30, tzinfo=UTC),
        datetime(2026, 1, 12, 10, 15, 30, tzinfo=UTC),
    ]
    assert all(now - timedelta(minutes=1) < at <= now for at in times[2:])


@pytest.mark.django_db
def test_what_is_old_is_removed(stick, organisation, monkeypatch):
    from quartier.messaging.providers.gammu import spool

    ours, other = "OUTA0123456789abcdef0123456789abcdef.smsbackup", "OUT+32470999888.txt"
    for name in (ours, other):
        (stick.home / "sent" / name).write_text("x")
    stick("IN20270112_101500_00_+32470999888_00.txt", wide("Oui"))
    jobs.look()
    assert names(stick.home / "inbox/done")
    monkeypatch.setattr(spool, "KEPT_S", -1)
    jobs.look()
    assert names(stick.home / "inbox/done") == []
    assert names(stick.home / "sent") == [other]


@pytest.mark.django_db
def test_a_message_that_cannot_be_written_is_refused(stick, message):
    provider = Post().by_name("stick")
    with pytest.raises(Refused):
        provider.send(message(channel="text", to="112", body="Oui"))
    (stick.home / "outbox").rmdir()
    with pytest.raises(NotSent):
        provider.send(message("b", channel="text", to=NADIA, body="Oui"))
    jobs.look()


@pytest.mark.django_db
def test_two_workers_look_at_once(stick, organisation):
    """Each may find what the other has just moved."""
    for number in range(3):
        stick(f"IN20270112_10150{number}_00_+32470999888_00.txt", wide(f"Mot {number}"))
    here, there = Post().by_name("stick").look(), Post().by_name("stick").look()
    for told in (next(here), next(there), *there, *here):
        incoming.received(organisation, "stick", told)
    assert sorted(row.body for row in Received.objects.all()) == ["Mot 0", "Mot 1", "Mot 2"]
    assert names(stick.home / "inbox") == []


@pytest.mark.django_db
def test_a_worker_that_has_just_looked_waits(stick, organisation, monkeypatch, django_assert_num_queries):
    stick("IN20270112_101500_00_+32470999888_00.txt", wide("Oui"))
    assert jobs.look() is True
    with django_assert_num_queries(0):
        assert jobs.look() is False
    monkeypatch.setattr(jobs, "_look_again", time.monotonic() + 5)
    stick("IN20270112_101501_00_+32470999888_00.txt", wide("Non"))
    assert jobs.look() is False
    assert Received.objects.count() == 1
