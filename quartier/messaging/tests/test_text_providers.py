"""Addresses of text providers, and a provider on this machine that misbehaves in every way that we know."""

import json
import logging
import threading
import time
from datetime import timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import translation

from quartier.messaging.delivery import deliver
from quartier.messaging.models import Message
from quartier.messaging.providers import Post, can_be_answered, heard, texts
from quartier.messaging.providers.base import NotSent, Refused
from quartier.messaging.providers.http import asking
from quartier.messaging.reports import reported
from quartier.messaging.rules import Outcome

pytestmark = pytest.mark.django_db
NADIA = "+32470123456"


class Gateway:
    """Takes one request after the other; `say(handler)` answers."""

    def __init__(self):
        outer, self.asked = self, []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.asked.append((self.path, dict(self.headers), json.loads(body)))
                outer.say(self)

            def log_message(self, *words):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.say = self.good
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        self.host = f"127.0.0.1:{self.server.server_port}"

    def good(self, handler):
        answer(200, '{"id": "m-1"}')(handler)


def answer(status, body="", **headers):
    def say(handler):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body.encode())

    return say


def drip(handler):
    handler.send_response(200)
    handler.end_headers()
    try:
        for letter in '{"id": "m-1", "words": "' + "x" * 200 + '"}':
            handler.wfile.write(letter.encode())
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        pass


def hang_up(handler):
    handler.connection.close()


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def gateway(settings):
    found = Gateway()
    settings.TEXTS = [f"http://{found.host}/send?cents=6&token=t%26t#one"]
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def text(message):
    return lambda key="a", **more: message(
        key, **{"channel": "text", "to": NADIA, "subject": "", "body": "Été, 14 h 😀", **more}
    )


def test_what_is_sent(gateway, text, settings):
    row = text()
    receipt = Post().for_message(row).deliver(row)
    assert (receipt.outcome, receipt.reference) == (Outcome.SENT, "m-1")
    path, headers, said = gateway.asked.pop()
    assert path == "/send"
    assert said == {"to": NADIA, "text": "Été, 14 h 😀", "reference": str(row.pk)}
    assert headers["Authorization"] == "Bearer t&t"
    assert headers["Idempotency-Key"] == str(row.pk)
    for written, expected in [
        (f"http://ann:s%3At@{gateway.host}/x?from=us&cents=1", "Basic YW5uOnM6dA=="),
        (f"http://to%2Fken@{gateway.host}/x", "Bearer to/ken"),
        (f"http://{gateway.host}/x", None),
    ]:
        settings.TEXTS = [written]
        Post().for_message(row).send(row)
        path, headers, _said = gateway.asked.pop()
        assert headers.get("Authorization") == expected
        assert path in {"/x", "/x?from=us"}


SURELY_NOT, NEVER, PERHAPS = Outcome.LATER, Outcome.REFUSED, Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("say", "outcome", "unreachable"),
    [
        (answer(500), PERHAPS, False),
        (answer(502, "<html>bad gateway"), PERHAPS, False),
        (answer(503), SURELY_NOT, True),
        (answer(429, Retry_After="90"), SURELY_NOT, True),
        (answer(401), SURELY_NOT, True),
        (answer(404), SURELY_NOT, True),
        (answer(302, Location="http://127.0.0.1:9/"), SURELY_NOT, True),
        (answer(307, Location="/send"), SURELY_NOT, True),
        (answer(400, '{"error": "no such number +32470123456"}'), NEVER, False),
        (answer(422), NEVER, False),
        (answer(408), PERHAPS, False),
        (answer(409), PERHAPS, False),
        (answer(200, '{"id": "m-1", "error": "no credit for +32470123456"}'), SURELY_NOT, False),
        (answer(200, '{"error": {"code": 21211}}'), SURELY_NOT, False),
        (answer(200, '{"success": false, "id": 3}'), SURELY_NOT, False),
        (answer(200, '{"status": "Rejected", "id": 3}'), SURELY_NOT, False),
        (answer(200, '{"id": "m-'), PERHAPS, False),
        (answer(200, "<html>welcome to the hotel"), PERHAPS, False),
        (answer(200, ""), PERHAPS, False),
        (answer(200, "[]"), PERHAPS, False),
        (answer(200, "[" * 60_000), PERHAPS, False),
        (answer(200, '{"ok": true}'), PERHAPS, False),
        (answer(200, '{"id": true}'), PERHAPS, False),
        (answer(200, '{"id": "m-1"}', Content_Length="900"), PERHAPS, False),
        (answer(200, "\x00\x01\x02"), PERHAPS, False),
        (hang_up, PERHAPS, False),
        (drip, PERHAPS, False),
        (lambda handler: time.sleep(1.5), PERHAPS, False),
    ],
)
def test_whatever_it_answers(gateway, text, monkeypatch, say, outcome, unreachable):
    monkeypatch.setattr(asking, "WHOLE_S", 0.6)
    gateway.say = say
    row = text()
    began = time.monotonic()
    receipt = Post().for_message(row).deliver(row)
    assert time.monotonic() - began < 1.4
    assert (receipt.outcome, receipt.unreachable) == (outcome, unreachable), receipt
    assert len(gateway.asked) == 1
    assert "32470" not in receipt.error
    if receipt.wait:
        assert receipt.wait == timedelta(seconds=90)


