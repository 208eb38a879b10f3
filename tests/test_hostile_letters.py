"""Letters that are made to harm: parts in parts, what unfolds, headers in headers, and names that look like others."""

import base64
import contextlib
import time
import tracemalloc

import pytest

from quartier.conversation import actions as conversation
from quartier.messaging.models import Message, Received, Stop
from quartier.messaging.providers.mailbox import sorting
from quartier.messaging.providers.mailbox.box import LARGEST
from quartier.messaging.providers.mailbox.letter import Letter, TooMuch

pytestmark = [pytest.mark.django_db, pytest.mark.either, pytest.mark.usefixtures("tuesday")]
HEAD = b"From: ines@post.example\r\nSubject: Bonjour\r\nMessage-ID: <a@post.example>\r\n"


def in_multiparts(depth):
    raw = b"Content-Type: text/plain\r\n\r\nau fond"
    for level in range(depth):
        mark = b"b%d" % level
        raw = b"Content-Type: multipart/mixed; boundary=%s\r\n\r\n--%s\r\n%s\r\n--%s--\r\n" % (
            mark,
            mark,
            raw,
            mark,
        )
    return HEAD + raw


def in_letters(depth):
    return HEAD + b"Content-Type: message/rfc822\r\n\r\n" * depth + b"Content-Type: text/plain\r\n\r\nau fond"


def in_one_boundary(count):
    """Parts without number behind one boundary, which is named once."""
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * count


def encoded(words, kind=b"text/html"):
    return (
        HEAD
        + b"Content-Type: "
        + kind
        + b"; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + words
    )


HOSTILE = {
    "500 multiparts in each other": in_multiparts(500),
    "50 multiparts in each other": in_multiparts(50),
    "5000 letters in each other": in_letters(5000),
    "50 letters in each other": in_letters(50),
    "parts without number": in_one_boundary(30_000),
    "elements in each other": encoded(base64.encodebytes(b"<blockquote><div><table>" * 14_000)),
    "entities": encoded(base64.encodebytes(b"&amp;#x110000;&#0;" * 20_000)),
    "one word without end": encoded(base64.encodebytes(b"x" * 370_000), b"text/plain"),
    "quotes without end": encoded(base64.encodebytes(b">" * 370_000), b"text/plain"),
    "answers to answers": HEAD.replace(b"Bonjour", b"Re: " * 900) + b"\r\nx",
    "spaces in a subject": HEAD.replace(b"Bonjour", b"Re" + b" " * 3900 + b"x") + b"\r\nx",
    "encoded words without end": HEAD.replace(b"Bonjour", b"=?utf-8?q?=41?= " * 240) + b"\r\nx",
    "addresses without number": HEAD.replace(b"ines@", b"a@b.example, " * 300 + b"ines@") + b"\r\nx",
    "comments in comments": HEAD.replace(b"ines@post.example", b"(" * 1900 + b")" * 1900 + b" i@p.example")
    + b"\r\nx",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_each_is_read_in_a_moment_and_in_little_memory(organisation, name):
    raw = HOSTILE[name][:LARGEST]
    tracemalloc.start()
    began = time.process_time()
    with contextlib.suppress(TooMuch):
        sorting.take(organisation, Letter.read(raw), "n")
    took, (_now, most) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took < 6
    assert most < 60_000_000
    while conversation.take_next():
        pass
    assert all(len(row.body) < 4100 for row in Received.objects.all())


INJECTED = (
    "=?utf-8?q?Bonjour=0D=0ABcc:_all=40example.org?=",
    "=?utf-8?b?Qm9uam91cg0KQmNjOiBhbGxAZXhhbXBsZS5vcmc=?=",
    "=?utf-8?q?Bonjour=E2=80=A8Bcc:_all=40example.org?=",
    "=?utf-8?q?=00=1B[2J=07?=",
)


@pytest.mark.parametrize("subject", INJECTED)
def test_a_header_in_a_subject_is_a_word_of_it(organisation, youssef, subject):
    raw = f"From: {youssef.person.email}\r\nSubject: {subject}\r\nMessage-ID: <a@b.example>\r\n\r\nSTOP".encode()
    assert sorting.take(organisation, Letter.read(raw), "n")
    while conversation.take_next():
        pass
    row = Received.objects.get()
    assert "\nBcc:" not in row.body.replace("\r", "\n")
    assert not any(letter in row.body for letter in "\x00\x1b\x07\r\u2028")
    assert all("\n" not in each.subject and "\r" not in each.to for each in Message.objects.all())


LIKE_ANOTHER = (
    # A letter of another alphabet, a wide one, one behind which nothing is seen.
    lambda to: to.replace("o", "\u043e", 1),
    lambda to: chr(ord(to[0]) + 0xFEE0) + to[1:],
    lambda to: to.replace("@", "\u200b@"),
    lambda to: to.replace("@", "\uff20"),
    lambda to: to.replace(".", "\u3002"),
    lambda to: f'"{to}" <ines@post.example>',
    lambda to: f"{to} <ines@post.example>",
    lambda to: f"=?utf-8?q?{to}?= <ines@post.example>",
    lambda to: f"<ines@post.example> {to}",
    lambda to: f"ines@post.example, {to}",
    lambda to: f"{to}@post.example",
    lambda to: f"ines@post.example\x00{to}",
    lambda to: f"({to}) ines@post.example",
)


@pytest.mark.parametrize("like", LIKE_ANOTHER, ids=range(len(LIKE_ANOTHER)))
def test_an_address_that_looks_like_another_one_is_another(organisation, youssef, like):
    written = like(youssef.person.email)
    assert written != youssef.person.email
    raw = f"From: {written}\r\nSubject: x\r\nMessage-ID: <a@b.example>\r\n\r\nSTOP\r\n"
    sorting.take(organisation, Letter.read(raw.encode()), "n")
    while conversation.take_next():
        pass
    assert not Stop.objects.exists()
    assert not Received.objects.filter(person=youssef.person).exists()
