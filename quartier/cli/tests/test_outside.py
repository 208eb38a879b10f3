"""Whether our own address leads to us, and whether other clocks agree."""

import threading
from datetime import timedelta
from email.message import Message as Headers
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.test import Client
from django.utils import translation

from quartier.cli.check import machine, outside, reach
from quartier.jobs.models import Tick
from quartier.lib import clock
from quartier.public import whose
from tests.ports import free_port


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def site():
    """Somebody's web server: `site(status, body)` gives its address; a body may be made of the path."""
    servers = []

    def serve(status, body="", **headers):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                said = body(self.path) if callable(body) else body
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(said.encode())

            def log_message(self, *words):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def ours(path):
    return whose.answer_to(path.strip("/").split("/")[-1])


def test_our_own_pages(site):
    found = outside.answers_at(site(200, ours))
    assert (found.level, found.name) == ("good", "pages")


@pytest.mark.parametrize(
    ("status", "body", "headers", "words"),
    [
        (200, "Welcome to nginx!", {}, "other pages answer there"),
        (404, "", {}, "other pages answer there"),
        (400, "", {}, "other pages answer there"),
        (301, "", {"Location": "https://www.elsewhere.example/whose/"}, "to www.elsewhere.example"),
        (502, "", {}, "does not reach Quartier: it says 502"),
        (503, "", {}, "does not reach Quartier: it says 503"),
        (200, lambda path: "x" * 100_000, {}, "other pages answer there"),
    ],
)
def test_pages_of_somebody_else(site, status, body, headers, words):
    found = outside.answers_at(site(status, body, **headers))
    assert (found.level, words in found.words, bool(found.todo)) == ("wrong", True, True)


def test_another_installation_of_the_same_kind(site, settings):
    def theirs(path):
        question = path.strip("/").split("/")[-1]
        return whose.salted_hmac(whose.PURPOSE, question, secret="another", algorithm="sha256").hexdigest()

    assert outside.answers_at(site(200, theirs)).level == "wrong"


def test_nobody_is_there(monkeypatch):
    assert outside.answers_at(f"http://127.0.0.1:{free_port()}").level == "wrong"
    found = outside.answers_at("https://nobody.invalid")
    assert (found.level, "nobody.invalid" in found.words) == ("wrong", True)
    monkeypatch.setattr(outside, "ask", _times_out)
    assert outside.answers_at("https://line.quartier.brussels").level == "doubt"


def _times_out(*_words):
    raise TimeoutError


def test_a_certificate_that_nobody_believes(monkeypatch):
    import ssl

    def ask(*_words):
        error = ssl.SSLCertVerificationError(1, "certificate verify failed")
        error.verify_message = "certificate has expired"
        raise outside.urllib.error.URLError(error)

    monkeypatch.setattr(outside, "ask", ask)
    found = outside.answers_at("https://line.quartier.brussels")
    assert (found.level, "has expired" in found.words) == ("wrong", True)


def test_only_an_address_for_people_is_asked(settings, monkeypatch):
    monkeypatch.setattr(outside, "answers_at", lambda origin: origin)
    settings.ORIGIN = "http://127.0.0.1:8000"
    assert list(outside.pages()) == []
    settings.ORIGIN = "https://line.quartier.brussels"
    assert list(outside.pages()) == ["https://line.quartier.brussels"]


@pytest.mark.django_db
def test_the_page_that_is_asked(organisation):
    page = Client().get("/whose/abc123/")
    assert (page.status_code, page.content.decode()) == (200, whose.answer_to("abc123"))
    assert page["Cache-Control"] == "no-store"
    assert Client().post("/whose/abc123/").status_code == 405


def names(look):
    return {each.name: each.level for each in look()}


@pytest.mark.django_db
def test_a_clock_that_was_set_back(organisation):
    assert names(outside.clocks) == {}
    Tick.objects.create(name="audit.seal", number=1, at=clock.now() + timedelta(days=1))
    assert names(outside.clocks) == {"clock_back": "wrong"}


@pytest.mark.django_db
@pytest.mark.parametrize("away", [timedelta(days=1), -timedelta(days=1), timedelta(minutes=5)])
def test_a_clock_that_is_off(organisation, settings, monkeypatch, away):
    settings.ORIGIN = "https://line.quartier.brussels"
    headers = Headers()
    headers["Date"] = f"{clock.now() + away:%a, %d %b %Y %H:%M:%S} GMT"
    monkeypatch.setattr(outside, "ask", lambda *_words: outside.Answer(200, "", headers))
    assert names(outside.clocks) == {"clock_off": "wrong"}
    headers.replace_header("Date", f"{clock.now():%a, %d %b %Y %H:%M:%S} GMT")
    assert names(outside.clocks) == {}
    headers.replace_header("Date", "nonsense")
    assert names(outside.clocks) == {}
    monkeypatch.setattr(outside, "ask", _times_out)
    assert names(outside.clocks) == {}


@pytest.mark.parametrize(
    ("origin", "level"), [("http://127.0.0.1:8000", "doubt"), ("https://line.quartier.brussels", "wrong")]
)
def test_what_leads_nowhere_is_wrong_where_people_come(settings, origin, level):
    settings.ORIGIN, settings.DEMO = origin, True
    assert names(reach.mail) == {"mail": level}
    assert names(reach.texts) == {"texts": level}
    assert names(machine.switches)["demo"] == level
    # Without texts an installation can be ready: no form offers them.
    settings.TEXTS = []
    assert names(reach.texts) == {"texts": "doubt"}
