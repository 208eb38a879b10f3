"""Mail by services on the web: one on this machine that misbehaves in every way that we know, and what it calls us."""

import base64
import email
import hashlib
import hmac
import json
import logging
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from quartier.config import installation
from quartier.lib import clock
from quartier.messaging.delivery import deliver
from quartier.messaging.models import Message, Report, Stop
from quartier.messaging.providers import Post
from quartier.messaging.providers.base import NotSent
from quartier.messaging.providers.email import web as service
from quartier.messaging.rules import Outcome
from quartier.messaging.tests.conftest import message
from quartier.people.models import Volunteer

__all__ = ["message"]
pytestmark = pytest.mark.django_db
MARIE = "marie@post.quartier.localhost"
SURELY_NOT, NEVER, PERHAPS = Outcome.LATER, Outcome.REFUSED, Outcome.UNKNOWN


class Web:
    """Takes one request after the other; `say(handler)` answers."""

    def __init__(self):
        outer, self.asked = self, []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.asked.append((self.path, dict(self.headers), body))
                outer.say(self)

            def log_message(self, *words):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.say = answer(200, '{"id": "<m-1@service>", "message": "Queued. Thank you."}')
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        self.host = f"127.0.0.1:{self.server.server_port}"


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
        for letter in '{"id": "m-1", "words": "' + "x" * 100 + '"}':
            handler.wfile.write(letter.encode())
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        pass


def hang_up(handler):
    handler.connection.close()


def use(settings, url):
    settings.MAIL = url
    settings.MAILERS = {"default": installation.mailer(url)}
    settings.MAIL_HOOK = installation.mail_hook(url)


@pytest.fixture
def web(settings):
    found = Web()
    url = f"http%3A%2F%2F{found.host}%2Fv3"
    use(
        settings,
        f"anymail:mailgun?api_key=key&sender_domain=example.org&webhook_signing_key=sign&api_url={url}",
    )
    yield found
    found.server.shutdown()
    found.server.server_close()


def test_what_is_sent(web, message, tuesday):
    row = message(to=MARIE, subject="Été : courses")
    deliver()
    row.refresh_from_db()
    assert (row.state, row.provider, row.provider_reference) == ("sent", "email", "<m-1@service>")
    path, headers, body = web.asked.pop()
    assert path == "/v3/example.org/messages"
    assert headers["Authorization"] == "Basic " + base64.b64encode(b"api:key").decode()
    kind = f"Content-Type: {headers['Content-Type']}\n\n".encode()
    if "multipart" in headers["Content-Type"]:
        parts = email.message_from_bytes(kind + body).get_payload()
        said = {each.get_param("name", header="content-disposition"): each.get_payload() for each in parts}
    else:
        from urllib.parse import parse_qs

        said = {key: each[0] for key, each in parse_qs(body.decode()).items()}
    assert said["to"] == MARIE
    assert said["subject"] == "Été : courses"
    assert said["v:message"] == str(row.pk)
    assert said["text"].startswith(row.body)
    assert '<html lang="fr">' in said["html"]
    assert any("List-Unsubscribe" in key for key in said)


