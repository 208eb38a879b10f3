"""Webhooks of text providers: a thousand forged ones, a thousand repeated, a thousand in any order."""

import json
import random
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import OperationalError
from django.test import Client
from twilio.request_validator import RequestValidator

from quartier.lib import clock
from quartier.messaging import incoming
from quartier.messaging.models import Message, Received, Report
from quartier.messaging.providers.http.told import signature

pytestmark = [pytest.mark.django_db, pytest.mark.either]
SECRET, NADIA = "a long secret", "+32470123456"
MANY = 1000


@pytest.fixture(autouse=True)
def _providers(settings):
    settings.TEXTS = [
        f"https://texts.example.net/send?secret={SECRET.replace(' ', '+')}#one",
        "https://texts.example.net/send?secret=another#two",
        "https://texts.example.net/send#mute",
        "twilio://AC0:t0ken@+32460000000#tw",
        "gammu:/etc/gammu-smsdrc",
    ]
    settings.ORIGIN = "https://line.example.org"


@pytest.fixture
def sent(organisation, youssef):
    """A message that `one` has taken."""

    def make(number=0, **columns):
        now = clock.now()
        return Message.objects.create(
            **{
                "organisation": organisation, "person": youssef.person, "key": f"k{number}", "template": "offer",
                "channel": "text", "language": "fr", "to": NADIA, "body": "Oui ?", "not_before": now,
                "created_at": now, "state": "sent", "sent_at": now, "provider": "one",
                "provider_reference": f"m-{number}", **columns,
            }
        )  # fmt: skip

    return make


def tell(said, *, name="one", secret=SECRET, at=None, header=None, client=None):
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    signed = signature(secret, body, at or clock.now()) if header is None else header
    return (client or Client()).post(
        f"/hooks/{name}/", body, "application/json", headers={"X-Quartier-Signature": signed}
    )


def wrote(number=0, text="Oui", **more):
    return {"id": f"in-{number}", "from": NADIA, "text": text, **more}


def became(number=0, state="delivered", **more):
    return {"id": f"ev-{number}", "reference": f"m-{number}", "state": state, **more}


def test_what_comes_in_is_kept_once(organisation, tuesday, sent, caplog):
    message = sent()
    assert tell(wrote(text="Oui, ça va 😀", at="2027-01-12T09:59:00Z")).status_code == 204
    assert tell(became()).status_code == 204
    row = Received.objects.get()
    assert (row.body, row.sender, row.organisation) == ("Oui, ça va 😀", NADIA, organisation)
    assert row.written_at == tuesday - timedelta(minutes=1)
    message.refresh_from_db()
    assert message.state == "delivered"
    assert tell(became(3, "queued")).status_code == 204
    assert Report.objects.count() == 1
    assert "32470" not in caplog.text


def test_no_cookie_no_form_no_session(organisation, sent, django_assert_max_num_queries):
    sent()
    client = Client(enforce_csrf_checks=True)
    with django_assert_max_num_queries(25):
        answer = tell(became(), client=client)
    assert (answer.status_code, answer.content, dict(answer.cookies)) == (204, b"", {})
    assert client.get("/hooks/one/").status_code == 405


def test_a_thousand_forged(organisation, sent, tuesday):
    message, chance = sent(), random.Random(1)
    good = json.dumps(became()).encode()
    header = signature(SECRET, good, tuesday)
    client = Client()
    for number in range(MANY):
        body, forged = good, header
        match number % 8:
            case 0:
                at = chance.randrange(len(good))
                body = good[:at] + bytes([good[at] ^ (1 << chance.randrange(7))]) + good[at + 1 :]
            case 1:
                forged = signature("not " + SECRET, good, tuesday)
            case 2:
                at = chance.randrange(len(header) - 64, len(header))
                forged = header[:at] + ("0" if header[at] != "0" else "1") + header[at + 1 :]
            case 3:
                forged = header.replace("t=", "t=1", 1)
            case 4:
                late = timedelta(seconds=chance.choice([-1, 1]) * chance.randrange(301, 10**6))
                forged = signature(SECRET, good, tuesday + late)
            case 5:
                forged = chance.choice(
                    ["", "t=,v1=", "v1=" + "0" * 64, header + "0", header.upper(), "t=١,v1=" + "0" * 64]
                )
            case 6:
                body = good + chance.choice([b" ", b"\x00", b"{}"])
            case 7:
                forged = header.split(",")[0] + "," + signature("another", good, tuesday).split(",")[1]
        answer = tell(body, header=forged, client=client)
        assert answer.status_code == 403, (number % 8, forged)
    assert not Report.objects.exists()
    assert not Received.objects.exists()
    message.refresh_from_db()
    assert message.state == "sent"
    for name, status in (
        ("two", 403),
        ("mute", 403),
        ("gammu", 403),
        ("tw", 403),
        ("sandbox", 404),
        ("email", 404),
    ):
        assert tell(good, name=name, header=header).status_code == status
    assert tell(good, header=header).status_code == 204


