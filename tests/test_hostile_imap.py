"""An IMAP server that breaks off, never ends, or tells of other letters: nothing is lost, nothing is taken twice, and
reading it takes a bounded time and little memory."""

import contextlib
import time

import pytest

from quartier.conversation import actions as conversation
from quartier.messaging import jobs
from quartier.messaging.models import Received
from quartier.messaging.providers.base import NotSent
from quartier.messaging.providers.mailbox import bounded_imap, imap, is_there
from tests.hostile_imap import Server

pytestmark = [pytest.mark.django_db, pytest.mark.either]
WAIT_S, ALL_S = 0.3, 1.2


def letter(number):
    rows = (
        f"From: person{number}@post.example", "Subject: Bonjour", f"Message-ID: <{number}@post.example>", "",
        f"Le mot numéro {number}",
    )  # fmt: skip
    return "\r\n".join(rows).encode()


@pytest.fixture
def server(settings, organisation, monkeypatch):
    monkeypatch.setattr(imap, "WAIT_S", WAIT_S)
    monkeypatch.setattr(bounded_imap, "MAX_SECONDS", ALL_S)
    made = Server({number: letter(number) for number in (4, 5, 6)})
    settings.MAIL_INBOX = made.url
    yield made
    made.close()


def drops(_server, line, _tag):
    line.close()


def drops_in_a_letter(server, line, _tag):
    server.say(line, server.fetched(5)[:90])
    line.close()


def announces_all_there_is(server, line, _tag):
    server.say(line, b"* 1 FETCH (UID 4 RFC822.SIZE 9 BODY[]<0> {2000000000}\r\n")
    while True:
        server.say(line, b"x" * 65_536)


def announces_what_is_no_number(server, line, tag):
    server.say(
        line, b"* 1 FETCH (UID 4 RFC822.SIZE " + b"9" * 6000 + b" BODY[]<0> {" + b"9" * 6000 + b"}\r\n"
    )
    server.say(line, f"{tag} OK done\r\n".encode())


def never_ends_a_line(server, line, _tag):
    while True:
        server.say(line, b"x" * 65_536)


def never_ends_its_lines(server, line, _tag):
    while True:
        server.say(line, b"* 1 FETCH (FLAGS (\\Seen))\r\n" * 2000)


def trickles(server, line, _tag):
    server.say(line, b"* OK ")
    while True:
        server.say(line, b"x")
        time.sleep(WAIT_S / 3)


def says_nothing(_server, line, _tag):
    line.recv(1)


def says_garbage(server, line, _tag):
    server.say(line, b"\x16\x03\x01\x00\xff\x00\r\n\x00\xff\xfe\r\n")


def refuses(server, line, tag):
    server.say(line, f"{tag} NO \xff not you line secret\r\n".encode("latin-1"))


def answers_in_literals(server, line, tag):
    server.say(line, b"* SEARCH {3}\r\n4 5\r\n* NAMESPACE {2}\r\n()\r\n* CAPABILITY {1}\r\nX\r\n")
    server.say(line, f"{tag} OK done\r\n".encode())


def answers_another(server, line, _tag):
    server.say(line, b"zzz OK done\r\n")


def says_farewell(server, line, tag):
    server.say(line, b"* BYE full\r\n")
    line.close()


MISCHIEF = [
    drops, drops_in_a_letter, announces_all_there_is, announces_what_is_no_number, never_ends_a_line,
    never_ends_its_lines, trickles, says_nothing, says_garbage, refuses, answers_in_literals, answers_another,
    says_farewell,
]  # fmt: skip


def read():
    """As the worker does; whether it could."""
    try:
        jobs.read_mailbox()
    except NotSent:
        return False
    finally:
        while conversation.take_next():
            pass
    return True


def everything_is_here_once(server):
    assert not server.inbox
    assert sorted(server.moved["Quartier"]) == [letter(number) for number in (4, 5, 6)]
    assert sorted(each.sender for each in Received.objects.all()) == [
        f"person{number}@post.example" for number in (4, 5, 6)
    ]


@pytest.mark.parametrize("command", ["CAPABILITY", "LOGIN", "SEARCH", "FETCH", "MOVE", "LOGOUT"])
@pytest.mark.parametrize("mischief", MISCHIEF, ids=lambda each: each.__name__)
def test_a_server_that_does_what_it_should_not(server, monkeypatch, command, mischief):
    if mischief in {announces_all_there_is, never_ends_its_lines, never_ends_a_line}:
        monkeypatch.setattr(bounded_imap, "MAX_BYTES", 4 * 1024 * 1024)
    server.mischief[command] = mischief
    began = time.monotonic()
    read()
    assert time.monotonic() - began < ALL_S + 3 * WAIT_S + 5
    # What stands in buffers on the way comes on top.
    assert server.went < 24 * 1024 * 1024
    # None is put aside for what the server does.
    assert not server.moved.get("Quartier-aside")
    server.mischief.clear()
    for _turn in range(3):
        read()
    everything_is_here_once(server)


def test_a_letter_told_under_the_number_of_another_is_not_put_away(server):
    def tells_of_others(server, line, tag):
        # As a server may, when somebody else looks at the box: first of other letters, then of the one asked for.
        server.say(line, server.fetched(6, called=99) + server.fetched(5, called=98))
        server.say(line, f"{tag} OK done\r\n".encode())

    server.mischief["FETCH"] = tells_of_others
    assert read()
    assert set(server.inbox) == {4, 5, 6}
    assert not Received.objects.exists()
    server.mischief.clear()
    read()
    everything_is_here_once(server)


def test_numbers_that_are_none_are_not_asked_for(server):
    asked = []

    def tells_of_everything(server, line, tag):
        server.say(line, f"* SEARCH 1:* * 4 -1 {'9' * 40} 5\r\n{tag} OK done\r\n".encode())

    def fetch(server, line, tag):
        asked.append(tag)
        server.say(line, f"{tag} OK done\r\n".encode())

    server.mischief |= {"SEARCH": tells_of_everything, "FETCH": fetch}
    assert read()
    assert len(asked) == 2


def test_a_password_that_is_refused_stands_in_no_answer(server):
    server.mischief["LOGIN"] = refuses
    with pytest.raises(NotSent) as caught:
        is_there()
    assert "secret" not in str(caught.value)


def test_who_speaks_tls_where_none_is_spoken(server, settings):
    settings.MAIL_INBOX = server.url.replace("imap:", "imaps:")
    began = time.monotonic()
    with pytest.raises(NotSent), contextlib.suppress(AssertionError):
        is_there()
    assert time.monotonic() - began < ALL_S + 3