@pytest.mark.parametrize(
    ("say", "outcome", "unreachable"),
    [
        (answer(500), PERHAPS, False),
        (answer(502, "<html>bad gateway"), PERHAPS, False),
        (answer(503), SURELY_NOT, True),
        (answer(429, Retry_After="90"), SURELY_NOT, True),
        (answer(401, "Forbidden"), SURELY_NOT, True),
        (answer(402), SURELY_NOT, True),
        (answer(404, '{"message": "Domain not found: example.org"}'), SURELY_NOT, True),
        (answer(302, Location="http://127.0.0.1:9/"), SURELY_NOT, True),
        (answer(307, Location="/v3/"), SURELY_NOT, True),
        (
            answer(400, '{"message": "to parameter is not valid: marie@post.quartier.localhost"}'),
            NEVER,
            False,
        ),
        (answer(422), NEVER, False),
        (answer(408), PERHAPS, False),
        (answer(200, '{"id": "m-'), PERHAPS, False),
        (answer(200, "<html>welcome to the hotel"), PERHAPS, False),
        (answer(200, ""), PERHAPS, False),
        (answer(200, "[]"), PERHAPS, False),
        (answer(200, "[" * 60_000), PERHAPS, False),
        (answer(200, '{"ok": true}'), PERHAPS, False),
        (answer(200, "Mailgun Magnificent API"), PERHAPS, False),
        (hang_up, PERHAPS, False),
        (drip, PERHAPS, False),
        (lambda handler: time.sleep(2), PERHAPS, False),
    ],
)
def test_whatever_it_answers(web, message, monkeypatch, say, outcome, unreachable):
    monkeypatch.setattr(service, "WHOLE_S", 1.0)
    web.say = say
    row = message(to=MARIE)
    began = time.monotonic()
    receipt = Post().for_message(row).deliver(row)
    assert time.monotonic() - began < 2
    assert (receipt.outcome, receipt.unreachable) == (outcome, unreachable), receipt
    assert len(web.asked) == 1
    assert "marie" not in receipt.error
    assert "key" not in receipt.error


def test_nobody_is_there(web, message):
    web.server.shutdown()
    web.server.server_close()
    row = message(to=MARIE)
    receipt = Post().for_message(row).deliver(row)
    assert (receipt.outcome, receipt.unreachable) == (SURELY_NOT, True)


@pytest.mark.parametrize(
    "url",
    [
        "anymail:mailgun",
        "anymail:mailgun?api_kye=secret",
        "anymail:nosuch?api_key=secret",
        "anymail:mailgun?api_key=secret&x=1",
    ],
)
def test_what_is_not_set_up(settings, message, url):
    use(settings, url)
    row = message(to=MARIE)
    provider = Post().for_message(row)
    with pytest.raises(NotSent) as found:
        provider.is_there()
    assert "secret" not in str(found.value)
    receipt = provider.deliver(row)
    assert (receipt.outcome, receipt.unreachable) == (SURELY_NOT, True)


@pytest.mark.parametrize("url", ["anymail:", "anymail:../x?api_key=1", "anymail:a.b?api_key=1", "pigeon:x"])
def test_what_is_no_service(url):
    with pytest.raises(ValueError, match="mail must"):
        installation.mailer(url)


@pytest.mark.parametrize(
    ("name", "reply", "reference"),
    [
        ("postmark?server_token=key", json.dumps({"ErrorCode": 0, "Message": "OK", "MessageID": "pm-1", "To": MARIE}),
         "pm-1"),
        ("brevo?api_key=key", '{"messageId": "<br-1@service>"}', "<br-1@service>"),
        ("mailjet?api_key=key&secret_key=s", json.dumps({"Messages": [{"Status": "success", "To": [
            {"Email": MARIE, "MessageID": 77}]}]}), "77"),
    ],
)  # fmt: skip
def test_other_services(web, settings, message, name, reply, reference):
    use(settings, f"anymail:{name}&api_url=http://{web.host}/")
    web.say = answer(200, reply)
    row = message(to=MARIE)
    assert Post().for_message(row).send(row) == reference
    assert str(row.pk).encode() in web.asked.pop()[2]


def told(row, event="delivered", *, key="sign", name="e1", reference="m-1@service", mine=True, **more):
    """What Mailgun posts."""
    stamp, token = str(int(time.time())), "t" * 50
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    data = {
        "event": event, "id": name, "timestamp": time.time(), "recipient": MARIE,
        "message": {"headers": {"message-id": reference}},
        "user-variables": {"message": str(row.pk)} if mine else {}, **more,
    }  # fmt: skip
    return json.dumps({
        "signature": {"timestamp": stamp, "token": token, "signature": signature}, "event-data": data
    })  # fmt: skip


