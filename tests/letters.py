"""Letters as servers and people write them, an inbox on a real IMAP server, and what tests ask of both."""

import os
import shutil

import pytest

from quartier.conversation import actions as conversation
from quartier.lib import clock
from quartier.messaging import jobs
from quartier.messaging.models import Message
from tests.dovecot import Dovecot

DONE, ASIDE = "Quartier", "Quartier-aside"
STRANGER = "ines@post.example"


def needed():
    if shutil.which("dovecot", path="/usr/sbin:/usr/bin:/sbin") is None:
        if os.environ.get("CI"):
            pytest.fail("no Dovecot")
        pytest.skip("no Dovecot")


@pytest.fixture(scope="module")
def running():
    needed()
    server = Dovecot()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def server(running, settings):
    """The line's inbox, and it is empty."""
    client = running.client()
    for folder in ("INBOX", DONE, ASIDE):
        kind, said = client.select(f'"{folder}"')
        if kind == "OK" and int(said[0]):
            client.store("1:*", "+FLAGS", r"(\Deleted)")
            client.expunge()
    client.logout()
    settings.MAIL_INBOX = running.url
    return running


@pytest.fixture
def sent(organisation, youssef):
    """A mail that has been sent: to Youssef, unless said otherwise."""

    def make(key="a", *, person=None, **columns):
        person = person or youssef.person
        row = Message.objects.create(
            **{
                "organisation": organisation, "person": person, "key": key, "template": "offer", "channel": "email",
                "language": "fr", "to": person.email, "subject": "Courses, Ixelles", "body": "Oui ou non",
                "state": "sent", "provider": "email", "not_before": clock.now(), "created_at": clock.now(),
                "sent_at": clock.now(), **columns,
            }
        )  # fmt: skip
        Message.objects.filter(pk=row.pk).update(provider_reference=f"<{row.pk}@example.org>")
        return row

    return make


def state(row):
    return Message.objects.get(pk=row.pk).state


def read():
    """Read as the worker does, and understand."""
    count = jobs.read_mailbox()
    while conversation.take_next():
        pass
    return count


def bounce(row, *, to="", action="failed", status="5.1.1", name="", original=None):
    """A report as Postfix writes it."""
    to = to or row.to
    back = original or f"Message-ID: <{row.pk}@example.org>"
    return f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: quartier@example.org
Subject: Undelivered Mail Returned to Sender
Message-ID: <{name or "b1"}@mx.example.org>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B0"

--B0
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--B0
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Remote-MTA: dns; mail.example.net
Diagnostic-Code: smtp; 550 5.1.1 <{to}>: Recipient address rejected: nobody
    here

--B0
Content-Type: text/rfc822-headers

From: Quartier <quartier@example.org>
{back}
To: {to}

--B0--
""".replace("\n", "\r\n").encode()


def complaint(row, *, to="", kind="abuse"):
    return f"""\
From: <abuse@mail.example.net>
To: quartier@example.org
Subject: FW: Courses
Message-ID: <c1@mail.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="A"

--A
Content-Type: text/plain

This is an email abuse report.

--A
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeGenerator/1.0
Version: 1
Original-Rcpt-To: {to or row.to}

--A
Content-Type: message/rfc822

From: <quartier@example.org>
Message-ID: <{row.pk}@example.org>
Subject: Courses

Oui ou non

--A--
""".replace("\n", "\r\n").encode()


def answer(
    row=None,
    body="Oui, je viens à 15 h.",
    *,
    sender="Youssef <youssef@example.org>",
    alphabet="utf-8",
    **more,
):
    """What somebody writes, with what they answer below it."""
    lines = {
        "From": sender, "To": "quartier@example.org", "Subject": "Re: Courses, Ixelles",
        "Message-ID": "<a1@phone.example>",
        "MIME-Version": "1.0", "Content-Type": f"text/plain; charset={alphabet}", "Content-Transfer-Encoding": "8bit",
    }  # fmt: skip
    if row is not None:
        lines["In-Reply-To"] = f"<{row.pk}@example.org>"
        body += (
            "\n\nLe mar. 12 janv. 2027 à 11:00, Quartier <quartier@example.org> a écrit :\n\n> Oui ou non\n"
        )
    lines |= {name.replace("_", "-"): value for name, value in more.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return head.encode() + b"\r\n" + body.replace("\n", "\r\n").encode(alphabet, "replace")


BROKEN = [
    b"", b"\x00" * 5000, b"\xff\xfe", b"not a letter at all", b"From: youssef@example.org\r\n" * 3000 + b"\r\nOui",
    b"From: youssef@example.org\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n--\r\n",
    b"From: youssef@example.org\r\nContent-Type: text/plain; charset=\xff\r\n\r\n\xff\x00\xed\xa0\x80",
    b"From: youssef@example.org\r\n"
    + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (at, at) for at in range(1000)),
]  # fmt: skip
