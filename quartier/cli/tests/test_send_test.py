"""`quartier send-test` says what came of a message by each way, whatever stands behind it."""

import smtplib
import threading

import pytest

from quartier.cli import parser_of_all, send_test
from quartier.lib import clock
from quartier.messaging import reports, trial
from quartier.messaging.models import Message
from quartier.messaging.providers import heard
from quartier.messaging.providers.email import Email
from quartier.messaging.tests.test_text_providers import Gateway, answer, drip, hang_up
from quartier.people.models import Person
from tests.ports import free_port

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.either]
MOBILE, ADDRESS = "+32470123456", "sara@quartier.brussels"


@pytest.fixture
def says(monkeypatch, capsys, organisation):
    """Runs the command here: its exit code, and what it said. Nothing of it is left afterwards."""
    monkeypatch.setattr(send_test, "no_installation", lambda: False)
    monkeypatch.setattr(trial, "POLL_INTERVAL_S", 0.05)
    monkeypatch.setenv("LC_ALL", "C")

    def say(*words):
        people = Person.objects.count()
        args = parser_of_all().parse_args(["send-test", *words])
        code = args.handler(args)
        said = capsys.readouterr()
        assert (Message.objects.count(), Person.objects.count()) == (0, people)
        assert "Traceback" not in said.out + said.err
        return code, said.out + said.err

    return say


@pytest.fixture
def gateway(settings):
    found = Gateway()
    settings.TEXTS = [f"http://{found.host}/send#one"]
    yield found
    found.server.shutdown()
    found.server.server_close()


def test_a_text_that_is_accepted_says_so_and_no_more(says, gateway):
    code, said = says(MOBILE, "--wait", "0")
    assert (code, "one: it was accepted for +32470123456" in said) == (0, True)
    ((_path, _headers, body),) = gateway.asked
    assert body["to"] == MOBILE
    assert "Quartier Bruxelles" in body["text"] if "text" in body else True


def report_in(gateway, arrived):
    """The gateway accepts, and calls our webhook a moment later."""

    def say(handler):
        gateway.good(handler)
        told = heard.Report("r-1", "m-1", arrived, "" if arrived else "the phone is off")
        threading.Timer(0.3, lambda: _report(told)).start()

    gateway.say = say


def _report(told):
    from django.db import connection

    try:
        reports.reported("one", told)
    finally:
        connection.close()


def test_it_is_accepted_and_arrives(says, gateway):
    report_in(gateway, arrived=True)
    code, said = says(MOBILE, "--wait", "15")
    assert (code, "one: it has arrived at" in said) == (0, True)


def test_it_is_accepted_and_fails_later(says, gateway):
    report_in(gateway, arrived=False)
    code, said = says(MOBILE, "--wait", "15")
    assert (code, "nothing arrived" in said, "the phone is off" in said) == (1, True, True)
    # Nothing was tried by another way.
    assert len(gateway.asked) == 1


@pytest.mark.parametrize("say", [answer(400, "no"), answer(401), answer(500), answer(429), hang_up, drip])
def test_a_provider_that_misbehaves(says, gateway, say, monkeypatch):
    from quartier.messaging.providers.http import asking

    for name in ("TIMEOUT_S", "WHOLE_S", "PATIENCE_S"):
        if hasattr(asking, name):
            monkeypatch.setattr(asking, name, 1.0)
    gateway.say = say
    code, said = says(MOBILE, "--wait", "0")
    assert (code, "one: nothing arrived at" in said) == (1, True)


def test_each_provider_is_tried_by_itself(says, gateway, settings):
    settings.TEXTS = [f"http://127.0.0.1:{free_port()}/#gone", *settings.TEXTS, "nothing:x"]
    code, said = says(MOBILE, "--wait", "0")
    assert code == 1
    assert "gone: nothing arrived" in said
    assert "one: it was accepted" in said
    assert "text: nothing arrived" in said


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((MOBILE,), "sandbox:"),
        ((ADDRESS,), "sandbox:"),
        ((ADDRESS, "--by", "push"), "No one signs in"),
        ((ADDRESS, "--by", "text"), "needs a phone number"),
        ((MOBILE, "--by", "mail"), "needs an email address"),
        (("nonsense",), "not an email address or a phone number"),
        ((MOBILE, "--by", "call", "--wait", "0"), "nothing arrived"),
    ],
)
def test_what_the_installation_does_not_have(says, words, why):
    code, said = says(*words)
    assert (code, why in said) == (1, True)


def test_an_address_for_examples_reaches_nobody(says, gateway, settings):
    settings.MAIL = "smtp://127.0.0.1"
    for address in ("sara@example.org", "+32400001427"):
        code, said = says(address)
        assert (code, "no one has it" in said) == (1, True)
    assert gateway.asked == []


class Server:
    """A mail server as `smtplib` sees it."""

    def __init__(self, fault=None):
        self.fault, self.taken = fault, []

    def __call__(self, _provider, message):
        if self.fault:
            raise self.fault
        self.taken.append(message)
        return str(message.pk)


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        (None, 0, "accepted for sara@quartier.brussels"),
        (ConnectionRefusedError("refused"), 1, "nothing arrived"),
        (TimeoutError("timed out"), 1, "nothing arrived"),
        (smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"nobody")}), 1, "nothing arrived"),
    ],
)
def test_mail(says, settings, monkeypatch, fault, code, words):
    settings.MAIL = "smtp://mail.quartier.brussels"
    server = Server(fault)
    monkeypatch.setattr(Email, "send", lambda self, message: server(self, message))
    found, said = says(ADDRESS)
    assert (found, words in said) == (code, True)


def test_a_browser_that_was_not_switched_on(says, sara):
    code, said = says("sara@example.org", "--by", "push")
    assert (code, "in no browser" in said) == (1, True)


def test_a_call_that_nobody_hears(says, organisation, monkeypatch):
    from quartier.messaging import aloud
    from quartier.telephony import queries

    aloud.switch(organisation, on=True)
    monkeypatch.setattr(queries, "can_read", lambda: True)
    code, said = says(MOBILE, "--by", "call", "--wait", "0")
    assert (code, "no one has heard it" in said) == (1, True)
    assert clock.now()
