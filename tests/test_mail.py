"""What comes into an inbox on a real IMAP server (Dovecot), and what becomes of it."""

import time

import pytest

from quartier.lib import clock
from quartier.messaging.models import Message, Received, Report, Stop
from quartier.messaging.providers.email import leaving
from quartier.messaging.providers.mailbox import sorting
from quartier.people.models import Person, Volunteer
from tests.letters import ASIDE, DONE, STRANGER, answer, bounce, complaint, read, running, sent, server, state

__all__ = ["running", "sent", "server"]
pytestmark = [pytest.mark.django_db, pytest.mark.servers]


def test_a_mail_that_did_not_arrive(server, sent):
    row = sent()
    server.deliver(bounce(row))
    assert read() == 1
    assert state(row) == "failed"
    error = Message.objects.get(pk=row.pk).error
    assert error == "5.1.1 550 5.1.1 <…>: Recipient address rejected: nobody here"
    assert (server.count(), server.count(DONE), server.count(ASIDE)) == (0, 1, 0)
    assert not Received.objects.exists()
    assert read() == 0


def test_who_has_a_phone_is_told_by_it(server, sent, youssef):
    Person.objects.filter(pk=youssef.person.pk).update(phone="")
    person = Person.objects.get(pk=youssef.person.pk)
    person.phone = "+32400001001"
    person.save()
    row = sent(person=person)
    server.deliver(bounce(row))
    read()
    found = Message.objects.get(pk=row.pk)
    assert (found.state, found.channel, found.to) == ("due", "text", "+32400001001")


@pytest.mark.either
@pytest.mark.parametrize(
    "forged",
    [
        lambda row: bounce(row, action="delayed", status="4.4.1"),
        lambda row: bounce(row, action="delivered", status="2.0.0"),
        lambda row: bounce(row, to="nadia@example.org"),
        lambda row: bounce(row, original="Message-ID: <019bb3a0-0000-7000-8000-000000000000@example.org>"),
        lambda row: bounce(row, original="Message-ID: <nothing@example.org>"),
        lambda row: bounce(row, original="X: y"),
        lambda row: complaint(row, kind="not-spam"),
        lambda row: complaint(row, to="nadia@example.org"),
        lambda row: bounce(row).replace(b"message/delivery-status", b"text/plain"),
        lambda row: bounce(row).replace(b"From: MAILER", b"From: me@example.net, MAILER"),
    ],
)
def test_what_is_forged_or_says_less_does_nothing(server, sent, youssef, forged):
    row = sent()
    letter = forged(row)
    if b"example.net, MAILER" in letter:
        letter = letter.replace(b"message/delivery-status", b"text/plain").replace(
            b"Return-Path: <>\r\n", b""
        )
    elif b"text/plain\r\n\r\nReporting" in letter:
        letter = letter.replace(b"Undelivered Mail Returned to Sender", b"Still trying: delayed")
    server.deliver(letter)
    assert read() == 1
    assert state(row) == "sent"
    assert not Report.objects.exists()
    assert not Stop.objects.exists()
    assert Volunteer.objects.get(pk=youssef.pk).state == "active"
    assert server.count() == 0


EXIM = """\
Return-path: <>
X-Failed-Recipients: {to}
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@host.example.net>
To: quartier@example.org
Subject: Mail delivery failed: returning message to sender
Message-Id: <E1@host.example.net>

This message was created automatically by mail delivery software.

  {to}
    Unrouteable address

------ This is a copy of the message, including all the headers. ------

Message-ID: <{pk}@example.org>
Subject: Courses
"""


QMAIL = """\
From: MAILER-DAEMON@host.example.net
To: quartier@example.org
Subject: failure notice

Hi. This is the qmail-send program at host.example.net.

<{to}>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Message-ID: <{pk}@example.org>
"""


EXCHANGE = """\
From: postmaster@example.net
To: quartier@example.org
Subject: =?utf-8?q?Non_remis_=3A_Courses?=
In-Reply-To: <{pk}@example.org>
Content-Type: text/html; charset=utf-8

<html><body><p>Votre message destiné à <a href="mailto:{to}">{to}</a> n'a pas pu être remis.</p></body></html>
"""


@pytest.mark.parametrize("words", [EXIM, QMAIL, EXCHANGE])
def test_servers_that_say_it_in_their_own_words(server, sent, words):
    row = sent()
    server.deliver(words.format(to="nadia@example.org", pk=row.pk).encode())
    read()
    assert state(row) == "sent"
    server.deliver(words.format(to=row.to.upper(), pk=row.pk).encode())
    read()
    assert state(row) == "failed"
    assert not Received.objects.exists()


def test_a_complaint_is_a_stop(server, sent, youssef, organisation):
    row = sent()
    waiting = sent("b", state="due")
    server.deliver(complaint(row), complaint(row))
    assert read() == 2
    assert Stop.objects.exists()
    assert Volunteer.objects.get(pk=youssef.pk).state == "paused"
    assert state(waiting) == "cancelled"
    assert not Received.objects.exists()
    assert Message.objects.count() == 2
    # START undoes it, as it undoes a STOP of their own.
    server.deliver(answer(body="START"))
    read()
    assert Volunteer.objects.get(pk=youssef.pk).state == "active"


def test_a_complaint_about_an_address_that_is_blacked_out(server, sent):
    server.deliver(complaint(sent(), to="redacted-4f3a@mail.example.net"))
    read()
    assert Stop.objects.exists()


