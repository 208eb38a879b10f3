"""Who stands as the sender of a letter is believed unless the receiving server says that it is somebody else; and
whatever a letter holds, reading it harms nothing."""

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quartier.lib import clock
from quartier.messaging.models import Message, Received
from quartier.messaging.providers.mailbox import sorting
from quartier.messaging.providers.mailbox.letter import Letter, TooMuch

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
HERE = "Authentication-Results: mx.example.org; "


def raw(sender, *headers, words="STOP", subject="Bonjour"):
    lines = [*headers, f"From: {sender}", f"Subject: {subject}", "Message-ID: <a@b>", "", words]
    return "\r\n".join(lines).encode("utf-8", "surrogatepass")


def takes(organisation, letter, name="n"):
    return sorting.take(organisation, Letter.read(letter), name)


@pytest.mark.parametrize(
    ("headers", "believed"),
    [
        ([], True),
        ([HERE + "dmarc=pass; spf=fail"], True),
        ([HERE + "spf=fail; dkim=pass header.d=example.org"], True),
        ([HERE + "spf=pass; dkim=none"], True),
        ([HERE + "dmarc=fail; spf=pass; dkim=pass"], False),
        ([HERE + "DMARC=Fail (p=none)"], False),
        ([HERE + "spf=softfail; dkim=none"], False),
        ([HERE + "spf=fail;\r\n dkim=fail"], False),
        # What the sender wrote below counts for nothing.
        ([HERE + "dmarc=fail", "Authentication-Results: mx.example.org; dmarc=pass"], False),
    ],
)
def test_a_sender_whom_the_server_disproves_says_nothing(organisation, youssef, headers, believed):
    assert takes(organisation, raw(youssef.person.email, *headers)) is believed
    assert Received.objects.exists() is believed


def test_who_answers_our_letter_in_anothers_name_is_who_got_it(organisation, youssef, nadia):
    for volunteer in (youssef, nadia):
        assert volunteer.person.email
    ours = Message.objects.create(
        organisation=organisation, person=youssef.person, key="a", template="offer", channel="email", language="fr",
        to=youssef.person.email, subject="x", body="x", state="sent", provider="email", not_before=clock.now(),
        created_at=clock.now(), sent_at=clock.now(),
    )  # fmt: skip
    forged = raw(nadia.person.email, HERE + "dmarc=fail", f"In-Reply-To: <{ours.pk}@example.org>")
    assert takes(organisation, forged)
    assert Received.objects.get().sender == youssef.person.email


HOSTILE = [
    b"",
    b"\x00" * 4000,
    b"From: \x00@\x00\r\n\r\n\x00",
    b"From: a@b.example\r\nSubject: =?utf-8?b?" + b"A" * 5000 + b"?=\r\n\r\nx",
    b"From: a@b.example\r\nSubject: =?utf-16?q?=D8=00?=\r\n\r\n\xed\xa0\x80",
    b"From: " + b"<" * 3000 + b"a@b.example" + b">" * 3000 + b"\r\n\r\nx",
    b"From: a@b.example\r\n" + b"X: y\r\n" * 1999 + b"\r\nx",
    b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n" * 5000,
    b"From: a@b.example\r\nContent-Type: text/plain; charset=undefined\r\n\r\n\xff",
    b"From: a@b.example\r\nContent-Type: text/plain; charset=zip\r\n\r\nx",
    b"From: a@b.example\r\nContent-Type: text/html\r\n\r\n" + b"<div>" * 20_000,
    b"From: a@b.example\r\nContent-Type: text/html\r\n\r\n" + b"&#" * 40_000,
    b"From: a@b.example\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"=" * 10_000,
    b"From: a@b.example\r\nContent-Transfer-Encoding: uuencode\r\n\r\nbegin 666 x\r\n\xff\r\n",
    b"From: a@b.example\r\nDate: Mon, 99 Jan 99999 99:99:99 +9999\r\n\r\nx",
    b"From: a@b.example\r\nAuthentication-Results: " + b"dmarc=" * 3000 + b"\r\n\r\nx",
    b"From: a@b.example\r\nIn-Reply-To: " + b"<" * 9000 + b"\r\n\r\n" + b"> " * 30_000,
]


@pytest.mark.parametrize("letter", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_letters_are_taken_or_put_aside(organisation, letter):
    try:
        takes(organisation, letter)
    except TooMuch:
        return
    assert all("\x00" not in row.body + row.sender for row in Received.objects.all())


LINES = st.lists(
    st.one_of(
        st.binary(max_size=80),
        st.sampled_from(
            [
                *(
                    b"From: a@b.example",
                    b"Subject: =?utf-8?q?=00?=",
                    b"Content-Type: multipart/report; boundary=x",
                ),
                *(
                    b"--x",
                    b"--x--",
                    b"Content-Type: message/rfc822",
                    b"Content-Type: message/delivery-status",
                ),
                *(
                    b"",
                    b"Content-Transfer-Encoding: base64",
                    b"Final-Recipient: rfc822; a@b",
                    b"Action: failed",
                ),
                *(b"Content-Type: text/html; charset=utf-7", b"List-Id: x", b"\xff\xfe\x00", b"Date: x"),
            ]
        ),
    ),
    max_size=20,
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(lines=LINES)
def test_whatever_a_letter_is_made_of(organisation, lines):
    with contextlib.suppress(TooMuch):
        takes(organisation, b"\r\n".join(lines), "fuzz")