def test_nobody_is_there(gateway, text, settings, monkeypatch):
    provider = Post().by_name("one")
    provider.is_there()
    gateway.server.shutdown()
    gateway.server.server_close()
    row = text()
    receipt = provider.deliver(row)
    assert (receipt.outcome, receipt.unreachable) == (Outcome.LATER, True)
    settings.TEXTS = ["https://texts.nowhere.invalid/send", f"https://{gateway.host}/#two"]
    for provider in Post().for_texts():
        with pytest.raises(NotSent):
            provider.is_there()


@pytest.mark.parametrize(
    ("said", "wait"),
    [("7", 7), ("999999", 86_400), ("-1", None), ("", None), ("soon", None), ("٣", 3), ("1e9", None)]
)  # fmt: skip
def test_how_long_it_asks_to_wait(said, wait):
    assert asking.waits(said) == (None if wait is None else timedelta(seconds=wait))


def test_a_receipt_twice_and_before_the_send_returns(gateway, text, tuesday):
    row = text()
    # Told while the answer is on its way. (Not by the gateway's thread: it has no part in this test's transaction.)
    real = asking.understood

    def understood(found):
        reported("one", heard.Report("e1", "m-1", arrived=True))
        return real(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking, "understood", understood)
        deliver()
    assert Message.objects.get(pk=row.pk).state == "delivered"
    assert reported("one", heard.Report("e1", "m-1", arrived=True)) is False
    assert reported("one", heard.Report("e2", "m-1", arrived=False, error="late")) is True
    assert Message.objects.get(pk=row.pk).state == "delivered"


@pytest.mark.parametrize(
    ("written", "scheme", "name", "cents"),
    [
        ("sandbox:", "sandbox", "sandbox", "0"),
        ("gammu:/etc/gammu-smsdrc", "gammu", "gammu", "0"),
        ("gammu:/etc/gammu-smsdrc?cents=7.5#stick", "gammu", "stick", "7.5"),
        (" https://a.example/x?y=1&cents=7,5&token=z#a-1 ", "https", "a-1", "7.5"),
        ("twilio://AC0:t0@+32460000000?cents=8", "twilio", "twilio", "8"),
        ("twilio://AC0:t0@Quartier", "twilio", "twilio", "0"),
        ("apprise:sinch://spi:token@+32460000000/{to}?region=eu&cents=3#sinch", "apprise", "sinch", "3"),
    ],
)
def test_addresses(written, scheme, name, cents):
    found = texts.parse(written)
    assert (found.scheme, found.name, found.cents) == (scheme, name, Decimal(cents))
    assert "token" not in repr(found)
    assert "t0" not in repr(found)


@pytest.mark.parametrize(
    "written",
    [
        *("", "sandbox", "sms:x", "gammu:", "gammu:smsdrc", "https://", "https:///x", "http://a:99999/", "http://[::1/"),
        *("https://a.example/#Big", "https://a.example/#email", "https://a.example/#" + "a" * 21),
        *("https://a.example/?cents=free", "https://a.example/?cents=-1", "https://a.example/?cents=nan"),
        *("twilio://AC0@+32460000000", "twilio:AC0:t@+32460000000", "twilio://AC0:t@", "apprise:sinch://a/+32"),
    ],
)  # fmt: skip
def test_what_is_no_address(written, settings, text):
    with pytest.raises(texts.NotAnAddress) as found:
        texts.parse(written)
    assert str(found.value)
    settings.TEXTS = [written]
    with pytest.raises(LookupError):
        Post().for_message(text())