def test_a_thousand_repeated(organisation, sent, tuesday):
    sent()
    client, chance = Client(), random.Random(2)
    bodies = [json.dumps(each).encode() for each in (became(), wrote(), wrote(1, "Non"))]
    signed = [(body, signature(SECRET, body, tuesday)) for body in bodies]
    for _number in range(MANY):
        body, header = chance.choice(signed)
        assert tell(body, header=header, client=client).status_code == 204
    assert Report.objects.count() == 1
    assert sorted(row.body for row in Received.objects.all()) == ["Non", "Oui"]
    # The same told again later, or signed again: known by its id.
    with clock.stopped_at(tuesday + timedelta(hours=1)):
        for body, header in signed:
            assert tell(body, header=header, client=client).status_code == 403
            assert tell(body, client=client).status_code == 204
    assert (Report.objects.count(), Received.objects.count()) == (1, 2)


def test_a_thousand_in_any_order(organisation, sent, tuesday):
    """What has arrived has arrived, whatever is said before or later; each word is there once."""
    messages = [sent(number) for number in range(100)]
    told = [became(number) for number in range(100)]
    told += [{**became(number, "failed"), "id": f"no-{number}"} for number in range(50)]
    told += [wrote(number, f"Mot {number}") for number in range(350)]
    told += told
    assert len(told) == MANY
    random.Random(3).shuffle(told)
    client = Client()
    for each in told:
        assert tell(each, client=client).status_code == 204
    assert Received.objects.count() == 350
    assert Report.objects.count() == 150
    for message in messages:
        message.refresh_from_db()
        assert message.state == "delivered"


@pytest.mark.parametrize(
    "said",
    [
        b"", b"{", b"[]", b"null", b"3", b'"text"', b"\xff\xfe", b"[" * 50_000,
        {}, {"id": "1"}, {"id": "", "reference": "m", "state": "failed"}, {"id": "1", "reference": "m"},
        {"id": ["1"], "reference": "m", "state": "failed"}, {"id": "1" * 201, "reference": "m", "state": "failed"},
        {"id": True, "reference": "m", "state": "failed"}, {"id": "1", "text": "Oui"},
        {"id": "1", "text": "", "from": "+3"},
        {"id": "1", "text": {"a": 1}, "from": "+32"}, {"id": "1", "text": "Oui", "from": "+32", "at": "soon"},
        {"id": 1e99, "text": "Oui", "from": "+32"},
    ],
)  # fmt: skip
def test_what_cannot_be_understood(organisation, said):
    assert tell(said).status_code == 400
    assert not Received.objects.exists()
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (wrote(text="a\x00b\ud800c"), "ab?c"),
        (wrote(text="x" * 9000), "x" * 4000),
        ({**wrote(), "from": "Proximus"}, "Oui"),
        ({**wrote(), "id": 12}, "Oui"),
        (wrote(at="2099-01-01T00:00:00Z"), "Oui"),
    ],
)
def test_what_is_odd_is_kept(organisation, said, kept, tuesday):
    assert tell(said).status_code == 204
    row = Received.objects.get()
    assert row.body == kept
    assert row.written_at == tuesday


def test_too_large_and_a_database_that_is_away(organisation, monkeypatch, caplog):
    assert tell(b"x" * (64 * 1024 + 1)).status_code == 413
    assert tell(b"x" * (64 * 1024)).status_code == 400

    def away(*_what):
        raise OperationalError(f"lost, with {NADIA}")

    with monkeypatch.context() as patch:
        patch.setattr(incoming, "received", away)
        answer = tell(wrote())
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "32470" not in caplog.text
    assert tell(wrote()).status_code == 204
    assert Received.objects.count() == 1


def twilio(words, *, token="t0ken", path="/hooks/tw/", url="https://line.example.org/hooks/tw/", signed=None):
    signature = RequestValidator(token).compute_signature(url, words) if signed is None else signed
    return Client().post(
        path, urlencode(words), "application/x-www-form-urlencoded", headers={"X-Twilio-Signature": signature}
    )


def test_twilio(organisation, sent, tuesday):
    message = sent(provider="tw", provider_reference="SM1")
    text = {"MessageSid": "SM9", "From": NADIA, "To": "+32460000000", "Body": "Oui, à 15 h 😀", "Empty": ""}
    became = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    for _again in range(3):
        assert twilio(text).status_code == 204
        assert twilio({**became, "MessageStatus": "sent"}).status_code == 204
        assert twilio(became).status_code == 204
        assert twilio({**became, "MessageStatus": "undelivered", "ErrorCode": "30003"}).status_code == 204
    row = Received.objects.get()
    assert (row.body, row.sender) == ("Oui, à 15 h 😀", NADIA)
    message.refresh_from_db()
    assert (message.state, Report.objects.count()) == ("delivered", 2)
    good = RequestValidator("t0ken").compute_signature("https://line.example.org/hooks/tw/", became)
    for more in (
        {"token": "other"}, {"url": "https://evil.example/hooks/tw/"}, {"signed": ""}, {"signed": good[:-2] + "A="},
        {"path": "/hooks/tw/?x=1"},
    ):  # fmt: skip
        assert twilio({**became, "MessageSid": "SM2"}, **more).status_code == 403
    assert twilio({**became, "To": NADIA}, signed=good).status_code == 403
    assert twilio({"Body": "Oui"}).status_code == 400
    assert Report.objects.count() == 2