def test_a_letter_that_wants_no_more_offers(server, sent, youssef):
    row = sent()
    subject = leaving.headers(row)["List-Unsubscribe"].partition("subject=")[2].strip(">").replace("%20", " ")
    server.deliver(answer(None, "", sender="other@example.net", Subject=subject[:-1] + "!"))
    read()
    assert Volunteer.objects.get(pk=youssef.pk).state == "active"
    server.deliver(answer(None, "", sender="other@example.net", Subject=subject))
    read()
    assert Volunteer.objects.get(pk=youssef.pk).state == "paused"
    assert not Stop.objects.exists()


@pytest.mark.parametrize("alphabet", ["utf-8", "iso-8859-1", "windows-1252"])
def test_what_somebody_answers(server, sent, alphabet, organisation):
    row = sent()
    server.deliver(answer(row, "Été, « bien sûr », 15 h.\nÀ tantôt", alphabet=alphabet))
    read()
    found = Received.objects.get()
    assert found.body == "Été, « bien sûr », 15 h.\nÀ tantôt"
    assert (found.channel, found.sender, found.provider) == ("email", "youssef@example.org", "email")
    assert (found.person_id, found.meaning) == (row.person_id, "words")
    assert found.answer.template == "heard"
    # The same letter again, as when it is fetched by two ways: once.
    server.deliver(answer(row, "Été, « bien sûr », 15 h.\nÀ tantôt", alphabet=alphabet))
    read()
    assert Received.objects.count() == 1


def test_yes_by_mail(server, organisation, youssef, asked, tuesday):
    from quartier.matching import actions as matching
    from quartier.matching.models import Offer

    request = asked("groceries", urgency="day").requests[0]
    matching.send_wave(request_id=request.pk)
    offer = Offer.objects.get(request=request, volunteer=youssef)
    Message.objects.filter(pk=offer.message_id).update(state="sent", provider="email", sent_at=clock.now())
    server.deliver(answer(offer.message, "Oui !\n\nEnvoyé de mon iPhone"))
    read()
    assert Received.objects.get().meaning == "yes"
    assert Offer.objects.get(pk=offer.pk).state == "accepted"


def test_a_stop_by_mail(server, sent, youssef):
    server.deliver(answer(None, "", Subject="stop"))
    read()
    assert Received.objects.get().meaning == "stop"
    assert Volunteer.objects.get(pk=youssef.pk).state == "paused"


def test_who_answers_from_another_address(server, sent):
    row = sent()
    server.deliver(answer(row, "Oui", sender="y.b@other.example"))
    read()
    assert Received.objects.get().person_id == row.person_id


@pytest.mark.either
@pytest.mark.parametrize(
    "marks",
    [
        {"Auto_Submitted": "auto-replied (vacation)"}, {"X_Autoreply": "yes"}, {"Precedence": "auto_reply"},
        {"Subject": "Réponse automatique : Courses"}, {"Subject": "Abwesenheitsnotiz: Einkauf"}, {"Return_Path": "<>"},
        {"Subject": "Automatisch antwoord: x"}, {"X_Auto_Response_Suppress": "All"}, {"Precedence": "bulk"},
    ],
)  # fmt: skip
def test_machines_are_kept_and_not_answered(server, sent, marks):
    row = sent()
    server.deliver(answer(row, "Je suis absent jusqu'au 3.", **marks))
    read()
    found = Received.objects.get()
    assert (found.state, found.meaning, found.person_id) == ("settled", "robot", row.person_id)
    assert Message.objects.count() == 1
    assert server.count(DONE) == 1


def test_somebody_new_is_asked_who_they_are(server, organisation):
    words = answer(None, "J'ai besoin de courses.", sender=STRANGER, Subject="De l'aide, svp")
    server.deliver(words)
    read()
    found = Received.objects.get()
    assert found.body == "De l'aide, svp\n\nJ'ai besoin de courses."
    assert found.answer.template == "who_are_you"


@pytest.mark.either
@pytest.mark.parametrize(
    "marks",
    [
        {"List_Id": "<news.example>"}, {"X_Spam_Flag": "YES"}, {"Auto_Submitted": "auto-generated"}, {"From": ""},
        {"Precedence": "list"}, {"From": "quartier@example.org"}, {"From": "no-reply@shop.example"}, {"From": "x"},
    ],
)  # fmt: skip
def test_what_nobody_wrote_to_us_is_left_for_a_person(server, organisation, marks):
    server.deliver(answer(None, "Buy!", **({"sender": STRANGER} | marks)))
    read()
    assert not Received.objects.exists()
    assert (server.count(), server.count(ASIDE)) == (0, 1)


def test_a_flood_of_strangers(server, organisation, monkeypatch):
    monkeypatch.setattr(sorting, "STRANGERS", 3)
    server.deliver(
        *[answer(None, "Hi", sender=f"p{at}@post.example", Message_ID=f"<{at}@x>") for at in range(6)]
    )
    read()
    assert Received.objects.count() == 3
    assert server.count(ASIDE) == 3


def test_what_is_attached_is_not_kept_and_said(server, sent):
    row = sent()
    kind = 'multipart/mixed; boundary="m"'
    body = (
        "--m\nContent-Type: text/plain; charset=utf-8\n\nVoici l'ordonnance\n--m\n"
        "Content-Type: image/jpeg; name=o.jpg\n"
        "Content-Disposition: attachment; filename=o.jpg\nContent-Transfer-Encoding: base64\n\n"
        + "QUFB\n"
        * 400_000
    )
    server.deliver(answer(row, body + "--m--\n", Content_Type=kind))
    began = time.monotonic()
    read()
    assert time.monotonic() - began < 10
    words, _rule, note = Received.objects.get().body.partition("\n\n---\n")
    assert words == "Voici l'ordonnance"
    assert note.startswith("Quelque chose était joint")
    assert "QUFB" not in words
