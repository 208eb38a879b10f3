"""A real browser answers the challenge of a form, and a form without the means for it is sent all the same."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from quartier.limits import proof
from tests import chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SCRIPT = Path(__file__).parent.parent / "static/limits/proof.js"
PAGE = """<!doctype html><title>Form</title><form method="post" action="/">
<label>Name <input name="name"></label><input type="hidden" name="proof" data-proof="{}"><button>Send</button>
</form><script type="module" src="/proof.js"></script>"""


@pytest.fixture
def site() -> Iterator[tuple[str, list[dict[str, list[str]]]]]:
    """A page with a form, under the policy of our pages, and what was sent to it."""
    sent: list[dict[str, list[str]]] = []
    challenge = proof.challenge("ask", difficulty=20_000)

    class Site(BaseHTTPRequestHandler):
        def answer(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header(
                "Content-Security-Policy", "default-src 'none'; script-src 'self'; worker-src 'self'"
            )
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            if self.path == "/proof.js":
                self.answer(SCRIPT.read_bytes(), "text/javascript")
            else:
                self.answer(PAGE.format(challenge).encode(), "text/html")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sent.append(parse_qs(body, keep_blank_values=True))
            self.answer(b"<!doctype html><title>Thank you</title>", "text/html")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", sent
    server.shutdown()
    server.server_close()


def send_form(address: str, **options: object) -> list[str]:
    """Fill in and send the form; what the browser complained of."""
    complaints: list[str] = []
    with chromium.running() as browser:
        page = browser.new_page(**options)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        page.get_by_label("Name").fill("Marie")
        with page.expect_navigation():
            page.get_by_role("button", name="Send").click()
    return complaints


def test_a_browser_finds_the_answer_even_when_the_form_is_sent_at_once(site):
    address, sent = site
    assert send_form(address) == []
    assert sent[0]["name"] == ["Marie"]
    assert proof.verify("ask", sent[0]["proof"][0])


def test_without_javascript_the_form_goes_without(site):
    address, sent = site
    send_form(address, java_script_enabled=False)
    assert sent[0]["proof"] == [""]
    assert not proof.verify("ask", sent[0]["proof"][0])