@pytest.fixture
def call(client, organisation):
    def post(body, **headers):
        headers = {"content_type": "application/json"} | headers
        return client.post("/hooks/email/", body, **headers).status_code

    return post


@pytest.fixture
def sent(message, web):
    row = message(to=MARIE, state="sent", provider="email", sent_at=clock.now())
    Message.objects.filter(pk=row.pk).update(provider_reference="<m-1@service>")
    return row


def state(row):
    return Message.objects.get(pk=row.pk).state


def test_it_tells_that_a_letter_has_arrived(sent, call):
    for _time in range(2):
        assert call(told(sent)) == 204
    assert state(sent) == "delivered"
    assert Report.objects.count() == 1
    assert call(told(sent, "failed", name="e2", severity="permanent")) == 204
    assert state(sent) == "delivered"


@pytest.mark.parametrize("mine", [True, False])
def test_it_tells_that_one_has_not(sent, call, mine):
    said = {
        "delivery-status": {"code": 550, "message": f"no {MARIE}", "description": "x"},
        "severity": "permanent",
    }
    assert call(told(sent, "failed", reference="m-1@service", mine=mine, **said)) == 204
    assert state(sent) == "failed"
    assert MARIE not in Message.objects.get(pk=sent.pk).error


@pytest.mark.parametrize("event", ["opened", "clicked", "accepted", "unsubscribed", "nonsense"])
def test_what_means_nothing_yet(sent, call, event):
    assert call(told(sent, event)) == 204
    assert state(sent) == "sent"


def test_a_failure_that_passes_means_nothing_yet(sent, call):
    assert call(told(sent, "failed", severity="temporary")) == 204
    assert state(sent) == "sent"


def test_it_tells_of_a_complaint(sent, call, youssef):
    assert call(told(sent, "complained")) == 204
    assert state(sent) == "delivered"
    assert Stop.objects.exists()
    assert Volunteer.objects.get(pk=youssef.pk).state == "paused"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (lambda row: told(row, key="other"), 403),
        (lambda row: told(row).replace("signature", "s"), 403),
        (lambda row: "", 403),
        (lambda row: "{", 403),
        (lambda row: "[]", 403),
        (lambda row: "[" * 60_000, 403),
        (lambda row: "\x00" * 10, 403),
        (lambda row: json.dumps({**json.loads(told(row)), "event-data": 3}), 400),
        (lambda row: told(row, reference=3), 400),
    ],
)
def test_whatever_it_is_called_with(sent, call, body, status):
    assert call(body(sent)) == status
    assert call(body(sent), content_type="text/plain") in {400, 403}
    assert state(sent) == "sent"


def test_without_a_secret_nobody_is_believed(sent, call, settings):
    delivered = json.dumps(
        {"RecordType": "Delivery", "MessageID": "pm", "Recipient": MARIE, "Metadata": {"message": str(sent.pk)},
         "DeliveredAt": "2027-01-12T10:00:00Z"}
    )  # fmt: skip
    use(settings, "anymail:postmark?server_token=key")
    assert call(delivered) == 403
    use(settings, "anymail:postmark?server_token=key&webhook_secret=user:pass")
    assert call(delivered) == 403
    wrong = base64.b64encode(b"user:word").decode()
    assert call(delivered, HTTP_AUTHORIZATION=f"Basic {wrong}") == 403
    right = base64.b64encode(b"user:pass").decode()
    assert call(delivered, HTTP_AUTHORIZATION=f"Basic {right}") == 204
    assert state(sent) == "delivered"


def test_there_is_no_hook_without_a_service(sent, call, settings):
    body = told(sent)
    settings.MAIL = "sandbox:"
    assert call(body) == 404


def test_no_words_are_logged(web, message, caplog):
    caplog.set_level(logging.DEBUG)
    web.say = answer(400, json.dumps({"message": f"no {MARIE}"}))
    row = message(to=MARIE, body="Secret words")
    Post().for_message(row).deliver(row)
    assert "Secret" not in caplog.text
    assert "marie" not in caplog.text
