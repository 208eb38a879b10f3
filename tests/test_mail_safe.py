"""An inbox, whatever happens: broken letters, killed workers, servers that can less, and a folder instead of one."""

import imaplib
import os
import signal
import ssl
import time
from datetime import timedelta

import pytest
from django.db import connections

from quartier.messaging import jobs
from quartier.messaging.models import Received, Report, Stop
from quartier.messaging.providers import mailbox
from quartier.messaging.providers.base import NotSent
from quartier.messaging.providers.mailbox import imap
from tests.dovecot import Dovecot
from tests.letters import (
    ASIDE,
    BROKEN,
    DONE,
    answer,
    bounce,
    complaint,
    needed,
    read,
    running,
    sent,
    server,
    state,
)

__all__ = ["running", "sent", "server"]
pytestmark = [pytest.mark.django_db, pytest.mark.servers, pytest.mark.either]


def test_broken_letters_do_no_harm_and_do_not_stay(server, sent):
    row = sent()
    server.deliver(*[letter for letter in BROKEN if letter], bounce(row))
    assert read() == len(BROKEN)
    assert server.count() == 0
    assert state(row) == "failed"
    assert all("\x00" not in each.body for each in Received.objects.all())


def test_a_letter_that_takes_the_worker_down_is_put_aside(server, sent, monkeypatch):
    row = sent()
    server.deliver(answer(row), bounce(row, name="after"))

    class Killed(BaseException):
        pass

    def take(organisation, letter, name):
        if not letter.header("Auto-Submitted"):
            raise Killed
        return True

    monkeypatch.setattr(mailbox.sorting, "take", take)
    for _time in range(3):
        with pytest.raises(Killed):
            read()
    assert read() == 2
    assert (server.count(ASIDE), server.count(DONE)) == (1, 1)


def test_the_words_of_a_fault_are_not_logged(server, sent, monkeypatch, caplog):
    def take(organisation, letter, name):
        raise ValueError(letter.text)

    monkeypatch.setattr(mailbox.sorting, "take", take)
    server.deliver(answer(sent(), "Secret words"))
    read()
    assert "cannot be read" in caplog.text
    assert "Secret" not in caplog.text
    assert server.count(ASIDE) == 1


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.django_db(transaction=True)
def test_killed_between_reading_and_moving(server, sent, youssef):
    """By signal 9, in the middle: nothing is lost, and nothing happens twice."""
    row = sent()
    letters = [
        bounce(row), complaint(sent("b")), answer(sent("c"), "Été : oui, ça va"),
        answer(sent("d"), "Je suis absent", Auto_Submitted="auto-replied", Message_ID="<v@x>"), BROKEN[-1],
    ]  # fmt: skip
    for count, letter in enumerate(letters, 1):
        server.deliver(letter)
        for when in ("before", "after"):
            assert died_reading(when) == signal.SIGKILL
            assert server.count() == (1 if when == "before" else 0), (count, when)
    assert jobs.read_mailbox() == 0
    assert state(row) == "failed"
    assert Report.objects.count() == 1
    assert sorted(Received.objects.values_list("meaning", flat=True)) == ["", "robot"]
    assert Stop.objects.count() >= 1
    assert (server.count(DONE), server.count(ASIDE)) == (4, 1)