def test_the_order_is_kept_and_the_sandbox_swallows_nothing(settings, text):
    settings.TEXTS = [
        "https://a.example/",
        "gammu:/etc/x",
        "sandbox:",
        "https://b.example/#gammu",
        "https://c.example/#c",
    ]
    post = Post()
    assert [each.name for each in post.all_for(text())] == ["https", "gammu", "c"]
    assert post.by_name("gammu") is post.by_name("gammu")
    assert post.by_name("email").name == "email"
    with pytest.raises(LookupError):
        post.by_name("nobody")
    assert [each.name for each in post.all_for(text("b", to="+32400001427"))] == ["sandbox"]
    places = [place for place, _words in texts.each(settings.TEXTS)[1]]
    assert places == [4, 0]


def test_what_a_text_costs(settings, text):
    settings.TEXTS = ["https://a.example/?cents=7.5"]
    provider = Post().for_message(text())
    assert provider.cost(text("b", body="x" * 160)) == Decimal("0.075")
    assert provider.cost(text("c", body="é" * 161)) == Decimal("0.15")
    assert provider.cost(text("d", body="ê" * 71)) == Decimal("0.15")


def test_whether_answers_reach_us(settings):
    for written, reaches in [
        (["sandbox:"], True), ([], False), (["nothing:"], False), (["gammu:/x"], True), (["https://a/"], False),
        (["https://a/?secret=s"], True), (["apprise:a://{to}"], False), (["twilio://A:t@+32460000000"], True),
    ]:  # fmt: skip
        settings.TEXTS = written
        assert can_be_answered() is reaches


class TwilioSays:
    """In the place of the network under Twilio's own package."""

    def __init__(self, status, said):
        self.status, self.said, self.asked = status, said, []

    def request(self, method, url, **more):
        from twilio.http.response import Response

        self.asked.append((method, url, more.get("data")))
        if isinstance(self.said, Exception):
            raise self.said
        return Response(self.status, json.dumps(self.said))


@pytest.mark.parametrize(
    ("status", "said", "raises", "unreachable"),
    [
        (201, {"sid": "SM1"}, None, False),
        (400, {"code": 21211, "message": f"{NADIA} is no number"}, Refused, False),
        (401, {"code": 20003, "message": "Authenticate"}, NotSent, True),
        (429, {"code": 20429}, NotSent, True),
        (500, {}, RuntimeError, False),
        (0, "timeout", OSError, False),
        (0, "refused", NotSent, True),
    ],
)
def test_twilio(settings, text, monkeypatch, status, said, raises, unreachable):
    import requests
    import twilio.http.http_client
    from urllib3.exceptions import MaxRetryError, NewConnectionError

    settings.SECURE, settings.ORIGIN = True, "https://line.example.org"
    settings.TEXTS = ["twilio://AC0:t0@+32460000000?cents=8#tw"]
    faults = {
        "timeout": requests.exceptions.ReadTimeout(),
        "refused": requests.exceptions.ConnectionError(MaxRetryError(None, "/", NewConnectionError(None, "no"))),
    }  # fmt: skip
    client = TwilioSays(status, faults.get(said, said) if isinstance(said, str) else said)
    monkeypatch.setattr(twilio.http.http_client, "TwilioHttpClient", lambda **_more: client)
    row = text()
    provider = Post().for_message(row)
    if raises is None:
        assert provider.send(row) == "SM1"
    else:
        with pytest.raises(raises) as found:
            provider.send(row)
        assert getattr(found.value, "unreachable", False) is unreachable
        assert "32470" not in str(found.value)
    method, url, data = client.asked.pop()
    assert (method, url) == ("POST", "https://api.twilio.com/2010-04-01/Accounts/AC0/Messages.json")
    assert (data["To"], data["Body"], data["From"]) == (NADIA, row.body, "+32460000000")
    assert data["StatusCallback"] == "https://line.example.org/hooks/tw/"


@pytest.mark.parametrize(
    ("status", "raises"), [(200, None), (401, NotSent), (400, Refused), (500, asking.Unclear)]
)
def test_apprise(gateway, settings, text, status, raises):
    gateway.say = answer(status, "{}")
    settings.TEXTS = [f"apprise:json://{gateway.host}/{{to}}?cents=3#apprise"]
    row = text()
    provider = Post().for_message(row)
    provider.is_there()
    if raises is None:
        assert provider.send(row) == str(row.pk)
    else:
        with pytest.raises(raises):
            provider.send(row)
    path, _headers, said = gateway.asked.pop()
    assert path == "/+32470123456"
    assert said["message"] == row.body
    assert logging.getLogger("apprise").propagate is False
    settings.TEXTS = ["apprise:nosuch://x/{to}"]
    with pytest.raises(NotSent, match="does not know"):
        Post().for_message(row).is_there()