def died_reading(when):
    """A worker reads, and is killed before or after it moves the first letter. Returns the signal that ended it."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        signal.alarm(30)
        move = imap.Imap.move

        def killed(box, found, folder):
            if when == "after":
                move(box, found, folder)
            os.kill(os.getpid(), signal.SIGKILL)

        imap.Imap.move = killed
        try:
            jobs.read_mailbox()
        finally:
            os._exit(1)
    return os.WTERMSIG(os.waitpid(child, 0)[1])


def test_old_letters_stay_as_they_lie(server, sent):
    row = sent()
    server.deliver(bounce(row), at=time.time() - timedelta(days=20).total_seconds())
    assert read() == 0
    assert (server.count(), state(row)) == (1, "sent")


def test_what_was_handled_is_deleted_after_a_month(server, sent):
    read()
    client = server.client()
    for days in (10, 40):
        at = time.time() - timedelta(days=days).total_seconds()
        client.append(f'"{DONE}"', "", imaplib.Time2Internaldate(at), answer(None))
        client.append(f'"{ASIDE}"', "", imaplib.Time2Internaldate(at), answer(None))
    client.logout()
    read()
    assert (server.count(DONE), server.count(ASIDE)) == (1, 2)


def test_many_letters_come_in_turns(server, sent, monkeypatch):
    monkeypatch.setattr(imap, "AT_ONCE", 3)
    server.deliver(*[answer(None, f"Mot {at}", Message_ID=f"<{at}@x>") for at in range(5)])
    assert [read(), read(), read()] == [3, 2, 0]
    assert sorted(each.body for each in Received.objects.all()) == [f"Mot {at}" for at in range(5)]


@pytest.mark.parametrize(
    ("prefix", "without"), [("INBOX.", ""), ("", "MOVE"), ("", "MOVE UIDPLUS NAMESPACE")]
)
def test_other_servers(settings, sent, prefix, without):
    needed()
    other = Dovecot(prefix=prefix, without=without)
    other.start()
    try:
        settings.MAIL_INBOX = other.url
        row = sent()
        other.deliver(bounce(row), answer(None, "Bonjour"))
        assert read() == 2
        assert read() == 0
        assert state(row) == "failed"
        assert Received.objects.count() == 1
        assert other.count(f"{prefix}{DONE}") == 2
    finally:
        other.stop()


def test_only_where_nobody_listens(settings, monkeypatch, organisation):
    """A certificate that nobody vouches for is refused; a server elsewhere without encryption is told no password."""
    needed()
    other = Dovecot()
    certificate = other.secured()
    other.start()
    try:
        settings.MAIL_INBOX = other.url.replace("imap:", "imaps:").replace(
            str(other.port), str(other.secure_port)
        )
        with pytest.raises(NotSent, match="certificate"):
            mailbox.is_there()
        known = ssl.create_default_context
        monkeypatch.setattr(ssl, "create_default_context", lambda: known(cafile=str(certificate)))
        mailbox.is_there()
        settings.MAIL_INBOX = other.url
        monkeypatch.setattr(mailbox.Place, "is_here", False)
        mailbox.is_there()
        bare = Dovecot()
        bare.start()
        try:
            settings.MAIL_INBOX = bare.url
            with pytest.raises(NotSent, match="not offer encryption"):
                mailbox.is_there()
        finally:
            bare.stop()
    finally:
        other.stop()


def test_who_is_not_let_in(server, settings, caplog):
    settings.MAIL_INBOX = server.url.replace("pass%3A", "secret%3A")
    with pytest.raises(NotSent) as found:
        mailbox.is_there()
    assert "secret" not in str(found.value)
    settings.MAIL_INBOX = server.url.replace("INBOX", "Nowhere")
    with pytest.raises(NotSent):
        mailbox.is_there()
    settings.MAIL_INBOX = "imap://u:secret@127.0.0.1:1/"
    with pytest.raises(NotSent):
        mailbox.is_there()


@pytest.mark.parametrize(
    "written",
    [
        "x", "imap:", "imaps://host/", "imaps://u@host", "imaps://u:secret@/", "pop3://u:secret@host", "maildir:",
        "maildir:here",
        "imaps://u:secret@host:99999/", "imaps://u:secret@host/%C3%A9", "imaps://u:secret@[host/", "imaps://u:secret@ho\nst/",
    ],
)  # fmt: skip
def test_what_is_no_inbox(written, settings, organisation, caplog):
    with pytest.raises(mailbox.NotAnInbox) as found:
        mailbox.parse(written)
    assert "secret" not in str(found.value)
    settings.MAIL_INBOX = written
    assert jobs.read_mailbox() == 0


def test_no_inbox(settings, organisation):
    settings.MAIL_INBOX = ""
    assert jobs.read_mailbox() == 0
    mailbox.is_there()


def test_the_check_says_it(server, settings):
    from quartier.cli.check import reach

    def said():
        return [(finding.level, finding.words, finding.todo) for finding in reach.inbox()]

    ((level, words, _todo),) = said()
    assert (level, "127.0.0.1" in words) == ("good", True)
    for written in (server.url.replace("pass%3A", "secret%3A"), "maildir:/nowhere", "imaps://u:secret@/"):
        settings.MAIL_INBOX = written
        ((level, words, todo),) = said()
        assert level == "wrong"
        assert "secret" not in words
        assert "docs/howto/mail.md" in todo
    settings.MAIL_INBOX = ""
    assert said() == []
    settings.MAIL = "smtp://127.0.0.1"
    assert said()[0][0] == "doubt"


@pytest.fixture
def folder(tmp_path, settings):
    for name in ("new", "cur", "tmp"):
        (tmp_path / "box" / name).mkdir(parents=True)
    settings.MAIL_INBOX = f"maildir:{tmp_path}/box"
    return tmp_path / "box"


def test_a_folder(folder, sent, monkeypatch):
    row = sent()
    (folder / "new" / "1.a").write_bytes(bounce(row))
    (folder / "cur" / "2.a:2,S").write_bytes(answer(row, "Été").replace(b"\r\n", b"\n"))
    (folder / "cur" / "3.a:2,ST").write_bytes(answer(row, "thrown away"))
    (folder / "tmp" / "4.a").write_bytes(b"half a let")
    (folder / "new" / ".hidden").write_bytes(b"x")
    (folder / "new" / "5.link").symlink_to("/etc/hostname")
    (folder / "new" / "6.b").write_bytes(BROKEN[-1])
    (folder / "new" / "7.large").write_bytes(answer(row, "Oui\n" * 4_000_000, Message_ID="<l@x>"))
    (folder / "new" / "8.old").write_bytes(bounce(row, name="old"))
    os.utime(folder / "new" / "8.old", (0, 0))
    assert read() == 4
    assert read() == 0
    assert state(row) == "failed"
    assert [each.body.partition("\n")[0] for each in Received.objects.order_by("came_at")] == ["Été", "Oui"]
    assert sorted(path.name for path in (folder / f".{DONE}" / "cur").iterdir()) == [
        "1.a:2,S",
        "2.a:2,S",
        "7.large:2,S",
    ]
    assert [path.name for path in (folder / f".{ASIDE}" / "cur").iterdir()] == ["6.b:2,S"]
    assert sorted(path.name for path in (folder / "new").iterdir()) == [".hidden", "5.link", "8.old"]
    os.utime(folder / f".{DONE}" / "cur" / "1.a:2,S", (0, 0))
    read()
    assert len(list((folder / f".{DONE}" / "cur").iterdir())) == 2


def test_a_folder_that_is_not_there(settings, tmp_path, organisation):
    settings.MAIL_INBOX = f"maildir:{tmp_path}/nowhere"
    with pytest.raises(NotSent):
        mailbox.is_there()
    assert jobs.read_mailbox() == 0
